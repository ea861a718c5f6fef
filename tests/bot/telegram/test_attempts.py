"""Updates that meet a database that is away: they wait in their turn, and their person is told."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import CallbackQuery, Update, User

from billing.ports.work import UnavailableError
from bot.telegram import attempts
from bot.telegram.gate import PersonGate
from tests.bot.telegram.updates import message, parsed, tap

AWAY = UnavailableError("the server was stopped")


class Database:
    """A database that goes and comes back, and stands for the process's outage."""

    def __init__(self) -> None:
        self.number = 0
        self._back = asyncio.Event()
        self._back.set()

    @property
    def is_on(self) -> bool:
        return not self._back.is_set()

    def goes(self) -> None:
        self.number += 1
        self._back.clear()

    def comes_back(self) -> None:
        self._back.set()

    def note(self, error: UnavailableError) -> None:
        assert error is AWAY

    async def end(self) -> None:
        await self._back.wait()


@dataclass(slots=True)
class Promises:
    told: list[tuple[int, str | None, bool]] = field(default_factory=list)

    async def promise(self, user: User, *, query: CallbackQuery | None, in_private: bool) -> None:
        self.told.append((user.id, query.id if query else None, in_private))


class Bot:
    """Handles updates by the database, behind a gate."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 60.0) -> None:
        monkeypatch.setattr(attempts, "PAUSES", (0.0,))
        monkeypatch.setattr(attempts, "TELL_SECONDS", 0.01)
        monkeypatch.setattr(attempts, "_LOOK_SECONDS", 0.01)
        self.database = Database()
        self.promises = Promises()
        self.gate = PersonGate(handler_seconds=seconds)
        self.gate.attempts.outage = self.database
        self.gate.attempts.replies = self.promises
        self.gate.attempts.again = self.handle
        self.stopped: list[int] = []
        self.gate.attempts.on_stopped = self.note_stopped
        self.tried: list[int] = []
        self.done: list[int] = []
        self.hangs = False

    async def handle(self, update: Update) -> None:
        self.tried.append(update.update_id)
        if self.database.is_on:
            if self.hangs:
                await asyncio.Event().wait()
            raise AWAY
        await asyncio.sleep(0)
        self.done.append(update.update_id)

    async def note_stopped(self, update: object, _error: Exception) -> None:
        assert isinstance(update, Update)
        self.stopped.append(update.update_id)

    def gets(self, raw: dict[str, Any]) -> "asyncio.Task[None]":
        update = parsed(raw)
        return asyncio.create_task(self.gate.process_update(update, self.handle(update)))


@pytest.fixture
def bot(monkeypatch: pytest.MonkeyPatch) -> Bot:
    return Bot(monkeypatch)


async def test_all_are_handled_once_and_in_order_when_it_is_back(bot: Bot) -> None:
    bot.database.goes()
    coming = [bot.gets(message(number, number % 3)) for number in range(1, 31)]
    await asyncio.sleep(0.02)
    assert bot.done == []
    assert sorted(bot.tried) == [1, 2, 3]
    bot.database.comes_back()
    await asyncio.gather(*coming)
    for person in range(3):
        wanted = [number for number in range(1, 31) if number % 3 == person]
        assert [number for number in bot.done if number % 3 == person] == wanted
    assert len(bot.done) == 30


async def test_who_waits_is_told_once_in_each_outage(bot: Bot) -> None:
    for _ in range(2):
        bot.database.goes()
        coming = [bot.gets(raw) for raw in (message(1, 7), message(2, 7), tap(3, 8))]
        await asyncio.sleep(0.1)
        bot.database.comes_back()
        await asyncio.gather(*coming)
    told = sorted(bot.promises.told)
    assert [user for user, _, _ in told] == [7, 7, 8, 8]
    assert [in_private for _, query, in_private in told if query is None] == [True, True]


async def test_nobody_is_told_of_what_takes_long_while_the_database_works(bot: Bot) -> None:
    update = parsed(message(1, 7))
    await bot.gate.process_update(update, asyncio.sleep(0.05))
    assert bot.promises.told == []


async def test_one_that_hangs_because_the_database_does_is_not_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = Bot(monkeypatch, seconds=0.02)
    bot.hangs = True
    bot.database.goes()
    coming = bot.gets(message(1, 7))
    await asyncio.sleep(0.1)
    assert bot.promises.told == [(7, None, True)]
    bot.database.comes_back()
    await coming
    assert bot.done == [1]
    assert bot.stopped == []


async def test_a_stop_ends_the_waiting_and_the_next_one_can_begin(bot: Bot) -> None:
    bot.database.goes()
    coming = bot.gets(message(1, 7))
    await asyncio.sleep(0)
    coming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await coming
    bot.database.comes_back()
    await bot.gets(message(2, 7))
    assert bot.done == [2]
    assert bot.gate.people == 0


async def test_without_a_way_to_wait_the_error_goes_on() -> None:
    async def fails() -> None:
        raise AWAY

    with pytest.raises(UnavailableError):
        await PersonGate().process_update(parsed(message(1, 7)), fails())


async def test_places_are_free_for_others_while_some_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = Bot(monkeypatch)
    bot.gate.attempts._places = asyncio.Semaphore(1)
    bot.database.goes()
    waiting = bot.gets(message(1, 7))
    await asyncio.sleep(0.01)
    await bot.gate.process_update(parsed(message(2, 8)), asyncio.sleep(0))
    assert not waiting.done()
    bot.database.comes_back()
    await waiting
    assert bot.done == [1]
