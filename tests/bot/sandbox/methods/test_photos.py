"""Photos in the sandbox: what Telegram takes, what it refuses, what a person is shown."""

from typing import Any

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest

from billing.rules.payments.transfer_codes import CodeContent, Correction
from bot.documents.codes import draw_code
from bot.sandbox.errors import SandboxError
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA
from tests.bot.sandbox.test_strict import BUTTON, keyboard, refusal, sent
from tests.telegram import FakeRequest

PICTURE = draw_code(CodeContent("PRO-1", Correction.LOW))
OTHER = draw_code(CodeContent("PRO-2", Correction.LOW))


def png(width: int, height: int) -> bytes:
    """The head of a picture of that size, which is all that is read."""
    return PICTURE[:16] + width.to_bytes(4) + height.to_bytes(4) + PICTURE[24:]


def uploaded(content: bytes) -> Any:
    return {"photo": "attach://a", "files": {"a": {"file_size": len(content), "content": content}}}


@pytest.fixture
def api() -> BotApi:
    api = BotApi()
    api.meet(ANNA.id)
    return api


@pytest.fixture
async def bot(api: BotApi) -> Any:
    bot = Bot(api.token, request=FakeRequest(api), get_updates_request=FakeRequest(api))
    async with bot:
        yield bot


async def test_a_photo_is_sent_edited_and_fetched(api: BotApi, bot: Bot) -> None:
    message = await bot.send_photo(ANNA.id, PICTURE, caption="<b>One</b>", parse_mode="HTML")
    assert (message.caption, message.photo[-1].width) == ("One", 725)
    assert api.visitor(ANNA.id).photo(message.photo[-1].file_id) == PICTURE
    media = InputMediaPhoto(OTHER, caption="Two", filename="a.png")
    edited = await bot.edit_message_media(media, ANNA.id, message.message_id)
    assert not isinstance(edited, bool)
    assert edited.caption == "Two"
    assert api.visitor(ANNA.id).photo(edited.photo[-1].file_id) == OTHER
    said = await bot.edit_message_caption(ANNA.id, message.message_id, caption="Three")
    assert not isinstance(said, bool)
    assert (said.caption, said.photo) == ("Three", edited.photo)


async def test_a_keyboard_is_changed_and_the_photo_stays(api: BotApi, bot: Bot) -> None:
    answer = await api.call(
        "sendPhoto",
        {"chat_id": ANNA.id, "caption": "One", "reply_markup": keyboard([BUTTON])}
        | uploaded(PICTURE),
    )
    number = answer["result"]["message_id"]
    await bot.edit_message_reply_markup(ANNA.id, number)
    body = api.world.chat(ANNA.id).messages[number].body
    assert "reply_markup" not in body
    assert (body["caption"], len(body["photo"])) == ("One", 1)


async def test_a_photo_at_an_address_is_where_it_was(api: BotApi, bot: Bot) -> None:
    message = await bot.send_photo(ANNA.id, "https://example.org/spring.png")
    found = api.visitor(ANNA.id).photo(message.photo[-1].file_id)
    assert found == "https://example.org/spring.png"
    with pytest.raises(SandboxError):
        api.visitor(ANNA.id).photo("sandbox-1")


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (uploaded(b"rubbish"), "IMAGE_PROCESS_FAILED"),
        (uploaded(png(9000, 1001)), "PHOTO_INVALID_DIMENSIONS"),
        (uploaded(png(2100, 100)), "PHOTO_INVALID_DIMENSIONS"),
        ({"photo": "attach://a"}, "wrong file identifier/HTTP URL specified"),
        ({"photo": "spring.png"}, "wrong file identifier/HTTP URL specified"),
        (uploaded(PICTURE) | {"caption": "x" * 1025}, "message caption is too long"),
        ({}, "parameter photo is required"),
    ],
)
async def test_what_is_refused(api: BotApi, params: Any, reason: str) -> None:
    assert reason in await refusal(api, "sendPhoto", chat_id=ANNA.id, **params)


async def test_a_caption_is_counted_without_its_formatting(api: BotApi) -> None:
    params = {"caption": "<b>" + "x" * 1024 + "</b>", "parse_mode": "HTML", **uploaded(PICTURE)}
    assert (await api.call("sendPhoto", {"chat_id": ANNA.id, **params}))["ok"]


async def test_a_photo_that_is_too_large_is_refused(api: BotApi) -> None:
    params = {"chat_id": ANNA.id, **uploaded(PICTURE + b"x" * 10 * 2**20)}
    assert (await api.call("sendPhoto", params))["error_code"] == 413


async def test_a_text_does_not_become_a_photo_nor_a_photo_a_text(api: BotApi, bot: Bot) -> None:
    text = await sent(api)
    photo = await bot.send_photo(ANNA.id, PICTURE)
    media = InputMediaPhoto(PICTURE, filename="a.png")
    with pytest.raises(BadRequest, match="no photo in the message"):
        await bot.edit_message_media(media, ANNA.id, text["message_id"])
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("x", ANNA.id, photo.message_id)
    with pytest.raises(BadRequest, match="no caption in the message"):
        await bot.edit_message_caption(ANNA.id, text["message_id"], caption="x")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_caption(ANNA.id, photo.message_id)
