"""A service whose price and due date its owner has not said yet, as its client sees it."""

from billing.rules.services.service import Service
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import service_of
from tests.stories.test_ending import becomes
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores


async def forget(world: World, anna: Person) -> Service:
    """Let nobody know what Anna's hosting costs and when it is due."""
    hosting = await service_of(world, anna, "Hosting Cumulus", "galeria-anny.example")
    await becomes(
        world, hosting, amount=None, first_amount=None, next_due_date=None, due_date_known=False
    )
    return hosting


async def test_what_is_not_known_is_said_and_nothing_stands_for_it(
    world: World, anna: Person
) -> None:
    await forget(world, anna)
    await open_page(anna, "cumulus")
    anna.sees("Odnowienie: cena jeszcze nieznana", "Następny termin płatności: jeszcze nieznany")
    anna.does_not_see("Pierwsza płatność")
    anna.does_not_see(": 0,00", "None")
    await anna.taps("Odnów")
    assert anna.toast == "Dodano do koszyka."
    await anna.sends("/cart")
    anna.sees("termin jeszcze nieznany", "Razem: cena jeszcze nieznana")
    await anna.taps("Płatność")
    anna.sees("Sposób płatności wybierzesz, gdy poznamy pełną cenę.")
    await anna.sends("/costs")
    anna.sees("1 usługa nie ma jeszcze ceny", "1 usługa nie ma jeszcze terminu")


async def test_it_can_be_cancelled_at_the_end_of_a_period_that_nobody_knows(
    world: World, anna: Person
) -> None:
    await forget(world, anna)
    await open_page(anna, "cumulus")
    for label in ("Zgłoś rezygnację", "Z końcem okresu: termin jeszcze nieznany", "Pomiń"):
        await anna.taps(label)
    anna.sees("Usługa zakończy się z końcem okresu; nie znamy jeszcze tego dnia.")
    await anna.taps("Tak")
    await open_page(anna, "cumulus")
    anna.sees("Zgłoszono rezygnację z końcem okresu")
    (waiting,) = await world.core.actions.list_cancellations(1)
    assert waiting[0].is_undated
