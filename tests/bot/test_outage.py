"""An outage of the database is logged once, tried again, and waited for."""

import asyncio
import logging

import pytest

from bot.outage import PAUSES, SAME_SECONDS, Outage
from storage.errors import DatabaseError

AWAY = DatabaseError("postgresql://panelik@there/panelik: the server was stopped")


class Away:
    """A database that fails so many attempts, and a clock that its pauses move."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.attempts = 0
        self.now = 1000.0
        self.pauses: list[float] = []
        self.outage = Outage(self.attempt, clock=lambda: self.now, sleep=self.sleep)

    async def attempt(self) -> None:
        self.attempts += 1
        if self.attempts <= self.failures:
            raise AWAY

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)
        await asyncio.sleep(0)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[int, str]]:
    return [(record.levelno, record.getMessage()) for record in caplog.records]


async def test_it_is_logged_when_it_begins_and_when_it_ends_whoever_meets_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    away = Away(failures=7)
    for _ in range(100):
        away.outage.note(AWAY)
    assert away.outage.is_on
    await away.outage.end()
    assert not away.outage.is_on
    assert away.pauses == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert lines(caplog) == [
        (logging.ERROR, f"The database cannot be used, and what needs it waits: {AWAY}"),
        (logging.WARNING, f"The database can be used again, after {sum(away.pauses):.0f} s"),
    ]


async def test_one_that_comes_and_goes_is_one(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    away = Away(failures=0)
    for _ in range(20):
        away.outage.note(AWAY)
        await away.outage.end()
        away.now += SAME_SECONDS - 1
    assert away.outage.number == 1
    assert len(lines(caplog)) == 2
    # Each time it is believed a little later.
    assert away.pauses == [*PAUSES, *[PAUSES[-1]] * (19 - len(PAUSES))]
    away.now += 1
    away.outage.note(AWAY)
    await away.outage.end()
    assert away.outage.number == 2
    assert len(lines(caplog)) == 4


async def test_a_look_finds_one_that_nobody_has_met() -> None:
    away = Away(failures=2)
    await away.outage.look()
    assert away.outage.is_on
    await away.outage.look()
    await away.outage.end()
    assert away.attempts == 3
    await away.outage.look()
    assert not away.outage.is_on


async def test_it_is_not_tried_any_more_when_the_process_ends() -> None:
    away = Away(failures=1_000_000)
    away.outage.note(AWAY)
    await asyncio.sleep(0)
    await away.outage.close()
    attempts = away.attempts
    await asyncio.sleep(0)
    assert away.attempts == attempts
    await away.outage.close()


async def test_what_is_safe_to_repeat_goes_through_an_outage() -> None:
    away, calls = Away(failures=3), iter((AWAY, AWAY, None))

    async def begin() -> str:
        if error := next(calls):
            raise error
        return "begun"

    assert await away.outage.through(begin) == "begun"
    assert not away.outage.is_on


async def test_a_stop_ends_what_waits_for_the_database() -> None:
    away = Away(failures=1_000_000)

    async def begin() -> None:
        raise AWAY

    beginning = asyncio.create_task(away.outage.through(begin))
    await asyncio.sleep(0)
    away.outage.stop.set()
    with pytest.raises(DatabaseError):
        await beginning
    await away.outage.close()
