import asyncio
import random
from collections.abc import Awaitable, Sequence
from typing import Any

import pytest
from telegram import User

from bot.telegram.gate import PersonGate
from tests.bot.telegram.updates import message, paid, parsed, pre_checkout, tap


class Work:
    """Handlers that note what they did and when several ran at once."""

    def __init__(self, gate: PersonGate) -> None:
        self.gate = gate
        self.done: list[tuple[int, int]] = []
        self.running: list[int] = []
        self.most_at_once = 0

    async def handle(self, person: int, number: int, turns: int) -> None:
        assert person not in self.running, "two handlers of one person at once"
        self.running.append(person)
        self.most_at_once = max(self.most_at_once, len(self.running))
        try:
            for _ in range(turns):
                await asyncio.sleep(0)
        finally:
            self.running.remove(person)
        self.done.append((person, number))

    def send(self, update: dict[str, Any], work: Awaitable[Any]) -> asyncio.Task[None]:
        return asyncio.create_task(self.gate.process_update(parsed(update), work))

    def message(self, person: int, number: int, *, turns: int = 3) -> asyncio.Task[None]:
        return self.send(message(number, person), self.handle(person, number, turns))


@pytest.mark.slow
async def test_one_persons_updates_are_handled_in_order_and_many_people_at_once() -> None:
    chance = random.Random(7)
    work = Work(PersonGate(waiting_per_person=100))
    arrivals = [(chance.randrange(20), number) for number in range(1, 600)]
    await asyncio.gather(*(work.message(p, n, turns=chance.randrange(9)) for p, n in arrivals))

    for person in range(20):
        assert [n for p, n in work.done if p == person] == [n for p, n in arrivals if p == person]
    assert work.most_at_once > 10
    assert work.gate.people == 0


async def test_no_more_handlers_run_at_once_than_allowed() -> None:
    work = Work(PersonGate(at_once=4))
    await asyncio.gather(*(work.message(number, number) for number in range(1, 50)))

    assert work.most_at_once == 4
    assert len(work.done) == 49


async def test_a_person_who_sends_hundreds_of_updates_does_not_keep_others_waiting() -> None:
    work = Work(PersonGate(at_once=8, waiting_per_person=1000))
    flood = [work.message(666, number) for number in range(1, 401)]
    others = [work.message(person, 1000 + person) for person in range(1, 8)]
    await asyncio.gather(*flood, *others)

    last_of_the_others = max(work.done.index((person, 1000 + person)) for person in range(1, 8))
    handled_of_the_flood = sum(p == 666 for p, _ in work.done[:last_of_the_others])
    assert handled_of_the_flood <= 2


async def test_a_flood_is_left_out_after_a_while_but_a_payment_never_and_it_goes_first() -> None:
    work = Work(PersonGate(waiting_per_person=5))
    tasks = [work.message(666, number) for number in range(1, 50)]
    tasks += [
        work.send(tap(50, 666), work.handle(666, 50, 1)),
        work.send(paid(51, 666), work.handle(666, 51, 1)),
        work.message(1, 52),
    ]
    await asyncio.gather(*tasks)

    assert [n for p, n in work.done if p == 666] == [1, 51, 2, 3, 4, 5, 6]
    assert (1, 52) in work.done


async def test_a_full_window_is_freed_of_a_flood_and_of_nobody_else() -> None:
    work = Work(PersonGate())
    release = asyncio.Event()
    tasks = [work.send(message(1, 666), release.wait())]
    tasks += [work.message(666, number) for number in range(2, 10)]
    tasks += [work.send(paid(10, 666), work.handle(666, 10, 1))]
    stuck = [work.send(message(11, 5), release.wait())]
    few = [work.message(5, number) for number in range(12, 17)]
    await asyncio.sleep(0)
    work.gate.make_room()
    await asyncio.wait(tasks[1:9])
    assert not any(task.done() for task in (*stuck, *few, tasks[0], tasks[9]))
    assert work.gate.running_of_floods() == [1]
    release.set()
    await asyncio.gather(*tasks, *stuck, *few)

    assert [n for p, n in work.done if p == 666] == [10]
    assert [n for p, n in work.done if p == 5] == [12, 13, 14, 15, 16]
    assert work.gate.people == 0


async def test_a_running_payment_of_a_flood_is_not_given_up() -> None:
    work = Work(PersonGate(waiting_per_person=0))
    release = asyncio.Event()
    tasks = [work.send(paid(1, 666), release.wait()), work.message(666, 2)]
    await asyncio.wait(tasks[1:])
    work.gate.make_room()
    assert work.gate.running_of_floods() == []
    release.set()
    await asyncio.gather(*tasks)


class Told:
    """What people were told, and whose waiting signs were stopped."""

    def __init__(self) -> None:
        self.released: list[str] = []
        self.sentences: list[tuple[int, str | None, bool]] = []
        self.more = asyncio.Event()

    async def release(self, query_ids: Sequence[str]) -> None:
        self.released += query_ids

    async def explain(self, user: User, *, query_id: str | None, in_private: bool) -> None:
        self.sentences.append((user.id, query_id, in_private))
        self.more.set()


@pytest.fixture
def told() -> Told:
    return Told()


