"""The operator's evening: the money of the day, what to do, and its reminders, told once."""

import pytest

from bot.sandbox.people import Profile
from tests.database import on_both_stores
from tests.person import Person
from tests.world import OPERATOR, World

pytestmark = on_both_stores


def the_operator(world: World) -> Person:
    return Person(world.driver, Profile(OPERATOR, "Operator"))


@pytest.mark.slow
async def test_the_evening_tells_of_the_day_once(world: World, john: Person) -> None:
    operator = the_operator(world)
    await john.blocks()
    await world.passes(hours=3)
    assert operator.screens == []
    await world.passes(hours=7)
    (told,) = operator.screens
    assert told.splitlines() == [
        "📊 Summary of 12 Jan 2027",
        "",
        "💰 Paid since yesterday evening: 0",
        "⚠️ 4 services are overdue · €24.00 · PLN 128.00",
        "At risk",
        "· 2 services overdue for more than a week · PLN 69.00",
        "",
        "What to do",
        "· 1 order to accept: panelik orders",
        "",
        "Reminders",
        "✅ 2 reminders sent",
        "",
        "🚫 2 clients cannot be reached",
        "· 1 has no linked user",
        "· 1 has blocked the bot",
        "7 services are due soon or overdue",
        "At risk: €138.50 · PLN 948.00",
        "",
        "Who they are: panelik reminders undeliverable",
        "[📋 Who they are]",
    ]
    assert operator.copies("Who they are") == "panelik reminders undeliverable"
    for hours in (1, 1, 1, 9):
        await world.passes(hours=hours)
    assert len(operator.screens) == 1


@pytest.mark.slow
async def test_the_next_evening_tells_of_the_next_day(world: World, anna: Person) -> None:
    operator = the_operator(world)
    await world.passes(hours=10)
    await world.passes(hours=15)
    await world.passes(hours=9)
    titles = [told.splitlines()[0] for told in operator.screens]
    assert titles == ["📊 Summary of 12 Jan 2027", "📊 Summary of 13 Jan 2027"]


@pytest.mark.slow
async def test_what_happens_while_the_bot_is_blocked_by_the_operator_waits(
    world: World, anna: Person
) -> None:
    operator = the_operator(world)
    await operator.blocks()
    await anna.sends("/services")
    await anna.taps("⏳ Hosting")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Z końcem okresu")
    await anna.sends("Zamykam galerię")
    await anna.taps("Tak, rezygnuję")
    await world.passes(minutes=1)
    await world.passes(hours=5)
    assert operator.screens == []
    await operator.unblocks()
    await world.passes(seconds=2)
    first, second = operator.screens
    assert first.splitlines()[0] == "📬 1 message waited for you"
    assert "Cancellation request #" in second
