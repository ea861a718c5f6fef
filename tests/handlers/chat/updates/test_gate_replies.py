import pytest
import telegram
from telegram import User

from bot.sandbox.faults import Fault
from bot.sandbox.state import CallbackQuery
from handlers.chat.updates.gate_replies import GateReplies
from tests.handlers.chat.rig import ANNA, GUEST, Rig
from tests.person import Person

POLE = User(GUEST, "Gil", is_bot=False, language_code="pl")
ENGLISH = User(ANNA, "Anna", is_bot=False, language_code="pl")
"""Their phone speaks Polish, their account English."""


@pytest.fixture
def replies(rig: Rig) -> GateReplies:
    return GateReplies(rig.application)


@pytest.fixture
async def taps(rig: Rig, anna: Person) -> list[CallbackQuery]:
    await anna.sends("/start")
    return [rig.api.visitor(ANNA).tap(rig.keyboard_id() or 0) for _ in range(25)]


async def test_it_is_said_in_the_private_chat_in_the_persons_language(
    replies: GateReplies, anna: Person, guest: Person, rig: Rig
) -> None:
    rig.api.meet(GUEST)
    rig.api.meet(ANNA)
    await replies.explain(POLE, query_id=None, in_private=True)
    await replies.explain(ENGLISH, query_id=None, in_private=True)
    guest.sees("Za dużo naraz, więc część pominęliśmy.", "wyślij to jeszcze raz")
    anna.sees("That was too much at once", "send it again")


async def test_a_tap_is_answered_with_it_and_no_message_comes(
    replies: GateReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    before = anna.screens
    await replies.explain(ENGLISH, query_id=taps[0].id, in_private=True)
    assert taps[0].answer is not None
    assert taps[0].answer["show_alert"]
    assert "too much at once" in taps[0].answer["text"]
    assert anna.screens == before


async def test_a_tap_too_old_to_be_answered_is_followed_by_a_message(
    replies: GateReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    await replies.explain(ENGLISH, query_id="1", in_private=True)
    anna.sees("too much at once")


async def test_the_waiting_signs_of_all_the_others_are_stopped(
    replies: GateReplies, taps: list[CallbackQuery], rig: Rig
) -> None:
    rig.api.faults.add(Fault("answerCallbackQuery", "502"))
    await replies.release([query.id for query in taps])
    assert sum(query.answer is not None for query in taps) == len(taps) - 1
    assert {query.attempts for query in taps} == {0, 1}


async def test_in_a_group_nothing_is_said(replies: GateReplies, rig: Rig) -> None:
    await replies.explain(POLE, query_id=None, in_private=False)
    assert rig.api.called("sendMessage") == []


async def test_trouble_with_the_chat_or_the_database_is_only_logged(
    replies: GateReplies, guest: Person, rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    rig.api.meet(GUEST)
    rig.core.broken = 1
    await replies.explain(POLE, query_id=None, in_private=True)
    guest.sees("Za dużo naraz")
    rig.api.faults.add(Fault("sendMessage", "403"))
    await replies.explain(POLE, query_id=None, in_private=True)
    assert "was not told what was left out" in caplog.text


async def test_an_answer_is_promised_in_the_language_of_the_phone_without_the_database(
    replies: GateReplies, anna: Person, rig: Rig
) -> None:
    rig.api.meet(ANNA)
    await replies.promise(ENGLISH, query=None, in_private=True)
    anna.sees("Chwilowo nie mamy dostępu do danych.", "Nie trzeba niczego powtarzać")


async def test_who_has_tapped_reads_the_promise_as_the_answer_or_else_as_a_message(
    replies: GateReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    before = anna.screens
    query = telegram.CallbackQuery(taps[0].id, ENGLISH, "chat")
    await replies.promise(ENGLISH, query=query, in_private=True)
    assert taps[0].answer is not None
    assert taps[0].answer["show_alert"]
    assert "Nie trzeba niczego powtarzać" in taps[0].answer["text"]
    assert anna.screens == before
    await replies.promise(ENGLISH, query=query, in_private=True)
    anna.sees("Chwilowo nie mamy dostępu do danych.")


async def test_in_a_group_nobody_reads_a_message(
    replies: GateReplies, anna: Person, taps: list[CallbackQuery]
) -> None:
    before = anna.screens
    await replies.promise(ENGLISH, query=None, in_private=False)
    assert anna.screens == before
