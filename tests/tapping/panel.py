"""What is ordered where a connected panel places it: checked, sent, looked at, withdrawn."""

from handlers import buttons as b
from tests.connected.fake import FakePanel
from tests.statements import Statements, counting
from tests.tapping.meter import Meter


async def orders_of_a_panel(meter: Meter, panel: FakePanel) -> Statements:
    """A full cart, sent and withdrawn again; the statements of the ticks between the taps."""
    account, world = meter.account, meter.account.world
    async with world.core.database.work.reading() as uow:
        own = [one.service for one in await uow.services.live(account.client.id)]
    panel.adopt(account.client, own)
    await account.fill_cart()
    revision, seal = await account.cart()
    await meter.types("/start", "a greeting beside a panel")
    await meter.taps(b.OpenCheckout(), "beside a panel")
    await meter.taps(b.ConfirmCheckout(1), "beside a panel")
    await meter.taps(b.ReviewOrder())
    await meter.taps(b.ReviewOrder(page=99), "past the end")
    await meter.taps(b.SendOrder(revision, seal + 1), "after the prices changed")
    await meter.taps(b.SendOrder(revision, seal))
    await meter.taps(b.SendOrder(revision, seal), "again")
    async with world.core.database.work.reading() as uow:
        order = await uow.orders.of_cart(account.client.id, revision)
    assert order is not None
    await meter.taps(b.OpenOrderPage(order.id, again=True), "under way")
    with counting(world.core.database) as ticks:
        await world.passes(seconds=30)
    await meter.taps(b.OpenOrderPage(order.id))
    async with world.core.database.work.reading() as uow:
        (bill,) = await uow.invoices.of_order(account.client.id, order.id)
    await meter.taps(b.AskPayFromBalance(bill.id))
    await meter.taps(b.AskWithdrawOrder(order.id))
    await meter.taps(b.WithdrawOrder(order.id))
    await meter.taps(b.WithdrawOrder(order.id), "again")
    await meter.taps(b.AskWithdrawOrder(order.id), "that is being withdrawn")
    with counting(world.core.database) as last_tick:
        await world.passes(seconds=30)
    await meter.taps(b.OpenOrderPage(order.id), "that is withdrawn")
    await meter.taps(b.PayFromBalance(bill.id, bill.seal), "that is withdrawn")
    ticks.run += last_tick.run
    return ticks
