"""Screens with a picture: how they come, take each other's place, and what if they cannot."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from markupsafe import Markup

from billing.ports.outside import Draw
from billing.rules.payments.transfer_codes import CodeContent, Correction
from billing.views.pictures import Drawn, Picture, PictureAt, QrPicture
from bot.documents.drawing import Drawing
from bot.sandbox.faults import Fault
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import Small, button
from handlers.chat.screens.screen import Button, Preview, Screen
from handlers.chat.updates.routing import Routes, tap
from locales.text import Plain
from tests.handlers.chat.rig import ANNA, ROUTES, Rig, make_rig
from tests.person import Person

CODE = QrPicture(CodeContent("PRO-1", Correction.LOW))
ELSEWHERE = PictureAt("https://example.org/spring.png")
LONG = "x" * 1025


@button("zp1")
class OpenScreen:
    """One of `SCREENS`."""

    number: Small


@dataclass(frozen=True, slots=True)
class Sample:
    text: str
    picture: Picture | None = None
    hint: str = ""


SCREENS = (
    Sample("Words"),
    Sample("Code", CODE, "Scan it"),
    Sample("Another code", QrPicture(CodeContent("PRO-2", Correction.LOW))),
    Sample(LONG, CODE),
    Sample("Offer", ELSEWHERE),
)
WORDS, CODED, ANOTHER, MUCH, OFFER = range(5)


def screen(number: int) -> Screen:
    sample = SCREENS[number]
    row = tuple(Button(Plain(f"to {n}"), OpenScreen(n)) for n in range(len(SCREENS)))
    preview = Preview(sample.picture.url) if isinstance(sample.picture, PictureAt) else None
    hint = Markup("<i>{}</i>").format(sample.hint) if sample.hint else Markup()
    return Screen(Markup("{}").format(sample.text), (row,), preview, sample.picture, hint)


async def start(ctx: Context) -> None:
    number = int(ctx.args[0]) if ctx.args else WORDS
    await ctx.show(screen(number))


async def open_screen(ctx: Context, tapped: OpenScreen) -> None:
    await ctx.show(screen(tapped.number), Plain("Here it is."))


PICTURES: Routes = replace(
    ROUTES,
    commands=(replace(ROUTES.commands[0], handler=start),),
    taps=(tap(OpenScreen, open_screen),),
    steps=(),
)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = make_rig(PICTURES)
    async with made.application:
        yield made


@pytest.fixture
def anna(rig: Rig) -> Person:
    return rig.person(ANNA)


def kinds(rig: Rig) -> list[str]:
    """What the bot's messages in the chat are, oldest first; a star for a keyboard."""
    bodies = [m.body for m in rig.api.world.chat(ANNA).messages.values() if m.from_bot]
    return [
        ("photo" if "photo" in body else "text") + ("*" if "reply_markup" in body else "")
        for body in bodies
    ]


def use(rig: Rig, draw: Draw) -> None:
    rig.application.deps = replace(rig.application.deps, draw=draw)


async def test_a_photo_has_the_hint_the_text_and_the_buttons(rig: Rig, anna: Person) -> None:
    await anna.sends(f"/start {CODED}")
    anna.sees("(picture)\nScan it\n\nCode\n[to 0]")
    assert kinds(rig) == ["photo*"]


