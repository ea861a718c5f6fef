"""The writes that place one order of ours, in turn: new things first, renewals last.

New things are an order each, without an invoice; one invoice for all of them; then each order on
it is told to have its renewals invoiced, before what is free is set up: that may be refused, and
the invoice stands. A renewal may be paid from the client's balance at once, so that nothing may be
refused after it.
"""

from collections.abc import Iterator
from typing import Final

from billing.ports.connected import CallSubject, NextCall
from billing.rules.payments.orders import LineState, Order
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Quote

CHECK: Final = "check"
ORDER: Final = "order"
INVOICE: Final = "invoice"
ACTIVATE: Final = "activate"
ISSUE: Final = "issue"
RENEW: Final = "renew"
UNDO: Final = "undo"
REFUSE: Final = "refuse"


def steps_of(order: Order) -> tuple[str, ...]:
    """The steps of an order; those about one line end with its number in the cart."""
    return tuple(_steps(order))


def _steps(order: Order) -> Iterator[str]:
    new = new_lines(order)
    yield CHECK
    yield from (step_of(ORDER, quote) for quote in new)
    paid = [quote for quote in new if not costs_nothing(quote)]
    free = [quote for quote in new if costs_nothing(quote)]
    if paid:
        yield INVOICE
    yield from (step_of(ISSUE, quote) for quote in paid if quote.cycle.recurring)
    yield from (step_of(ACTIVATE, quote) for quote in free)
    yield from (step_of(ISSUE, quote) for quote in free if quote.cycle.recurring)
    yield from (step_of(RENEW, quote) for quote in _quotes(order) if is_renewal(quote))


def new_lines(order: Order) -> list[Quote]:
    """What is new, services before the add-ons that may belong to them."""
    new = [quote for quote in _quotes(order) if not is_renewal(quote)]
    return sorted(new, key=lambda quote: quote.kind is LineKind.ADDON)


def _quotes(order: Order) -> list[Quote]:
    return [line.quote for line in order.lines if line.state is not LineState.REFUSED]


def is_renewal(quote: Quote) -> bool:
    """Whether a line is about a service that exists."""
    return quote.kind is LineKind.RENEWAL


def costs_nothing(quote: Quote) -> bool:
    """Whether a new thing is set up without an invoice."""
    return quote.gross is not None and not quote.gross


def step_of(name: str, quote: Quote) -> str:
    """The step about a line."""
    return f"{name}:{quote.line_id}"


def line_of(subject: CallSubject) -> Quote:
    """The line that a call's step is about."""
    number = int(subject.call.step.partition(":")[2])
    return next(quote for quote in order_of(subject).quotes if quote.line_id == number)


def order_of(subject: CallSubject) -> Order:
    """The order of ours that a call is about. LookupError if there is none."""
    if subject.order is None:
        raise LookupError(f"panel call {subject.call.id} has no order")
    return subject.order


def following(subject: CallSubject) -> NextCall | None:
    """The call after this one; None after the last."""
    steps = steps_of(order_of(subject))
    place = steps.index(subject.call.step) + 1
    return NextCall(steps[place], "") if place < len(steps) else None


def made_invoice(number: object) -> str:
    """The ref of an invoice that a call has made; the mirror names invoices in the same way."""
    return f"{INVOICE} {number}"


def made_order(number: object) -> str:
    """The ref of an order there that a call has made."""
    return f"{ORDER} {number}"


def numbers_made(subject: CallSubject, what: str) -> list[str]:
    """The ids there of what the calls so far have made: orders or invoices."""
    refs = [ref.partition(" ") for ref in subject.made.values()]
    return [number for kind, _, number in refs if kind == what]


def number_made(subject: CallSubject, step: str) -> str:
    """The id there of what a step has made. LookupError if it has made nothing."""
    return subject.made[step].partition(" ")[2]
