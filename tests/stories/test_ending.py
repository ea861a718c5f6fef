"""A service that ends with its period, and one that costs nothing, as their clients see them."""

from dataclasses import replace
from datetime import date

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import Service
from handlers.buttons import AddService
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import service_of
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores


async def becomes(world: World, service: Service, **changes: object) -> None:
    """Let the company change a service."""
    async with world.core.database.work.writing() as uow:
        await uow.services.save([replace(service, **changes)])  # type: ignore[arg-type]
        await uow.commit()


async def test_add_ons_are_renewed_until_their_service_ends(world: World, anna: Person) -> None:
    hosting = await service_of(world, anna, "Hosting Cumulus", "galeria-anny.example")
    ip = await service_of(world, anna, "Dodatkowy adres IP", "galeria-anny.example")
    await becomes(world, hosting, next_due_date=date(2027, 3, 15))
    await becomes(world, ip, next_due_date=date(2027, 1, 15), anchor_day=15,
                  cycle=BillingCycle.MONTHLY)  # fmt: skip
    await open_page(anna, "cumulus")
    for label in ("Zgłoś rezygnację", "Z końcem okresu: 15 mar 2027", "Pomiń", "Tak"):
        await anna.taps(label)

    await anna.sends("/renew")
    anna.sees("Dodatkowy adres IP", "15 sty 2027", "→ 15 lut 2027")
    await anna.sends("/costs")
    anna.sees("luty 2027: 120,00 zł (1 płatność)")
    await anna.taps("lut")
    anna.sees("Dodatkowy adres IP")
    await open_page(anna, "cumulus")
    await anna.taps("1 · Dodatkowy")
    await anna.taps("Odnów ·")
    assert anna.toast == "Dodano do koszyka."

    await becomes(world, ip, next_due_date=date(2027, 3, 1), cycle=BillingCycle.MONTHLY)
    await anna.sends("/cart")
    anna.sees("Jej usługa kończy się, zanim minąłby kolejny okres.")


async def test_what_costs_nothing_is_not_renewed_and_never_overdue(
    world: World, anna: Person
) -> None:
    hosting = await service_of(world, anna, "Hosting Cumulus", "galeria-anny.example")
    nothing = Money.zero(hosting.currency)
    await becomes(world, hosting, amount=nothing, next_due_date=date(2027, 1, 2))
    await open_page(anna, "cumulus")
    anna.sees("🔄 Jest bezpłatna i nie wymaga odnowienia.")
    anna.does_not_see("Najbliższy termin", "Odnów ·", "[🔔 Przypomnienia]")
    await anna.forges(encode(AddService(hosting.id)))
    assert anna.toast == "Jest bezpłatna i nie wymaga odnowienia."
    await becomes(world, hosting, amount=nothing, next_due_date=date(2027, 1, 22))
    await open_page(anna, "cumulus")
    anna.sees("22 sty 2027")
    anna.does_not_see("za 10 dni")
