"""The bank's own id of a transfer: it belongs to the payment that it was booked on."""

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.errors import BillingError, InvalidInputError
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payment import Payment

BANK = "bank"
"""The gateway whose money the operator confirms by hand."""

REFERENCE_MAX = 255


def check_reference(typed: str) -> str:
    """The reference as it is kept; InvalidInputError for one that cannot be a key."""
    reference = typed.strip()
    if not reference or not reference.isprintable():
        raise InvalidInputError("bad_reference")
    if len(reference) > REFERENCE_MAX:
        raise InvalidInputError("reference_too_long", limit=REFERENCE_MAX)
    return reference


async def find_share(
    env: Environment, uow: UnitOfWork, invoice: Invoice, reference: str, *, also: bool
) -> tuple[int, Payment | None]:
    """The share under which a transfer is booked on an invoice, and its payment if it is already.

    BillingError("reference_taken") names the payment on another invoice that has the reference;
    `also` says that the transfer pays both.
    """
    payments = await uow.payments.for_charge(BANK, reference)
    if not payments:
        return 0, None
    for payment in payments:
        if payment.invoice_id == invoice.id:
            return payment.share, payment
    if not also:
        raise await _taken_error(env, uow, reference, payments[0])
    return invoice.id, None


async def _taken_error(
    env: Environment, uow: UnitOfWork, reference: str, payment: Payment
) -> BillingError:
    other = await uow.invoices.by_id(payment.invoice_id)
    return BillingError(
        "reference_taken",
        reference=reference,
        number=other.number if other else "",
        amount=payment.amount,
        day=env.day_of(payment.paid_at or payment.created_at),
    )
