import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Update
from telegram.ext import TypeHandler

from bot.telegram.gate import PersonGate
from bot.telegram.ingress import Polling
from bot.telegram.refusals import IngressError
from tests.bot.telegram.queue_server import QueueServer
from tests.bot.telegram.updates import App, application, message, paid, pre_checkout, tap

Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]


@pytest.fixture
async def server() -> AsyncIterator[QueueServer]:
    server = QueueServer()
    await server.start()
    yield server
    await server.http.close()


class Handled:
    """What was handled; handlers of the people in `held` wait until they are released."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.begun: list[int] = []
        self.held: dict[int, asyncio.Event] = {}

    async def __call__(self, update: Update, _: Any) -> None:
        assert update.effective_user is not None
        self.begun.append(update.update_id)
        if (release := self.held.get(update.effective_user.id)) is not None:
            await release.wait()
        self.numbers.append(update.update_id)

    def hold(self, person: int) -> asyncio.Event:
        return self.held.setdefault(person, asyncio.Event())


@asynccontextmanager
async def running(server: QueueServer, handler: Handler, **options: Any) -> AsyncIterator[Polling]:
    app: App = application(server.base, PersonGate())
    app.add_handler(TypeHandler(Update, handler))
    async with app:
        polling = Polling(app, **{"poll_seconds": 5, "drain_seconds": 5.0, **options})
        run = asyncio.create_task(polling.run())
        try:
            yield polling
        finally:
            await polling.stop()
            await run


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in the server
            await asyncio.sleep(0.005)


def fetches_no_more(polling: Polling) -> bool:
    return polling._fetching is not None and polling._fetching.done()


async def test_updates_are_handled_once_and_acknowledged(server: QueueServer) -> None:
    handled = Handled()
    server.put(*(message(n, n % 7) for n in range(100, 150)))
    async with running(server, handled):
        await eventually(lambda: len(handled.numbers) == 50)
        server.put(tap(150, 1))
        await eventually(lambda: 150 in handled.numbers)
        await eventually(lambda: server.waiting == [])

    assert sorted(handled.numbers) == list(range(100, 151))


async def test_it_asks_for_the_kinds_of_updates_that_the_bot_handles(server: QueueServer) -> None:
    async with running(server, Handled()):
        await eventually(lambda: len(server.allowed) > 0)
    assert server.allowed[0] == [
        "message",
        "edited_message",
        "channel_post",
        "callback_query",
        "pre_checkout_query",
        "my_chat_member",
    ]
    assert server.timeouts[0] == 5


async def test_nothing_is_acknowledged_before_it_is_handled(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(2)
    server.put(message(10, 1), message(11, 2), message(12, 3))
    async with running(server, handled):
        await eventually(lambda: sorted(handled.numbers) == [10, 12])
        polls = len(server.offsets)
        await eventually(lambda: len(server.offsets) > polls)
        assert server.offsets[-1] == 11
        assert server.waiting == [11, 12]
        release.set()
        await eventually(lambda: server.waiting == [])

    assert sorted(handled.numbers) == [10, 11, 12]


@pytest.mark.slow
async def test_others_are_served_while_one_handler_takes_long(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(1)
    server.put(message(10, 1))
    async with running(server, handled):
        await eventually(lambda: handled.begun == [10])
        for number in range(11, 14):
            server.put(message(number, number))
            await eventually(lambda number=number: number in handled.numbers)  # type: ignore[misc]
        release.set()

    assert handled.begun == [10, 11, 12, 13]
    assert sorted(handled.numbers) == [10, 11, 12, 13]


@pytest.mark.slow
async def test_it_does_not_spin_while_only_known_updates_are_returned(
    server: QueueServer,
) -> None:
    handled = Handled()
    release = handled.hold(1)
    server.put(message(10, 1), message(11, 2))
    async with running(server, handled):
        await eventually(lambda: len(server.offsets) > 0)
        begun = time.monotonic()
        await eventually(lambda: len(server.offsets) >= 3)
        assert time.monotonic() - begun > 0.9
        release.set()

    assert sorted(handled.numbers) == [10, 11]


@pytest.mark.slow
async def test_it_does_not_spin_when_the_server_does_not_wait(server: QueueServer) -> None:
    server.ignores_timeout = True
    async with running(server, Handled()):
        await eventually(lambda: len(server.offsets) > 0)
        begun = time.monotonic()
        await eventually(lambda: len(server.offsets) >= 10)
        assert time.monotonic() - begun > 0.2


@pytest.mark.slow
async def test_it_fetches_no_more_than_it_may_have_in_flight(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(1)
    server.put(message(10, 1), *(message(n, n) for n in range(11, 40)))
    async with running(server, handled, max_in_flight=8):
        await eventually(lambda: len(handled.begun) == 8)
        asked = len(server.offsets)
        await asyncio.sleep(0.7)
        assert len(handled.begun) == 8
        assert len(server.offsets) == asked
        release.set()
        await eventually(lambda: len(handled.numbers) == 30)


@pytest.mark.slow
async def test_a_flood_that_fills_the_window_hides_nobody_not_even_while_its_first_update_runs(
    server: QueueServer,
) -> None:
    handled = Handled()
    release = handled.hold(666)
    server.put(*(message(n, 666) for n in range(10, 310)), message(310, 1))
    async with running(server, handled):
        await eventually(lambda: handled.numbers == [310])
        await eventually(lambda: server.waiting == [])
        assert handled.begun == [10, 310]
        release.set()

    assert handled.numbers == [310, 10]


@pytest.mark.slow
async def test_several_floods_in_one_window_hide_nobody(server: QueueServer) -> None:
    handled = Handled()
    for flooder in range(1, 6):
        handled.hold(flooder)
    server.put(*(message(n, n % 5 + 1) for n in range(10, 510)), message(510, 77))
    async with running(server, handled, drain_seconds=0.01):
        await eventually(lambda: handled.numbers == [510])


async def test_money_within_a_flood_is_handled(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(666)
    server.put(*(message(n, 666) for n in range(10, 59)), paid(60, 666), message(61, 666))
    server.put(*(message(n, 666) for n in range(62, 110)), pre_checkout(110, 666))
    server.put(message(111, 666), message(112, 1))
    async with running(server, handled):
        await eventually(lambda: handled.begun == [10, 110])
        release.set()
        await eventually(lambda: server.waiting == [])

    assert sorted(handled.numbers) == [10, 60, 110, 112]


async def test_a_full_window_of_many_people_drops_nothing(server: QueueServer) -> None:
    handled = Handled()
    releases = [handled.hold(person) for person in range(40)]
    server.put(*(message(n, n % 40) for n in range(100, 340)))
    async with running(server, handled):
        await eventually(lambda: len(handled.begun) == 40)
        for release in releases:
            release.set()
        await eventually(lambda: server.waiting == [])

    assert sorted(handled.numbers) == list(range(100, 340))


async def test_what_a_killed_process_had_not_finished_is_delivered_to_the_next(
    server: QueueServer,
) -> None:
    first, second = Handled(), Handled()
    first.hold(1)
    server.put(*(message(n, n % 3) for n in range(10, 40)))
    app = application(server.base)
    app.add_handler(TypeHandler(Update, first))
    async with app:
        polling = Polling(app, poll_seconds=5)
        killed = asyncio.create_task(polling.run())
        await eventually(lambda: len(first.numbers) == 20)
        # No stop, no drain: everything of the process is gone at once.
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            if task is killed or task.get_name().startswith(("polling", "update ")):
                task.cancel()
                task.cancel()
        await asyncio.wait({killed})

    async with running(server, second):
        await eventually(lambda: server.waiting == [])

    unfinished = {n for n in range(10, 40) if n % 3 == 1}
    assert unfinished <= set(second.numbers)
    assert set(first.numbers) | set(second.numbers) == set(range(10, 40))
    assert len(second.numbers) == len(set(second.numbers))


async def test_a_handler_that_fails_counts_as_handled(server: QueueServer) -> None:
    told: list[object] = []

    async def fails(update: Update, context: Any) -> None:
        raise LookupError(update.update_id)

    async def tell(update: object, context: Any) -> None:
        told.append(context.error.args[0])

    app = application(server.base)
    app.add_handler(TypeHandler(Update, fails))
    app.add_error_handler(tell)
    server.put(message(10, 1), message(11, 1))
    async with app:
        polling = Polling(app)
        run = asyncio.create_task(polling.run())
        await eventually(lambda: server.waiting == [])
        await polling.stop()
        await run

    assert told == [10, 11]


async def test_an_update_that_cannot_be_read_does_not_hide_the_others(
    server: QueueServer, caplog: pytest.LogCaptureFixture
) -> None:
    async def at_once(seconds: float) -> None:
        await asyncio.sleep(0)

    handled = Handled()
    strange = message(11, 2)
    strange["message"]["poll"] = {"id": "1"}
    server.put(message(10, 1), strange, message(12, 3))
    async with running(server, handled, sleep=at_once):
        await eventually(lambda: server.waiting == [])

    assert sorted(handled.numbers) == [10, 12]
    assert "Update 11 cannot be read" in caplog.text


async def test_numbers_may_start_again_anywhere_after_a_quiet_time(server: QueueServer) -> None:
    handled = Handled()
    server.put(message(900, 1))
    async with running(server, handled):
        await eventually(lambda: server.offsets[-1:] == [901])
        server.put(message(5, 1), message(6, 2))
        await eventually(lambda: server.offsets[-1:] == [7])

    assert sorted(handled.numbers) == [5, 6, 900]
    assert server.waiting == []


async def test_after_errors_it_waits_longer_and_longer_and_then_goes_on(
    server: QueueServer, caplog: pytest.LogCaptureFixture
) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    handled = Handled()
    server.failures = [(502, "Bad Gateway")] * 3 + [None, None] + [(500, "Internal")] * 3
    server.put(message(10, 1))
    async with running(server, handled, sleep=note, jitter=lambda: 1.0):
        await eventually(lambda: handled.numbers == [10])

    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


async def test_another_poller_is_borne_for_a_while_and_then_told(server: QueueServer) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    conflict = (409, "Conflict: terminated by other getUpdates request; make sure that ...")
    server.failures = [conflict] * 20
    app = application(server.base)
    async with app:
        with pytest.raises(IngressError, match="Only one may poll"):
            await Polling(app, sleep=note, jitter=lambda: 1.0).run()

    assert waits == [1, 2, 4, 8, 16]


async def test_a_webhook_in_the_way_is_told_at_once(server: QueueServer) -> None:
    server.failures = [(409, "Conflict: can't use getUpdates method while webhook is active; ...")]
    app = application(server.base)
    async with app:
        with pytest.raises(IngressError, match="deleteWebhook"):
            await Polling(app).run()


async def test_a_refused_token_is_told_at_once_and_not_shown(server: QueueServer) -> None:
    server.failures = [(401, "Unauthorized")]
    app = application(server.base)
    async with app:
        with pytest.raises(IngressError, match="@BotFather") as caught:
            await Polling(app).run()
    assert app.bot.token not in str(caught.value)


async def test_a_stop_lets_handlers_finish_and_acknowledges_them(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(1)
    server.put(message(10, 1), message(11, 2))
    async with running(server, handled) as polling:
        await eventually(lambda: len(handled.begun) == 2)
        stop = asyncio.create_task(polling.stop())
        await eventually(lambda: fetches_no_more(polling))
        assert not stop.done()
        server.put(message(12, 3))
        release.set()
        await stop

    assert sorted(handled.numbers) == [10, 11]
    assert server.waiting == [12]


async def test_a_stop_does_not_wait_for_ever_and_leaves_the_unfinished_for_later(
    server: QueueServer, caplog: pytest.LogCaptureFixture
) -> None:
    handled = Handled()
    handled.hold(2)
    server.put(message(10, 1), message(11, 2), message(12, 3))
    async with running(server, handled, drain_seconds=0.05):
        await eventually(lambda: sorted(handled.numbers) == [10, 12])

    assert server.waiting == [11, 12]
    assert "1 updates were not finished in time" in caplog.text


async def test_a_stop_before_or_during_the_wait_for_updates_is_quick(server: QueueServer) -> None:
    app = application(server.base)
    async with app, asyncio.timeout(10):
        polling = Polling(app, poll_seconds=50)
        await polling.stop()
        await polling.run()
        assert server.offsets == []

        polling = Polling(app, poll_seconds=50)
        run = asyncio.create_task(polling.run())
        await eventually(lambda: len(server.offsets) == 1)
        await asyncio.gather(polling.stop(), polling.stop())
        await run


async def test_cancelling_the_run_finishes_what_was_begun(server: QueueServer) -> None:
    handled = Handled()
    release = handled.hold(1)
    server.put(message(10, 1))
    app = application(server.base)
    app.add_handler(TypeHandler(Update, handled))
    async with app:
        polling = Polling(app)
        run = asyncio.create_task(polling.run())
        await eventually(lambda: handled.begun == [10])
        run.cancel()
        await eventually(lambda: fetches_no_more(polling))
        release.set()
        with pytest.raises(asyncio.CancelledError):
            await run

    assert handled.numbers == [10]
    assert server.waiting == []
