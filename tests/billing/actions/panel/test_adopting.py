"""A database of our own becomes a panel's, and two clients of a panel become one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.actions.panel.adopt import Match
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError
from billing.rules.panel.owner import Owner
from billing.rules.payments.payment import CreditReason
from billing.rules.reminders.preferences import Pause
from billing.rules.services.service import ServiceKind
from billing.views.panel import PanelClient
from storage.database import Database
from tests.billing.actions.company import (
    ANNA,
    CLIENTS,
    JOHN,
    PIOTR,
    PL,
    CompanyAtWork,
    make_company,
)
from tests.billing.actions.panel.company import Connected, connect_panel
from tests.connected.fake import Account
from tests.database import connect
from tests.make import NOW, STAFF, money

S1, A1 = (ServiceKind.SERVICE, "S1"), (ServiceKind.ADDON, "A1")


@pytest.fixture
async def ours(prepared: str) -> AsyncIterator[Database]:
    """The company's own database, without credit."""
    database = await connect(prepared)
    async with database.work.writing() as uow:
        await uow.owner.take(Owner("embedded", "", NOW))
        john = replace(CLIENTS[1], email="john@john.example")
        await uow.loading.upsert_clients([john], at=NOW)
        for ref, amount in (("anna", money("-100.00")), ("john", money("-50.00", "EUR"))):
            client = await uow.clients.by_ref(ref)
            assert client is not None
            await uow.clients.move_credit(client.id, amount, reason=CreditReason.ADJUSTED, at=NOW)
        await uow.commit()
    yield database
    await database.close()


async def there(database: Database) -> Connected:
    """A panel that knows anna as 7, with other numbers and names of what she has."""
    made = await connect_panel(database)
    account = made.panel.accounts.pop("anna")
    made.panel.accounts.clear()
    services = {
        key: replace(one, ref=f"9{number}", name=f"There {one.name}" if key == S1 else one.name)
        for number, (key, one) in enumerate(account.services.items())
    }
    above = (ServiceKind.SERVICE, next(o.ref for k, o in services.items() if k == S1))
    account.services = {
        (one.kind, one.ref): replace(one, parent=above if one.parent else None)
        for one in services.values()
    }
    account.client = PanelClient("7", "Anna", "ANNA@anna.example", "PLN")
    made.panel.accounts["7"] = account
    made.panel.accounts["anna"] = Account(client=PanelClient("anna", "?", "x@y.example", "PLN"))
    return made


async def audited(company: CompanyAtWork) -> list[tuple[Actor, Audited, str, str]]:
    """What the audit trail has of adopting and merging: who, what, of what, and its note."""
    return [
        (one.actor, one.action, one.subject, one.note)
        for one in await company.actions.list_audit()
        if one.action in {Audited.ADOPT_PANEL, Audited.MERGE_CLIENTS}
    ]


async def test_links_wishes_names_and_mutes_are_kept(ours: Database) -> None:
    before = make_company(ours)
    anna, number = await before.client(), (await before.ids())["S1"]
    await before.actions.rename_service(anna, number, "Sklep")
    async with ours.work.writing() as uow:
        await uow.preferences.pause(anna.id, [Pause(ANNA, number, None, None)])
        await uow.commit()
    beside = await there(ours)
    adopt = beside.company.actions.adopt_panel
    tried = await adopt(Match.EMAIL, by=STAFF, dry_run=True)
    assert await audited(before) == []
    assert (tried.clients, tried.unmatched, tried.is_done) == ((("anna", "7"),), ("john",), False)
    assert (await before.client("anna")).id == anna.id
    done = await adopt(Match.EMAIL, by=STAFF, dry_run=False)
    assert (done.is_done, done.services) == (True, 2)
    assert await audited(before) == [(STAFF, Audited.ADOPT_PANEL, "fake", "1 clients, 2 services")]
    await beside.company.actions.read_changes()
    async with ours.work.reading() as uow:
        owner = await uow.owner.get()
        acts_for = (await uow.users.visitor(ANNA)).client
        (pause,) = await uow.preferences.pauses([anna.id])
    assert owner is not None
    assert acts_for is not None
    assert (acts_for.id, acts_for.ref) == (anna.id, "7")
    assert (owner.panel, owner.identity) == ("fake", await beside.panel.identity())
    assert (pause.user_id, pause.service_id) == (ANNA, number)
    service = await beside.company.service(number, "7")
    assert (service.name, service.label, service.ref) == ("There Hosting start", "Sklep", "90")
    # Whom the panel does not have is nobody else there.
    async with ours.work.reading() as uow:
        john = (await uow.users.visitor(JOHN)).client
    assert john is not None
    assert (john.ref, john.is_closed) == (f"left {john.id}", True)


