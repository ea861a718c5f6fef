"""What happens to a service: set up, renewed, suspended, canceled."""

from datetime import datetime

from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.state import Order
from bot.sandbox.panels.fossbilling.world import World

PENDING = ("pending_setup", "failed_setup")


def set_up(world: World, order: Order, *, force: bool = False) -> None:
    """Set a service up: active until now and a period; `force` adds a period to an active one."""
    if order.status == "active" and not force:
        return
    if order.status not in PENDING and not force:
        raise PanelError("Only pending setup or failed orders can be activated")
    if order.service_id is None:
        order.service_id = _next_service_id(world, order.service_type)
    begin = order.expires_at if order.status == "active" and order.expires_at else world.now()
    order.status = "active"
    order.activated_at = order.updated_at = world.now()
    if order.period:
        order.expires_at = world.later(begin, order.period)
    world.log(f"Activated order #{order.id}")


def _next_service_id(world: World, kind: str) -> int:
    orders = world.data.orders
    return max((o.service_id or 0 for o in orders if o.service_type == kind), default=0) + 1


def renew(world: World, order: Order, period: str | None) -> None:
    """Renew a service by a period; one that does not exist makes the order `failed_renew`."""
    if order.status in PENDING:
        set_up(world, order)
        return
    if order.service_id is None:
        _fail(world, order)
    if order.status == "suspended":
        order.reason = order.suspended_at = None
        order.unsuspended_at = world.now()
    order.status = "active"
    order.canceled_at = None
    order.updated_at = world.now()
    if period:
        order.expires_at = world.later(_renewal_start(world, order), period)
    world.log(f"Renewed order #{order.id}")


def _fail(world: World, order: Order) -> None:
    """Write into the order's history why it could not be renewed, and refuse."""
    order.status = "failed_renew"
    order.updated_at = world.now()
    reason = f"Order {order.id} has no active service"
    world.note(order, reason)
    world.note(order, f"Order could not renew due to error: {reason}.")
    raise PanelError(reason)


def _renewal_start(world: World, order: Order) -> datetime:
    """Return the date that a renewal counts from: the old one, be it in the past, by default."""
    now = world.now()
    if order.expires_at is None or world.renewal_logic == "from_today":
        return now
    if world.renewal_logic == "from_greater" or not world.traps.date_stays_past:
        return max(order.expires_at, now)
    return order.expires_at


def suspend(world: World, order: Order, reason: str | None) -> None:
    """Suspend an active service."""
    if order.status != "active":
        raise PanelError("Only active orders can be suspended")
    order.status = "suspended"
    order.reason = reason
    order.suspended_at = order.updated_at = world.now()
    world.log(f"Suspended order #{order.id}")


def unsuspend(world: World, order: Order) -> None:
    """Let a suspended service run again."""
    if order.status != "suspended":
        raise PanelError("Only suspended orders can be unsuspended")
    order.status = "active"
    order.reason = order.suspended_at = None
    order.unsuspended_at = order.updated_at = world.now()
    world.log(f"Unsuspended order #{order.id}")


def cancel(world: World, order: Order, reason: str | None) -> None:
    """Cancel a service at once: its date goes, its open invoices stay."""
    if order.status in (*PENDING, "canceled"):
        raise PanelError(f"Cannot cancel {order.status} order")
    order.status = "canceled"
    order.reason = reason
    order.expires_at = None
    order.canceled_at = order.updated_at = world.now()
    close_open_invoices(world, order)
    world.log(f"Canceled order #{order.id}")


def uncancel(world: World, order: Order) -> None:
    """Bring a canceled service back, free of charge, until now and a period."""
    if order.status != "canceled":
        raise PanelError("Only canceled orders can be uncanceled")
    order.status = "active"
    order.reason = order.canceled_at = None
    order.updated_at = world.now()
    order.expires_at = world.later(world.now(), order.period) if order.period else None
    world.log(f"Activated order #{order.id}")


def close_open_invoices(world: World, order: Order) -> None:
    """Cancel the open invoices of an order that ends, unless the trap leaves them open."""
    if world.traps.invoices_stay_open:
        return
    for invoice in world.data.invoices:
        if invoice.status == "unpaid" and invoice.orders() == [order.id]:
            invoice.status = "canceled"
            invoice.updated_at = world.now()
    order.unpaid_invoice_id = None
