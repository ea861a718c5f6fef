"""What others do in the panel, as the client's chat shows it afterwards."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.views.account import ClientInfo
from tests.connected.fake import FakePanel
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of
from tests.world import START, World, open_world

pytestmark = on_both_stores

CUMULUS = "Hosting Cumulus"


@pytest.fixture
def panel() -> FakePanel:
    return FakePanel(START.date(), START)


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def client(world: World, panel: FakePanel, anna: Person) -> ClientInfo:
    """Anna, whose services are in the panel and were read."""
    info = await client_of(world, anna)
    async with world.core.database.work.reading() as uow:
        panel.adopt(info, list(await uow.services.owned_elsewhere(info.id)))
    await world.core.actions.read_changes()
    return info


async def ticks(world: World) -> None:
    """A minute later what has changed is read, and what is to be told goes out."""
    await world.passes(minutes=1)
    await world.core.actions.read_changes()
    await world.passes(seconds=5)


def cumulus(panel: FakePanel, client: ClientInfo) -> tuple[ServiceKind, str]:
    services = panel.accounts[client.ref].services
    return next(key for key, one in services.items() if one.name == CUMULUS)


async def test_an_invoice_that_is_made_and_paid_there(
    world: World, panel: FakePanel, client: ClientInfo, anna: Person
) -> None:
    bill = panel.bills(client.ref, cumulus(panel, client))
    await ticks(world)
    await anna.sends("/invoices")
    anna.sees("FV-B1")
    panel.pays_there(panel.accounts[client.ref], bill)
    panel.changed.append(client.ref)
    await ticks(world)
    anna.sees("FV-B1", "35,67 zł")
    await anna.sends("/invoices")
    anna.does_not_see("FV-B1 ·")


async def test_a_reminder_that_was_sent_shows_the_renewal_made_by_staff(
    world: World, panel: FakePanel, client: ClientInfo, anna: Person
) -> None:
    for _ in range(8):
        await world.passes(hours=1)
        await world.core.actions.read_changes()
        if any(CUMULUS in screen for screen in anna.screens):
            break
    place = next(n for n, screen in enumerate(anna.screens) if CUMULUS in screen)
    key = cumulus(panel, client)
    later = panel.accounts[client.ref].services[key].next_due_date
    assert later is not None
    panel.changes_service(client.ref, key[1], next_due_date=later + timedelta(days=365))
    before = anna.screens[place]
    await ticks(world)
    assert anna.screens[place] != before


async def test_an_account_that_is_closed_there_can_only_be_looked_at(
    world: World, panel: FakePanel, client: ClientInfo, anna: Person
) -> None:
    panel.accounts[client.ref].refusal = "closed"
    panel.changed.append(client.ref)
    await ticks(world)
    anna.sees("To konto jest zamknięte dla zamówień i płatności")
    await anna.sends("/start")
    anna.sees("⛔ To konto jest zamknięte")
    anna.does_not_see("Złóż nowe zamówienie")
    await anna.sends("/renew")
    anna.does_not_see("☐")
    panel.accounts[client.ref].refusal = ""
    panel.changed.append(client.ref)
    await ticks(world)
    anna.sees("To konto znów jest otwarte")


async def test_a_service_that_moves_away_is_told_to_its_users(
    world: World, panel: FakePanel, client: ClientInfo, anna: Person, john: Person
) -> None:
    other = await client_of(world, john)
    async with world.core.database.work.reading() as uow:
        panel.adopt(other, list(await uow.services.owned_elsewhere(other.id)))
    panel.moves(cumulus(panel, client)[1], client.ref, other.ref)
    await ticks(world)
    anna.sees("należy teraz do innego konta", CUMULUS)
    await anna.sends("/services")
    anna.does_not_see(CUMULUS)
    assert panel.accounts[other.ref].services[
        ServiceKind.SERVICE, cumulus(panel, other)[1]
    ].status is (ServiceStatus.ACTIVE)
