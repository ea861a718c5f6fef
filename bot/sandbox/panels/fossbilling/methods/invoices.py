"""Invoices, as staff, clients and whoever has a hash read them."""

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.invoice_rows import invoice_row
from bot.sandbox.panels.fossbilling.paging import page_of
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.rows import invoice_summary, serie_nr
from bot.sandbox.panels.fossbilling.state import Invoice
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World


def read_invoice(world: World, params: Parameters) -> Invoice:
    """Return the invoice that a call names by its id."""
    return world.invoice(params.id("id", "Invoice"))


async def get(world: World, params: Parameters, _caller: Caller) -> Json:
    """`admin/invoice/get`."""
    return invoice_row(world, read_invoice(world, params))


async def get_list(world: World, params: Parameters, _caller: Caller) -> Json:
    """`admin/invoice/get_list`: newest first; with `summary` without lines."""
    return _page(world, params, [i for i in world.data.invoices if _fits(world, i, params)])


async def own_list(world: World, params: Parameters, caller: Caller) -> Json:
    """`client/invoice/get_list`: approved ones of one's own."""
    own = [i for i in world.data.invoices if i.client_id == caller.client_id and i.approved]
    return _page(world, params, [i for i in own if _fits(world, i, params)])


def _page(world: World, params: Parameters, invoices: list[Invoice]) -> Json:
    write = invoice_summary if params.flag("summary") else invoice_row
    return page_of(params, invoices[::-1], lambda invoice: write(world, invoice))


def _fits(world: World, invoice: Invoice, params: Parameters) -> bool:
    order = params.number("order_id")
    row = {
        "id": invoice.id,
        "client_id": invoice.client_id,
        "nr": int(invoice.nr),
    }
    texts = {"status": invoice.status, "currency": invoice.currency}
    return (
        all(params.number(name) in (None, value) for name, value in row.items())
        and all(params.text(name) in (None, value) for name, value in texts.items())
        and (order is None or order in invoice.orders())
        and _in_dates(invoice, params)
        and _found(world, invoice, params.text("search"))
    )


def _in_dates(invoice: Invoice, params: Parameters) -> bool:
    """Compare the days of the creation and of the payment."""
    created, paid = text(invoice.created_at) or "", text(invoice.paid_at) or ""
    first, last, day = (params.text(name) for name in ("date_from", "date_to", "paid_at"))
    return (
        (first is None or created[:10] >= first[:10])
        and (last is None or created[:10] <= last[:10])
        and (day is None or paid[:10] == day[:10])
    )


def _found(world: World, invoice: Invoice, sought: str | None) -> bool:
    """Compare `search`: a part of a line's title, of the client's name or of the number."""
    if sought is None:
        return True
    client = world.client(invoice.client_id)
    titles = [line.title for line in invoice.lines]
    texts = (*titles, client.first_name, client.last_name, serie_nr(invoice))
    return any(sought.lower() in each.lower() for each in texts)


def by_hash(world: World, params: Parameters) -> Invoice:
    """Return the invoice with this hash; an id is refused."""
    sought = params.text("hash")
    if sought is None:
        raise PanelError("Invoice hash was not passed")
    for invoice in world.data.invoices:
        if invoice.hash == sought:
            return invoice
    raise PanelError("Invoice was not found")


async def own(world: World, params: Parameters, caller: Caller) -> Json:
    """`client/invoice/get` by hash; another client's is not found."""
    invoice = by_hash(world, params)
    if invoice.client_id != caller.client_id:
        raise PanelError("Invoice was not found")
    return invoice_row(world, invoice)


async def open_to_all(world: World, params: Parameters, _caller: Caller) -> Json:
    """`guest/invoice/get` by hash: only with the setting that opens invoices so."""
    if not world.open_hashes:
        raise PanelError("You do not have permission to view this invoice", 403, status=403)
    return invoice_row(world, by_hash(world, params))
