"""The columns of loaded rows, and the credit and links of new clients."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, RowMapping, func, insert, select, true

from billing.rules.access.emails import email_key
from billing.rules.access.rights import Rights
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.payments.payment import CreditReason
from storage.engines.connection import Connection
from storage.folding import client_search_text
from storage.repositories.loading.loaded_states import columns_of
from storage.repositories.services.service_forms import forms
from storage.sets import RowSet, row_set
from storage.statements import upsert
from storage.tables.accounts import clients, credit_movements, links, users
from storage.tables.services import services

LOADED = (
    services.c.id,
    services.c.client_id,
    services.c.kind,
    services.c.ref,
    services.c.product_id,
    services.c.name,
    services.c.domain,
    services.c.label,
    services.c.first_amount,
    services.c.amount,
    services.c.cycle,
    services.c.registered_on,
    services.c.next_due_date,
    services.c.anchor_day,
    services.c.status,
    services.c.suspended_for,
    services.c.loaded_state,
)
"""The columns of a stored service that are compared with a row of the folder."""


NEW = (
    "kind", "ref", "label", "currency", "product_id", "name", "domain", "search_text", "sort_key",
    "domain_key", "label_key", "first_amount", "amount", "cycle", "registered_on",
    "next_due_date", "anchor_day", "status", "suspended_for", "loaded_state", "client_id",
    "parent_id", "loaded_on",
)  # fmt: skip
"""The columns of a service that is inserted."""


def described_client(row: ClientRow) -> dict[str, Any]:
    """The columns of a client that every load updates."""
    closed = {} if row.is_closed is None else {"is_closed": row.is_closed}
    return {
        "name": row.name,
        "email": row.email,
        "email_key": email_key(row.email),
        "country": row.country,
        "language": row.language,
        "timezone": row.timezone,
        "tax_rate": row.tax_rate,
        "tax_id": row.tax_id,
        "search_text": client_search_text(ref=row.ref, name=row.name, email=row.email),
        **closed,
    }


async def add_clients(connection: Connection, rows: Sequence[ClientRow], *, at: datetime) -> None:
    """Insert new clients with their first credit and the users linked to them."""
    if not rows:
        return
    values = [
        described_client(row)
        | {"ref": row.ref, "currency": row.currency, "credit": row.credit.minor, "loaded_at": at}
        for row in rows
    ]
    statement = insert(clients).returning(clients.c.ref, clients.c.id)
    ids: dict[str, int] = dict((await connection.execute(statement, values)).all())
    credited = [
        {
            "client_id": ids[row.ref], "amount": row.credit.minor, "balance": row.credit.minor,
            "currency": row.currency, "reason": CreditReason.LOADED, "at": at,
            "invoice_number": "",
        }
        for row in rows
        if row.credit
    ]  # fmt: skip
    if credited:
        await connection.execute(insert(credit_movements), credited)
    new_links = [
        (user_id, ids[row.ref], user_id == row.telegram_ids[0])
        for row in rows
        for user_id in row.telegram_ids
    ]
    if new_links:
        await _link(connection, new_links, at=at)


async def _link(
    connection: Connection, new_links: Sequence[tuple[int, int, bool]], *, at: datetime
) -> None:
    statement = upsert(users, connection)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"client_id": func.coalesce(users.c.client_id, statement.excluded.client_id)},
        ),
        [{"id": user_id, "client_id": id_} for user_id, id_, _ in new_links],
    )
    await connection.execute(
        upsert(links, connection).on_conflict_do_nothing(),
        [
            {
                "user_id": user_id,
                "client_id": id_,
                "reminders_on": True,
                "linked_at": at,
                "proved_at": at,
                "rights": Rights.EVERYTHING,
                "is_owner": is_first,
                "name": "",
            }
            for user_id, id_, is_first in new_links
        ],
    )


def described_service(row: ServiceRow, *, label: str) -> dict[str, Any]:
    """The columns of a service that every load updates.

    `label` is the client's own and stays.
    """
    return {
        "product_id": row.product,
        "name": row.name,
        "domain": row.domain,
        **forms(label=label, name=row.name, domain=row.domain),
    }


def new_service(row: ServiceRow) -> dict[str, Any]:
    """The columns of a new service, except those that refer to other rows."""
    return {
        "kind": row.kind,
        "ref": row.ref,
        "label": "",
        "currency": row.amount.currency,
        **described_service(row, label=""),
        **columns_of(row.state()),
    }


@cache
def add_services(dialect: str) -> tuple[Executable, RowSet]:
    """Insert services, whose columns are those of `new_service` and what they refer to."""
    s = services.c
    rows = row_set(dialect, **{name: s[name].type for name in NEW})
    added = select(*rows.table.c).where(true())
    return insert(services).from_select(NEW, added), rows


def described_anew(row: ServiceRow, stored: RowMapping) -> dict[str, Any]:
    """The described columns of a stored service; empty if the folder describes it the same.

    The forms for searching and sorting follow from name and domain and take longest to compute, so
    a nightly load of a large company computes them only where something changed.
    """
    same = (row.name, row.domain, row.product) == (
        stored["name"], stored["domain"], stored["product_id"],
    )  # fmt: skip
    return {} if same else described_service(row, label=stored["label"])


def differs(stored: RowMapping | None, loaded: Mapping[str, Any]) -> bool:
    """Whether a row is new or has other values than those of the folder."""
    return stored is None or any(stored[name] != value for name, value in loaded.items())


def shown_value(column: str, value: Any, row: ServiceRow) -> str:
    """A value of the billing state, for people."""
    if value is None:
        return ""
    if column in ("first_amount", "amount"):
        return str(Money(value, row.amount.currency))
    return str(value)
