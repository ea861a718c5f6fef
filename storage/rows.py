"""Columns to select, and the billing values made from them in that order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from billing.rules.allowed import CLOSED, EVERYTHING, Allowed
from billing.rules.money import Money
from billing.rules.panel.panel_state import Sight
from billing.rules.reminders.stages import ReminderItem
from billing.rules.services.service import Service
from billing.views.account import ClientInfo
from storage.tables.accounts import clients
from storage.tables.messages import reminder_items
from storage.tables.services import services

CLIENT = (
    clients.c.id,
    clients.c.ref,
    clients.c.name,
    clients.c.language,
    clients.c.timezone,
    clients.c.currency,
    clients.c.tax_rate,
    clients.c.credit,
    clients.c.tax_id,
    clients.c.seen_at,
    clients.c.stale_since,
    clients.c.unread_at,
    clients.c.is_closed,
    clients.c.balance,
)

SERVICE = (
    services.c.id,
    services.c.client_id,
    services.c.product_id,
    services.c.name,
    services.c.domain,
    services.c.first_amount,
    services.c.amount,
    services.c.currency,
    services.c.cycle,
    services.c.registered_on,
    services.c.next_due_date,
    services.c.anchor_day,
    services.c.status,
    services.c.suspended_for,
    services.c.parent_id,
    services.c.label,
    services.c.ref,
    services.c.loaded_on,
    services.c.kind,
    services.c.due_date_known,
)
WIDTH = len(SERVICE)

REMINDER_ITEM = (
    reminder_items.c.client_id,
    reminder_items.c.due_date,
    reminder_items.c.stage,
    reminder_items.c.service_id,
    reminder_items.c.invoice_id,
)


def client_from(
    row: Sequence[Any], rights: Allowed = EVERYTHING, proved_at: datetime | None = None
) -> ClientInfo:
    """Make a client from the columns of CLIENT, the last in the row.

    `rights` are those of the user who acts for the client, all of them where nobody does;
    `proved_at` is when they proved that the account is theirs.
    """
    mine = row[-len(CLIENT) :]
    number, ref, name, language, timezone, currency, tax_rate, credit, tax_id = mine[:9]
    seen_at, stale_since, unread_at, is_closed, balance = mine[9:]
    if is_closed:
        rights &= CLOSED
    return ClientInfo(
        number, ref, name, language, timezone, currency, tax_rate, Money(credit, currency),
        rights, tax_id, Sight(seen_at, stale_since, unread_at), is_closed,
        None if balance is None else Money(balance, currency), proved_at,
    )  # fmt: skip


def service_from(row: Sequence[Any]) -> Service:
    """Make a service from the columns of SERVICE, the first in the row."""
    number, client_id, product_id, name, domain, first, amount, currency, cycle = row[:9]
    registered_on, next_due_date, anchor_day, status, suspended_for = row[9:14]
    parent_id, label, ref, loaded_on, kind, due_date_known = row[14:WIDTH]
    return Service(
        number, client_id, product_id, name, domain, currency,
        None if first is None else Money(first, currency),
        None if amount is None else Money(amount, currency), cycle,
        registered_on, next_due_date, anchor_day, status, suspended_for,
        parent_id, label, ref or "", loaded_on, kind, due_date_known,
    )  # fmt: skip


def reminder_item_from(row: Sequence[Any]) -> ReminderItem:
    """An item from the columns of REMINDER_ITEM, which come last in the row."""
    return ReminderItem(*row[-len(REMINDER_ITEM) :])
