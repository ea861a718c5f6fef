"""The bot is killed (kill -9) and begins anew: nothing is lost and nothing happens twice."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path

import aiohttp
import pytest

from billing.actions.inbox.booker import Booker
from billing.ports.inbox import Event, EventState
from billing.ports.work import UnitOfWork
from bot.modes import Mode
from bot.sandbox.people import ANNA, LINKED
from bot.sandbox.talk import http_driver
from bot.sandbox.talk.http_driver import OverHttp
from tests.database import open_database
from tests.person import Person
from tests.process import RUN, Doom, MortalApi, mortal_bot
from tests.walker.books import check_books
from tests.world import prepare

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC)
"""The process knows no other clock than the machine's."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The company's; nobody wants reminders: by day they would come in between."""
    path = prepare(tmp_path / "panelik.sqlite", now=TODAY)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE links SET reminders_on = 0")
    return path


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot that begins anew several times takes its time on a busy machine."""
    monkeypatch.setattr(http_driver, "PATIENCE_SECONDS", 40.0)


@pytest.fixture
def api() -> MortalApi:
    api = MortalApi()
    for person in LINKED:
        api.meet(person.id)
    return api


@pytest.fixture(params=list(Mode))
def mode(request: pytest.FixtureRequest) -> Mode:
    """How updates come: what is lost with the process comes again in both ways."""
    found: Mode = request.param
    return found


@pytest.fixture
async def anna(
    tmp_path: Path, api: MortalApi, database: Path, mode: Mode
) -> AsyncIterator[Person]:
    async with (
        mortal_bot(tmp_path, api, database, mode=mode) as url,
        aiohttp.ClientSession() as session,
    ):
        yield Person(OverHttp(url, session), ANNA)
        assert api.bot is not None
        assert "Traceback" not in api.bot.log
    opened = await open_database(database)
    await check_books(opened)
    await opened.close()


def deaths(api: MortalApi) -> int:
    assert api.bot is not None
    assert not api.dooms, "the bot was to die and did not"
    return api.bot.deaths


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(query).fetchall()


def due_date(database: Path) -> date:
    """When the domain is due next."""
    ((day,),) = rows(database, "SELECT next_due_date FROM services WHERE ref = 'S-2002'")
    return date.fromisoformat(str(day))


def dies_before_it_books() -> None:
    """`panelik run`, killed by its own hand the first time that money is kept and not booked."""
    proper = Booker.book

    async def book(self: Booker, uow: UnitOfWork, event: Event) -> EventState:
        die_once(Path("has_died"))
        return await proper(self, uow, event)

    # The process ends with it.
    Booker.book = book  # type: ignore[method-assign]
    RUN()


def die_once(mark: Path) -> None:
    """End this process as `kill -9` does, unless one before it has left the mark."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def still_to_send(database: Path) -> bool:
    """Whether a message to a client waits: what a dead process was sending comes once more."""
    query = "SELECT id FROM outbox WHERE state = 'waiting' AND user_id != 0"
    return bool(rows(database, query))


async def reads_the_receipt(anna: Person, api: MortalApi, database: Path) -> None:
    """Wait for it; what a dead process was sending comes back after its lease, here at once."""
    assert api.bot is not None
    deaths = 0
    async with asyncio.timeout(20):
        while "Zapłacono: 59,00 zł" not in anna.screen or still_to_send(database):
            if api.bot.deaths > deaths:
                deaths = api.bot.deaths
                with closing(sqlite3.connect(database)) as db, db:
                    db.execute("UPDATE outbox SET due_at = added_at WHERE state = 'waiting'")
            await asyncio.sleep(0.05)
            await anna.looks()
    anna.sees("odnowiono do")


async def chooses_a_product(anna: Person) -> None:
    """Go so far that the domain is asked for."""
    await anna.sends("/order")
    await anna.taps("Hosting stron")
    await anna.taps("Hosting Obłok")
    await anna.taps("miesięcznie")
    anna.sees("Wpisz domenę")


async def goes_to_the_till(anna: Person) -> None:
    """Put the domain's renewal into the cart and choose to pay in Telegram, without credit."""
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Zapłać")
    if any("☑" in label for label in anna.buttons):
        await anna.taps("☑")
    await anna.taps("Płatność w Telegramie")


async def test_a_typed_answer_after_the_crash_continues_the_order(
    anna: Person, api: MortalApi
) -> None:
    await chooses_a_product(anna)
    assert api.bot is not None
    await api.bot.kill()
    await anna.sends("kwiaty.example")
    anna.sees("Hosting Obłok", "kwiaty.example", "[Dodaj do koszyka]")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Hosting Obłok · kwiaty.example", "Razem: 14,90 zł")
    assert deaths(api) == 1


@pytest.mark.parametrize("before", [True, False])
async def test_a_typed_answer_is_not_taken_twice(
    anna: Person, api: MortalApi, before: bool
) -> None:
    await chooses_a_product(anna)
    api.dooms.append(Doom("sendMessage", before=before))
    await anna.sends("kwiaty.example")
    anna.sees("Hosting Obłok", "kwiaty.example", "[Dodaj do koszyka]")
    await anna.taps("Dodaj do koszyka")
    anna.sees("Hosting Obłok · kwiaty.example", "Razem: 14,90 zł")
    assert deaths(api) == 1


