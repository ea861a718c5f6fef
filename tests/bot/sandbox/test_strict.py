"""Each thing that Telegram refuses, refused: the bot's mistakes must show here and not live."""

import json
from typing import Any

import pytest

from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, GROUP_ID, JOHN, PIOTR
from tests.bot.sandbox.conftest import Stopwatch

BUTTON = {"text": "Cart", "callback_data": "c"}


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}


async def refusal(api: BotApi, method: str, /, **params: Any) -> str:
    answer = await api.call(method, params)
    assert not answer["ok"], f"{method} was not refused"
    assert answer["description"].startswith(("Bad Request: ", "Forbidden: ", "Not Found: "))
    return str(answer["description"])


async def sent(api: BotApi, text: str = "hello", **params: Any) -> Json:
    answer = await api.call("sendMessage", {"chat_id": ANNA.id, "text": text, **params})
    assert answer["ok"], answer
    result: Json = answer["result"]
    return result


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "🐢" * 2049}, "message is too long"),
        ({"text": "<b>x</b> " * 101, "parse_mode": "HTML"}, "ENTITIES_TOO_LONG"),
        ({"text": "<p>x</p>", "parse_mode": "HTML"}, "can't parse entities"),
        ({"text": "*x*", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": JOHN.id}, "chat not found"),
        ({"text": "x", "chat_id": "@somewhere"}, "chat not found"),
        ({"text": "x", "chat_id": "me"}, "chat_id is not a valid Integer"),
        ({"text": "x", "txet": "y"}, "the method has no parameter txet"),
        ({"text": "x", "protect_content": "perhaps"}, "protect_content must be of type Boolean"),
        ({"text": "x", "message_effect_id": "confetti"}, "EFFECT_ID_INVALID"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply_markup JSON object"),
        ({"text": "x", "reply_markup": {}}, "object expected as reply markup"),
    ],
)
async def test_a_message_telegram_refuses(api: BotApi, params: Json, reason: str) -> None:
    assert reason in await refusal(api, "sendMessage", **{"chat_id": ANNA.id, **params})
    assert not api.world.chats[ANNA.id].messages


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard([{"text": "Cart"}]), "Text buttons are unallowed in the inline keyboard"),
        (keyboard([{**BUTTON, "text": ""}]), "BUTTON_TEXT_INVALID"),
        (keyboard([{"callback_data": "c"}]), 'Field "text" must be of type String'),
        (keyboard([{**BUTTON, "callback_data": "x" * 65}]), "BUTTON_DATA_INVALID"),
        (keyboard([{**BUTTON, "callback_data": "ł" * 33}]), "BUTTON_DATA_INVALID"),
        (keyboard([{**BUTTON, "style": "green"}]), "invalid button style specified"),
        (keyboard([{**BUTTON, "colour": "red"}]), "unknown field 'colour'"),
        (keyboard([{**BUTTON, "url": "https://a.pl"}]), "more than one action"),
        (keyboard([{"text": "a", "url": "http://localhost"}]), "Wrong HTTP URL"),
        (keyboard([{"text": "a", "url": "javascript:alert(1)"}]), "Wrong HTTP URL"),
        (keyboard([{"text": "a", "url": "https://a b.pl"}]), "Wrong HTTP URL"),
        (keyboard([{"text": "a", "copy_text": {"text": ""}}]), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard([{"text": "a", "copy_text": {"text": "x" * 257}}]), "BUTTON_COPY_TEXT_INVALID"),
        (keyboard([{"text": "a", "web_app": {"url": "http://a.pl"}}]), "Only HTTPS"),
        (keyboard([{"text": "a", "pay": True}]), "BUTTON_TYPE_INVALID"),
        (keyboard([BUTTON] * 9), "more than 8 buttons in a row"),
        (keyboard(*[[BUTTON] * 8] * 13), "more than 100 buttons"),
        ({"inline_keyboard": [BUTTON]}, "must be an Array of Arrays"),
    ],
)
async def test_a_keyboard_telegram_refuses(api: BotApi, markup: Json, reason: str) -> None:
    said = await refusal(
        api, "sendMessage", chat_id=ANNA.id, text="x", reply_markup=json.dumps(markup)
    )
    assert reason in said


async def test_what_just_fits_is_taken(api: BotApi) -> None:
    rows = keyboard(*[[{**BUTTON, "callback_data": "x" * 64}] * 8] * 12, [BUTTON] * 4)
    message = await sent(api, "x" * 4096, reply_markup=rows)
    assert len(message["text"]) == 4096
    assert message["reply_markup"] == rows


async def test_an_edit_that_changes_nothing_is_refused(api: BotApi) -> None:
    message = await sent(api, "<b>a</b>", parse_mode="HTML", reply_markup=keyboard([BUTTON]))
    place = {"chat_id": ANNA.id, "message_id": message["message_id"]}
    same = {**place, "text": "<b>a</b> ", "parse_mode": "HTML"}
    markup = keyboard([BUTTON])
    assert "not modified" in await refusal(api, "editMessageText", **same, reply_markup=markup)
    assert "not modified" in await refusal(
        api, "editMessageReplyMarkup", **place, reply_markup=markup
    )
    assert (await api.call("editMessageText", same))["ok"], "without its keyboard it is another"
    assert "not modified" in await refusal(api, "editMessageReplyMarkup", **place)


