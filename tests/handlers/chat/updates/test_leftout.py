import pytest
from telegram import User

from bot.sandbox.faults import Fault
from bot.sandbox.state import CallbackQuery
from handlers.chat.updates.leftout import LeftOutReplies
from tests.handlers.chat.rig import ANNA, GUEST, Rig
from tests.person import Person

POLE = User(GUEST, "Gil", is_bot=False, language_code="pl")
ENGLISH = User(ANNA, "Anna", is_bot=False, language_code="pl")
"""Their phone speaks Polish, their account English."""


@pytest.fixture
def replies(rig: Rig) -> LeftOutReplies:
    return LeftOutReplies(rig.application)


@pytest.fixture
async def taps(rig: Rig, anna: Person) -> list[CallbackQuery]:
    await anna.sends("/start")
    return [rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0) for _ in range(25)]


async def test_it_is_said_in_the_private_chat_in_the_persons_language(
    replies: LeftOutReplies, anna: Person, guest: Person, rig: Rig
) -> None:
    rig.api.meet(GUEST)
    rig.api.meet(ANNA)
    await replies.explain(POLE, query_id=None, in_private=True)
    await replies.explain(ENGLISH, query_id=None, in_private=True)
    guest.sees("Za dużo naraz, więc część pominęliśmy.", "wyślij to jeszcze raz")
    anna.sees("That was too much at once", "send it again")


async def test_a_tap_is_answered_with_it_and_no_message_comes(
    replies: LeftOutReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    before = anna.screens
    await replies.explain(ENGLISH, query_id=taps[0].id, in_private=True)
    assert taps[0].answer is not None
    assert taps[0].answer["show_alert"]
    assert "too much at once" in taps[0].answer["text"]
    assert anna.screens == before


async def test_a_tap_too_old_to_be_answered_is_followed_by_a_message(
    replies: LeftOutReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    await replies.explain(ENGLISH, query_id="1", in_private=True)
    anna.sees("too much at once")


async def test_the_waiting_signs_of_all_the_others_are_stopped(
    replies: LeftOutReplies, taps: list[CallbackQuery], rig: Rig
) -> None:
    rig.api.faults.add(Fault("answerCallbackQuery", "502"))
    await replies.release([query.id for query in taps])
    assert sum(query.answer is not None for query in taps) == len(taps) - 1
    assert {query.attempts for query in taps} == {0, 1}


async def test_in_a_group_nothing_is_said(replies: LeftOutReplies, rig: Rig) -> None:
    await replies.explain(POLE, query_id=None, in_private=False)
    assert rig.api.called("sendMessage") == []


async def test_trouble_with_the_chat_or_the_database_is_only_logged(
    replies: LeftOutReplies, guest: Person, rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    rig.api.meet(GUEST)
    rig.core.broken = 1
    await replies.explain(POLE, query_id=None, in_private=True)
    guest.sees("Za dużo naraz")
    rig.api.faults.add(Fault("sendMessage", "403"))
    await replies.explain(POLE, query_id=None, in_private=True)
    assert "was not told what was left out" in caplog.text
