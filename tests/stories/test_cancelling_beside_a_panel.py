"""Cancelling where a panel owns the service: what it can do itself, and what staff have to do."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from billing.rules.services.service import ServiceStatus
from billing.rules.work import WorkKind
from billing.views.tasks import ListedTask
from bot.sandbox.people import Profile
from tests.connected.fake import OUTSIDE, Account, FakePanel
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of, data_of, service_of, taps_twice
from tests.stories.beside_a_panel import CUMULUS, adopt, goes_away, has_balance
from tests.stories.test_service_page import open_page
from tests.world import OPERATOR, START, World, open_world

pytestmark = on_both_stores

AT_ONCE_ONLY = replace(OUTSIDE, cancels_at_end=False, withdraws_cancellation=False)
"""As panels are that can end a service only now, and for good."""

AT_END, SKIP = "Z końcem okresu: 15 sty 2027", "Pomiń"


@pytest.fixture
def panel(request: pytest.FixtureRequest) -> FakePanel:
    """The panel; a test may name its capabilities."""
    capabilities = getattr(request, "param", AT_ONCE_ONLY)
    return FakePanel(START.date(), START, capabilities=capabilities)


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel, staff=frozenset({OPERATOR})) as opened:
        yield opened


@pytest.fixture
async def account(world: World, panel: FakePanel, anna: Person) -> Account:
    """Anna's, with the page of Hosting Cumulus on her screen."""
    account = await adopt(world, panel, anna)
    await has_balance(world, panel, anna, 0)
    await open_page(anna, "Cumulus")
    anna.sees(CUMULUS)
    return account


async def tasks_of(world: World) -> list[ListedTask]:
    """Open requests to cancel among the company's tasks."""
    listed = await world.core.actions.list_tasks()
    return [one for one in listed if one.task.kind is WorkKind.CANCELLATION]


async def asks_for(person: Person, when: str) -> None:
    """Go to the last question."""
    await person.taps("Zgłoś rezygnację")
    await person.taps(when)
    await person.taps(SKIP)


async def test_at_once_is_asked_for_clearly_and_done_by_the_panel(
    world: World, account: Account, anna: Person
) -> None:
    await anna.taps("Zgłoś rezygnację")
    anna.sees("„od razu” znaczy zaraz po potwierdzeniu", "[Od razu]")
    anna.does_not_see("Jak najszybciej")
    await anna.taps("Od razu")
    await anna.taps(SKIP)
    anna.sees("⚠️ Zakończy się od razu", "⚠️ Tego nie można cofnąć.", "[Tak, zakończ teraz]")
    anna.does_not_see("możesz cofnąć")
    await taps_twice(anna, "Tak, zakończ teraz")
    anna.sees("🕓 Kończymy usługę.")
    await anna.taps("Strona usługi")
    anna.sees("🕓 Właśnie ją kończymy. Damy tu znać.")
    anna.does_not_see("Cofnij rezygnację", "Zgłoś rezygnację", "[Odnów")
    assert await tasks_of(world) == []
    await world.passes(seconds=30)
    assert len(account.leaving) == 1
    anna.sees("✅ Usługa anulowana zgodnie z rezygnacją", CUMULUS)
    (screen,) = [one for one in operator(world).screens if "Cancellation request" in one]
    assert "Your panel ends it by itself." in screen
    assert "Accept" not in screen


async def test_what_the_panel_is_ending_is_not_taken_back(
    world: World, account: Account, anna: Person
) -> None:
    await asks_for(anna, AT_END)
    await anna.taps("Tak, ")
    await anna.taps("Strona usługi")
    withdraw = data_of(anna, "Cofnij rezygnację")
    await anna.forges(withdraw)
    await anna.taps("Strona usługi")
    await asks_for(anna, "Od razu")
    await anna.taps("Tak, zakończ teraz")
    await anna.forges(withdraw)
    assert anna.toast == "Już ją kończymy, więc nie da się tego cofnąć."
    await world.passes(seconds=30)
    assert len(account.leaving) == 1