async def test_only_the_bots_own_texts_can_be_edited(api: BotApi) -> None:
    annas = api.visitor(ANNA.id).send("hello").id
    prices = [{"label": "Hosting", "amount": 500}]
    about = {"title": "a", "description": "b", "payload": "c", "prices": json.dumps(prices)}
    params = {"chat_id": ANNA.id, "currency": "PLN", "provider_token": "p", **about}
    invoice = (await api.call("sendInvoice", params))["result"]["message_id"]
    plain = await sent(api, reply_markup={"remove_keyboard": True})
    for message_id, reason in [
        (annas, "message can't be edited"),
        (plain["message_id"], "message can't be edited"),
        (invoice, "there is no text in the message to edit"),
        (999, "message to edit not found"),
    ]:
        params = {"chat_id": ANNA.id, "message_id": message_id, "text": "x"}
        assert reason in await refusal(api, "editMessageText", **params)


async def test_files_have_their_size(api: BotApi) -> None:
    file: Json = {
        "file_name": "a",
        "file_size": 50 * 2**20,
        "mime_type": "text/csv",
        "content": b"",
    }
    params: Json = {"chat_id": ANNA.id, "document": "attach://a", "files": {"a": file}}
    assert (await api.call("sendDocument", params))["ok"]
    file["file_size"] += 1
    refused = await api.call("sendDocument", params)
    assert (refused["error_code"], refused["description"]) == (413, "Request Entity Too Large")


async def test_a_deleted_message_is_gone(api: BotApi) -> None:
    place = {"chat_id": ANNA.id, "message_id": (await sent(api))["message_id"]}
    assert (await api.call("deleteMessage", place))["ok"]
    assert "message to delete not found" in await refusal(api, "deleteMessage", **place)
    assert "message to edit not found" in await refusal(api, "editMessageText", **place, text="x")


async def test_a_tap_is_answered_once_and_in_time(api: BotApi, stopwatch: Stopwatch) -> None:
    message = await sent(api, reply_markup=keyboard([BUTTON]))
    hands = api.visitor(ANNA.id)
    query = hands.tap(message["message_id"]).id
    long = "x" * 201
    said = await refusal(api, "answerCallbackQuery", callback_query_id=query, text=long)
    assert "MESSAGE_TOO_LONG" in said
    assert (await api.call("answerCallbackQuery", {"callback_query_id": query}))["ok"]
    late = hands.tap(message["message_id"]).id
    stopwatch.seconds += 16
    for query_id in (query, late, "12"):
        said = await refusal(api, "answerCallbackQuery", callback_query_id=query_id)
        assert "query is too old" in said


async def test_a_blocked_bot_cannot_write(api: BotApi) -> None:
    hands = api.visitor(ANNA.id)
    hands.block()
    said = await refusal(api, "sendMessage", chat_id=ANNA.id, text="x")
    assert said == "Forbidden: bot was blocked by the user"
    hands.send("/start")
    assert await sent(api)


async def test_an_unknown_method_is_not_found(api: BotApi) -> None:
    assert await refusal(api, "sendDice", chat_id=ANNA.id) == "Not Found: method not found"
    assert api.called("sendDice") == [{"chat_id": ANNA.id}]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "Menu", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "menu", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "menu", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "menu"}, "can't parse BotCommand"),
    ],
)
async def test_a_command_telegram_refuses(api: BotApi, command: Json, reason: str) -> None:
    assert reason in await refusal(api, "setMyCommands", commands=[command])


async def test_descriptions_have_their_lengths(api: BotApi) -> None:
    await refusal(api, "setMyDescription", description="x" * 513)
    await refusal(api, "setMyShortDescription", short_description="x" * 121)
    await refusal(api, "setMyName", name="x" * 65)
    await refusal(api, "setMyCommands", commands=[{"command": "a", "description": "b"}] * 101)


async def test_a_web_app_button_has_no_place_in_a_group(api: BotApi) -> None:
    api.visitor(PIOTR.id, GROUP_ID).send("/start")
    markup = keyboard([{"text": "a", "web_app": {"url": "https://a.pl"}}])
    said = await refusal(api, "sendMessage", chat_id=GROUP_ID, text="x", reply_markup=markup)
    assert "BUTTON_TYPE_INVALID" in said


async def test_a_reply_names_what_it_replies_to(api: BotApi) -> None:
    first = await sent(api, "first")
    to: Json = {"message_id": first["message_id"]}
    second = await sent(api, "second", reply_parameters=to)
    assert second["reply_to_message"]["text"] == "first"
    third = await sent(api, "third", reply_parameters={"message_id": second["message_id"]})
    assert "reply_to_message" not in third["reply_to_message"]
    gone: Json = {"message_id": 99_999}
    reason = await refusal(api, "sendMessage", chat_id=ANNA.id, text="x", reply_parameters=gone)
    assert "message to be replied not found" in reason
    allowed = await sent(api, "x", reply_parameters={**gone, "allow_sending_without_reply": True})
    assert "reply_to_message" not in allowed


async def test_a_link_to_a_user_mentions_them(api: BotApi) -> None:
    link = f'<a href="tg://user?id={JOHN.id}">John</a>'
    [entity] = (await sent(api, link, parse_mode="HTML"))["entities"]
    assert entity["type"] == "text_mention"
    assert entity["user"]["first_name"] == "John"


async def test_in_a_group_the_bot_sees_commands_and_replies_to_it_alone(api: BotApi) -> None:
    visitor = api.visitor(ANNA.id, GROUP_ID)
    mine = (await sent(api, "hello", chat_id=GROUP_ID))["message_id"]
    visitor.send("hello everybody")
    visitor.send("hello, Panelik", reply_to=mine)
    hers = visitor.send("/services").id
    visitor.send("to herself", reply_to=hers)
    texts = []
    while (update := api.updates.take()) is not None:
        texts.append(update["message"]["text"])
    assert texts == ["hello, Panelik", "/services"]