def telling(told: Told, *, quiet_seconds: float = 0.0) -> Work:
    work = Work(PersonGate(waiting_per_person=2, quiet_seconds=quiet_seconds))
    work.gate.replies = told
    return work


@pytest.mark.slow
async def test_what_is_left_out_of_a_burst_is_told_once_when_the_rest_is_handled(
    told: Told,
) -> None:
    work = telling(told)
    release = asyncio.Event()
    tasks = [work.send(message(1, 666), release.wait())]
    tasks += [work.message(666, number) for number in range(2, 30)]
    tasks += [work.message(1, 50)]
    await asyncio.wait(tasks[3:])
    assert told.sentences == []
    release.set()
    await asyncio.gather(*tasks)
    await told.more.wait()

    assert [n for p, n in work.done if p == 666] == [2, 3]
    assert told.sentences == [(666, None, True)]
    assert told.released == []


@pytest.mark.slow
async def test_taps_left_out_are_answered_and_the_newest_one_with_the_sentence(
    told: Told,
) -> None:
    work = telling(told)
    release = asyncio.Event()
    tasks = [work.send(tap(1, 666), release.wait())]
    tasks += [work.send(tap(n, 666), work.handle(666, n, 1)) for n in range(2, 10)]
    await asyncio.wait(tasks[3:])
    release.set()
    await asyncio.gather(*tasks)
    await told.more.wait()

    assert sorted(told.released) == ["4", "5", "6", "7", "8"]
    assert told.sentences == [(666, "9", False)]


@pytest.mark.slow
async def test_a_burst_that_ends_with_a_text_is_answered_by_a_message(told: Told) -> None:
    work = telling(told)
    release = asyncio.Event()
    tasks = [work.send(message(1, 666), release.wait())]
    tasks += [work.send(tap(n, 666), work.handle(666, n, 1)) for n in range(2, 6)]
    tasks += [work.message(666, 6)]
    await asyncio.wait(tasks[3:])
    release.set()
    await asyncio.gather(*tasks)
    await told.more.wait()

    assert sorted(told.released) == ["4", "5"]
    assert told.sentences == [(666, None, True)]


@pytest.mark.slow
async def test_during_a_burst_all_is_left_out_and_after_it_nothing(told: Told) -> None:
    work = telling(told, quiet_seconds=0.2)
    release = asyncio.Event()
    tasks = [work.send(message(1, 666), release.wait())]
    tasks += [work.message(666, number) for number in range(2, 6)]
    await asyncio.wait(tasks[3:])
    release.set()
    await asyncio.gather(*tasks)
    await work.message(666, 6)
    await told.more.wait()
    await work.message(666, 7)

    assert work.done == [(666, 2), (666, 3), (666, 7)]
    assert len(told.sentences) == 1


async def test_a_process_that_stops_tells_what_it_left_out(told: Told) -> None:
    work = telling(told, quiet_seconds=3600)
    await asyncio.gather(*(work.message(666, number) for number in range(1, 9)))
    assert told.sentences == []
    await work.gate.end_bursts()
    assert told.sentences == [(666, None, True)]
    await work.gate.end_bursts()
    assert len(told.sentences) == 1


async def test_a_pre_checkout_query_waits_for_nobody() -> None:
    work = Work(PersonGate(at_once=1))
    release = asyncio.Event()
    answered = asyncio.Event()

    async def answer() -> None:
        answered.set()

    stuck = work.send(message(1, 5), release.wait())
    query = work.send(pre_checkout(2, 5), answer())
    await asyncio.wait_for(answered.wait(), 20)
    release.set()
    await asyncio.gather(stuck, query)


async def test_a_handler_that_hangs_is_stopped_and_the_next_one_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Work(PersonGate(at_once=1, handler_seconds=0.02))
    hanging = work.send(message(1, 5), asyncio.Event().wait())
    # Without a turn of the loop in them, the others are never stopped, however slow the machine.
    await asyncio.gather(hanging, work.message(5, 2, turns=0), work.message(6, 3, turns=0))

    assert sorted(work.done) == [(5, 2), (6, 3)]
    assert "Update 1 took over 0.02 s: stopped" in caplog.text
    assert work.gate.people == 0


async def test_an_error_frees_the_persons_turn() -> None:
    async def fails() -> None:
        raise LookupError

    work = Work(PersonGate(at_once=1))
    broken = work.send(message(1, 5), fails())
    await work.message(5, 2)
    with pytest.raises(LookupError):
        await broken

    assert work.done == [(5, 2)]
    assert work.gate.people == 0


async def test_an_update_cancelled_while_it_waits_leaves_no_trace() -> None:
    work = Work(PersonGate(at_once=1))
    tasks = [work.message(5, number) for number in range(1, 5)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert [n for _, n in work.done] == [3, 4]
    assert work.gate.people == 0


async def test_what_comes_from_nobody_is_handled_too() -> None:
    work = Work(PersonGate())
    update = {"update_id": 1, "something_new": {}}
    await work.send(update, work.handle(0, 1, 1))
    await work.gate.process_update("not an update", work.handle(0, 2, 1))

    assert work.done == [(0, 1), (0, 2)]
