import asyncio
from asyncio import Event
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup

from bot.sandbox.errors import Json
from bot.sandbox.faults import Fault
from bot.sandbox.people import GROUP_ID
from bot.telegram.reading import read_update
from handlers.chat.screens.limits import NOTE_LIMIT
from handlers.chat.screens.screen import Screen
from handlers.chat.sending.delivery import with_note
from handlers.chat.updates.routing import Handler
from locales.text import Plain
from tests.handlers.chat.rig import (
    ANNA,
    DEEDS,
    Rig,
    broken,
    file,
    invoice,
    refused,
    silent,
    slow,
    stale_with_back,
)
from tests.handlers.chat.rig import toast as toasting
from tests.person import Person


def label(deed: Handler) -> str:
    return str(10 + DEEDS.index(deed))


@pytest.fixture
async def notes(anna: Person) -> Person:
    await anna.sends("/start")
    await anna.taps("Notes")
    return anna


ANSWER, EDIT, SEND = "answerCallbackQuery", "editMessageText", "sendMessage"


def names(rig: Rig) -> list[str]:
    return [name for name, _ in rig.api.calls]


def hold(rig: Rig, monkeypatch: pytest.MonkeyPatch, method: str) -> tuple[Event, Event]:
    """Let a method wait: the events are "it was called" and "it may go on"."""
    called, may_go_on = Event(), Event()
    call = rig.api.call

    async def held(name: str, params: Json) -> Json:
        if name == method:
            called.set()
            await may_go_on.wait()
        return await call(name, params)

    monkeypatch.setattr(rig.api, "call", held)
    return called, may_go_on


@pytest.mark.parametrize(("method", "other"), [(ANSWER, EDIT), (EDIT, ANSWER)])
async def test_the_answer_and_the_edit_go_out_together_and_the_tap_ends_after_both(
    rig: Rig, notes: Person, monkeypatch: pytest.MonkeyPatch, method: str, other: str
) -> None:
    rig.api.calls.clear()
    called, may_go_on = hold(rig, monkeypatch, method)
    tapping = asyncio.create_task(notes.taps(label(slow)))
    await called.wait()
    while not rig.api.called(other):  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not tapping.done()
    may_go_on.set()
    await tapping
    assert notes.toast == "Done at last."
    assert sorted(names(rig)) == [ANSWER, EDIT]


async def test_a_slow_action_is_answered_early_and_its_note_is_on_the_screen(
    rig: Rig, notes: Person
) -> None:
    async def answered() -> None:
        while not rig.api.called("answerCallbackQuery"):  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.005)

    rig.api.calls.clear()
    rig.core.work = answered
    config = replace(rig.application.deps.config, patience=0.01)
    rig.application.deps = replace(rig.application.deps, config=config)
    await notes.taps(label(slow))
    assert notes.toast == ""
    notes.sees("Done at last.\n\nNotes")


async def test_a_toast_leaves_the_screen(notes: Person) -> None:
    before = notes.screens
    await notes.taps(label(toasting))
    assert (notes.toast, notes.alerted) == ("Noted.", False)
    assert notes.screens == before


async def test_a_handler_that_says_nothing_is_answered_for(notes: Person) -> None:
    await notes.taps(label(silent))
    assert notes.toast == ""


async def test_showing_the_same_screen_again_works(notes: Person) -> None:
    await notes.taps("Again")
    notes.sees("Notes")


async def test_a_message_that_cannot_be_edited_gives_way_to_a_new_one(
    rig: Rig, notes: Person
) -> None:
    message = rig.api.world.chat(ANNA).messages[rig.keyboard_id() or 0]
    query = rig.api.visitor(ANNA).tap(message.id, 0, 0)
    del rig.api.world.chat(ANNA).messages[message.id]
    await rig.driver.settle()
    assert query.answer is not None
    notes.sees("Which name?")
    assert rig.keyboard_id() != message.id


async def test_a_tap_on_a_message_telegram_has_forgotten_is_served(
    rig: Rig, notes: Person
) -> None:
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 0, 0)
    update = rig.api.updates.take()
    assert update is not None
    message = update["callback_query"]["message"]
    update["callback_query"]["message"] = {
        "chat": message["chat"], "message_id": message["message_id"], "date": 0,
    }  # fmt: skip
    await rig.application.process_update(read_update(update, rig.application.bot))
    assert len(notes.screens) == 2
    notes.sees("Which name?")


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_when_a_message_cannot_be_edited_just_now_a_new_one_shows_the_screen(
    rig: Rig, notes: Person, kind: str
) -> None:
    old = rig.keyboard_id()
    rig.api.faults.add(Fault("editMessageText", kind))
    await notes.taps("1")
    notes.sees("Which name?")
    assert (notes.toast, len(notes.screens)) == ("", 2)
    assert rig.keyboard_id() != old
    assert "reply_markup" not in rig.api.world.chat(ANNA).messages[old or 0].body


