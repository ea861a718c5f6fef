"""What staff tap: as somebody who is staff for as long."""

from dataclasses import replace

from billing.views.desk import Waiting
from billing.views.services import CancelWhen
from billing.views.staff import Deed, MatterKind
from handlers import buttons as b
from tests.tapping.account import EWA
from tests.tapping.meter import Meter


async def the_desk(meter: Meter) -> None:
    """The lists, a client, and every decision."""
    account = meter.account
    client, free = account.client.id, account.free
    application = account.world.application
    before = application.deps
    application.deps = replace(before, config=replace(before.config, staff=frozenset({EWA})))
    await meter.types("/start", "/start of staff")
    await meter.taps(b.OpenDesk())
    for kind in Waiting:
        await meter.taps(b.OpenWaiting(kind), kind)
        await meter.taps(b.OpenWaiting(kind, 99), f"{kind} past the end")
    await meter.taps(b.AskFind())
    await meter.types("nikt taki", "nobody to find")
    await meter.types("/find t-1-1", "/find several")
    await meter.types(f"/find {EWA}", "/find a user")
    await meter.taps(b.OpenClientCard(client))
    await meter.taps(b.OpenClientServices(client))
    await meter.taps(b.OpenClientServices(client, 99), "past the end")
    await meter.taps(b.OpenClientInvoices(client))
    await meter.taps(b.OpenClientInvoices(client, past=True), "past ones")
    await meter.taps(b.OpenClientService(client, free))
    await _decide(meter)
    application.deps = before


async def _decide(meter: Meter) -> None:
    """A transfer, an order, a request to cancel."""
    account = meter.account
    client, order, free = account.client.id, account.order, account.free
    invoice = await account.place()
    bill = (await account.actions.show_invoice(account.client, invoice)).invoice
    await meter.taps(b.OpenClientInvoice(client, invoice))
    paid = (MatterKind.PROFORMA, invoice, Deed.MARK_PAID, 0, client)
    await meter.taps(b.AskMatter(*paid))
    await meter.taps(b.DecideMatter(*paid, bill.seal), "paid")
    await meter.taps(b.DecideMatter(*paid, bill.seal), "paid again")
    await meter.taps(b.DecideMatter(MatterKind.ORDER, order, Deed.ACCEPT, 0, client), "order")
    asked = await account.actions.request_cancellation(
        account.client, free, when=CancelWhen.PERIOD_END, reason=""
    )
    await meter.taps(b.OpenClientService(client, free), "that ends")
    request = (MatterKind.CANCELLATION, asked.id)
    await meter.taps(b.AskRejection(*request, 0, client))
    await meter.taps(b.LeaveMatter(*request, 0, client))
    await meter.taps(b.DecideMatter(*request, Deed.REJECT, 0, client), "request")
