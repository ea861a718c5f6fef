from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from billing.ports.loading import Replacing, StateChange
from billing.rules.cycles import BillingCycle
from billing.rules.errors import BillingError
from billing.rules.loading.differences import ClientRow, Known, KnownService, ServiceRow
from billing.rules.payments.payment import CreditReason
from billing.rules.services.service import Service, ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind
from storage.database import Database
from tests.make import NOW, TODAY, addon, catalog, money, product
from tests.storage.company import PLN_100, client_row, service_row


async def load_clients(database: Database, *rows: ClientRow) -> int:
    async with database.work.writing() as uow:
        changed = await uow.loading.upsert_clients(rows, at=NOW)
        await uow.commit()
    return changed


async def load(database: Database, *rows: ServiceRow, replace_state: bool = False) -> int:
    async with database.work.writing() as uow:
        replacing = Replacing(changed_there=replace_state)
        written = await uow.loading.upsert_services(rows, today=TODAY, replacing=replacing)
        await uow.commit()
    return written.changed


async def stored(database: Database) -> dict[str, Service]:
    async with database.work.reading() as uow:
        client = await uow.clients.by_ref("anna")
        assert client is not None
        return {o.service.ref: o.service for o in await uow.services.live(client.id)}


async def test_a_new_client_brings_credit_and_users(database: Database) -> None:
    row = client_row(credit=PLN_100, telegram_ids=(7, 8))
    assert await load_clients(database, row, client_row("firm", telegram_ids=(8,))) == 2
    async with database.work.reading() as uow:
        seven, eight = await uow.users.visitor(7), await uow.users.visitor(8)
        assert seven.client is not None
        assert eight.client is not None
        assert (seven.client.ref, seven.client.credit, seven.linked) == ("anna", PLN_100, 1)
        assert (eight.client.ref, eight.linked) == ("anna", 2)
        (movement,) = await uow.clients.movements(seven.client.id, limit=9, offset=0)
    assert (movement.amount, movement.reason) == (PLN_100, CreditReason.LOADED)


async def test_a_known_client_changes_only_in_description(database: Database) -> None:
    await load_clients(database, client_row())
    again = client_row(name="Anna Kowalska", credit=PLN_100, telegram_ids=(7,), tax_rate=800)
    assert await load_clients(database, again) == 1
    assert await load_clients(database, again) == 0
    async with database.work.reading() as uow:
        client = await uow.clients.by_ref("anna")
        assert (await uow.users.visitor(7)).client is None
    assert client is not None
    assert (client.name, client.tax_rate, client.credit) == ("Anna Kowalska", 800, money("0"))


async def test_services_and_addons_are_loaded_in_any_order_of_one_call(
    database: Database,
) -> None:
    await load_clients(database, client_row())
    addon = service_row("A1", parent="S1", product="ssl", domain="")
    assert await load(database, addon, service_row("S1")) == 2
    assert await load(database, service_row("A2", parent="S1", product="ssl")) == 1
    found = await stored(database)
    assert found["A1"].parent_id == found["A2"].parent_id == found["S1"].id
    assert found["S1"].loaded_on == TODAY
    assert found["S1"].amount == money()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "then"),
    [
        (service_row("5"), service_row("5", parent="S1", product="ssl", domain="")),
        (service_row("5", parent="S1", product="ssl", domain=""), service_row("5")),
    ],
    ids=["an add-on with the id of a service", "a service with the id of an add-on"],
)
async def test_an_id_that_is_known_under_another_kind_is_refused(
    database: Database, first: ServiceRow, then: ServiceRow
) -> None:
    await load_clients(database, client_row())
    await load(database, service_row("S1"), first)
    before = await stored(database)
    with pytest.raises(BillingError) as refused:
        await load(database, then)
    assert refused.value.code == "id_of_another_kind"
    assert refused.value.params == {"ref": "5", "known": first.kind, "loaded": then.kind}
    assert await stored(database) == before


