"""The panel's cron: pays from balances, carries out, makes renewal invoices, suspends."""

from datetime import timedelta

from bot.sandbox.panels.fossbilling.billing import (
    CRON_WAIT,
    execute,
    pay_from_balance,
    pending,
    total,
)
from bot.sandbox.panels.fossbilling.methods.renewals import make_renewal, open_invoice
from bot.sandbox.panels.fossbilling.services import suspend
from bot.sandbox.panels.fossbilling.state import Invoice, Order
from bot.sandbox.panels.fossbilling.world import World

_RENEWAL_DAYS = 14


async def run_cron(world: World) -> None:
    """Run once what a real panel runs every five minutes, in its order."""
    for invoice in list(world.data.invoices):
        if invoice.approved and _one_top_up_covers(world, invoice):
            await pay_from_balance(world, invoice)
    for invoice in list(world.data.invoices):
        if invoice.paid_at and invoice.paid_at <= world.now() - CRON_WAIT:
            execute(world, invoice, pending(invoice))
    for order in list(world.data.orders):
        if _needs_invoice(world, order):
            make_renewal(world, order, due_days=None)
    for order in world.data.orders:
        if order.status == "active" and order.expires_at and order.expires_at <= world.now():
            suspend(world, order, None)


def _one_top_up_covers(world: World, invoice: Invoice) -> bool:
    """Return whether one single top-up is as large as the invoice; cron looks at no sum."""
    rows = [row for row in world.data.balances if row.client_id == invoice.client_id]
    return any(row.amount >= total(invoice) for row in rows)


def _needs_invoice(world: World, order: Order) -> bool:
    """Return whether a renewal invoice is due; a prepared one that is open does not count."""
    if order.status != "active" or order.invoice_option != "issue-invoice":
        return False
    if order.period is None or order.expires_at is None or open_invoice(world, order):
        return False
    return order.expires_at.date() - world.now().date() <= timedelta(days=_RENEWAL_DAYS)
