"""What was paid is told to the company, with what there is to do; somebody does it."""

import pytest

from bot.sandbox.people import Profile
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.test_paying import transfers
from tests.world import OPERATOR, World

pytestmark = on_both_stores


def the_operator(world: World) -> Person:
    return Person(world.driver, Profile(OPERATOR, "Operator"))


async def to_be_done(world: World) -> list[str]:
    """What `panelik tasks` lists."""
    return [one.task.title for one in await world.core.actions.list_tasks()]


async def test_a_suspended_service_is_paid_and_somebody_switches_it_on(
    world: World, anna: Person
) -> None:
    operator = the_operator(world)
    number = await transfers(anna)
    await world.core.actions.record_transfer(number, by=STAFF)
    await world.passes(seconds=2)
    paid, task = sorted(operator.screens)
    assert paid.splitlines() == [
        "💰 Paid: PLN 42.00",
        "",
        "Client: C-1001 · Anna Nowak",
        f"Proforma {number}",
        "How: Bank transfer",
        "",
        "• Hosting Obłok · żółw.example",
    ]
    assert task.splitlines() == [
        "🛠 To do: switch on again",
        "",
        "Hosting Obłok · żółw.example",
        "Client: C-1001 · Anna Nowak",
        f"Proforma {number}",
        "",
        "Done: panelik tasks done 1",
        "[📋 Done]",
    ]
    assert await to_be_done(world) == ["Hosting Obłok żółw.example"]
    finished = await world.core.actions.finish_task(1, by=STAFF)
    assert finished.task.done_by == STAFF.name
    assert await to_be_done(world) == []
    await world.passes(minutes=5)
    assert len(operator.screens) == 2, "nothing is told twice"


@pytest.mark.slow
async def test_an_add_on_of_a_new_order_is_done_with_it(world: World, anna: Person) -> None:
    operator = the_operator(world)
    await anna.sends("/order")
    for label in ("Serwery VPS", "VPS Wiatr", "miesięcznie"):
        await anna.taps(label)
    await anna.sends("Mój serwer")
    await anna.taps("+ Kopia")
    await anna.taps("miesięcznie")
    await anna.taps("Dodaj do koszyka")
    await anna.taps("Zapłać")
    await anna.taps("Saldo")
    await anna.taps("Zamawiam i płacę")
    await world.passes(seconds=2)
    paid, order = sorted(operator.screens)
    assert "How: Account credit" in paid
    assert "🛒 New order" in order
    assert len(await to_be_done(world)) == 2
    (waiting,) = [one for one in await world.core.actions.list_orders() if one.invoice_number]
    await world.core.actions.decide_order(waiting.service.id, accept=True, by=STAFF)
    assert await to_be_done(world) == []