async def test_an_owner_may_number_services_and_add_ons_apart(database: Database) -> None:
    await load_clients(database, client_row())
    await load(database, service_row("5"))
    service = (await stored(database))["5"]
    addon = replace(service, parent_id=service.id, kind=ServiceKind.ADDON)
    async with database.work.writing() as uow:
        await uow.services.add([addon], invoice_line_ids=[None])
        await uow.commit()
    async with database.work.writing() as uow:
        assert await uow.services.by_ref("5") == service
        assert await uow.services.own(service.client_id, "5") == service.id
        with pytest.raises(IntegrityError):
            await uow.services.add([addon], invoice_line_ids=[None])


async def test_loading_twice_changes_nothing(database: Database) -> None:
    await load_clients(database, client_row())
    rows = (service_row("S1"), service_row("A1", parent="S1"))
    await load(database, *rows)
    before = await stored(database)
    assert await load(database, *rows) == 0
    assert await load(database, *rows, replace_state=True) == 0
    assert await stored(database) == before


@pytest.mark.slow
async def test_a_known_service_changes_its_description_only(database: Database) -> None:
    await load_clients(database, client_row())
    await load(database, service_row())
    number = (await stored(database))["S1"].id
    async with database.work.writing() as uow:
        client = await uow.clients.by_ref("anna")
        assert client is not None
        await uow.services.set_label(client.id, number, "Sklep")
        await uow.commit()
    assert await load(database, service_row(name="Nowa", amount=money("99.00"))) == 1
    found = (await stored(database))["S1"]
    assert (found.name, found.amount, found.label) == ("Nowa", money(), "Sklep")
    async with database.work.reading() as uow:
        for typed in ("nowa", "sklep"):
            counts = await uow.services.counts(client.id, search=typed, today=TODAY, soon=TODAY)
            assert counts.by_status
        counts = await uow.services.counts(client.id, search="start", today=TODAY, soon=TODAY)
        assert not counts.by_status


async def test_the_state_changes_where_the_operator_says_so(database: Database) -> None:
    await load_clients(database, client_row())
    await load(database, service_row("S1"), service_row("A1", parent="S1"))
    other = service_row(
        amount=money("99.00"),
        cycle=BillingCycle.ANNUALLY,
        next_due_date=None,
        status=ServiceStatus.SUSPENDED,
        suspended_for=SuspendedFor.ABUSE,
    )
    rows = (other, service_row("A1", parent="S1"), service_row("new", amount=money("1.00")))
    async with database.work.reading() as uow:
        changes = [change async for change in uow.loading.state_changes(rows)]
    assert changes == [
        StateChange("S1", "amount", "29.00 PLN", "99.00 PLN"),
        StateChange("S1", "cycle", "monthly", "annually"),
        StateChange("S1", "next_due_date", str(TODAY + timedelta(days=12)), ""),
        StateChange("S1", "status", "active", "suspended"),
        StateChange("S1", "suspended_for", "", "abuse"),
    ]
    assert await load(database, *rows[:2], replace_state=True) == 1
    found = (await stored(database))["S1"]
    assert (found.amount, found.cycle) == (other.amount, other.cycle)
    assert (found.status, found.suspended_for) == (other.status, other.suspended_for)


CATALOG = catalog(product(), addon(), product("unsold"))


async def test_what_earlier_loads_brought_is_known(database: Database) -> None:
    async with database.work.reading() as uow:
        assert await uow.loading.read_known(CATALOG) == Known()
    eur = client_row("john", currency="EUR", credit=replace(PLN_100, currency="EUR"))
    await load_clients(database, client_row(), eur)
    await load(database, service_row("S1"), service_row("A1", parent="S1", product="ssl"))
    async with database.work.reading() as uow:
        known = await uow.loading.read_known(CATALOG)
    assert known == Known(
        products={
            (ProductKind.PRODUCT, "start"): "start",
            (ProductKind.ADDON, "ssl"): "ssl",
        },
        clients={"anna": "PLN", "john": "EUR"},
        services={"S1": KnownService("anna"), "A1": KnownService("anna", "S1")},
    )
