"""A digest as its services stand at the moment of sending or redrawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.ports.digests import DigestEntry, Proforma, Reader
from billing.rules.cart import Cart, CartLine, LineKind
from billing.rules.catalog import Banner
from billing.rules.invoices import InvoiceStatus
from billing.rules.preferences import NIGHT, QuietHours, objection
from billing.rules.pricing import QuoteBasis, quote_cart, quote_line
from billing.rules.quotes import Quote, price_line
from billing.rules.reminders import ReminderKind, ReminderReason
from billing.rules.services import Service
from billing.views.reminders import Digest, DigestItem, DigestProforma
from billing.views.services import InvoiceRef, OwnedService


@dataclass(frozen=True, slots=True)
class DigestState:
    """What was read to draw a digest; `send_day` is the day on which it was meant to go out.

    That is a day after the plan's where the recipient's hour comes after the company's midnight.
    """

    entries: tuple[DigestEntry, ...]
    basis: QuoteBasis
    cart: Cart
    held: Mapping[int, InvoiceRef]
    send_day: date = date.min


@dataclass(frozen=True, slots=True)
class Drawn:
    """A digest, None where nothing is left to say; its reader's hours; what it leaves out."""

    digest: Digest | None
    dropped: Mapping[int, ReminderReason] = field(default_factory=dict)
    quiet: QuietHours = NIGHT


def held_refs(owned: Sequence[OwnedService]) -> dict[int, InvoiceRef]:
    """The unpaid invoices that hold renewals, by service."""
    return {o.service.id: o.held_by for o in owned if o.held_by is not None}


def draw_digest(
    digest_id: int, reader: Reader, state: DigestState, *, sent: bool = False
) -> Drawn:
    """The digest with what still matters of it.

    An item is void once its service was renewed (the due date differs), ended or is being
    cancelled, when its day is too long ago or its reader does not want it any more. In a message
    that was `sent`, such things stay, so that it can say so; what it never said stays away. A
    service stands there once, with its most urgent stage.
    """
    drawing = _Drawing(reader, state, sent)
    items = drawing.items()
    proformas = drawing.proformas({item.invoice.id for item in items if item.invoice})
    if not items and not proformas:
        return Drawn(None, drawing.dropped)
    quoted = quote_cart(state.cart, state.basis)
    client, basis = reader.client, state.basis
    offer = None if sent else _offer(reader, basis)
    digest = Digest(
        id=digest_id,
        client_id=client.id,
        user_id=reader.user_id,
        items=items,
        languages=tuple(part for part in (reader.language, client.language) if part),
        timezone=reader.timezone or client.timezone,
        today=basis.today,
        cart_total=quoted.totals.gross,
        cart_lines=len(quoted.quotes),
        tax_rate=basis.taxation.rate,
        account=client.name if reader.acts_for not in (None, client.id) else "",
        proformas=proformas,
        offer=offer,
        offered=basis.catalog.orderable(offer.product, client.currency) if offer else None,
        credit=client.credit,
    )
    quiet = reader.preferences.quiet if reader.preferences else NIGHT
    return Drawn(digest, drawing.dropped, quiet)


def _offer(reader: Reader, basis: QuoteBasis) -> Banner | None:
    wishes = reader.preferences
    wanted = wishes is not None and ReminderKind.OFFER not in wishes.kinds_off
    if not wanted or not basis.catalog.policy.reminders.offers:
        return None
    return basis.catalog.banner(basis.today)


