"""The company changes its bot: another token, whose message numbers begin low again."""

import pytest

from bot import running
from bot.sandbox.people import ANNA, JOHN, PIOTR
from tests.database import on_both_stores
from tests.person import Person
from tests.world import World, open_world

pytestmark = on_both_stores

OTHER = "7000000002:ANOTHER-SANDBOX-TOKEN-THAT-OPENS-NOTHING"  # an invented one


async def asks_for_a_name(john: Person) -> None:
    await john.sends("/services")
    await john.taps("⋯")
    await john.taps("VPS Halny")
    await john.taps("Rename")


async def a_long_talk(old: World) -> None:
    """The numbers of messages grow, and the last of them waits for an answer."""
    john = old.person(JOHN)
    for _ in range(30):
        await john.sends("/services")
    await asks_for_a_name(john)


async def pays_for_the_domain(piotr: Person) -> None:
    await piotr.sends("przyklad.pl")
    for label in ("Odnów ·", "Koszyk", "Zapłać", "Zamawiam i płacę"):
        await piotr.taps(label)
    piotr.sees("Zapłacono")


@pytest.mark.slow
async def test_commands_and_typed_answers_of_known_people_are_answered(prepared: str) -> None:
    async with open_world(prepared) as old:
        await a_long_talk(old)
    async with open_world(prepared, token=OTHER) as new:
        john = new.person(JOHN)
        for command, words in (
            ("/start", "John Smith"), ("/services", "VPS Halny"), ("/help", "Help"),
        ):  # fmt: skip
            await john.sends(command)
            john.sees(words)
        await john.sends("halny")
        john.sees("VPS Halny")
        await asks_for_a_name(john)
        await john.sends("Workhorse")
        john.sees("Workhorse", "Renamed.")


@pytest.mark.slow
async def test_a_question_of_one_bot_is_not_answered_in_the_chat_of_another(
    prepared: str,
) -> None:
    async with open_world(prepared) as old:
        await a_long_talk(old)
        async with open_world(prepared, token=OTHER) as new:
            john = new.person(JOHN)
            await john.sends("Workhorse")
            john.does_not_see("Renamed.")
        john = old.person(JOHN)
        await john.sends("Workhorse")
        john.sees("Renamed.")


@pytest.mark.slow
async def test_a_payment_leaves_alone_what_another_bot_has_sent(prepared: str) -> None:
    async with open_world(prepared) as old:
        await old.passes(hours=1)
        old.person(ANNA).sees("⏰ Czekają 3 płatności")
        later = old.clock.now()
    async with open_world(prepared, token=OTHER, now=later) as new:
        anna, piotr = new.person(ANNA), new.person(PIOTR)
        for _ in range(20):
            await anna.sends("/help")
        before = anna.screens
        await pays_for_the_domain(piotr)
        await running.tick(new.core)
        assert anna.screens[: len(before)] == before
        assert [c for c in new.api.called("editMessageText") if c["chat_id"] == ANNA.id] == []


@pytest.mark.slow
async def test_after_the_change_reminders_are_of_the_new_bot(prepared: str) -> None:
    async with open_world(prepared) as old:
        await old.passes(minutes=1)
        early = old.clock.now()
    async with open_world(prepared, token=OTHER, now=early) as new:
        await new.passes(hours=1)
        anna, piotr = new.person(ANNA), new.person(PIOTR)
        anna.sees("⏰ Czekają 3 płatności")
        await pays_for_the_domain(piotr)
        await running.tick(new.core)
        anna.sees("odnowiono do")
