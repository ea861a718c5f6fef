"""Whether a load has made a line of an unpaid proforma pointless, and why."""

from enum import StrEnum

from billing.rules.services.service import Service
from billing.rules.shop.cart import CartLine, LineKind
from billing.rules.shop.quotes import Quote


class Superseded(StrEnum):
    """Why nobody should pay for a line any more."""

    PAID = "paid"
    ENDED = "ended"


def why_superseded(quote: Quote, service: Service, parent: Service | None) -> Superseded | None:
    """Why a line about an owned service has lost its sense; None when it has not.

    A renewal was paid elsewhere when the service is due later than it was when it was quoted. It
    cannot be carried out for a service that is not owed any more, nor anything for one that ended.
    """
    if not service.is_live or (parent is not None and not parent.is_live):
        return Superseded.ENDED
    if quote.kind is not LineKind.RENEWAL:
        return None
    due = service.next_due_date
    if not service.is_owed() or (due is None and service.due_date_known):
        return Superseded.ENDED
    if due is not None and quote.due_date is not None and due > quote.due_date:
        return Superseded.PAID
    return None


def cart_line_of(quote: Quote) -> CartLine:
    """The cart line that a quote was made of, with its own id: ids of lines are never reused."""
    return CartLine(
        id=quote.line_id,
        kind=quote.kind,
        cycle=quote.cycle,
        service_id=quote.service_id,
        product_id="" if quote.kind is LineKind.RENEWAL else quote.product_id,
        parent_line=quote.parent_line,
        name=quote.domain if quote.kind is LineKind.PRODUCT else "",
    )
