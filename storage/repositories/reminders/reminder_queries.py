"""Queries of planning: what is due, which clients wait for a digest, who reads one.

Each query starts from an index on due dates or clients, so that its cost grows with the result and
not with the tables.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from billing.ports.reminders.items import DueService, OpenProforma, Window
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.reminders.stages import ReminderItem, ReminderReason, snoozed_until
from storage.repositories.services.leaving import ENDS_ON, IS_LEAVING, with_requests
from storage.rows import REMINDER_ITEM, SERVICE
from storage.sets import among
from storage.tables.accounts import clients, links, users
from storage.tables.messages import digest_items, digests, reminder_items, reminder_pauses
from storage.tables.sales import invoices
from storage.tables.services import services
from storage.tables.states import ItemState


def owed_between(window: Window, *, after: DueService | None, limit: int) -> Select[Any]:
    """A page of owed services with a due date in a window, by due date and id.

    Only what planning needs of them, in the order of `DueService`.
    """
    s = services.c
    # The page starts at the last service's day, which the index finds without reading further.
    start = after.due_date if after else window.earliest
    query = (
        select(
            s.id, s.client_id, s.product_id, s.cycle, s.owed_on,
            func.coalesce(s.loaded_on, s.registered_on),
        )
        .where(s.owed_on >= start, s.owed_on <= window.latest)
        .where(*_of(window, s.client_id))
        .order_by(s.owed_on, s.id)
        .limit(limit)
    )  # fmt: skip
    if after is None:
        return query
    return query.where(tuple_(s.owed_on, s.id) > (after.due_date, after.id))


def expiring_between(window: Window, *, after: OpenProforma | None, limit: int) -> Select[Any]:
    """A page of unpaid proformas that expire in a window, by that day and id."""
    i = invoices.c
    start = after.expires_on if after else window.earliest
    query = (
        select(i.id, i.client_id, i.created_at, i.expires_on)
        .where(
            i.status == InvoiceStatus.UNPAID, i.expires_on >= start, i.expires_on <= window.latest
        )
        .where(*_of(window, i.client_id))
        .order_by(i.expires_on, i.id)
        .limit(limit)
    )
    if after is None:
        return query
    return query.where(tuple_(i.expires_on, i.id) > (after.expires_on, after.id))


def asked_between(window: Window, *, after: ReminderItem | None, limit: int) -> Select[Any]:
    """What users asked to be reminded of on days in a window, once for each service and day."""
    p = reminder_pauses.c
    last = snoozed_until(after.stage) if after else None
    query = (
        select(p.client_id, p.due_date, p.until, p.service_id)
        .join(services, and_(services.c.id == p.service_id, services.c.owed_on == p.due_date))
        .where(p.until >= (last or window.earliest), p.until <= window.latest, p.remind.is_(True))
        .where(*_of(window, p.client_id))
        .group_by(p.until, p.service_id, p.client_id, p.due_date)
        .order_by(p.until, p.service_id)
        .limit(limit)
    )
    if after is None or last is None:
        return query
    return query.where(tuple_(p.until, p.service_id) > (last, after.service_id))


def _of(window: Window, client_id: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    """Restrict to the window's client, if it names one."""
    return () if window.client_id is None else (client_id == window.client_id,)


def being_cancelled(service_ids: Collection[int]) -> Select[Any]:
    """Services with an open request to cancel, own or the parent's, and when the parent ends."""
    return (
        select(*SERVICE, ENDS_ON)
        .select_from(with_requests())
        .where(among(services.c.id, service_ids), IS_LEAVING)
    )


def known_items(planned: Collection[ReminderItem]) -> Select[Any]:
    """The items that these subjects have already."""
    items = reminder_items.c
    of_services = [item.service_id for item in planned if item.service_id]
    of_invoices = [item.invoice_id for item in planned if item.invoice_id]
    return select(*REMINDER_ITEM).where(
        or_(among(items.service_id, of_services), among(items.invoice_id, of_invoices)),
        items.due_date >= min(item.due_date for item in planned),
    )


def waiting_for_digest(day: date, *, after: int, limit: int) -> Select[Any]:
    """A page of clients with waiting items and without a digest of the day.

    It reads each client once, and not again with every page.
    """
    client = reminder_items.c.client_id
    has_one = (
        select(digests.c.id)
        .where(digests.c.client_id == client, digests.c.day == day)
        .correlate(reminder_items)
        .exists()
    )
    return (
        select(client)
        .where(reminder_items.c.state == ItemState.WAITING, client > after, ~has_one)
        .distinct()
        .order_by(client)
        .limit(limit)
    )


def newly_linked(since: datetime) -> Select[Any]:
    """Clients to whom a user was linked since then, with items that had no reader before.

    There is one row per link: for DISTINCT, SQLite would read all links in the clients' order.
    """
    items = reminder_items.c
    lost = (
        select(items.id)
        .where(
            items.client_id == links.c.client_id,
            items.state == ItemState.UNDELIVERABLE,
            items.reason == ReminderReason.NOBODY_LINKED,
        )
        .correlate(links)
        .exists()
    )
    return select(links.c.client_id).where(links.c.linked_at >= since, lost)


def waiting_items(client_ids: Collection[int]) -> Select[Any]:
    """The items with their numbers, and the service's parent (nothing for a proforma)."""
    items = reminder_items.c
    return (
        select(items.id, services.c.parent_id, *REMINDER_ITEM)
        .outerjoin_from(reminder_items, services, services.c.id == items.service_id)
        .where(items.state == ItemState.WAITING, among(items.client_id, client_ids))
        .order_by(items.id)
    )


def linked_to(client_ids: Collection[int]) -> Select[Any]:
    """Client, user, zones of both, the user's choices, the reason if unreachable."""
    return (
        select(
            links.c.client_id,
            links.c.user_id,
            users.c.timezone,
            clients.c.timezone,
            links.c.preferences,
            links.c.reminders_on,
            users.c.unreachable,
        )
        .join(users, users.c.id == links.c.user_id)
        .join(clients, clients.c.id == links.c.client_id)
        .where(among(links.c.client_id, client_ids))
        .order_by(links.c.client_id, links.c.user_id)
    )


def forgotten_items(before: date, *, limit: int) -> Select[Any]:
    """Items of due dates before a day that are in no digest."""
    held = (
        select(digest_items.c.item_id)
        .where(digest_items.c.item_id == reminder_items.c.id)
        .correlate(reminder_items)
        .exists()
    )
    old = select(reminder_items.c.id).where(reminder_items.c.due_date < before, ~held)
    # Rows that another process is deleting are left to it.
    return old.limit(limit).with_for_update(skip_locked=True)