@dataclass(slots=True)
class _Drawing:
    """One digest being drawn; `dropped` fills on the way."""

    reader: Reader
    state: DigestState
    sent: bool
    dropped: dict[int, ReminderReason] = field(default_factory=dict)

    def items(self) -> tuple[DigestItem, ...]:
        """Its services, most urgent first."""
        items: dict[int, DigestItem] = {}
        for entry in sorted(self.state.entries, key=lambda entry: entry.item.day, reverse=True):
            if entry.owned is None or self._was_left_out(entry):
                continue
            service = entry.owned.service
            known = items.get(service.id)
            why = self._why_not(entry, service)
            if why is None:
                if known is None or known.done:
                    items[service.id] = self._item(entry, service)
            elif not self.sent:
                self.dropped[entry.item_id] = why
            elif service.is_live and known is None:
                items[service.id] = self._item(entry, service, done=True)
        return tuple(sorted(items.values(), key=_urgency))

    def proformas(self, shown: set[int]) -> tuple[DigestProforma, ...]:
        """Its proformas, but those that services `shown` in it stand for."""
        found: dict[int, DigestProforma] = {}
        for entry in self.state.entries:
            if entry.proforma is None or self._was_left_out(entry):
                continue
            why = self._why_no_proforma(entry, entry.proforma)
            if why is None and entry.proforma.id in shown:
                why = ReminderReason.SUPERSEDED
            if why is None or (self.sent and why is ReminderReason.CLOSED):
                found[entry.proforma.id] = self._proforma(entry.proforma, done=why is not None)
            elif not self.sent:
                self.dropped[entry.item_id] = why
        return tuple(sorted(found.values(), key=lambda one: (one.expires_on, one.id)))

    def _was_left_out(self, entry: DigestEntry) -> bool:
        return self.sent and entry.dropped is not None

    def _why_not(self, entry: DigestEntry, service: Service) -> ReminderReason | None:
        due, basis = service.next_due_date, self.state.basis
        if due != entry.item.due_date:
            moved_on = due is not None and due > entry.item.due_date
            return ReminderReason.RENEWED if moved_on else ReminderReason.ENDED
        if not service.is_owed():
            return ReminderReason.ENDED
        if service.owed_on is None:
            return ReminderReason.FREE
        if basis.is_leaving(service):
            return ReminderReason.CANCELLING
        kind = ReminderKind.ADDON if service.is_addon else ReminderKind.SERVICE
        policy = basis.catalog.reminder_policy(service.product_id)
        return self._too_late_or_unwanted(entry, kind, policy.catch_up_days)

    def _why_no_proforma(self, entry: DigestEntry, proforma: Proforma) -> ReminderReason | None:
        is_open = proforma.status is InvoiceStatus.UNPAID
        if not is_open or proforma.expires_on < self.state.basis.today:
            return ReminderReason.CLOSED
        days = self.state.basis.catalog.policy.reminders.catch_up_days
        return self._too_late_or_unwanted(entry, ReminderKind.PROFORMA, days)

    def _too_late_or_unwanted(
        self, entry: DigestEntry, kind: ReminderKind, catch_up_days: int
    ) -> ReminderReason | None:
        if self.sent:
            return None
        today, wishes = self.state.basis.today, self.reader.preferences
        since = max(entry.item.day, self.state.send_day)
        if (today - since).days > catch_up_days:
            return ReminderReason.TOO_LATE
        if wishes is None:
            return ReminderReason.UNLINKED
        return objection(wishes, entry.pause, entry.item, kind=kind, today=today)

    def _item(self, entry: DigestEntry, service: Service, *, done: bool = False) -> DigestItem:
        state, basis = self.state, self.state.basis
        cycle = basis.renewal_cycle(service)
        quote = quote_line(CartLine(0, LineKind.RENEWAL, cycle, service.id), basis)
        able = basis.renewability(service)
        own_gross = price_line(service.amount, basis.taxation).gross
        due = entry.item.due_date
        is_silent = entry.pause is not None and entry.pause.silences(due, today=basis.today)
        return DigestItem(
            service=service,
            parent=basis.services.get(service.parent_id or 0),
            stage=entry.item.stage,
            planned_for=due,
            days_left=service.days_left(basis.today) or 0,
            gross=quote.gross if isinstance(quote, Quote) else own_gross,
            done=done,
            refusal=able.refusal,
            opens_on=able.opens_on,
            in_cart=state.cart.renewal_of(service.id) is not None,
            invoice=state.held.get(service.id),
            pause=entry.pause if is_silent else None,
        )

    def _proforma(self, proforma: Proforma, *, done: bool) -> DigestProforma:
        days_left = (proforma.expires_on - self.state.basis.today).days
        return DigestProforma(
            proforma.id, proforma.number, proforma.balance, proforma.expires_on, days_left, done
        )


def _urgency(item: DigestItem) -> tuple[date, str, int]:
    """The order in a message; it stays the same when something in it is done."""
    return item.planned_for, item.service.title, item.service.id
