"""Money of a client that is on no invoice: their credit, or unplaced money where there is none."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.unplaced import GIVEN_BACK
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.payments.charges import Charge, Misfit
from billing.rules.payments.payment import CreditReason
from billing.views.notices.operator import UnplacedPayment

MISFITS = {
    CreditReason.SURPLUS: Misfit.SURPLUS,
    CreditReason.RELEASED: Misfit.RELEASED,
    CreditReason.REJECTED: Misfit.REJECTED,
    CreditReason.UNDELIVERED: Misfit.UNDELIVERED,
}


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money that an invoice does not need (any more), more than zero.

    `key` is unique among all of them. `misfit` is what the operator reads where there is no
    credit, by default that of the reason; `reference` the key of the payment that brought it.
    """

    client_id: int
    amount: Money
    reason: CreditReason
    invoice_number: str
    key: str
    misfit: Misfit | None = None
    reference: str = ""


async def give_back(env: Environment, uow: UnitOfWork, back: MoneyBack) -> None:
    """Add it to the client's credit; without credit note it and tell the operator."""
    if not env.capabilities.credit:
        await _set_aside(env, uow, back)
        return
    await uow.clients.move_credit(
        back.client_id,
        back.amount,
        reason=back.reason,
        at=env.now(),
        invoice_number=back.invoice_number,
    )


async def _set_aside(env: Environment, uow: UnitOfWork, back: MoneyBack) -> None:
    now, amount, misfit = env.now(), back.amount, back.misfit or MISFITS[back.reason]
    client = await uow.clients.get(back.client_id)
    about = f"{back.invoice_number} {client.ref if client else ''}".strip()
    charge = Charge(
        source=GIVEN_BACK, event_id=back.key, charge_id=back.reference,
        amount=amount.minor, currency=amount.currency, payload=about,
    )  # fmt: skip
    number = await uow.unplaced.add(charge, misfit, at=now)
    if number is None:
        return
    notice = UnplacedPayment(
        number, misfit, str(amount), amount,
        charge_id=back.reference, number=back.invoice_number, client_id=back.client_id,
        can_credit=env.capabilities.has_balance, reach=await uow.users.reach(back.client_id),
    )  # fmt: skip
    await uow.outbox.add([Notification(f"unplaced:{number}:{misfit}", notice)], at=now)
