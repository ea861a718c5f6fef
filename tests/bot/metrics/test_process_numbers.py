"""What a process counts while people chat with it."""

import asyncio
import re
from typing import Any

import pytest
from telegram import Chat, Message, Update, User

from bot.metrics.calls import is_visible
from bot.sandbox.faults import Fault
from bot.sandbox.people import ANNA
from bot.turns import current_turn
from handlers.chat.conversation.context import Context
from tests.bot.metrics.conftest import MeasuredWorld

LABEL = re.compile(r'(\w+)="([^"]*)"')


async def test_an_update_is_counted_by_kind_with_its_answer_and_statements(
    measured: MeasuredWorld,
) -> None:
    anna = measured.person(ANNA)
    await anna.sends("/start")
    await anna.taps(anna.buttons[0])
    await anna.sends("hello there")
    numbers = await measured.numbers()
    for kind in ("command", "tap", "text"):
        assert numbers[f'panelik_updates_total{{kind="{kind}",outcome="done"}}'] == 1
    assert numbers["panelik_update_seconds_count"] == 3
    assert numbers["panelik_answer_seconds_count"] == 3
    assert numbers["panelik_answer_seconds_sum"] <= numbers["panelik_update_seconds_sum"]
    assert numbers["panelik_update_statements_count"] == 3
    assert 3 <= numbers["panelik_update_statements_sum"] <= 3 * 8
    assert numbers['panelik_api_calls_total{method="sendMessage",outcome="ok"}'] >= 2
    assert numbers['panelik_api_seconds_count{method="answerCallbackQuery"}'] == 1
    assert measured.world.core.meter.counts.updates == 3
    assert measured.world.core.meter.counts.last_update_at == measured.world.clock.now()
    assert current_turn() is None


async def test_money_is_counted_on_its_own_way_in(measured: MeasuredWorld) -> None:
    inbox = measured.driver.money
    assert inbox is not None
    payment = {"currency": "PLN", "total_amount": 100, "invoice_payload": "?",
               "telegram_payment_charge_id": "t", "provider_payment_charge_id": "p"}  # fmt: skip
    message = {"message_id": 1, "date": 0, "chat": {"id": ANNA.id, "type": "private"},
               "from": {"id": ANNA.id, "is_bot": False, "first_name": "Anna"},
               "successful_payment": payment}  # fmt: skip
    await inbox.receive({"update_id": 7, "message": message}, lambda: None)
    numbers = await measured.numbers()
    assert numbers['panelik_updates_total{kind="money",outcome="done"}'] == 1
    assert numbers["panelik_unplaced_money"] == 1


async def test_an_error_that_a_person_is_told_of_is_a_failure(
    measured: MeasuredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(_: Any) -> None:
        raise LookupError("broken")

    anna = measured.person(ANNA)
    monkeypatch.setattr(Context, "read_visitor", breaks)
    await anna.sends("/start")
    numbers = await measured.numbers()
    assert numbers['panelik_updates_total{kind="command",outcome="failed"}'] == 1
    assert measured.world.core.meter.counts.failures == 1


async def test_an_update_that_takes_too_long_is_cut_off_and_one_too_many_left_out(
    measured: MeasuredWorld,
) -> None:
    gate: Any = measured.world.application.update_processor
    gate.attempts.seconds, gate._waiting_per_person = 0.05, 1
    message = Message(
        1, measured.world.clock.now(), Chat(ANNA.id, "private"), User(ANNA.id, "Anna", False)
    )

    async def hangs() -> None:
        await asyncio.Event().wait()

    numbers = range(1, 4)
    await asyncio.gather(
        *(gate.process_update(Update(n, message=message), hangs()) for n in numbers)
    )
    await gate.end_bursts()
    series = await measured.numbers()
    assert series['panelik_updates_total{kind="other",outcome="cut_off"}'] == 2
    assert series['panelik_updates_total{kind="other",outcome="left_out"}'] == 1
    assert series["panelik_update_statements_count"] == 2


async def test_a_flood_is_counted_with_the_seconds_that_telegram_asked_for(
    measured: MeasuredWorld,
) -> None:
    anna = measured.person(ANNA)
    measured.world.api.faults.add(Fault("sendMessage", "429", retry_after=1))
    await anna.sends("/start")
    numbers = await measured.numbers()
    assert numbers['panelik_api_calls_total{method="sendMessage",outcome="flood"}'] == 1
    assert numbers['panelik_api_floods_total{method="sendMessage"}'] == 1
    assert numbers['panelik_api_flood_seconds_total{method="sendMessage"}'] == 1
    assert numbers['panelik_api_waited_seconds_total{method="sendMessage"}'] >= 0.9
    assert numbers["panelik_answer_seconds_sum"] >= 0.9


async def test_no_label_has_a_value_that_people_or_chats_bring(measured: MeasuredWorld) -> None:
    anna = measured.person(ANNA)
    await anna.sends("/start")
    await anna.taps(anna.buttons[0])
    for series in await measured.numbers():
        for label, value in LABEL.findall(series):
            if label not in {"le", "version", "generation", "implementation"} | {
                "major", "minor", "patchlevel",
            }:  # fmt: skip
                assert re.fullmatch(r"[A-Za-z_ ]{1,48}", value), series
            assert str(ANNA.id) not in value


@pytest.mark.parametrize(
    ("method", "data", "seen"),
    [
        ("sendMessage", {}, True),
        ("editMessageText", {}, True),
        ("answerCallbackQuery", {"text": "Added"}, True),
        ("answerCallbackQuery", {}, False),
        ("editMessageReplyMarkup", {}, False),
        ("sendChatAction", {}, False),
        ("getMe", {}, False),
    ],
)
def test_a_person_sees_messages_and_answers_with_words(
    method: str, data: dict[str, Any], seen: bool
) -> None:
    assert is_visible(method, data) is seen
