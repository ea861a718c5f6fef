"""What happens without a tap: time passes, the operator gives commands."""

from datetime import timedelta

from billing.actions.registry import Actions
from bot.modes import POLLER
from tests.make import STAFF
from tests.tapping.account import EWA, TELEGRAM, Account, Estate
from tests.world import START


async def operate(account: Account) -> None:
    """Let a month pass, and give every command."""
    actions, world = account.actions, account.world
    await actions.note_blocked(EWA, blocked=False)
    await actions.adjust_credit("T-1", "5.00", by=STAFF)
    await actions.issue_link_code("T-1", by=STAFF)
    await actions.next_reminder()
    await _load(actions)
    ordered, *_ = await actions.list_orders()
    await actions.decide_order(ordered.service.id, accept=True, by=STAFF)
    ((asked, _, _), *_) = await actions.list_cancellations()
    await actions.decide_cancellation(asked.id, accept=True, by=STAFF)
    await _money(account)
    for _ in range(30):
        await world.passes(days=1)
    await world.core.database.leases.acquire(
        POLLER, "me", now=world.clock.now(), length=timedelta()
    )


async def _load(actions: Actions) -> None:
    """In the company's data every due date is a day later."""
    estate = Estate(await actions.show_catalog(), START.date() + timedelta(days=1), 1)
    await actions.find_state_changes(estate)
    await actions.load_company(estate, by=STAFF)
    await actions.load_company(estate, replace_state=True, by=STAFF)


async def _money(account: Account) -> None:
    """A transfer that the operator has seen, a payment that Telegram confirms."""
    actions = account.actions
    bill = (await actions.show_invoice(account.client, await account.place())).invoice
    await actions.record_transfer(bill.number, by=STAFF)
    bill = (await actions.show_invoice(account.client, await account.place(TELEGRAM))).invoice
    async with account.world.core.database.work.reading() as uow:
        payment = await uow.payments.open_of(bill.id, "telegram")
    assert payment is not None
    await actions.check_pre_checkout(EWA, payment.id, payment.amount)
    await actions.confirm_payment(
        gateway=payment.gateway, payment_id=payment.id, charge_id="c", amount=payment.amount
    )
