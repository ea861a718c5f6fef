from collections.abc import Coroutine
from typing import Any

import pytest
from telegram.error import BadRequest, RetryAfter

from bot.telegram.floods import flood
from bot.telegram.pacing import Answer, Lane, Pace, PacedRateLimiter
from tests.bot.telegram.virtual_time import VirtualTime

START = VirtualTime().now


class Telegram:
    """Remembers when which call was made, and says no when told to."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.time = VirtualTime()
        self.limiter = PacedRateLimiter(pace, clock=self.time.clock, sleep=self.time.sleep)
        self.calls: list[tuple[float, str, object]] = []
        self.refusals: list[Exception] = []

    def call(
        self, method: str, chat: int | str | None = None, lane: Lane | None = None
    ) -> Coroutine[Any, Any, Answer]:
        data = {} if chat is None else {"chat_id": chat}
        return self.limiter.process_request(
            callback=self._answer,
            args=(method, data),
            kwargs={},
            endpoint=method,
            data=data,
            rate_limit_args=lane,
        )

    async def _answer(self, method: str, data: dict[str, Any]) -> Answer:
        self.calls.append((round(self.time.now - START, 3), method, data.get("chat_id")))
        if self.refusals:
            raise self.refusals.pop(0)
        return True

    def times(self, chat: object = None) -> list[float]:
        return [at for at, _, to in self.calls if chat is None or to == chat]


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


async def test_three_messages_go_at_once_and_then_one_a_second(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("sendMessage", 1) for _ in range(6)))
    assert telegram.times() == [0, 0, 0, 1, 2, 3]


async def test_nine_quick_taps_are_shown_at_once_and_then_three_a_second(
    telegram: Telegram,
) -> None:
    await telegram.time.run(*(telegram.call("editMessageText", 1) for _ in range(12)))
    assert telegram.times() == [0] * 9 + [0.333, 0.667, 1]


async def test_after_any_amount_of_tapping_a_new_message_waits_for_a_second_at_most(
    telegram: Telegram,
) -> None:
    async def taps_then_types() -> float:
        for _ in range(40):
            await telegram.call("editMessageText", 1)
        typed_at = telegram.time.now
        await telegram.call("sendMessage", 1)
        return telegram.time.now - typed_at

    [waited] = await telegram.time.run(taps_then_types())
    assert isinstance(waited, float)
    assert waited <= 1.001


async def test_chats_do_not_wait_for_each_other(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("sendMessage", chat) for chat in range(1, 500)))
    assert set(telegram.times()) == {0}


async def test_a_group_hears_at_most_twenty_messages_in_any_minute(telegram: Telegram) -> None:
    async def night_and_morning() -> None:
        for _ in range(60):
            await telegram.call("sendMessage", -100, "prompt")

    await telegram.time.run(night_and_morning())
    times = telegram.times()
    assert times[:5] == [0, 0, 0, 3.529, 7.059]
    assert max(sum(start <= at < start + 60 for at in times) for start in times) <= 20


async def test_what_waits_for_a_group_lets_answers_to_taps_go_first(telegram: Telegram) -> None:
    async def taps_after_a_second() -> None:
        await telegram.time.sleep(1)
        for method in ("answerCallbackQuery", "editMessageText", "sendMessage"):
            await telegram.call(method, None if method.startswith("answer") else -100)

    waiting = (telegram.call("sendMessage", -100, "prompt") for _ in range(8))
    await telegram.time.run(*waiting, taps_after_a_second())
    by_method = [(at, method) for at, method, _ in telegram.calls if method != "sendMessage"]
    assert by_method == [(1, "answerCallbackQuery"), (1.176, "editMessageText")]
    # The answer that is a new message takes the next place, before five that wait since 0.
    sent = [at for at, method, _ in telegram.calls if method == "sendMessage"]
    assert sent[:5] == [0, 0, 0, 4.706, 8.235]


async def test_what_waits_too_long_for_a_group_comes_back_to_the_outbox(
    telegram: Telegram,
) -> None:
    waiting = (telegram.call("sendMessage", -100, "prompt") for _ in range(20))
    outcomes = await telegram.time.run(*waiting)
    assert any(isinstance(outcome, RetryAfter) for outcome in outcomes)
    assert max(telegram.times()) <= 30


@pytest.mark.parametrize("method", ["answerCallbackQuery", "answerPreCheckoutQuery", "getMe"])
async def test_answers_never_wait_not_even_for_a_flood(telegram: Telegram, method: str) -> None:
    telegram.refusals = [flood(8)]
    sending = telegram.call("sendMessage", 1)
    await telegram.time.run(sending, *(telegram.call(method) for _ in range(50)))
    assert [at for at, called, _ in telegram.calls if called == method] == [0] * 50


@pytest.mark.parametrize("method", ["answerCallbackQuery", "answerPreCheckoutQuery", "getMe"])
async def test_an_answer_that_telegram_puts_off_for_a_moment_is_given_again(
    telegram: Telegram, method: str
) -> None:
    telegram.refusals = [flood(1), flood(2)]
    assert await telegram.time.run(telegram.call(method)) == [True]
    assert telegram.times() == [0, 1, 3]


async def test_an_answer_put_off_for_longer_than_anybody_waits_is_the_callers_to_handle(
    telegram: Telegram,
) -> None:
    telegram.refusals = [flood(4)]
    with pytest.raises(RetryAfter):
        await telegram.call("answerCallbackQuery")
    telegram.refusals = [flood(2)] * 9
    [outcome] = await telegram.time.run(telegram.call("answerCallbackQuery"))
    assert isinstance(outcome, RetryAfter)
    assert telegram.times() == [0, 0, 2]


async def test_calls_without_a_chat_are_not_paced(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("setMyCommands") for _ in range(30)))
    assert telegram.times() == [0] * 30


async def test_a_call_without_a_chat_is_tried_again_after_a_flood(telegram: Telegram) -> None:
    telegram.refusals = [flood(4)]
    await telegram.time.run(telegram.call("setMyCommands"))
    assert telegram.times() == [0, 4]


async def test_a_flood_in_one_chat_pauses_that_chat_only(telegram: Telegram) -> None:
    telegram.refusals = [flood(5)]
    await telegram.time.run(
        telegram.call("sendMessage", 1),
        telegram.call("sendMessage", 1),
        telegram.call("sendMessage", 2),
        telegram.call("editMessageText", 2),
    )
    assert telegram.times(2) == [0, 0]
    assert telegram.times(1) == [0, 5, 6]


async def test_after_a_pause_messages_come_one_by_one(telegram: Telegram) -> None:
    telegram.refusals = [flood(5)]
    await telegram.time.run(telegram.call("sendMessage", 1))
    telegram.refusals = [flood(5)]

    async def later() -> None:
        await telegram.time.sleep(20)
        await telegram.call("sendMessage", 1)

    await telegram.time.run(later(), *(telegram.call("sendMessage", 1) for _ in range(4)))
    assert telegram.times(1) == [0, 5, 6, 11, 12, 13, 14, 25]


async def test_those_waiting_when_a_pause_begins_wait_for_its_end(telegram: Telegram) -> None:
    telegram.refusals = [BadRequest("no")] * 3 + [flood(6)]
    await telegram.time.run(*(telegram.call("sendMessage", 1) for _ in range(5)))
    assert telegram.times(1) == [0, 0, 0, 1, 7, 8]


async def test_other_errors_are_not_tried_again(telegram: Telegram) -> None:
    telegram.refusals = [BadRequest("chat not found")]
    with pytest.raises(BadRequest):
        await telegram.call("sendMessage", 1)
    assert len(telegram.calls) == 1


async def test_trying_again_has_an_end(telegram: Telegram) -> None:
    telegram.refusals = [flood(1)] * 10
    [outcome] = await telegram.time.run(telegram.call("sendMessage", 1))
    assert isinstance(outcome, RetryAfter)
    assert telegram.times() == [0, 1, 2]


async def test_a_pause_too_long_to_wait_for_is_told_at_once(telegram: Telegram) -> None:
    telegram.refusals = [flood(60)]
    outcomes = await telegram.time.run(telegram.call("sendMessage", 1))
    outcomes += await telegram.time.run(telegram.call("sendMessage", 1))
    assert [type(outcome) for outcome in outcomes] == [RetryAfter, RetryAfter]
    assert str(outcomes[1]) == "Flood control exceeded. Retry in 0:01:00"
    assert telegram.times() == [0]


async def test_receipts_have_more_patience_than_conversations(telegram: Telegram) -> None:
    telegram.refusals = [flood(20)]
    await telegram.time.run(telegram.call("sendMessage", 1, "prompt"))
    assert telegram.times() == [0, 20]


async def test_bulk_keeps_to_its_pace_for_the_whole_bot() -> None:
    telegram = Telegram(Pace(bulk_per_second=10, bulk_burst=2))
    await telegram.time.run(*(telegram.call("sendMessage", n, "bulk") for n in range(1, 13)))
    assert telegram.times() == [0, 0] + [n / 10 for n in range(1, 11)]


async def test_never_more_than_thirty_bulk_messages_in_any_second(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("sendMessage", n, "bulk") for n in range(1, 300)))
    times = telegram.times()
    assert max(sum(at <= t < at + 1 for t in times) for at in times) <= 30


async def test_bulk_gives_way_to_conversations_and_they_never_wait_for_it() -> None:
    telegram = Telegram(Pace(bulk_per_second=10, bulk_burst=1))
    await telegram.time.run(
        *(telegram.call("sendMessage", n) for n in range(1, 6)),
        *(telegram.call("sendMessage", n, "bulk") for n in range(11, 13)),
        telegram.call("sendMessage", 6, "prompt"),
    )
    assert [telegram.times(n) for n in (1, 5, 6)] == [[0], [0], [0]]
    assert [telegram.times(n) for n in (11, 12)] == [[0.5], [0.6]]


async def test_a_rush_of_conversations_holds_bulk_back_for_a_second_at_most() -> None:
    telegram = Telegram(Pace(bulk_per_second=10, bulk_burst=1))
    await telegram.time.run(*(telegram.call("sendMessage", n) for n in range(1, 1000)))
    await telegram.time.run(telegram.call("sendMessage", 5000, "bulk"))
    assert telegram.times(5000) == [1.1]


async def test_taps_do_not_hold_bulk_back(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("editMessageText", n) for n in range(1, 1000)))
    await telegram.time.run(telegram.call("sendMessage", 5000, "bulk"))
    assert telegram.times(5000) == [0]


async def test_a_flood_in_any_chat_pauses_bulk(telegram: Telegram) -> None:
    telegram.refusals = [flood(5)]
    await telegram.time.run(
        telegram.call("sendMessage", 1), telegram.call("sendMessage", 2, "bulk")
    )
    await telegram.time.run(telegram.call("sendMessage", 3, "bulk"))
    assert telegram.times(3)[0] >= 5


async def test_a_flood_among_reminders_delays_neither_taps_nor_payments(
    telegram: Telegram,
) -> None:
    telegram.refusals = [flood(20)]
    await telegram.time.run(
        telegram.call("sendMessage", 1, "bulk"),
        telegram.call("sendMessage", 2, "bulk"),
        telegram.call("editMessageText", 3),
        telegram.call("answerCallbackQuery"),
        telegram.call("answerPreCheckoutQuery"),
        telegram.call("sendMessage", 3),
        telegram.call("sendMessage", 4, "prompt"),
    )
    quick = [at for at, method, chat in telegram.calls if chat not in (1, 2)]
    assert quick == [0] * 5
    assert telegram.times(1)[1] >= 20
    await telegram.time.run(telegram.call("sendMessage", 5, "bulk"))
    assert telegram.times(5)[0] >= 20


async def test_idle_chats_are_forgotten_and_paused_ones_are_not(telegram: Telegram) -> None:
    await telegram.time.run(*(telegram.call("sendMessage", n) for n in range(1, 1000)))
    telegram.refusals = [flood(500)]
    await telegram.time.run(telegram.call("sendMessage", 7))
    telegram.time.now += 100
    await telegram.time.run(telegram.call("sendMessage", 2000))

    assert telegram.limiter.chats == 2
    [outcome] = await telegram.time.run(telegram.call("sendMessage", 7))
    assert isinstance(outcome, RetryAfter)