async def test_what_the_panel_cannot_do_is_a_task_for_staff(
    world: World, account: Account, anna: Person
) -> None:
    await asks_for(anna, AT_END)
    anna.sees("zakończy się 15 sty 2027", "możesz cofnąć")
    await taps_twice(anna, "Tak, ")
    anna.sees("✅ Mamy Twoją rezygnację.")
    await anna.taps("Strona usługi")
    anna.sees("🕓 Zgłoszono rezygnację z dniem 15 sty 2027")
    await world.passes(seconds=30)
    assert account.leaving == set()
    (listed,) = await tasks_of(world)
    assert (listed.task.title, str(listed.task.due_on)) == (
        f"{CUMULUS} galeria-anny.example", "2027-01-15",
    )  # fmt: skip

    staff = operator(world)
    staff.sees("Cancellation request #1", "When: at the end of the period, 15 Jan 2027")
    staff.sees("please end the service there", "Done]")
    staff.does_not_see("Accept", "Reject")
    await staff.taps("Done")
    assert await tasks_of(world) == []
    # Their note that it is done changes nothing: the panel says when the service has ended.
    await anna.taps("‹")
    await open_page(anna, "Cumulus")
    anna.sees("🕓 Zgłoszono rezygnację z dniem 15 sty 2027")


async def test_who_withdraws_such_a_request_withdraws_the_task(
    world: World, account: Account, anna: Person
) -> None:
    await asks_for(anna, AT_END)
    await anna.taps("Tak, ")
    await anna.taps("Strona usługi")
    await taps_twice(anna, "Cofnij rezygnację")
    assert await tasks_of(world) == []
    (task,) = [one.task for one in await world.core.actions.list_tasks(done_too=True)]
    assert task.done_by == "the client"
    # It can be asked for again, and then is a task again.
    await anna.taps("Strona usługi")
    await asks_for(anna, AT_END)
    await anna.taps("Tak, ")
    assert len(await tasks_of(world)) == 1
    await world.passes(seconds=30)
    assert account.leaving == set()


async def test_a_task_is_done_once_the_service_has_ended_there(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    await asks_for(anna, AT_END)
    await anna.taps("Tak, ")
    await world.core.actions.read_changes()
    service = await service_of(world, anna, CUMULUS)
    ref = (service.kind, service.ref)
    account.services[ref] = replace(account.services[ref], status=ServiceStatus.CANCELLED)
    panel.changed.append((await client_of(world, anna)).ref)
    await world.core.actions.read_changes()
    await world.passes(minutes=2)
    anna.sees("✅ Usługa anulowana zgodnie z rezygnacją", CUMULUS)
    assert await tasks_of(world) == []
    (task,) = [one.task for one in await world.core.actions.list_tasks(done_too=True)]
    assert task.done_by == "the panel"


@pytest.mark.parametrize("panel", [OUTSIDE], indirect=True)
async def test_a_panel_that_can_ends_it_on_its_last_day_and_takes_it_back(
    world: World, account: Account, anna: Person
) -> None:
    await asks_for(anna, AT_END)
    await anna.taps("Tak, ")
    await world.passes(seconds=30)
    assert (len(account.leaving), await tasks_of(world)) == (1, [])
    await open_page(anna, "Cumulus")
    await anna.taps("Cofnij rezygnację")
    await world.passes(seconds=30)
    assert account.leaving == set()


async def test_it_waits_while_the_panel_does_not_answer(
    world: World, account: Account, anna: Person
) -> None:
    await asks_for(anna, "Od razu")
    await goes_away(world)
    await anna.taps("Tak, zakończ teraz")
    assert anna.toast.startswith("Nasz panel chwilowo nie odpowiada")
    await goes_away(world, answers=True)
    await world.passes(seconds=30)
    client = await client_of(world, anna)
    service = await service_of(world, anna, CUMULUS)
    async with world.core.database.work.reading() as uow:
        assert await uow.cancellations.open_for(client.id, service.id) is None
    assert account.leaving == set()


def operator(world: World) -> Person:
    """Somebody in the operator's chat."""
    return Person(world.driver, Profile(OPERATOR, "Operator"))
