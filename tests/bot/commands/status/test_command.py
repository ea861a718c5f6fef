"""`panelik status` on real databases, and each sentence about what is wrong."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from billing.ports.inbox import STUCK, EventState
from billing.ports.outbox import Notification
from billing.rules.panel.panel_calls import CallState
from billing.rules.panel.panel_state import PanelState
from billing.views.notices.operator import WrongCodes
from bot.commands.status.problems import TICKS, problems
from bot.commands.status.words import length
from bot.metrics.beat import beat
from bot.ticking import sweeps, ticking
from storage.leases import Lease
from storage.numbers import Backlog, Numbers, Queue
from storage.processes import Process
from storage.tables.running import ProcessFacts
from storage.tables.states import SendState
from tests.bot.commands.conftest import Panelik
from tests.make import NOW
from tests.world import World

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

WELL = Numbers(
    at=NOW,
    outbox=Queue(0, 0),
    outbox_failed=0,
    inbox=Queue(0, 0),
    again=Queue(0, 0),
    stuck=dict.fromkeys(STUCK, Backlog(0)),
    unplaced=0,
    digests=Queue(0, 0),
    digests_of_day={},
    payments={},
    panel_calls={},
    oldest_call_at=None,
    leases=(Lease("poller", "web1:1", NOW - HOUR, 20 * SECOND),),
    processes=(
        Process(
            "web1:1", "1.0", NOW - HOUR, NOW - 5 * SECOND,
            facts=ProcessFacts(3, 0, NOW - MINUTE, dict.fromkeys(TICKS, NOW - MINUTE)),
        ),
    ),
)  # fmt: skip
RUNNING = WELL.processes[0]


def ticked(name: str, ago: timedelta) -> Process:
    """The running process, one of whose ticks is so old."""
    ticks = {**RUNNING.ticks, name: NOW - ago}
    facts = replace(RUNNING.facts, ticks=ticks)
    return replace(RUNNING, started_at=NOW - 9 * HOUR, facts=facts)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"processes": ()}, "No process runs on this database."),
        (
            {"processes": (replace(RUNNING, ended_at=NOW, seen_at=NOW - 2 * HOUR),)},
            "No process runs on this database. The last one said so 2 h ago.",
        ),
        ({"leases": ()}, "No process receives updates: `panelik run` does, `panelik work` does"),
        (
            {"processes": (RUNNING, replace(RUNNING, name="b:2", seen_at=NOW - 9 * MINUTE))},
            "b:2 has said nothing for 9 min: it was killed, or it hangs.",
        ),
        (
            {"processes": (RUNNING, replace(RUNNING, name="b:2", version="0.9"))},
            "Processes of several versions run: 0.9, 1.0.",
        ),
        (
            {"processes": (ticked("plan reminders", 3 * HOUR),)},
            "No process has planned reminders for 3 h.",
        ),
        (
            {"outbox": Queue(7, 4, NOW - HOUR, NOW - 12 * MINUTE)},
            "Messages are late: the first of 4 waits for 12 min.",
        ),
        ({"inbox": Queue(1, 1, NOW - HOUR, NOW - HOUR)}, "Money to book is late: the first of 1"),
        ({"digests": Queue(9, 9, NOW, NOW - HOUR)}, "Reminders are late: the first of 9 waits"),
        ({"outbox_failed": 1}, "1 message could not be sent in the last day"),
        (
            {"again": Queue(1, 1, NOW - HOUR, NOW - 9 * MINUTE)},
            "Updates to be handled again are late: the first of 1 waits for 9 min.",
        ),
        (
            {"stuck": {**WELL.stuck, EventState.FAILED: Backlog(3, NOW - HOUR)}},
            "3 updates could not be handled: `panelik updates` lists what waits for you.",
        ),
        ({"unplaced": 2}, "Money waits for your decision: 2 payments in `panelik unplaced`."),
        (
            {"panel": PanelState(away_since=NOW - 9 * MINUTE)},
            "Your panel has not answered for 9 min.",
        ),
        (
            {"panel": PanelState(changes_read_at=NOW - HOUR)},
            "What has changed in your panel was last read 1 h ago.",
        ),
        (
            {"unread_clients": [("7", "invoice 12 (total)"), *[("8", "order 3")] * 5]},
            "Rows of your panel cannot be read: client 7: invoice 12 (total); client 8: order 3;",
        ),
        (
            {"panel_calls": {CallState.UNKNOWN: 1, CallState.REFUSED: 1}},
            "Refused or without a known outcome: 2 panel calls in `panelik calls`.",
        ),
        (
            {"panel_calls": {CallState.WAITING: 1}, "oldest_call_at": NOW - HOUR},
            "Your panel does not do what it is owed: the oldest call waits for 1 h.",
        ),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, Any], sentence: str) -> None:
    assert problems(WELL, tick_seconds=60) == ()
    (said,) = problems(replace(WELL, **changes), tick_seconds=60)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    "changes",
    [
        {"outbox": Queue(4, 0, NOW - HOUR)},
        {"outbox": Queue(4, 4, NOW - HOUR, NOW - MINUTE)},
        {"digests_of_day": {SendState.UNDELIVERABLE: 9}},
        {"processes": (ticked("plan reminders", 14 * MINUTE),)},
        {"processes": (RUNNING, replace(RUNNING, name="b:2", seen_at=NOW - 2 * HOUR))},
        {"leases": (Lease("webhook 12ab", "web1:1", NOW, SECOND),)},
    ],
)
def test_what_is_usual_is_not_wrong(changes: dict[str, Any]) -> None:
    assert problems(replace(WELL, **changes), tick_seconds=60) == ()


def test_slow_ticks_may_be_missing_for_longer() -> None:
    numbers = replace(WELL, processes=(ticked("plan reminders", 2 * HOUR),))
    assert problems(numbers, tick_seconds=3600) == ()


def test_the_ticks_that_are_watched_are_those_that_there_are(loaded: Panelik) -> None:
    async def names(world: World) -> set[str]:
        async with ticking(world.core) as ticker:
            return set(sweeps(world.core)) | {job.id for job in ticker._scheduler.get_jobs()}

    assert set(TICKS) - loaded.lets(names) == set()


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (-SECOND, "0 s"), (59 * SECOND, "59 s"), (MINUTE, "1 min"), (25 * HOUR, "1 day"),
        (72 * HOUR, "3 days"),
    ],
)  # fmt: skip
def test_a_length_is_said_in_its_largest_unit(span: timedelta, words: str) -> None:
    assert length(span) == words


async def runs(world: World) -> None:
    """A process has run a minute, polls, and has something to send."""
    core, now = world.core, world.clock.now()
    core.meter.counts.ticks = dict.fromkeys(TICKS, now)
    core.meter.counts.updates = 12
    await beat(core.database.processes, core.meter, "web1:1")
    await core.database.leases.acquire("poller", "web1:1", now=now, length=30 * SECOND)
    async with core.database.work.writing() as uow:
        await uow.outbox.add([Notification("a", WrongCodes(3, 1))], at=now)
        await uow.commit()


def test_a_terminal_of_eighty_columns_shows_it_all(
    loaded: Panelik, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded.lets(runs)
    shown = replace(loaded, columns=80)("status")
    assert (shown.code, shown.err) == (0, "")
    assert "│ web1:1 │" in shown.out
    assert "│ poller │ 12 │ 0 │" in shown.out
    assert "│ messages │ 1 │ 1 │" in shown.out
    assert "poller: web1:1, for" in shown.out
    assert "plan reminders" in shown.out
    assert shown.out.endswith("Nothing is wrong.")


def test_something_wrong_ends_it_with_one(loaded: Panelik) -> None:
    shown = loaded("status")
    assert shown.code == 1
    assert shown.out.startswith("No process runs.\n")
    assert shown.out.endswith("! No process runs on this database.")


def test_programs_get_every_number(loaded: Panelik) -> None:
    loaded.lets(runs)
    shown = loaded("status", "--json")
    report = json.loads(shown.out)
    assert shown.code == 0
    assert report["problems"] == []
    assert [(p["process"], p["running"], p["updates"]) for p in report["processes"]] == [
        ("web1:1", True, 12)
    ]
    assert report["outbox"]["waiting"] == 1
    assert report["reminders_today"]["waiting"] >= 0
    assert set(report["panel_calls"]) == set(CallState)
    assert report["leases"][0]["task"] == "poller"
    assert set(report["ticks"]) == set(TICKS)
    assert report["unplaced"] == 0