async def test_a_search_is_answered_after_the_crash(anna: Person, api: MortalApi) -> None:
    await anna.sends("/services")
    api.dooms.append(Doom("sendMessage", before=True))
    await anna.sends("cumulus")
    anna.sees("📦 Usługi: 1", "[📦 Hosting Cumulus · galeria-anny.example]")
    assert deaths(api) == 1


async def test_each_of_several_texts_is_answered_after_a_crash(
    anna: Person, api: MortalApi
) -> None:
    """The numbers of the later ones are lower than that of the answer to the first."""
    await anna.sends("/services")
    for text in ("cumulus", "obłok"):
        api.visitor(ANNA.id).send(text)
    api.dooms.append(Doom("sendMessage", number=2, before=True))
    await anna.sends("żółw")
    for text, screen in zip(("cumulus", "obłok", "żółw"), anna.screens[-3:], strict=True):
        assert f"„{text}”" in screen or text in screen
    assert deaths(api) == 1


@pytest.mark.parametrize("method", ["answerCallbackQuery", "editMessageText"])
async def test_a_tap_has_its_effect_once(anna: Person, api: MortalApi, method: str) -> None:
    await anna.sends("/renew")
    api.dooms.append(Doom(method))
    await anna.taps("☐ galeria-anny-przyklad.pl")
    anna.sees("1 pozycja w koszyku: 59,00 zł")
    await anna.taps("☐ galeria-anny.example")
    anna.sees("2 pozycje w koszyku: 349,00 zł")
    assert deaths(api) == 1


@pytest.mark.parametrize("before", [True, False])
async def test_an_order_is_placed_once(
    anna: Person, api: MortalApi, database: Path, before: bool
) -> None:
    await goes_to_the_till(anna)
    api.dooms.append(Doom("sendInvoice", before=before))
    await anna.taps("Zamawiam i płacę")
    anna.sees("Proforma PRO-", "[Zapłać 59,00 zł]")
    assert rows(database, "SELECT count(*) FROM invoices") == [(1,)]
    assert await anna.pays() == "paid"
    await anna.waits_for("Zapłacono: 59,00 zł")
    assert rows(database, "SELECT status, paid FROM invoices") == [("paid", 5900)]
    assert deaths(api) == 1


@pytest.mark.parametrize(
    "doom",
    [
        Doom("answerPreCheckoutQuery", before=False),
        Doom("sendMessage", before=True),
        Doom("sendMessage", before=False),
    ],
    ids=["after the bot agreed", "before the receipt", "after the receipt"],
)
async def test_a_payment_counts_once(
    anna: Person, api: MortalApi, database: Path, doom: Doom
) -> None:
    due = due_date(database)
    await goes_to_the_till(anna)
    await anna.taps("Zamawiam i płacę")
    api.dooms.append(replace(doom))
    assert await anna.pays() == "paid"
    await reads_the_receipt(anna, api, database)
    assert rows(database, "SELECT status, paid FROM invoices") == [("paid", 5900)]
    assert rows(database, "SELECT amount, status FROM payments") == [(5900, "paid")]
    assert 365 <= (due_date(database) - due).days <= 366
    await anna.sends("/services")
    assert deaths(api) == 1


async def test_a_payment_that_was_kept_when_the_bot_died_is_booked_once(
    tmp_path: Path, api: MortalApi, database: Path, mode: Mode
) -> None:
    due = due_date(database)
    async with (
        mortal_bot(tmp_path, api, database, dies_before_it_books, mode) as url,
        aiohttp.ClientSession() as session,
    ):
        anna = Person(OverHttp(url, session), ANNA)
        await goes_to_the_till(anna)
        await anna.taps("Zamawiam i płacę")
        assert await anna.pays() == "paid"
        await anna.waits_for("Zapłacono: 59,00 zł", seconds=20)
        assert deaths(api) == 1
    assert rows(database, "SELECT state, attempts FROM inbox") == [("booked", 0)]
    assert rows(database, "SELECT amount, status FROM payments") == [(5900, "paid")]
    assert 365 <= (due_date(database) - due).days <= 366
    opened = await open_database(database)
    await check_books(opened)
    await opened.close()


async def test_a_bot_that_dies_again_and_again_still_serves(
    anna: Person, api: MortalApi, database: Path
) -> None:
    api.gaps = cycle((3, 5, 2, 4))
    await goes_to_the_till(anna)
    await anna.taps("Zamawiam i płacę")
    assert await anna.pays() == "paid"
    await reads_the_receipt(anna, api, database)
    await anna.sends("/addons")
    await anna.taps("Certyfikat SSL")
    await anna.taps("Dodaj do koszyka")
    await anna.taps("rocznie")
    await anna.taps("Hosting Cumulus")
    anna.sees("Certyfikat SSL", "Razem: 99,00 zł")
    api.gaps = None
    assert deaths(api) >= 6
    assert rows(database, "SELECT status, paid FROM invoices") == [("paid", 5900)]
