"""What a panel holds of one client and was asked, for the page that shows it to people."""

from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.billing import total
from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.rows import serie_nr
from bot.sandbox.panels.fossbilling.state import Invoice, Order
from bot.sandbox.panels.fossbilling.times import text
from bot.sandbox.panels.fossbilling.world import World

_SHOWN_CALLS = 80
_SHOWN_PAID = 4
_OPEN = "unpaid"


def pane_of(api: PanelApi, client_id: int) -> Json:
    """Return services, invoices and balance of a client, the calls, and how the panel is."""
    world = api.world
    client = world.client(client_id)
    return {
        "client": client.id,
        "clients": [{"id": c.id, "name": name_of(world, c.id)} for c in world.data.clients],
        "email": client.email,
        "balance": _money(world.balance(client.id), client.currency),
        "services": [_service(order) for order in _in_order(world, client.id)],
        "invoices": [_invoice(world, invoice) for invoice in _invoices(world, client.id)],
        "calls": [entry.as_json() for entry in api.journal.newest_first()[:_SHOWN_CALLS]],
        "breakage": api.breakage,
        "now": text(world.now()),
    }


def name_of(world: World, client_id: int) -> str:
    """Return the name of a client."""
    client = world.client(client_id)
    return f"{client.first_name} {client.last_name}"


def _in_order(world: World, client_id: int) -> list[Order]:
    """Return a client's orders, add-ons behind what they belong to, ended ones last."""
    own = [order for order in world.data.orders if order.client_id == client_id]
    heads = {order.group_id: order for order in own if order.group_master}

    def place(order: Order) -> tuple[bool, int, bool, int]:
        head = heads.get(order.group_id, order)
        return head.status == "canceled", head.id, not order.group_master, order.id

    return sorted(own, key=place)


def _service(order: Order) -> Json:
    return {
        "id": order.id,
        "name": order.title,
        "domain": _domain(order),
        "addon": not order.group_master,
        "period": order.period or "",
        "price": _money(order.price * order.quantity, order.currency),
        "status": order.status,
        "expires_at": text(order.expires_at),
    }


def _domain(order: Order) -> str:
    sld, tld = order.config.get("sld"), order.config.get("tld")
    return f"{sld}{tld}" if sld and tld else ""


def _invoices(world: World, client_id: int) -> list[Invoice]:
    """Return the open invoices of a client and the newest of the others, newest first."""
    own = [i for i in reversed(world.data.invoices) if i.client_id == client_id]
    others = [invoice for invoice in own if invoice.status != _OPEN]
    others.sort(key=lambda invoice: invoice.updated_at, reverse=True)
    return [*(i for i in own if i.status == _OPEN), *others[:_SHOWN_PAID]]


def _invoice(world: World, invoice: Invoice) -> Json:
    overdue = invoice.status == _OPEN and invoice.due_at and invoice.due_at < world.now()
    return {
        "id": invoice.id,
        "number": serie_nr(invoice),
        "total": _money(total(invoice), invoice.currency),
        "status": "overdue" if overdue else invoice.status,
        "open": invoice.status == _OPEN,
        "due_at": text(invoice.due_at),
        "paid_at": text(invoice.paid_at),
        "about": ", ".join(line.title for line in invoice.lines),
    }


def _money(amount: float, currency: str) -> Json:
    return {"amount": round(amount * 100), "currency": currency}