async def test_an_old_keyboard_that_stays_does_not_spoil_the_new_screen(
    rig: Rig, notes: Person
) -> None:
    rig.api.faults.add(Fault("editMessageReplyMarkup", "502"))
    await notes.sends("/start")
    notes.sees("Home of Anna")
    assert "went wrong" not in "".join(notes.screens)


async def taps_in_vain(rig: Rig, deed: Handler) -> None:
    """Tap on a deed; what the bot answers to the tap does not matter."""
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 2, DEEDS.index(deed))
    await rig.driver.settle()


@pytest.mark.parametrize("fault", [Fault(ANSWER, "502"), Fault(ANSWER, "429", retry_after=60)])
async def test_a_tap_that_cannot_be_answered_gets_its_note_by_a_second_edit(
    rig: Rig, notes: Person, fault: Fault
) -> None:
    rig.api.faults.add(replace(fault))
    rig.api.calls.clear()
    await taps_in_vain(rig, slow)
    notes.sees("Done at last.\n\nNotes")
    assert sorted(names(rig)) == [ANSWER, EDIT, EDIT]


async def test_a_tap_with_nothing_to_say_that_cannot_be_answered_is_edited_once(
    rig: Rig, notes: Person
) -> None:
    rig.api.faults.add(Fault(ANSWER, "502"))
    rig.api.calls.clear()
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 0, 0)
    await rig.driver.settle()
    notes.sees("Which name?")
    assert sorted(names(rig)) == [ANSWER, EDIT]


async def test_a_note_that_was_shown_is_not_repeated_on_the_new_message(
    rig: Rig, notes: Person
) -> None:
    rig.api.faults.add(Fault(EDIT, "502"))
    await notes.taps(label(slow))
    assert notes.toast == "Done at last."
    notes.sees("Notes")
    notes.does_not_see("Done at last.")


async def test_when_neither_answer_nor_edit_arrives_a_new_message_shows_both(
    rig: Rig, notes: Person
) -> None:
    rig.api.faults.add(Fault(ANSWER, "502"))
    rig.api.faults.add(Fault(EDIT, "502"))
    await taps_in_vain(rig, slow)
    notes.sees("Done at last.\n\nNotes")
    assert len(notes.screens) == 2


async def test_the_answer_arrives_also_when_the_screen_does_not(
    rig: Rig, notes: Person, caplog: pytest.LogCaptureFixture
) -> None:
    rig.api.faults.add(Fault(EDIT, "429", retry_after=60))
    await notes.taps(label(slow))
    assert notes.toast == "Done at last."
    notes.sees("Something went wrong")
    assert "an update failed" in caplog.text


async def test_a_user_who_has_blocked_the_bot_is_noted(rig: Rig, notes: Person) -> None:
    rig.api.faults.add(Fault("editMessageText", "403"))
    await notes.taps("Again")
    assert rig.core.blocked == {ANNA: True}
    await notes.blocks()
    await notes.unblocks()
    assert rig.core.blocked == {ANNA: False}


async def test_a_tap_too_old_to_be_answered_still_gets_its_screen(rig: Rig, notes: Person) -> None:
    rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0, 0, 0)
    update = rig.api.updates.take()
    assert update is not None
    update["callback_query"]["id"] = "1"
    await rig.application.process_update(read_update(update, rig.application.bot))
    notes.sees("Which name?")


async def test_an_unknown_button_draws_home_with_a_note(notes: Person) -> None:
    await notes.taps("Stale")
    assert "out of date" in notes.toast
    notes.sees("Home of Anna")


@pytest.mark.parametrize("data", ["zz9:1", "rubbish", "zn2:zzzzzzzzzzzzzzzz", "zn2", "é" * 20])
async def test_a_forged_button_draws_home_with_a_note(notes: Person, data: str) -> None:
    await notes.forges(data)
    assert "out of date" in notes.toast
    notes.sees("Home of Anna")


async def test_a_stale_button_may_lead_elsewhere(notes: Person) -> None:
    await notes.taps(label(stale_with_back))
    assert "out of date" in notes.toast
    notes.sees("Notes")


