"""`services.csv`: one service per row; a row with a parent is an add-on of that service."""

import sys
from collections.abc import Iterator
from datetime import date
from functools import partial

from billing.rules.cycles import BillingCycle, anchor_for, clamp
from billing.rules.loading.differences import ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind
from bot.datafolder import cells
from bot.datafolder.clients import LENIENT
from bot.datafolder.kept import KeptServices
from bot.datafolder.references import AwaitingParent, References, ServiceEntry
from bot.datafolder.rows import Row

FILE = "services.csv"
COLUMNS = (
    "id", "client", "product", "parent", "name", "domain", "first_amount", "amount", "cycle",
    "registered_on", "next_due_date", "anchor_day", "status", "suspended_for",
)  # fmt: skip
DUE = frozenset({ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED})
"""Statuses in which a recurring service must have a next due date."""

_ASSUMED = {
    (first, anchor): frozenset(("first_amount",) * first + ("anchor_day",) * anchor)
    for first in (False, True)
    for anchor in (False, True)
}
"""The defaults for an empty first amount and an empty anchor day."""

_DAY = date(2000, 1, 1)
_anchor = partial(cells.whole, least=1, most=31)
_name = partial(cells.text, longest=200)


def read_service(row: Row, references: References) -> ServiceRow:
    """Read a row's cells; amounts are in the client's currency."""
    currency = references.currency_of(row.cells["client"]) or LENIENT
    in_own = partial(cells.amount, currency=currency)
    cycle = row.required("cycle", cells.cycle, BillingCycle.MONTHLY)
    priced = cycle.recurring and row.sound("cycle")
    read_amount = row.required if priced else row.optional
    amount = read_amount("amount", in_own, Money.zero(currency))
    registered_on = row.required("registered_on", cells.day, _DAY)
    status = row.required("status", cells.status, ServiceStatus.ACTIVE)
    due = _due_date(row, status)
    reason: SuspendedFor | None = row.optional("suspended_for", cells.suspended_for, None)
    product, parent = row.required("product", cells.ref, ""), row.optional("parent", cells.ref, "")
    # One line per column of the file, in its order.
    return ServiceRow(
        ref=row.required("id", cells.ref, ""),
        client=row.required("client", cells.ref, ""),
        product=references.product_id(_kind(parent), product) or product,
        parent=parent,
        name=row.required("name", _name, ""),
        domain=row.optional("domain", cells.domain, ""),
        first_amount=row.optional("first_amount", in_own, amount),
        amount=amount,
        cycle=cycle,
        registered_on=registered_on,
        next_due_date=due,
        anchor_day=row.optional("anchor_day", _anchor, anchor_for(registered_on, due)),
        status=status,
        suspended_for=reason,
        assumed=_ASSUMED[not row.cells["first_amount"], not row.cells["anchor_day"]],
    )


def _kind(parent: str) -> ProductKind:
    """Return what a service with that parent has bought."""
    return ProductKind.ADDON if parent else ProductKind.PRODUCT


def _due_date(row: Row, status: ServiceStatus) -> date | None:
    """The next due date, none while pending.

    It is set when the order is accepted. Billing systems export a date even before that, which
    would only mislead.
    """
    due: date | None = row.optional("next_due_date", cells.day, None)
    return None if status is ServiceStatus.PENDING else due


def check_service(row: Row, references: References, kept: KeptServices) -> None:
    """Note in the row what is wrong with it, remember its id, and queue it if it is an add-on.

    Keep what was read; with problems nothing of the file is used.
    """
    ref = row.cells["id"]
    before = references.services.get(ref)
    if not row.whole:
        references.services.setdefault(ref, ServiceEntry(row.line, "", ""))
        return
    service = read_service(row, references)
    kept.add(service)
    row.suspect("name", "domain")
    _check_dates(row, service)
    _check_state(row, service)
    _check_references(row, service, references)
    if before is not None and ref:
        row.blame("id", f'"{ref}" is already on line {before.line}')
        return
    client = sys.intern(service.client)  # one client's many services share one string
    references.services[ref] = ServiceEntry(row.line, client, service.parent)
    if service.parent:
        references.awaiting.append(AwaitingParent(row.line, client, service.parent))


def check_parents(references: References) -> Iterator[tuple[int, str]]:
    """Yield line and reason of add-ons whose parent is missing, another client's, or an add-on."""
    for addon in references.awaiting:
        if reason := references.parent_reason(addon):
            yield addon.line, f"parent: {reason}"


def _check_dates(row: Row, service: ServiceRow) -> None:
    due = service.next_due_date
    if row.sound("cycle", "status", "next_due_date"):
        if row.cells["next_due_date"] and not service.cycle.recurring:
            row.blame("next_due_date", f"must be empty: {service.cycle} is never due again")
        elif due is None and service.cycle.recurring and service.status in DUE:
            state = f"{service.status} and {service.cycle}"
            row.blame("next_due_date", f"is empty, though the service is {state}")
    if due is None or not row.sound("next_due_date"):
        return
    if row.sound("registered_on") and due < service.registered_on:
        row.blame("next_due_date", f"{due} is before registered_on {service.registered_on}")
    elif row.sound("anchor_day") and clamp(due.year, due.month, service.anchor_day) != due:
        row.blame("anchor_day", f"{service.anchor_day} does not lead to the due date {due}")


def _check_state(row: Row, service: ServiceRow) -> None:
    if row.sound("status", "suspended_for"):
        suspended = service.status is ServiceStatus.SUSPENDED
        if suspended and service.suspended_for is None:
            row.blame("suspended_for", "is empty: say why (non_payment, abuse or other)")
        if service.suspended_for and not suspended:
            row.blame("suspended_for", f"must be empty: the service is {service.status}")
    if row.sound("cycle", "amount") and service.cycle == BillingCycle.FREE and service.amount:
        row.blame("amount", f"{row.cells['amount']} for a service that is free: it would be 0")


def _check_references(row: Row, service: ServiceRow, references: References) -> None:
    if row.sound("client") and (reason := references.client_reason(service.client)):
        row.blame("client", reason)
    if row.sound("product", "parent") and references.products_complete:
        _check_product(row, service, references)
    if row.sound("client", "parent") and (
        reason := references.move_reason(service.ref, client=service.client, parent=service.parent)
    ):
        row.blame("id", f'"{service.ref}" {reason}')


def _check_product(row: Row, service: ServiceRow, references: References) -> None:
    """A service names a product, an add-on of one names an add-on."""
    ref = row.cells["product"]
    if references.product_id(_kind(service.parent), ref) is not None:
        return
    if service.parent and references.product_id(ProductKind.PRODUCT, ref) is not None:
        row.blame("parent", f'must be empty: "{ref}" is not an add-on')
    elif not service.parent and references.product_id(ProductKind.ADDON, ref) is not None:
        row.blame("parent", f'is empty, but "{ref}" is an add-on: whose?')
    else:
        row.blame(
            "product",
            f'no product or add-on has the id "{ref}"; '
            "one that is sold no longer stays in catalog.yaml with offered: no",
        )
