"""While the panel is away: what is shown is dated, and nothing is offered that has to wait."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.panel.unread_rows import RowKind, UnreadRow
from billing.rules.work import WorkKind
from tests.connected.fake import OUTSIDE, PAGES, Account, FakePanel
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of, data_of
from tests.stories.beside_a_panel import (
    adopt,
    checks_a_renewal,
    goes_away,
    has_balance,
    orders_a_renewal,
)
from tests.stories.test_service_page import open_page
from tests.world import START, World, open_world

pytestmark = on_both_stores

SINCE = "⚠️ Stan na 10:00: nasz panel chwilowo nie odpowiada."
REFUSED = "Nasz panel chwilowo nie odpowiada, więc to musi poczekać."


@pytest.fixture
def panel() -> FakePanel:
    can = replace(OUTSIDE, pays_there=True, pays_balance=True)
    return FakePanel(START.date(), START, capabilities=can)


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def account(world: World, panel: FakePanel, anna: Person) -> Account:
    """Anna's, last read at ten."""
    account = await adopt(world, panel, anna)
    await has_balance(world, panel, anna, 50_000)
    return account


async def test_lists_and_pages_say_up_to_when_they_are_true(
    world: World, account: Account, anna: Person
) -> None:
    for command in ("/start", "/services", "/renew", "/invoices", "/costs"):
        await anna.sends(command)
        anna.does_not_see("Stan na")
    await goes_away(world)
    for command in ("/start", "/services", "/renew", "/invoices", "/costs"):
        await anna.sends(command)
        anna.sees(SINCE)
    await open_page(anna, "Cumulus")
    anna.sees(SINCE)
    # What is nobody's data has no date.
    for command in ("/help", "/settings", "/language"):
        await anna.sends(command)
        anna.does_not_see("Stan na")
    world.clock.advance(timedelta(days=1))
    await anna.sends("/services")
    anna.sees("⚠️ Stan na 12 sty 2027, 10:00: nasz")
    await goes_away(world, answers=True)
    await anna.sends("/services")
    anna.does_not_see("Stan na")


async def test_an_order_waits_and_goes_on_afterwards(
    world: World, account: Account, anna: Person
) -> None:
    await checks_a_renewal(anna)
    send = data_of(anna, "Złóż zamówienie")
    await goes_away(world)
    await anna.forges(send)
    assert anna.toast.startswith(REFUSED)
    await checks_again(anna)
    anna.sees(SINCE)
    anna.does_not_see("[Złóż zamówienie]")
    await goes_away(world, answers=True)
    await anna.forges(send)
    anna.sees("Składamy Twoje zamówienie")
    await world.passes(seconds=30)
    assert len(account.placed) == 1


async def test_what_is_open_can_still_be_paid_where_it_is_paid(
    world: World, account: Account, anna: Person
) -> None:
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    await goes_away(world)
    await anna.taps("Pokaż proformę")
    anna.sees("Stan na", "Przelew bankowy · 290,00 zł")
    assert anna.opens("Zapłać 290,00 zł") == f"{PAGES}/B1"
    anna.does_not_see("z salda")
    await anna.taps("Pokaż zamówienie")
    anna.does_not_see("Wycofaj zamówienie")


async def test_buttons_of_before_are_refused_in_words(
    world: World, account: Account, anna: Person
) -> None:
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    await anna.taps("Pokaż proformę")
    old = [data_of(anna, "z salda")]
    await anna.taps("Pokaż zamówienie")
    old.append(data_of(anna, "Wycofaj zamówienie"))
    await open_page(anna, "Cumulus")
    old.append(data_of(anna, "Zgłoś rezygnację"))
    await goes_away(world)
    for button in old:
        await anna.forges(button)
        assert anna.toast.startswith(REFUSED)
    await open_page(anna, "Cumulus")
    anna.does_not_see("Zgłoś rezygnację")
    anna.sees("🔔 Przypomnienia", "Zmień nazwę")


