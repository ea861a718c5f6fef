"""A digest as its services stand at the moment of sending or redrawing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from billing.actions.reminders.digest_items import DigestInputs, ItemSelection
from billing.ports.reminders.digests import Reader
from billing.rules.errors import NotFoundError
from billing.rules.reminders.preferences import NIGHT, QuietHours
from billing.rules.reminders.stages import ReminderKind, ReminderReason
from billing.rules.shop.catalog import Banner
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.reminders.digests import Digest


@dataclass(frozen=True, slots=True)
class DrawnDigest:
    """A digest, None where nothing is left to say; its reader's hours; what it leaves out.

    `as_of` is when the client's panel was last read, where that is too long ago to go by it.
    """

    digest: Digest | None
    dropped: Mapping[int, ReminderReason] = field(default_factory=dict)
    quiet: QuietHours = NIGHT
    as_of: datetime | None = None


def draw_digest(
    digest_id: int, reader: Reader, inputs: DigestInputs, *, sent: bool = False
) -> DrawnDigest:
    """The digest with what still matters of it.

    An item is void once its service was renewed (the due date differs), ended or is being
    cancelled, when its day is too long ago or its reader does not want it any more. In a message
    that was `sent`, such things stay, so that it can say so; what it never said stays away. A
    service stands there once, with its most urgent stage.
    """
    selection = ItemSelection(reader, inputs, sent)
    items = selection.services()
    proformas = selection.proformas(items)
    if not items and not proformas:
        return DrawnDigest(None, selection.dropped)
    client, pricing, cart = reader.client, inputs.pricing, quote_cart(inputs.cart, inputs.pricing)
    offer = None if sent else _offer(reader, pricing)
    product = offer.product if offer and pricing.allowed.order else None
    digest = Digest(
        id=digest_id,
        client_id=client.id,
        user_id=reader.user_id,
        items=items,
        languages=tuple(part for part in (reader.language, client.language) if part),
        timezone=reader.timezone or client.timezone,
        today=pricing.today,
        cart_total=cart.gross,
        cart_lines=len(cart.quotes),
        tax_rate=pricing.taxation.rate,
        account=client.name if reader.acts_for not in (None, client.id) else "",
        proformas=proformas,
        offer=offer,
        offered=pricing.catalog.orderable(product, client.currency),
        credit=client.credit if inputs.has_credit else None,
        soon_days=pricing.catalog.policy.soon_days,
        can_pay=pricing.allowed.pay,
    )
    quiet = reader.preferences.quiet if reader.preferences else NIGHT
    return DrawnDigest(digest, selection.dropped, quiet)


def redraw_digest(digest_id: int, reader: Reader, inputs: DigestInputs) -> Digest:
    """The digest in a message that was sent; NotFoundError when nothing is left of it."""
    digest = draw_digest(digest_id, reader, inputs, sent=True).digest
    if digest is None:
        raise NotFoundError
    return digest


def _offer(reader: Reader, pricing: PricingInputs) -> Banner | None:
    preferences = reader.preferences
    if preferences is None or ReminderKind.OFFER in preferences.kinds_off:
        return None
    if not pricing.catalog.policy.reminders.offers:
        return None
    return pricing.catalog.banner(pricing.today)