async def test_what_is_gone_is_said_and_home_drawn(notes: Person) -> None:
    await notes.taps("Gone")
    assert "not here" in notes.toast
    notes.sees("Home of Anna")


async def test_a_refusal_is_an_alert_and_the_screen_stays(rig: Rig, notes: Person) -> None:
    rig.api.calls.clear()
    await notes.taps(label(refused))
    assert notes.alerted
    assert "at most 10 characters" in notes.toast
    notes.sees("Notes")
    assert names(rig) == [ANSWER]


async def test_a_refused_command_says_so_above_home(anna: Person) -> None:
    await anna.sends("/refuse")
    anna.sees("at most 10 characters", "Home of Anna")


async def test_what_breaks_is_logged_under_the_number_that_is_shown(
    notes: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await notes.taps(label(broken))
    number = notes.toast.rsplit(" ", 1)[1]
    assert notes.alerted
    assert len(number) == 6
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)
    await notes.sends("/fail")
    notes.sees("Something went wrong")


async def test_a_database_that_is_away_is_an_incident(rig: Rig, notes: Person) -> None:
    rig.core.broken = 1
    await notes.taps("Again")
    assert "went wrong" in notes.toast
    await notes.taps("Again")
    assert notes.toast == ""


async def test_an_invoice_is_a_message_of_its_own(rig: Rig, notes: Person) -> None:
    await notes.taps(label(invoice))
    assert notes.toast == "Here is the invoice."
    notes.sees("PRO-1", "[Pay]")
    assert "[" not in notes.screens[0]
    assert await notes.pays() == "paid"


async def test_the_way_back_from_an_invoice_is_a_new_message(notes: Person) -> None:
    await notes.taps(label(invoice))
    await notes.taps("Notes")
    notes.sees("Notes")
    assert len(notes.screens) == 3


async def test_a_file_is_a_message_of_its_own_and_takes_the_keyboard_over(
    rig: Rig, notes: Person
) -> None:
    screen = rig.keyboard_id()
    await notes.taps(label(file))
    assert notes.toast == "Here is the file."
    notes.sees("żółte.txt", "All notes", "[Notes]")
    assert await notes.downloads() == ("żółte.txt", b"Milk")
    messages = rig.api.world.chat(ANNA).messages
    assert messages[rig.keyboard_id() or 0].body["document"]["mime_type"] == "text/x-notes"
    assert "reply_markup" not in messages[screen or 0].body


async def test_the_way_on_from_a_file_leaves_it_in_the_chat(notes: Person) -> None:
    await notes.taps(label(file))
    await notes.taps("Notes")
    notes.sees("1. Milk")
    assert [("żółte.txt" in seen, "[Notes]" in seen) for seen in notes.screens[-2:]] == [
        (True, False),
        (False, False),
    ]


async def test_a_user_who_blocked_the_bot_gets_no_file(rig: Rig, notes: Person) -> None:
    rig.api.faults.add(Fault("sendDocument", "403"))
    await notes.taps(label(file))
    assert rig.core.blocked == {ANNA: True}


async def test_an_invoice_that_may_not_be_paid_says_why(rig: Rig, notes: Person) -> None:
    await notes.taps(label(invoice))
    update = {
        "update_id": 999_999,
        "pre_checkout_query": {
            "id": "77",
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna"},
            "currency": "PLN",
            "total_amount": 1,
            "invoice_payload": "p:1",
        },
    }
    await rig.application.process_update(read_update(update, rig.application.bot))
    (answer,) = rig.api.called("answerPreCheckoutQuery")
    assert answer["ok"] is False
    assert "proforma" in answer["error_message"]


