from datetime import timedelta

import pytest

from billing.ports.conversations import Talk
from bot.sandbox.faults import Fault
from bot.sandbox.talk.driver import Place
from tests.handlers.chat.rig import ANNA, NAME, Rig
from tests.person import Person

TALK = Talk(ANNA, ANNA)


async def test_a_tap_edits_its_message_and_typed_text_gets_a_new_one(
    rig: Rig, anna: Person
) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    anna.sees("Which name?")
    assert len(anna.screens) == 1
    await anna.sends("Butter")
    anna.sees("Renamed.", "1. Butter")
    assert len(anna.screens) == 2
    assert "[" not in anna.screens[0], "the old keyboard is gone"
    assert rig.core.renames == ["Butter"]


async def test_invalid_text_is_asked_for_again_with_the_reason(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("2")
    await anna.sends("A very long name")
    anna.sees("at most 10 characters", "Which name?")
    await anna.sends("Rolls")
    anna.sees("2. Rolls")


async def test_text_outside_a_step_searches(rig: Rig, anna: Person) -> None:
    await anna.sends("milk")
    anna.sees("Found: milk")
    assert rig.store.rows[TALK].view["notes.search"] == "milk"


async def test_another_screen_ends_the_step(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    await anna.taps("Cancel")
    await anna.sends("Butter")
    anna.sees("Found: Butter")
    assert rig.core.renames == []


async def test_cancel_ends_the_step_and_says_so(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    await anna.sends("/cancel")
    anna.sees("Cancelled.", "Home of Anna")
    await anna.sends("/cancel")
    anna.sees("There was nothing to cancel.")
    assert rig.store.rows[TALK].step is None


async def test_a_step_expires_after_a_day(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.clock.advance(timedelta(hours=24))
    await anna.sends("Butter")
    anna.sees("Too late")
    assert rig.core.renames == []
    await anna.taps("Once more")
    await anna.sends("Butter")
    anna.sees("Found: Butter")


@pytest.mark.parametrize("purged", [False, True])
async def test_a_forgotten_question_is_told_of_once(rig: Rig, anna: Person, purged: bool) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.clock.advance(timedelta(days=30))
    if purged:
        await rig.store.purge(before=rig.clock.now())
    await anna.sends("Butter")
    anna.sees("Too late")
    await anna.sends("Butter")
    anna.sees("Found: Butter")


async def test_any_screen_after_a_forgotten_question_ends_it(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.clock.advance(timedelta(days=2))
    await anna.taps("Cancel")
    await anna.sends("Butter")
    anna.sees("Found: Butter")


async def test_a_late_answer_delivered_twice_is_late_twice(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.clock.advance(timedelta(days=2))
    rig.api.faults.add(Fault("sendMessage", "500", count=None))
    await anna.sends("Butter")
    rig.api.faults.clear()
    await rig.driver.redeliver()
    anna.sees("Too late")


async def test_text_delivered_twice_is_not_the_next_answer(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    await anna.sends("Butter")
    await anna.taps("2")
    screens = anna.screens
    text = next(u for u in rig.driver.handled if u.get("message", {}).get("text") == "Butter")
    rig.driver.handled.append(text)
    await rig.driver.redeliver()
    assert rig.core.renames == ["Butter"]
    assert anna.screens == screens, "it has been answered"
    assert rig.store.rows[TALK].step == NAME


async def test_text_consumed_before_a_crash_gets_its_screen_afterwards(
    rig: Rig, anna: Person
) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.api.faults.add(Fault("sendMessage", "500", count=None))
    await anna.sends("A very long name")
    rig.api.faults.clear()
    assert rig.store.rows[TALK].step == NAME
    await rig.driver.redeliver()
    anna.sees("Which name?")
    assert rig.core.renames == []


async def test_a_command_delivered_twice_is_answered_once(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await rig.driver.redeliver()
    assert len(anna.screens) == 1


async def test_a_draft_that_was_replaced_makes_its_buttons_stale(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    first = rig.store.rows[TALK].draft_id
    await anna.taps("Cancel")
    await anna.taps("2")
    assert rig.store.rows[TALK].draft_id > first
    assert rig.store.rows[TALK].draft == {"note": 2}


async def test_a_tap_costs_one_write_at_most(rig: Rig, anna: Person) -> None:
    await anna.sends("/start")
    rig.store.writes.clear()
    await anna.taps("Notes")
    assert rig.store.writes == []
    await anna.taps("1")
    assert rig.store.writes == ["move"]
    rig.store.writes.clear()
    await anna.sends("Butter")
    assert rig.store.writes == ["consume", "shown"]


async def test_a_tap_on_an_old_message_takes_the_keyboard_over_with_the_same_write(
    rig: Rig, anna: Person
) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    rig.store.writes.clear()
    old = next(m for m in rig.driver.messages(ANNA) if m["from"]["is_bot"])
    await rig.driver.tap(ANNA, ANNA, Place(old["message_id"]), "zn1:0")
    assert rig.store.writes == ["move"], "it ends the step as well"
    assert rig.keyboard_id() == old["message_id"]
    assert rig.store.rows[TALK].step is None


async def test_an_unlinked_user_sees_how_to_link(guest: Person) -> None:
    await guest.sends("/start")
    guest.sees("Please link")
    await guest.forges("zn3:2")
    guest.sees("Notes")


async def test_arguments_of_a_command_arrive(anna: Person) -> None:
    await anna.sends("/start CODE-1")
    anna.sees("CODE-1")


async def test_an_unknown_command_and_a_sticker_leave_the_step_waiting(
    rig: Rig, anna: Person
) -> None:
    await anna.sends("/start")
    await anna.taps("Notes")
    await anna.taps("1")
    await anna.sends("/nonsense")
    anna.sees("We don't know that command")
    await anna.sends("Butter")
    anna.sees("1. Butter")
