"""Loading the company's data: all of it or none, twice as good as once, state only on request."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from billing.rules.cycles import NAMED_CYCLES, BillingCycle, parse_cycle
from billing.rules.loading.differences import ClientRow, KnownService, ServiceRow
from billing.rules.loading.loaded_state import BillingState
from billing.rules.money import Money
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import Catalog, Policy, ProductKind
from billing.views.account import ClientInfo
from billing.views.services import ServiceFilter
from storage.database import Database
from storage.tables.accounts import clients, credit_movements, links
from storage.tables.services import services
from tests.billing.actions.company import (
    ANNA,
    CLIENTS,
    GUEST,
    PL,
    SERVICES,
    CompanyAtWork,
    Folder,
    catalogue,
    make_company,
)
from tests.database import only_on_sqlite, open_database
from tests.make import STAFF, TODAY, money
from tests.storage.company import client_row, service_row

STATE = (
    "first_amount", "amount", "cycle", "registered_on", "next_due_date", "anchor_day", "status",
    "suspended_for",
)  # fmt: skip
"""The fields of a service row that later loads change only on request."""

TABLES = (clients, services, links, credit_movements)
FOLDER = Folder(catalogue(), CLIENTS, SERVICES)


async def rows_of(database: Database) -> list[Any]:
    """Everything a load may write, but the catalogue."""
    async with database.engines.readers.connect() as connection:
        return [(await connection.execute(select(table))).all() for table in TABLES]


async def test_loading_the_same_again_changes_nothing(company: CompanyAtWork) -> None:
    before = await rows_of(company.database)
    for replace_state in (False, True):
        loaded = await company.actions.load_company(FOLDER, replace_state=replace_state, by=STAFF)
        assert (loaded.catalog_changed, loaded.clients, loaded.services) == (False, 0, 0)
    assert await rows_of(company.database) == before


async def test_what_is_loaded_is_counted(company: CompanyAtWork) -> None:
    seen: list[int] = []
    folder = replace(
        FOLDER,
        client_rows=(*CLIENTS, client_row("eva")),
        service_rows=(*SERVICES, service_row("E1", client="eva")),
    )
    loaded = await company.actions.load_company(folder, progress=seen.append, by=STAFF)
    assert (loaded.catalog_changed, loaded.clients, loaded.services) == (False, 1, 1)
    assert sum(seen) == 7


async def test_known_rows_get_new_descriptions_but_keep_their_state(
    company: CompanyAtWork,
) -> None:
    ids = await company.ids()
    before = await company.service(ids["S1"])
    changed = service_row(
        "S1",
        product="pro",
        name="Nowa nazwa",
        domain="inna.example",
        amount=money("99.00"),
        cycle=BillingCycle.ANNUALLY,
        next_due_date=date(2030, 1, 1),
        status=ServiceStatus.TERMINATED,
    )
    await company.load(changed)
    after = await company.service(ids["S1"])
    assert after == replace(before, product_id="pro", name="Nowa nazwa", domain="inna.example")
    found = await company.actions.list_services(
        await company.client(), ServiceFilter(search="inna.ex")
    )
    assert [each.service.id for each in found.services] == [ids["S1"]]


async def test_state_is_replaced_on_request_after_old_and_new_were_shown(
    company: CompanyAtWork,
) -> None:
    ids = await company.ids()
    changed = service_row(
        "S1",
        amount=money("99.00"),
        next_due_date=None,
        status=ServiceStatus.SUSPENDED,
        suspended_for=SuspendedFor.ABUSE,
    )
    folder = Folder(company.catalog, (), (changed, service_row("new")))
    shown = await company.actions.find_state_changes(folder)
    assert {(c.ref, c.field, c.old, c.new) for c in shown} == {
        ("S1", "amount", "29.00 PLN", "99.00 PLN"),
        ("S1", "next_due_date", "2026-03-22", ""),
        ("S1", "status", "active", "suspended"),
        ("S1", "suspended_for", "", "abuse"),
    }
    await company.actions.load_company(folder, replace_state=True, by=STAFF)
    service = await company.service(ids["S1"])
    assert (service.amount, service.next_due_date) == (money("99.00"), None)
    assert (service.status, service.suspended_for) == (
        ServiceStatus.SUSPENDED,
        SuspendedFor.ABUSE,
    )
    assert await company.actions.find_state_changes(folder) == ()


async def test_the_clients_own_label_and_cart_survive_a_load(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.rename_service(anna, ids["S1"], "Mój sklep")
    await company.actions.add_renewal(anna, PL, ids["S1"])
    await company.load(service_row("S1", name="Hosting Plus"), replace_state=True)
    service = await company.service(ids["S1"])
    assert (service.label, service.name) == ("Mój sklep", "Hosting Plus")
    assert len((await company.actions.show_cart(anna, PL)).cart.lines) == 1


async def test_credit_and_telegram_ids_count_at_the_first_load_only(
    company: CompanyAtWork,
) -> None:
    await company.actions.unlink(await company.client(), ANNA)
    again = replace(CLIENTS[0], credit=money("999.00"), telegram_ids=(ANNA, GUEST), name="Anna N.")
    await company.actions.load_company(replace(FOLDER, client_rows=(again,)), by=STAFF)
    assert await company.credit() == money("100.00")
    assert (await company.client()).name == "Anna N."
    for user in (ANNA, GUEST):
        assert (await company.actions.identify(user)).client is None


async def test_rows_that_are_missing_are_left_alone_and_products_are_withdrawn(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    before = await rows_of(company.database)
    kept = tuple(p for p in company.catalog.products if p.id not in ("start", "ssl"))
    loaded = await company.actions.load_company(Folder(catalogue(products=kept)), by=STAFF)
    assert loaded.catalog_changed
    assert await rows_of(company.database) == before
    shop = await company.actions.show_shop(anna, ProductKind.PRODUCT)
    assert shop.offer(company.number("start")) is None
    await company.actions.add_renewal(anna, PL, ids["S1"])
    assert shop.offer(company.number("vps")) is not None


async def test_what_is_known_is_told_to_who_checks_the_next_folder(
    company: CompanyAtWork,
) -> None:
    known = await company.actions.read_known()
    assert known.products == {
        (ProductKind.PRODUCT, "start"): "start",
        (ProductKind.ADDON, "ssl"): "ssl",
    }
    assert known.clients == {"anna": "PLN", "john": "EUR"}
    assert known.services == {
        "S1": KnownService("anna"),
        "A1": KnownService("anna", "S1"),
        "J1": KnownService("john"),
    }


@dataclass(frozen=True, slots=True)
class Torn(Folder):
    """A folder whose file cannot be read to its end."""

    def services(self) -> Iterator[ServiceRow]:
        yield from self.service_rows
        raise OSError("the disk is gone")


async def test_a_load_that_breaks_off_changes_nothing(company: CompanyAtWork) -> None:
    before = await rows_of(company.database)
    torn = Torn(catalogue(products=()), (client_row("eva"),), (service_row("S1", name="x"),))
    with pytest.raises(OSError, match="the disk is gone"):
        await company.actions.load_company(torn, replace_state=True, by=STAFF)
    assert await rows_of(company.database) == before
    assert len((await company.actions.show_catalog()).products) == 8


async def test_a_write_that_breaks_off_changes_nothing(company: CompanyAtWork) -> None:
    before = await rows_of(company.database)
    folder = Folder(
        catalogue(products=()), (client_row("eva"),), (service_row("E1", client="eva"),)
    )
    written: list[int] = []

    def break_off(rows: int) -> None:
        written.append(rows)
        if sum(written) == 2:
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        await company.actions.load_company(folder, progress=break_off, by=STAFF)
    assert await rows_of(company.database) == before
    assert len((await company.actions.show_catalog()).products) == 8


@dataclass(frozen=True)
class Unhurried(Folder):
    """A folder that somebody else writes beside while it is read."""

    file: str = ""

    def services(self) -> Iterator[ServiceRow]:
        with closing(sqlite3.connect(self.file, timeout=0)) as other:
            for row in self.service_rows:
                other.execute("UPDATE clients SET name = 'Ewa' WHERE ref = 'eva'")
                other.commit()
                yield row


@only_on_sqlite
async def test_nobody_waits_while_a_folder_is_read(company: CompanyAtWork) -> None:
    await company.actions.load_company(replace(FOLDER, client_rows=(client_row("eva"),)), by=STAFF)
    rows = (*SERVICES, service_row("E1", client="eva"))
    file = company.database.engines.url.database or ""
    folder = Unhurried(catalogue(), CLIENTS, rows, file)
    loaded = await company.actions.load_company(folder, by=STAFF)
    assert (loaded.clients, loaded.services) == (0, 1)
    assert (await company.client("eva")).name == "Ewa"


amounts = st.integers(0, 10**9).map(lambda minor: Money(minor, "PLN"))
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)
days = st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """A billing state that a folder may bring."""
    status = draw(st.sampled_from(ServiceStatus))
    suspended = status is ServiceStatus.SUSPENDED
    return {
        "first_amount": draw(amounts),
        "amount": draw(amounts),
        "cycle": draw(st.sampled_from([*NAMED_CYCLES, parse_cycle("5-years")])),
        "registered_on": draw(days),
        "next_due_date": draw(st.none() | days),
        "anchor_day": draw(st.integers(1, 31)),
        "status": status,
        "suspended_for": draw(st.sampled_from(SuspendedFor)) if suspended else None,
    }


stages = st.lists(st.integers(-60, 90), max_size=5, unique=True).map(tuple)
policies = st.builds(ReminderPolicy, stages=stages, proforma_stages=stages, offers=st.booleans())


@st.composite
def folders(draw: st.DrawFn) -> Folder:
    """A few clients and services in any state; any two folders share some of their ids."""
    refs = draw(st.sets(st.sampled_from("abc"), min_size=1))
    owners = tuple(
        client_row(ref, name=draw(texts), language=draw(st.sampled_from(["pl", "en"])))
        for ref in sorted(refs | {"a"})
    )
    rows = []
    for number in sorted(draw(st.sets(st.integers(1, 6)))):
        row = service_row(
            f"s{number}", client="a", name=draw(texts), domain=draw(texts), **draw(states())
        )
        rows.append(row)
        if draw(st.booleans()):
            rows.append(
                replace(row, ref=f"s{number}x", parent=row.ref, product="ssl", **draw(states()))
            )
    return Folder(draw(catalogues()), owners, tuple(rows))


@st.composite
def catalogues(draw: st.DrawFn) -> Catalog:
    """What the company offers, with reminders as it likes them, for one product in its own way."""
    reminders = draw(policies)
    first, *others = catalogue().products
    own = replace(first, reminder_policy=draw(st.none() | policies))
    return catalogue(policy=Policy(reminders=reminders), products=(own, *others))


async def stored(company: CompanyAtWork) -> dict[str, dict[str, Any]]:
    """Services as rows of a folder, by ref."""
    ids = await company.ids()
    by_id = {number: ref for ref, number in ids.items()}
    found = {}
    for ref, number in ids.items():
        service = await company.service(number, "a")
        found[ref] = {
            name: getattr(service, name)
            for name in ("name", "domain", *STATE)
        } | {"parent": by_id.get(service.parent_id or 0, "")}  # fmt: skip
    return found


def wanted(rows: tuple[ServiceRow, ...], *names: str) -> dict[str, dict[str, Any]]:
    return {row.ref: {name: getattr(row, name) for name in names} for row in rows}


async def policies_of(company: CompanyAtWork) -> list[ReminderPolicy]:
    """How reminders are sent now."""
    async with company.database.work.reading() as uow:
        return reminders_in(await uow.catalogs.current())


def reminders_in(catalog: Catalog) -> list[ReminderPolicy]:
    """The company's policy, and what it is for each product."""
    of_products = (catalog.reminder_policy(product.id) for product in catalog.products)
    return [catalog.policy.reminders, *of_products]


