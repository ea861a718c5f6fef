"""Money that came and fits nothing: the operator is told, and decides what becomes of it."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.actions.paging import read_page
from billing.ports.inbox import UnplacedMoney
from billing.ports.outbox import Notification
from billing.ports.panel import Panel
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.rules.errors import (
    BillingError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from billing.rules.money import EXPONENTS, Money
from billing.rules.payments.charges import Charge, Misfit
from billing.rules.payments.payment import CreditReason
from billing.views.account import ClientInfo
from billing.views.notices.money import PayerNotice, PaymentCredited, PaymentSetAside
from billing.views.notices.operator import UnplacedPayment
from billing.views.page import Page

NOT_TOLD = frozenset({Misfit.REFUNDED, Misfit.NOT_BOOKED})
"""The payer hears nothing new of these: the money went back, or is known to be on its way."""

GIVEN_BACK = "panelik"
"""The source of what was booked and then given back, beside the codes of the gateways."""

SHOWN = 200
"""Characters of what a provider wrote that a message shows; the list has all of it."""


async def keep_unplaced(
    env: Environment,
    uow: UnitOfWork,
    charge: Charge,
    reason: Misfit,
    *,
    client_id: int | None = None,
    payers_client: int | None = None,
) -> None:
    """Note money that cannot be booked; tell the operator what to do and the payer what is.

    `client_id` is whose proforma it was meant for, as far as that is known; `payers_client` the
    client that the payer acts for.
    """
    now = env.now()
    number = await uow.unplaced.add(charge, reason, at=now)
    if number is None:
        return
    key = f"unplaced:{number}:{reason}"
    unplaced = UnplacedPayment(
        number, reason, charge.stated, charge.money,
        charge_id=charge.charge_id[:SHOWN], payload=charge.payload[:SHOWN],
        number=charge.number, user_id=charge.user_id, client_id=client_id,
        can_credit=env.capabilities.credit or env.capabilities.has_balance,
    )  # fmt: skip
    notes = [Notification(key, unplaced)]
    if charge.user_id is not None and reason not in NOT_TOLD:
        notes.append(payers_note(charge, key, PaymentSetAside, client_id=payers_client))
    await uow.outbox.add(notes, at=now)


def payers_note(
    charge: Charge, key: str, kind: type[PayerNotice], *, client_id: int | None = None
) -> Notification:
    """What the payer of a charge is told, linked or not."""
    notice = kind(charge.stated, charge.money, charge.language)
    return Notification(key, notice, client_id=client_id, user_id=charge.user_id)


@dataclass(frozen=True, slots=True)
class ListUnplaced:
    """Money that waits for the operator's decision."""

    env: Environment

    async def __call__(self, page: int = 1) -> Page[UnplacedMoney]:
        """One page, the oldest first."""
        async with self.env.work.reading() as uow:
            return await read_page(uow.unplaced.waiting, page)


@dataclass(frozen=True, slots=True)
class CloseUnplaced:
    """The operator has settled it in some other way."""

    env: Environment

    async def __call__(self, number: int, note: str, *, by: Actor) -> UnplacedMoney:
        """Close it with a note of what was done; a second time is refused."""
        words = note.strip()
        if not words:
            raise InvalidInputError("note_missing")
        async with self.env.work.writing() as uow:
            money = await read_open(uow, number)
            now = self.env.now()
            if not await uow.unplaced.close(number, words, at=now):
                raise BillingError("closed_already", id=number)
            await uow.audit.add(by, Audited.CLOSE_UNPLACED, f"no. {number}", at=now, note=words)
            await uow.commit()
        return money


@dataclass(frozen=True, slots=True)
class CreditUnplaced:
    """Money that fits nothing becomes a client's credit, or goes to their balance in the panel."""

    env: Environment
    panel: Panel

    async def __call__(
        self, number: int, client_ref: str, *, by: Actor
    ) -> tuple[ClientInfo, Money, Money | None]:
        """The client, what was credited and the credit then; once, and in one currency only.

        Where the panel has the balance, the last is None: it is owed a call, and the client is
        told once that is done; refused, the money waits here again. NotAllowedError where clients
        have neither.
        """
        if not self.env.capabilities.credit:
            return await self._to_balance(number, client_ref, by)
        async with self.env.work.writing() as uow:
            client = await find_client(uow, client_ref)
            await uow.lock_client(client.id)
            amount = creditable(await read_open(uow, number), client)
            now, note = self.env.now(), f"credit of {client.ref}"
            if not await uow.unplaced.close(number, note, at=now, client_id=client.id):
                raise BillingError("closed_already", id=number)
            credit = await uow.clients.move_credit(
                client.id, amount, reason=CreditReason.RECEIVED, at=now
            )
            credited = PaymentCredited(amount)
            news = Notification(f"credited:{number}", credited, client_id=client.id)
            await uow.outbox.add([news], at=now)
            what = f"{amount} to {client.ref}"
            await uow.audit.add(by, Audited.CREDIT_UNPLACED, f"no. {number}", at=now, note=what)
            await uow.commit()
        return client, amount, credit

    async def _to_balance(
        self, number: int, client_ref: str, by: Actor
    ) -> tuple[ClientInfo, Money, None]:
        if not self.env.capabilities.has_balance:
            raise NotAllowedError("unplaced_not_credited", id=number)
        now = self.env.now()
        async with self.env.work.writing() as uow:
            client = await find_client(uow, client_ref)
            await uow.lock_client(client.id)
            amount = creditable(await read_open(uow, number), client)
            note = f"balance of {client.ref}"
            if not await uow.unplaced.close(number, note, at=now, client_id=client.id):
                raise BillingError("closed_already", id=number)
            await self.panel.add_balance(uow, client.id, amount, unplaced_id=number, now=now)
            what = f"{amount} to the balance of {client.ref}"
            await uow.audit.add(by, Audited.CREDIT_UNPLACED, f"no. {number}", at=now, note=what)
            await uow.commit()
        return client, amount, None


async def read_open(uow: UnitOfWork, number: int) -> UnplacedMoney:
    """One that waits for a decision; BillingError for any other number."""
    money = await uow.unplaced.get(number)
    if money is None:
        raise NotFoundError("no_such_unplaced", id=number)
    if not money.is_open:
        raise BillingError("closed_already", id=number)
    return money


def creditable(money: UnplacedMoney, client: ClientInfo) -> Money:
    """The amount as the client's credit; BillingError where it cannot be that."""
    if money.reason is Misfit.REFUNDED:
        raise BillingError("went_back", id=money.id)
    if money.amount is None or money.amount <= 0:
        raise BillingError("amount_unknown", id=money.id)
    if money.currency != client.currency or money.currency not in EXPONENTS:
        raise BillingError(
            "credit_currency", id=money.id, has=money.currency, needs=client.currency
        )
    return Money(money.amount, money.currency)
