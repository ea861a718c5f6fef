"""Invoices of one client, and what their lines are about."""

from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts
from billing.views.panel import SeenInvoice
from tests.bot.panels.fossbilling.serving import Outside

SERVICE = ServiceKind.SERVICE


async def invoices(there: Outside, client: int) -> dict[str, SeenInvoice]:
    account = await there.panel.reading.account(str(client))
    assert account is not None
    return {one.ref: one for one in account.snapshot.invoices}


async def test_an_invoice_asks_for_its_total(there: Outside) -> None:
    there.api.world.tax_percent = 23
    number = await there.http.write(
        "admin/invoice/prepare", client_id=2, approve=True,
        items=[
            {"title": "A", "price": 19.9, "taxed": True, "type": "order", "rel_id": 6,
             "task": "renew"},
            {"title": "B", "price": 29.1, "taxed": True},
            {"title": "Fee", "price": 1},
        ],
    )  # fmt: skip
    invoice = (await invoices(there, 2))[str(number)]
    assert invoice.totals == Amounts(*(Money(n, "PLN") for n in (5000, 1127, 6127)))
    assert [line.amounts.tax.minor for line in invoice.lines] == [458, 669, 0]
    assert sum(line.amounts.gross.minor for line in invoice.lines) == 6127
    assert (invoice.paid, invoice.status) == (Money(0, "PLN"), InvoiceStatus.UNPAID)
    assert [(line.kind, line.service) for line in invoice.lines] == [
        (LineKind.RENEWAL, (SERVICE, "6")), (None, None), (None, None),
    ]  # fmt: skip
    secret = there.api.world.invoice(int(number)).hash
    assert invoice.address == f"{there.address}/invoice/{secret}"


async def test_lines_of_new_orders_say_what_they_are_for(there: Outside) -> None:
    piotr = await invoices(there, 3)
    assert [line.kind for line in piotr["12"].lines] == [LineKind.PRODUCT, LineKind.ADDON]
    assert piotr["12"].number == "FOSS00012"
    # Whatever its task says, what is not set up yet is not renewed.
    order = there.api.world.order(13)
    order.status = "pending_setup"
    assert (await invoices(there, 3))["14"].lines[0].kind is LineKind.PRODUCT


async def test_states_of_invoices_and_what_is_no_invoice(there: Outside) -> None:
    there.api.world.invoice(12).approved = False
    piotr = await invoices(there, 3)
    assert {ref: one.status for ref, one in piotr.items()} == {
        "12": InvoiceStatus.DRAFT, "13": InvoiceStatus.PAID, "14": InvoiceStatus.PAID,
        "15": InvoiceStatus.PAID, "17": InvoiceStatus.PAID, "19": InvoiceStatus.CANCELLED,
    }  # fmt: skip
    assert piotr["13"].paid == Money(49000, "PLN")


async def test_an_order_of_ours_is_known_by_the_invoice_that_was_made_for_it(
    there: Outside,
) -> None:
    made = await there.http.write("admin/invoice/renewal_invoice", id=5)
    assert (await invoices(there, 2))[str(made)].order_ref == f"invoice {made}"
