"""Every action that writes for a client locks that client from its start.

Two that change the same client's things then run one after the other. SQLite has one writer at a
time and would not show that a lock is missing.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from inspect import signature
from pathlib import Path
from typing import get_type_hints

import pytest

from billing.actions.registry import Actions
from billing.ports.work import UnitOfWork, Work
from billing.rules.errors import LinkCodeError
from billing.rules.payments.invoices import Born
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.digests import Digest
from bot.panels.deferred import deferred
from storage.database import Database
from tests.billing.actions.company import ANNA, PL, make_company
from tests.billing.actions.large import Account, open_account, prepare_account
from tests.billing.actions.reminders.reminding import open_days
from tests.billing.actions.test_statements import ONCE, Call
from tests.connected.fake import OUTSIDE, FakePanel
from tests.database import only_on_sqlite, open_database
from tests.make import NOW, TODAY, money

ONLY_READ = {"show_digest", "show_order", "refresh_client"}
"""The others that only read are in the table of costs, with no statement that writes.

Without a connected panel `refresh_client` has nothing to read; beside one it is tried there.
"""


@dataclass(slots=True)
class WatchedWork:
    """Opens transactions and notes which client each one that writes has locked."""

    work: Work
    locked: list[int | None] = field(default_factory=list)

    def writing(self, client_id: int | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        self.locked.append(client_id)
        return self.work.writing(client_id)

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self.work.reading()


def watch(database: Database) -> WatchedWork:
    """Watch the transactions of the actions that are made from now on."""
    watched = WatchedWork(database.work)
    database.work = watched
    return watched


def verbs(names: Iterable[str]) -> set[str]:
    """The actions of cases in the table of costs."""
    return {name.split(",")[0].split(" ")[0] for name in names}


FOR_A_CLIENT = {
    name
    for name, action in get_type_hints(Actions).items()
    if "client" in signature(action.__call__).parameters
}

# -- what the table of costs has ----------------------------------------------------------------


async def renew_lapsed(account: Account) -> None:
    await account.actions.cancel_invoice(account.anna, account.invoice)
    await account.actions.renew_lapsed(account.anna, account.invoice, PL)


def beside_a_panel(account: Account, *, pays_balance: bool = False) -> Actions:
    """The actions of a company whose panel is connected."""
    company = account.company
    panel = deferred(
        FakePanel(TODAY, NOW, capabilities=replace(OUTSIDE, pays_balance=pays_balance))
    )
    return make_company(company.database, company.clock, panel=panel).actions


async def send_order(account: Account) -> None:
    actions = beside_a_panel(account)
    await actions.send_order(account.anna, PL, revision=account.revision, seal=account.seal)


async def withdraw_order(account: Account) -> None:
    """Of an order whose invoice a panel has made."""
    bill = (await account.actions.show_invoice(account.anna, account.invoice)).invoice
    assert bill.order_id is not None
    async with account.company.database.work.writing(account.anna.id) as uow:
        await uow.panel_invoices.restate(replace(bill, born=Born.PANEL, ref="7"))
        await uow.commit()
    await beside_a_panel(account).withdraw_order(account.anna, bill.order_id)


async def pay_from_balance(account: Account) -> None:
    """One that a panel owns, whose client has enough there."""
    client = replace(account.anna, balance=money("10000.00"))
    bill = (await account.actions.show_invoice(client, account.invoice)).invoice
    async with account.company.database.work.writing(client.id) as uow:
        await uow.panel_invoices.restate(replace(bill, born=Born.PANEL, ref="7"))
        await uow.commit()
    actions = beside_a_panel(account, pays_balance=True)
    await actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)


async def prove_wrongly(account: Account) -> None:
    """A wrong code is counted."""
    with pytest.raises(LinkCodeError):
        await account.company.actions.prove_link(account.anna, ANNA, "123456")


WRITING: dict[str, Call] = {
    name: call
    for name, (call, cost) in ONCE.items()
    if cost.writes and verbs([name]) <= FOR_A_CLIENT
} | {
    "pay_from_balance": pay_from_balance,
    "prove_link, wrong": prove_wrongly,
    "renew_lapsed": renew_lapsed,
    "send_order": send_order,
    "withdraw_order": withdraw_order,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "company.db"
    prepare_account(file, 3)
    return file


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITING)
async def test_an_action_that_writes_for_a_client_locks_them(path: Path, name: str) -> None:
    database = await open_database(path)
    try:
        account = await open_account(make_company(database))
        watched = watch(database)
        company = make_company(database, account.company.clock)
        await WRITING[name](replace(account, company=company))
    finally:
        await database.close()
    assert set(watched.locked) == {account.anna.id}


# -- reminders ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reminded:
    """A client, their user, and the reminder that was sent to them of one service."""

    actions: Actions
    visitor: Visitor
    anna: ClientInfo
    digest: Digest

    @property
    def service(self) -> int:
        return self.digest.items[0].service.id


FROM_A_DIGEST: dict[str, Callable[[Reminded], Awaitable[object]]] = {
    "add_from_digest": lambda r: r.actions.add_from_digest(r.visitor, r.anna, r.digest.id, PL),
    "check_out_digest": lambda r: r.actions.check_out_digest(r.visitor, r.anna, r.digest.id, PL),
    "remove_from_digest": lambda r: r.actions.remove_from_digest(
        r.visitor, r.anna, r.digest.id, PL, service_id=r.service
    ),
    "snooze_digest": lambda r: r.actions.snooze_digest(
        r.visitor, r.anna, r.digest.id, PL, TODAY + timedelta(days=2)
    ),
    "mute_from_digest": lambda r: r.actions.mute_from_digest(
        r.visitor, r.anna, r.digest.id, PL, service_id=r.service
    ),
    "unmute_from_digest": lambda r: r.actions.unmute_from_digest(
        r.visitor, r.anna, r.digest.id, PL, service_id=r.service
    ),
}


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize("name", FROM_A_DIGEST)
async def test_so_does_one_that_is_asked_for_under_a_reminder(empty: str, name: str) -> None:
    async with open_days(empty) as days:
        anna = await days.client()
        await days.owns(anna)
        await days.goes_to(time(11))
        watched = watch(days.database)
        actions = make_company(days.database, days.clock).actions
        await FROM_A_DIGEST[name](Reminded(actions, await days.visitor(), anna, days.last))
    assert set(watched.locked) == {anna.id}


def test_no_action_that_is_given_a_client_is_left_out() -> None:
    tried = WRITING.keys() | FROM_A_DIGEST.keys() | ONLY_READ
    reading = verbs(name for name, (_, cost) in ONCE.items() if not cost.writes)
    assert verbs(tried) | reading >= FOR_A_CLIENT
