"""What happens between people and the bot: updates, payments, time, commands, trouble."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.chats import KEPT_MESSAGES
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import DroppedError, Json, SandboxError
from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, JOHN
from tests.bot.sandbox.conftest import Stopwatch


async def updates(api: BotApi, **params: object) -> list[Json]:
    """Ask as a patient poller does: a hasty one is slowed down."""
    stopwatch = api.world.stopwatch
    assert isinstance(stopwatch, Stopwatch)
    stopwatch.seconds += 3
    answer = await api.call("getUpdates", params)
    assert answer["ok"], answer
    found: list[Json] = answer["result"]
    return found


async def test_an_update_stays_until_a_higher_offset_confirms_it(api: BotApi) -> None:
    anna = api.visitor(ANNA.id)
    anna.send("one")
    anna.send("two")
    first, second = await updates(api)
    assert second["update_id"] == first["update_id"] + 1
    assert await updates(api) == [first, second]
    assert await updates(api, limit=1) == [first]
    assert await updates(api, offset=second["update_id"]) == [second]
    assert await updates(api, offset=second["update_id"] + 1) == []


async def test_a_poller_that_asks_again_at_once_gets_one(
    api: BotApi, stopwatch: Stopwatch
) -> None:
    for text in ("one", "two"):
        api.visitor(ANNA.id).send(text)
    assert len(await updates(api)) == 2
    again = await api.call("getUpdates", {})
    assert len(again["result"]) == 1


async def test_a_negative_offset_keeps_the_last_ones(api: BotApi) -> None:
    for text in ("one", "two", "three"):
        api.visitor(ANNA.id).send(text)
    assert [u["message"]["text"] for u in await updates(api, offset=-2)] == ["two", "three"]
    assert len(await updates(api)) == 2


async def test_taps_grow_stale_before_messages(api: BotApi, stopwatch: Stopwatch) -> None:
    anna = api.visitor(ANNA.id)
    anna.tap(anna.send("hello").id, data="forged")
    stopwatch.seconds += 151
    assert [sorted(update) for update in await updates(api)] == [["message", "update_id"]]


async def test_a_long_poll_wakes_with_the_update(api: BotApi) -> None:
    poll = asyncio.create_task(updates(api, timeout=20))
    await asyncio.sleep(0)
    api.visitor(ANNA.id).send("hello")
    assert [update["message"]["text"] for update in await poll] == ["hello"]


async def test_only_allowed_updates_are_kept(api: BotApi) -> None:
    await updates(api, allowed_updates=["callback_query"])
    anna = api.visitor(ANNA.id)
    message = anna.send("not wanted")
    anna.tap(message.id, data="wanted")
    assert [update["callback_query"]["data"] for update in await updates(api)] == ["wanted"]


async def test_a_duplicate_comes_again_after_it_was_confirmed(api: BotApi) -> None:
    api.faults.add(Fault("*", "duplicate"))
    api.visitor(ANNA.id).send("hello")
    (update,) = await updates(api)
    assert await updates(api, offset=update["update_id"] + 1) == [update]
    assert await updates(api, offset=update["update_id"] + 1) == []


async def test_trouble_ends_after_its_count(api: BotApi) -> None:
    api.faults.add(Fault("sendMessage", "429", count=2, retry_after=9))
    hello = {"chat_id": ANNA.id, "text": "hello"}
    for _ in range(2):
        answer = await api.call("sendMessage", hello)
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 9})
    assert (await api.call("sendMessage", hello))["ok"]


@pytest.mark.parametrize(
    ("kind", "texts"), [("drop", ["arrives"]), ("late", ["arrives"]), ("cut", [])]
)
async def test_a_call_whose_answer_is_lost_may_have_taken_effect(
    api: BotApi, kind: str, texts: list[str]
) -> None:
    api.faults.add(Fault("*", kind, delay_ms=1))
    with pytest.raises(DroppedError):
        await api.call("sendMessage", {"chat_id": ANNA.id, "text": "arrives"})
    assert [m.body["text"] for m in api.world.chats[ANNA.id].messages.values()] == texts


async def test_a_lasting_fault_ends_when_cleared(api: BotApi) -> None:
    api.faults.add(Fault("*", "502", count=None))
    assert [(await api.call("getMe", {}))["error_code"] for _ in range(3)] == [502] * 3
    api.faults.clear()
    assert (await api.call("getMe", {}))["ok"]
    with pytest.raises(SandboxError, match="no such fault"):
        Fault("*", "flood")


async def test_moving_the_clock_dates_messages_and_ages_no_tap(api: BotApi) -> None:
    clock = api.clock
    assert isinstance(clock, SandboxClock)
    anna = api.visitor(ANNA.id)
    before = anna.send("today")
    query = anna.tap(before.id, data="x")
    clock.advance(timedelta(days=3))
    assert anna.send("later").body["date"] - before.body["date"] == pytest.approx(
        3 * 86_400, abs=5
    )
    assert (await api.call("answerCallbackQuery", {"callback_query_id": query.id}))["ok"]
    place = {"chat_id": ANNA.id, "message_id": before.id}
    old = await api.call("deleteMessage", place)
    assert old["description"] == "Bad Request: message can't be deleted for everyone"


async def test_people_see_the_commands_in_their_language(api: BotApi) -> None:
    polish = [{"command": "uslugi", "description": "Moje usługi"}]
    english = [{"command": "services", "description": "My services"}]
    await api.call("setMyCommands", {"commands": english})
    await api.call("setMyCommands", {"commands": polish, "language_code": "pl"})
    assert api.visitor(ANNA.id).snapshot()["commands"] == polish
    assert api.visitor(JOHN.id).snapshot()["commands"] == english
    private = {"commands": english, "scope": {"type": "all_private_chats"}}
    await api.call("setMyCommands", private)
    assert api.visitor(ANNA.id).snapshot()["commands"] == english
    await api.call("deleteMyCommands", {"scope": {"type": "all_private_chats"}})
    assert (await api.call("getMyCommands", {"language_code": "pl"}))["result"] == polish


async def test_descriptions_fall_back_to_the_default_language(api: BotApi) -> None:
    await api.call("setMyDescription", {"description": "Panel"})
    await api.call("setMyShortDescription", {"short_description": "Krótko", "language_code": "pl"})
    assert (await api.call("getMyDescription", {"language_code": "pl"}))["result"] == {
        "description": "Panel"
    }
    assert api.visitor(ANNA.id).snapshot()["bot"]["short_description"] == "Krótko"


async def test_a_chat_keeps_its_latest_messages(api: BotApi) -> None:
    for number in range(KEPT_MESSAGES + 5):
        await api.call("sendMessage", {"chat_id": ANNA.id, "text": str(number)})
    kept = list(api.world.chats[ANNA.id].messages.values())
    assert len(kept) == KEPT_MESSAGES
    assert kept[0].body["text"] == "5"


async def test_commands_and_addresses_are_found_in_plain_text(api: BotApi) -> None:
    message = api.visitor(ANNA.id).send("🐢 /start a https://a.pl/b.")
    assert message.body["entities"] == [
        {"type": "bot_command", "offset": 3, "length": 6},
        {"type": "url", "offset": 12, "length": 14},
    ]


async def test_the_crowd_exists_and_strangers_do_not(api: BotApi) -> None:
    assert api.visitor(100_001).person.language_code == "pl"
    with pytest.raises(SandboxError, match="nobody has the id 5"):
        api.visitor(5)


async def test_a_person_can_only_tap_what_is_there(api: BotApi) -> None:
    anna = api.visitor(ANNA.id)
    link = {"inline_keyboard": [[{"text": "a", "url": "https://a.pl"}]]}
    sent = await api.call("sendMessage", {"chat_id": ANNA.id, "text": "a", "reply_markup": link})
    message_id = sent["result"]["message_id"]
    for row, reason in [(0, "sends nothing"), (1, "no button at row 1")]:
        with pytest.raises(SandboxError, match=reason):
            anna.tap(message_id, row)
    with pytest.raises(SandboxError, match="no message 999"):
        anna.tap(999)
    with pytest.raises(SandboxError, match="no invoice"):
        await anna.pay(message_id)