async def load_change_load(company: CompanyAtWork, first: Folder, second: Folder) -> None:
    described = ("name", "domain", "parent")
    await company.actions.load_company(first, by=STAFF)
    assert await policies_of(company) == reminders_in(first.catalog)
    expected = wanted(first.service_rows, *described, *STATE)
    assert await stored(company) == expected

    changes = await company.actions.find_state_changes(second)
    differing = {
        (row.ref, name)
        for row in second.service_rows
        for name in STATE
        if row.ref in expected and getattr(row, name) != expected[row.ref][name]
    }
    assert {(change.ref, change.field) for change in changes} == differing

    await company.actions.load_company(second, by=STAFF)
    assert await policies_of(company) == reminders_in(second.catalog)
    new = wanted(second.service_rows, *described, *STATE)
    for ref, values in new.items():
        expected[ref] = expected.get(ref, values) | {name: values[name] for name in described}
    assert await stored(company) == expected

    await company.actions.load_company(second, replace_state=True, by=STAFF)
    assert await stored(company) == expected | new
    assert await company.actions.find_state_changes(second) == ()
    before = await rows_of(company.database)
    again = await company.actions.load_company(second, replace_state=True, by=STAFF)
    assert (again.clients, again.services) == (0, 0)
    assert await rows_of(company.database) == before
    for row in second.client_rows:
        assert (await company.client(row.ref)).name == row.name


@pytest.mark.slow
@settings(max_examples=25)
@given(folders(), folders())
def test_load_change_load(first: Folder, second: Folder) -> None:
    async def run(path: Path) -> None:
        database = await open_database(path)
        try:
            await load_change_load(make_company(database), first, second)
        finally:
            await database.close()

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "company.db"))


def test_every_field_of_a_row_is_either_described_or_state() -> None:
    described = {"ref", "client", "product", "parent", "name", "domain"}
    assert {field.name for field in fields(BillingState)} == set(STATE)
    assert {field.name for field in fields(ServiceRow)} == described | set(STATE) | {"assumed"}
    assert {"credit", "telegram_ids"} < {field.name for field in fields(ClientRow)}
