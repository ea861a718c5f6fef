"""How many taps people need for what they come for: counted, and held against the goals."""

import pytest

from bot import running
from bot.sandbox.talk import jobs
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of, data_of, service_of
from tests.world import World

pytestmark = on_both_stores


async def reminded(world: World) -> None:
    moment = await world.core.actions.next_reminder()
    assert moment is not None
    world.clock.advance(moment - world.clock.now())
    await running.tick(world.core)


async def does(person: Person, job: jobs.Job) -> None:
    assert await job.count(person) <= job.goal
    person.sees(job.ends_with)


async def test_what_is_due_is_seen_and_paid_in_a_few_taps(world: World, anna: Person) -> None:
    await does(anna, jobs.SEE_DUE)
    anna.sees("Hosting Obłok · żółw.example", "23 gru 2026", "42,00 zł")
    await does(anna, jobs.RENEW_URGENT)
    await does(anna, jobs.PAY_PROFORMA)


async def test_a_reminder_is_paid_in_a_few_taps(world: World, john: Person) -> None:
    await reminded(world)
    while "⏰" not in john.screen:
        await reminded(world)
    await does(john, jobs.PAY_REMINDER)


async def test_another_cycle_is_chosen_in_a_few_taps(john: Person) -> None:
    await does(john, jobs.OTHER_CYCLE)


async def cart_of(world: World, person: Person) -> list[int]:
    client = await client_of(world, person)
    async with world.core.database.work.reading() as uow:
        cart = await uow.carts.get(client.id)
    return [line.service_id or 0 for line in cart.lines]


@pytest.mark.parametrize("way", ["Przelew bankowy", "Płatność w Telegramie"])
async def test_only_what_is_overdue_is_ordered_and_the_rest_stays(
    world: World, anna: Person, way: str
) -> None:
    hosting = await service_of(world, anna, "Hosting Cumulus")
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny.example")
    await anna.sends("/start")
    await anna.taps("Zapłać zaległe · 128,00 zł")
    anna.sees("• Hosting Obłok", "Razem: 128,00 zł")
    anna.does_not_see("Hosting Cumulus · galeria")
    await anna.taps(way)
    place = data_of(anna, "Zamawiam i płacę 128,00 zł")
    await anna.taps("Zamawiam i płacę")
    assert await cart_of(world, anna) == [hosting.id]
    await anna.forges(place)
    assert "już złożone" in anna.toast
    assert await cart_of(world, anna) == [hosting.id]
    await anna.sends("/start")
    anna.sees("🧾 1 proforma do zapłaty", "🧾 na proformie", "[Płatności i proformy (1)]")
    anna.does_not_see("Zapłać zaległe")


async def test_two_parts_of_one_cart_are_two_orders(world: World, anna: Person) -> None:
    """Both confirmed at the same revision; the second is confirmed anew, never mistaken."""
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny.example")
    await anna.sends("/start")
    await anna.taps("Zapłać zaległe")
    await anna.taps("Przelew bankowy")
    part = data_of(anna, "Zamawiam i płacę")
    await anna.sends("/cart")
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy")
    whole = data_of(anna, "Zamawiam i płacę")
    await anna.forges(part)
    anna.sees("Przelew bankowy: 68,00 zł", "PRO-202701-00001")
    await anna.forges(whole)
    anna.sees("290,00 zł")
    anna.does_not_see("PRO-202701-00001")
    await anna.taps("Zamawiam i płacę")
    anna.sees("PRO-202701-00002")


async def test_a_part_that_is_gone_is_answered_with_the_cart(world: World, anna: Person) -> None:
    await anna.sends("/start")
    await anna.taps("Zapłać zaległe")
    chosen = data_of(anna, "Przelew bankowy")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    await world.passes(days=365)
    await anna.forges(chosen)
    anna.sees("🛒 Koszyk")
    await anna.sends("/start")
    await anna.forges("jd1:0")
    anna.does_not_see("Zamawiam i płacę")


async def test_what_joins_the_cart_meanwhile_is_not_paid_with_a_part(
    world: World, anna: Person, piotr: Person
) -> None:
    await anna.sends("/start")
    await anna.taps("Zapłać zaległe")
    await anna.taps("Przelew bankowy")
    await piotr.sends("/renew")
    await piotr.taps("☐ galeria-anny.example")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Zamawiam i płacę 128,00 zł")
    anna.does_not_see("Hosting Cumulus · galeria")
    await anna.taps("Zamawiam i płacę 128,00 zł")
    hosting = await service_of(world, anna, "Hosting Cumulus")
    assert await cart_of(world, anna) == [hosting.id]


async def test_one_line_by_credit_needs_no_second_screen(world: World, anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Zapłać")
    anna.sees("1. Hosting Obłok", "Razem: 42,00 zł", "Saldo: 60,00 zł")
    await anna.taps("Zamawiam i płacę 42,00 zł z salda")
    anna.sees("Zapłacono: 42,00 zł")