async def test_a_pre_checkout_that_takes_too_long_gets_a_polite_no_in_time(
    rig: Rig, notes: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await notes.taps(label(invoice))
    config = replace(rig.application.deps.config, decision_seconds=0.05)
    rig.application.deps = replace(rig.application.deps, config=config)
    stopped = asyncio.Event()

    async def hangs(_user_id: int) -> object:
        try:
            return await asyncio.Event().wait()
        finally:
            stopped.set()

    monkeypatch.setattr(rig.core, "identify", hangs)
    assert await notes.pays() == "refused"
    assert "nothing was charged. Please try again" in notes.payment["error"]
    await stopped.wait()
    assert "could not be checked in time and was refused: p:1" in caplog.text


async def test_a_decision_that_cannot_even_be_cancelled_keeps_nobody_waiting(
    rig: Rig, notes: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.taps(label(invoice))
    config = replace(rig.application.deps.config, decision_seconds=0.05)
    rig.application.deps = replace(rig.application.deps, config=config)
    answered, ended = asyncio.Event(), asyncio.Event()

    async def hangs(_user_id: int) -> object:
        try:
            return await asyncio.Event().wait()
        finally:
            await answered.wait()
            ended.set()

    monkeypatch.setattr(rig.core, "identify", hangs)
    assert await notes.pays() == "refused"
    answered.set()
    await ended.wait()


async def test_a_payment_that_goes_before_typed_text_does_not_swallow_it(
    rig: Rig, notes: Person
) -> None:
    await notes.taps(label(invoice))
    rig.api.visitor(ANNA).send("milk")
    text = rig.api.updates.take()
    assert text is not None
    assert await notes.pays() == "paid"
    await rig.application.process_update(read_update(text, rig.application.bot))
    notes.sees("Found: milk")


async def test_a_group_gets_one_line_and_only_for_our_commands(rig: Rig, anna: Person) -> None:
    await anna.sends("/start", chat=GROUP_ID)
    anna.sees("private chat only: t.me/")
    await anna.sends("/somebody_elses", chat=GROUP_ID)
    await anna.sends("hello", chat=GROUP_ID)
    assert len(anna.screens) == 1


async def asks_in_a_group(rig: Rig, **more: object) -> dict[str, Any]:
    """Send /start to a group; what the bot sends there."""
    rig.api.visitor(ANNA, GROUP_ID)
    update = {
        "update_id": 999_999,
        "message": {
            "message_id": 500,
            "date": 0,
            "chat": {"id": GROUP_ID, "type": "supergroup", "is_forum": True},
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"},
            "text": "/start",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            **more,
        },
    }
    await rig.application.process_update(read_update(update, rig.application.bot))
    return dict(rig.api.called("sendMessage")[-1])


async def test_in_a_forum_the_answer_goes_to_the_topic_of_the_question(rig: Rig) -> None:
    asked = await asks_in_a_group(rig, message_thread_id=42, is_topic_message=True)
    assert asked["message_thread_id"] == 42
    for elsewhere in ({}, {"message_thread_id": 42}):
        assert "message_thread_id" not in await asks_in_a_group(rig, **elsewhere)


async def test_a_group_in_which_the_bot_may_not_write_is_let_be(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.api.faults.add(Fault("sendMessage", "403"))
    await asks_in_a_group(rig)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_edited_messages_are_not_read(rig: Rig, notes: Person) -> None:
    update = {
        "update_id": 999_999,
        "edited_message": {
            "message_id": 1,
            "date": 0,
            "edit_date": 1,
            "chat": {"id": ANNA, "type": "private"},
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna"},
            "text": "milk",
        },
    }
    rig.api.calls.clear()
    await rig.application.process_update(read_update(update, rig.application.bot))
    assert rig.api.calls == []


async def test_a_sticker_gets_a_friendly_line(rig: Rig, notes: Person) -> None:
    update = {
        "update_id": 999_999,
        "message": {
            "message_id": 500,
            "date": 0,
            "chat": {"id": ANNA, "type": "private"},
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"},
            "photo": [],
        },
    }
    await rig.application.process_update(read_update(update, rig.application.bot))
    notes.sees("we cannot read this")


async def test_an_album_gets_one_line_however_many_pictures_it_has(
    rig: Rig, notes: Person
) -> None:
    before = len(notes.screens)
    for number, album in ((1, "a"), (2, "a"), (3, "a"), (4, "b")):
        message = {
            "message_id": 500 + number,
            "date": 0,
            "chat": {"id": ANNA, "type": "private"},
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"},
            "media_group_id": album,
            "photo": [],
        }
        update = read_update(
            {"update_id": 999_000 + number, "message": message}, rig.application.bot
        )
        await rig.application.process_update(update)
    assert len(notes.screens) - before == 2


async def test_two_taps_at_once_are_answered_once_each(rig: Rig, notes: Person) -> None:
    hands = rig.api.visitor(ANNA)
    queries = [hands.tap(rig.keyboard_id() or 0, 0, 0) for _ in range(2)]
    await asyncio.gather(rig.driver.settle(), rig.driver.settle())
    assert [query.attempts for query in queries] == [1, 1]


def test_a_note_is_never_longer_than_the_room_for_it() -> None:
    noted = with_note(Screen(Markup("<b>x</b>")), Plain("<" * 500))
    assert noted.text.startswith("&lt;")
    assert len(Plain.of(noted.text)) == NOTE_LIMIT + 3