@pytest.mark.parametrize("what", ["proforma", "credit"])
async def test_nothing_is_adopted_while_money_is_open(ours: Database, what: str) -> None:
    before = make_company(ours)
    if what == "credit":
        await before.actions.adjust_credit("anna", "5.00", by=STAFF)
    else:
        anna, number = await before.client(), (await before.ids())["S1"]
        await before.actions.add_renewal(anna, PL, number)
        await before.place()
    beside = await there(ours)
    adoption = await beside.company.actions.adopt_panel(Match.EMAIL, by=STAFF, dry_run=False)
    assert (adoption.is_possible, adoption.is_done) == (False, False)
    assert ("anna",) in (adoption.unfinished.proformas, adoption.unfinished.credit)
    assert await audited(before) == []
    async with ours.work.reading() as uow:
        assert (await uow.owner.get()) == Owner("embedded", "", NOW)
        assert await uow.clients.by_ref("anna") is not None


async def test_two_clients_who_would_become_one_are_refused(ours: Database) -> None:
    async with ours.work.writing() as uow:
        await uow.loading.upsert_clients(CLIENTS, at=NOW)
        await uow.commit()
    beside = await there(ours)
    adoption = await beside.company.actions.adopt_panel(Match.EMAIL, by=STAFF, dry_run=False)
    assert (adoption.twice, adoption.is_done) == (("7",), False)


async def test_a_panels_database_is_not_adopted_again(ours: Database) -> None:
    beside = await there(ours)
    await beside.company.actions.adopt_panel(Match.EMAIL, by=STAFF, dry_run=False)
    with pytest.raises(BillingError, match="already_adopted"):
        await beside.company.actions.adopt_panel(Match.EMAIL, by=STAFF, dry_run=False)


async def test_users_of_merged_clients_follow_with_what_they_want(beside: Connected) -> None:
    company, panel = beside.company, beside.panel
    await company.actions.read_first()
    anna, number = await beside.client(), (await company.ids())["S1"]
    john = await company.client("john")
    async with company.database.work.writing() as uow:
        await uow.preferences.pause(anna.id, [Pause(ANNA, number, None, None)])
        await uow.commit()
    for ref in ("A1", "S1"):
        panel.moves(ref, "anna", "john")
    company.clock.advance(timedelta(minutes=1))
    merged = await company.actions.merge_clients("anna", "john", by=STAFF)
    assert (merged.users, merged.services) == (2, 2)
    merging = (STAFF, Audited.MERGE_CLIENTS, "anna", "-> john")
    assert await audited(company) == [merging]
    async with company.database.work.reading() as uow:
        users = [one.user_id for one in (await uow.access.users(john.id)).users]
        live = [one.service.ref for one in await uow.services.live(john.id)]
        (pause,) = await uow.preferences.pauses([john.id])
        assert await uow.services.live(anna.id) == ()
    assert sorted(users) == [ANNA, PIOTR, JOHN]
    assert sorted(live) == ["A1", "J1", "S1"]
    assert (pause.user_id, pause.service_id) == (ANNA, number)
    with pytest.raises(BillingError, match="same_client"):
        await company.actions.merge_clients("john", "john", by=STAFF)
    assert await audited(company) == [merging]