@pytest.mark.usefixtures("account")
class TestWhatTheStaffCarryOut:
    """The panel ends services at once only, so that the end of a period is a task of theirs."""

    @pytest.fixture
    def panel(self) -> FakePanel:
        can = replace(OUTSIDE, cancels_at_end=False, withdraws_cancellation=False)
        return FakePanel(START.date(), START, capabilities=can)

    async def test_needs_nothing_of_the_panel(self, world: World, anna: Person) -> None:
        await goes_away(world)
        await open_page(anna, "Cumulus")
        await anna.taps("Zgłoś rezygnację")
        anna.sees("[Z końcem okresu: 15 sty 2027]")
        anna.does_not_see("[Od razu]")
        await anna.taps("Z końcem okresu")
        await anna.taps("Pomiń")
        await anna.taps("Tak, rezygnuję")
        anna.does_not_see(REFUSED)
        (task,) = (await world.core.actions.list_tasks()).items
        assert task.task.kind is WorkKind.CANCELLATION
        assert not (await world.core.actions.list_calls()).items
        await open_page(anna, "Cumulus")
        await anna.taps("Cofnij rezygnację")
        anna.does_not_see(REFUSED)
        assert not (await world.core.actions.list_tasks()).items

    async def test_what_the_panel_would_do_is_refused_in_words(
        self, world: World, anna: Person
    ) -> None:
        await open_page(anna, "Cumulus")
        await anna.taps("Zgłoś rezygnację")
        old = [data_of(anna, "Od razu")]
        await anna.taps("Od razu")
        await anna.taps("Pomiń")
        old.append(data_of(anna, "Tak, zakończ teraz"))
        await goes_away(world)
        for button in old:
            await anna.forges(button)
            assert anna.toast.startswith(REFUSED)
        assert not (await world.core.actions.list_calls()).items
        assert not (await world.core.actions.list_tasks()).items


async def test_what_was_accepted_before_is_shown_again_and_not_refused(
    world: World, account: Account, anna: Person
) -> None:
    """A second tap writes nothing: what it asks for is kept already."""
    await checks_a_renewal(anna)
    send = data_of(anna, "Złóż zamówienie")
    await anna.taps("Złóż zamówienie")
    await world.passes(seconds=30)
    await anna.sends("/invoices")
    await anna.taps("1")
    await anna.taps("z salda")
    pay = data_of(anna, "Tak, zapłać")
    await anna.taps("Tak, zapłać")
    await goes_away(world)
    await anna.forges(pay)
    anna.sees("🕓 Płacimy za nią z Twojego salda.")
    assert not anna.toast.startswith(REFUSED)
    await anna.forges(send)
    anna.sees("Zamówienie")
    assert not anna.toast.startswith(REFUSED)


async def test_another_client_is_told_nothing_of_this_ones_reading(
    world: World, account: Account, john: Person
) -> None:
    """John was never read: there is no time to name."""
    await goes_away(world)
    await john.sends("/services")
    john.sees("⚠️ Our panel does not answer just now.")
    john.does_not_see("As of")


async def test_a_row_that_cannot_be_read_dates_its_clients_screens_only(
    world: World, panel: FakePanel, account: Account, anna: Person, john: Person
) -> None:
    await checks_a_renewal(anna)
    send = data_of(anna, "Złóż zamówienie")
    account.unread = (UnreadRow(RowKind.INVOICE, "8", "total"),)
    panel.changed.append((await client_of(world, anna)).ref)
    world.clock.advance(timedelta(minutes=1))
    await world.core.actions.read_everything()
    await anna.forges(send)
    assert anna.toast.startswith("Nie możemy teraz odczytać w naszym panelu wszystkich danych")
    await checks_again(anna)
    anna.sees("⚠️ Stan na 10:00: nie możemy teraz odczytać w naszym panelu")
    anna.does_not_see("[Złóż zamówienie]")
    await john.sends("/services")
    john.does_not_see("As of")
    account.unread = ()
    world.clock.advance(timedelta(minutes=1))
    await world.core.actions.read_everything()
    await anna.forges(send)
    anna.sees("Składamy Twoje zamówienie")


async def checks_again(person: Person) -> None:
    """Go to the last look before an order once more."""
    await person.sends("/renew")
    await person.taps("Zapłać")
