"""The current contents of digests: services with all that pricing needs, and proformas."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    and_,
    bindparam,
    null,
    select,
    type_coerce,
    union,
    union_all,
)

from billing.ports.reminders.digests import Contents, DigestEntry, Proforma
from billing.rules.money import Money
from billing.rules.reminders.preferences import Pause
from billing.rules.reminders.stages import ReminderReason
from storage.repositories.reminders.digest_binding import belongs
from storage.repositories.services.owned_services import (
    ABOVE,
    FLAGS,
    OWNED_WIDTH,
    WITH_INVOICE,
    families,
    owned_from,
)
from storage.rows import REMINDER_ITEM, SERVICE, reminder_item_from
from storage.tables.messages import digest_items, digests, reminder_items, reminder_pauses
from storage.tables.sales import invoices
from storage.tables.services import services

_OWNED = (*SERVICE, *FLAGS)
_ITEM = (
    digests.c.id,
    reminder_items.c.id,
    digest_items.c.dropped,
    *REMINDER_ITEM,
)
_PAUSE = (
    reminder_pauses.c.user_id,
    reminder_pauses.c.service_id,
    reminder_pauses.c.due_date,
    reminder_pauses.c.until,
    reminder_pauses.c.remind,
)
_PROFORMA = (
    invoices.c.id,
    invoices.c.number,
    invoices.c.status,
    invoices.c.gross,
    invoices.c.paid,
    invoices.c.currency,
    invoices.c.expires_on,
)
_ITEM_AT, _PAUSE_AT = OWNED_WIDTH, OWNED_WIDTH + len(_ITEM)
_PROFORMA_AT = _PAUSE_AT + len(_PAUSE)
_ITEMS = digests.join(digest_items, digest_items.c.digest_id == digests.c.id).join(
    reminder_items, reminder_items.c.id == digest_items.c.item_id
)


def _numbers(name: str) -> Any:
    """A list of ids as a parameter."""
    return bindparam(name, type_=BigInteger, expanding=True)


_CHOSEN = digests.c.id.in_(_numbers("digests")), belongs(bindparam("owners", expanding=True))


def parameters(of: Sequence[tuple[int, int, int]], also: Collection[int]) -> Mapping[str, Any]:
    """What CONTENTS is given: digests by id, client and user, and further services to read."""
    return {
        "digests": [number for number, *_ in of],
        "owners": list(of),
        "clients": sorted({client_id for _, client_id, _ in of}),
        "also": list(also),
    }


def contents_from(rows: Sequence[Row[Any]]) -> Contents:
    """Make contents from the rows; a service with several items appears once."""
    own_services = {row[0]: owned_from(row) for row in rows if row[0] is not None}
    entries = [_entry(row, own_services) for row in rows if row[_ITEM_AT] is not None]
    entries.sort(key=lambda one: (one.digest_id, one.item_id))
    return Contents(tuple(entries), tuple(own_services[number] for number in sorted(own_services)))


def _entry(row: Row[Any], own_services: dict[int, Any]) -> DigestEntry:
    pause, proforma = row[_PAUSE_AT:_PROFORMA_AT], row[_PROFORMA_AT:]
    digest_id, item_id, dropped, *item = row[_ITEM_AT:_PAUSE_AT]
    return DigestEntry(
        digest_id, item_id, reminder_item_from(item),
        dropped=None if dropped is None else ReminderReason(dropped),
        owned_service=own_services.get(row[0]),
        pause=Pause(*pause) if pause[0] is not None else None,
        proforma=_proforma_from(proforma) if proforma[0] is not None else None,
    )  # fmt: skip


def _proforma_from(row: Sequence[Any]) -> Proforma:
    number, name, status, gross, paid, currency, expires_on = row
    balance = Money(max(gross - paid, 0), currency)
    return Proforma(number, name, status, Money(gross, currency), balance, expires_on)


def _services() -> Any:
    """The services of digests and further ones, with parents and add-ons."""
    item = reminder_items.c
    in_digest = (
        select(*_labels(_ITEM, "item"), *_labels(_PAUSE, "pause"), item.service_id)
        .select_from(
            _ITEMS.outerjoin(
                reminder_pauses,
                and_(
                    reminder_pauses.c.user_id == digests.c.user_id,
                    reminder_pauses.c.service_id == item.service_id,
                ),
            )
        )
        .where(*_CHOSEN, item.service_id.is_not(None))
        .subquery("in_digest")
    )
    planned = select(item.service_id).select_from(_ITEMS).where(*_CHOSEN)
    parents = select(ABOVE.c.id).where(ABOVE.c.id.in_(_numbers("also")))
    of_clients = (services.c.client_id + 0).in_(_numbers("clients"))
    return (
        select(*_OWNED, *list(in_digest.c)[:-1], *_nothing(_PROFORMA))
        .select_from(WITH_INVOICE.outerjoin(in_digest, in_digest.c.service_id == services.c.id))
        .where(of_clients, services.c.id.in_(families(union(planned, parents))))
    )


def _proformas() -> Any:
    return (
        select(*_nothing(_OWNED), *_ITEM, *_nothing(_PAUSE), *_PROFORMA)
        .select_from(_ITEMS.join(invoices, invoices.c.id == reminder_items.c.invoice_id))
        .where(*_CHOSEN)
    )


def _labels(columns: Sequence[Any], prefix: str) -> list[Any]:
    return [column.label(f"{prefix}_{at}") for at, column in enumerate(columns)]


def _nothing(columns: Sequence[Any]) -> list[Any]:
    """NULL in place of columns; the first part of the union gives the types."""
    return [type_coerce(null(), column.type) for column in columns]


CONTENTS = union_all(_services(), _proformas())
"""Services and proformas in one statement; the rows have no order. Building it takes longer than
running it, so its `parameters` are lists."""