async def test_a_text_gives_way_to_a_photo_and_the_photo_to_a_text(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps(f"to {CODED}")
    assert (kinds(rig), anna.toast) == (["photo*"], "Here it is.")
    await anna.taps(f"to {WORDS}")
    assert (kinds(rig), anna.screen.splitlines()[0]) == (["text*"], "Words")
    assert not rig.api.called("editMessageReplyMarkup")


async def test_a_photo_becomes_another_in_the_same_message(rig: Rig, anna: Person) -> None:
    await anna.sends(f"/start {CODED}")
    before, keyboard_id = await anna.looks_at_picture(), rig.keyboard_id()
    await anna.taps(f"to {ANOTHER}")
    anna.sees("Another code")
    assert (kinds(rig), rig.keyboard_id()) == (["photo*"], keyboard_id)
    assert await anna.looks_at_picture() != before


async def test_a_text_that_is_too_long_for_a_caption_follows_the_photo(
    rig: Rig, anna: Person
) -> None:
    await anna.sends(f"/start {MUCH}")
    assert kinds(rig) == ["photo", "text*"]
    await anna.taps(f"to {WORDS}")
    assert kinds(rig) == ["photo", "text*"]
    await anna.taps(f"to {MUCH}")
    assert kinds(rig) == ["photo", "photo", "text*"]
    anna.sees(LONG)


async def test_a_picture_at_an_address_is_sent_as_one(rig: Rig, anna: Person) -> None:
    await anna.sends(f"/start {OFFER}")
    assert kinds(rig) == ["photo*"]
    assert rig.api.called("sendPhoto")[0]["photo"] == ELSEWHERE.url
    await anna.taps(f"to {CODED}")
    await anna.taps(f"to {OFFER}")
    assert kinds(rig) == ["photo*"]


async def cannot(_: Drawn) -> bytes:
    raise OSError("no memory")


async def test_what_cannot_be_drawn_comes_as_text_without_the_hint(
    rig: Rig, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    use(rig, cannot)
    await anna.sends("/start")
    await anna.taps(f"to {CODED}")
    assert (kinds(rig), anna.screen.splitlines()[0]) == (["text*"], "Code")
    assert "a picture cannot be drawn" in caplog.text


async def test_a_picture_that_telegram_refuses_comes_as_text(
    rig: Rig, anna: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def draw_rubbish(_: Drawn) -> bytes:
        return b"rubbish"

    use(rig, draw_rubbish)
    await anna.sends(f"/start {CODED}")
    assert (kinds(rig), anna.screen.splitlines()[0]) == (["text*"], "Code")
    use(rig, Drawing())
    await anna.taps(f"to {CODED}")
    assert kinds(rig) == ["photo*"]
    use(rig, draw_rubbish)
    await anna.taps(f"to {ANOTHER}")
    assert (kinds(rig), anna.screen.splitlines()[0]) == (["text*"], "Another code")
    assert "Image_process_failed" in caplog.text


@pytest.mark.parametrize("kind", ["500", "502"])
async def test_when_pictures_cannot_be_sent_just_now_the_text_comes(
    rig: Rig, anna: Person, kind: str
) -> None:
    await anna.sends("/start")
    rig.api.faults.add(Fault("sendPhoto", kind, count=None))
    await anna.taps(f"to {CODED}")
    assert (kinds(rig), anna.screen.splitlines()[0]) == (["text*"], "Code")


async def test_an_old_message_that_cannot_be_deleted_loses_its_keyboard(
    rig: Rig, anna: Person
) -> None:
    await anna.sends("/start")
    rig.api.faults.add(Fault("deleteMessage", "502", count=None))
    await anna.taps(f"to {CODED}")
    assert kinds(rig) == ["text", "photo*"]


async def test_a_second_tap_leaves_one_photo(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 0, CODED)
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 0, CODED)
    await rig.driver.settle()
    assert kinds(rig) == ["photo*"]
    await anna.taps(f"to {WORDS}")
    assert kinds(rig) == ["text*"]


async def test_a_person_who_blocks_the_bot_meanwhile_is_noted(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    rig.api.faults.add(Fault("sendPhoto", "403"))
    await anna.taps(f"to {CODED}")
    assert rig.core.blocked == {ANNA: True}


async def test_no_call_is_made_that_telegram_refuses(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    for number in (MUCH, CODED, ANOTHER, MUCH, WORDS, CODED, OFFER, WORDS):
        await anna.taps(f"to {number}")
    names = [name for name, _ in rig.api.calls]
    assert names.count("editMessageMedia") == 2
    assert names.count("editMessageText") == 1
    assert "editMessageReplyMarkup" not in names
