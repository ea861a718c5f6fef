"""What was booked and for whom, and whether the client is told, in words for the terminal."""

from collections.abc import Iterator

from billing.rules.money import Money
from billing.rules.payments.invoices import (
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    StatedLine,
)
from billing.rules.shop.quotes import Quote
from billing.views.account import Reach, Recipient
from billing.views.payments import PaymentOutcome, PaymentResult

CLOSED = {InvoiceStatus.EXPIRED: "has expired", InvoiceStatus.CANCELLED: "was cancelled"}


def booking_line(result: PaymentResult, whose: Recipient, *, has_reference: bool) -> str:
    """Describe the effect of a transfer: the client, what was paid until when, who is told."""
    client = f"{whose.client.ref} {whose.client.name}"
    about = f"{result.invoice.number} of {client}"
    match result.outcome:
        case PaymentOutcome.REPEATED:
            return "\n".join(_repeated_line(about, result, has_reference=has_reference))
        case PaymentOutcome.PART:
            return "\n".join(_part(about, result, whose))
        case PaymentOutcome.SURPLUS:
            return "\n".join(_surplus(about, result, whose))
        case PaymentOutcome.PAID:
            return "\n".join(_paid_line(about, result, whose))
        case PaymentOutcome.UNPLACED:
            raise ValueError("a transfer is recorded for a proforma")


def recipient_line(whose: Recipient) -> str:
    """Say whether any user is told what was done for their client."""
    ref = whose.client.ref
    match whose.reach:
        case Reach.REACHED:
            return "The client is told."
        case Reach.NOBODY_LINKED:
            return (
                f"Nobody is told: no Telegram user is linked to {ref}. `panelik link {ref}` makes "
                f"a code for one."
            )
        case Reach.UNREACHABLE:
            return (
                f"Nobody is told: whoever is linked to {ref} has blocked the bot or never started "
                f"it."
            )


def _repeated_line(about: str, result: PaymentResult, *, has_reference: bool) -> Iterator[str]:
    day = f" on {result.booked_on}" if result.booked_on else ""
    yield f"{about}: recorded already, {result.received}{day}; nothing was changed."
    yield from _lines(result.invoice)
    if has_reference:
        yield "Another transfer needs a reference of its own."
    else:
        yield (
            "If this is a second transfer of the same amount today, say the amount and add "
            "--again or --reference."
        )


def _part(about: str, result: PaymentResult, whose: Recipient) -> Iterator[str]:
    bill = result.invoice
    until = f" by {bill.expires_on}" if bill.expires_on else ""
    yield f"{about}: {result.received} recorded, {bill.balance} still to pay{until}."
    yield recipient_line(whose)


def _surplus(about: str, result: PaymentResult, whose: Recipient) -> Iterator[str]:
    bill = result.invoice
    if why := CLOSED.get(bill.status):
        yield f"{about} {why}, so this was neither renewed nor ordered:"
        yield from (f"  {_title(line.item)}" for line in bill.lines)
        if result.is_credit:
            yield f"{result.surplus} is the client's credit now, and can be used for it."
    elif result.is_credit:
        yield f"{about} is paid already: {result.surplus} became the client's credit."
    else:
        yield f"{about} is paid already."
    if not result.is_credit:
        yield _unplaced_line(result.surplus)
    yield recipient_line(whose)


def _paid_line(about: str, result: PaymentResult, whose: Recipient) -> Iterator[str]:
    yield f"{about}: paid{_then(result.invoice)}."
    yield from _lines(result.invoice)
    if result.surplus and result.is_credit:
        yield f"{result.surplus} too much became credit."
    elif result.surplus:
        yield _unplaced_line(result.surplus)
    yield recipient_line(whose)


def _unplaced_line(surplus: Money) -> str:
    return f"{surplus} waits for your decision: see `panelik unplaced`."


def _lines(bill: Invoice) -> Iterator[str]:
    if bill.is_covered:
        yield from (f"  {_title(line.item)}: {_became(line)}" for line in bill.lines)


def _then(bill: Invoice) -> str:
    """Say what follows where the panel has to carry out what was paid for."""
    is_owed = bill.status is InvoiceStatus.BEING_APPLIED
    return "; your panel has yet to carry it out" if is_owed else ""


def _title(item: Quote | StatedLine) -> str:
    parent_name = item.parent_name if isinstance(item, Quote) else ""
    parts = filter(None, (parent_name, item.domain if item.domain != item.name else ""))
    where = ", ".join(dict.fromkeys(parts))
    return f"{item.name} ({where})" if where else item.name


def _became(line: InvoiceLine) -> str:
    until = f" until {line.due_date}" if line.due_date else ""
    match line.outcome:
        case Outcome.RENEWED:
            return f"renewed{until}"
        case Outcome.RENEWED_AFTER_MOVE:
            return f"renewed{until}; its due date had moved, please check it"
        case Outcome.ACTIVATED:
            return f"active{until}"
        case Outcome.ORDERED:
            return _ordered(line)
        case Outcome.CREDITED:
            return f"could not be carried out, {line.amounts.gross} is credit"
        case Outcome.UNDELIVERED:
            return f"could not be carried out, {line.amounts.gross} waits for your decision"
        case None:
            return "being carried out"


def _ordered(line: InvoiceLine) -> str:
    if isinstance(line.item, StatedLine):
        return "ordered"
    if line.item.parent_line is None:
        return f"ordered; `panelik orders accept {line.service_id}` when it is set up"
    return "ordered with it"
