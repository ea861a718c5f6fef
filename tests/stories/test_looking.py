"""A client looks, and the panel is asked behind the screen: it is drawn again if that was news."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from billing.rules.access.rights import Rights
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.panel import Snapshot
from handlers.chat.updates.refreshing import Refresher
from tests.connected.fake import FakePanel
from tests.database import on_both_stores
from tests.make import money
from tests.person import Person
from tests.stories.acts import client_of
from tests.world import START, World, open_world

pytestmark = on_both_stores

CUMULUS = "Hosting Cumulus"


@dataclass(slots=True)
class SlowPanel(FakePanel):
    """One that answers when it is told to."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def refresh(self, client: ClientInfo) -> Snapshot:
        await self.answers.wait()
        return await FakePanel.refresh(self, client)


@pytest.fixture
def panel() -> SlowPanel:
    made = SlowPanel(START.date(), START)
    made.answers.set()
    return made


@pytest.fixture
async def world(prepared: str, panel: SlowPanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel, looks_behind=True) as opened:
        yield opened


@pytest.fixture
async def client(world: World, panel: SlowPanel, anna: Person) -> Person:
    """Anna, whose services are in the panel and were read a while ago."""
    info = await client_of(world, anna)
    async with world.core.database.work.reading() as uow:
        panel.adopt(info, list(await uow.services.owned_elsewhere(info.id)))
    await world.core.actions.read_first()
    world.clock.advance(timedelta(minutes=10))
    return anna


async def settles(world: World) -> None:
    """What goes on behind the screens comes to its end."""
    refresher = world.application.refresher
    assert isinstance(refresher, Refresher)
    await refresher.settle()


async def ref_of(world: World, person: Person, name: str) -> tuple[str, str]:
    info = await client_of(world, person)
    async with world.core.database.work.reading() as uow:
        live = await uow.services.live(info.id)
    return info.ref, next(one.service.ref for one in live if one.service.name == name)


async def test_a_screen_is_drawn_again_when_the_panel_has_news(
    world: World, panel: SlowPanel, client: Person
) -> None:
    await client.sends("/services")
    await settles(world)
    owner, ref = await ref_of(world, client, CUMULUS)
    panel.changes_service(owner, ref, status=ServiceStatus.TERMINATED)
    world.clock.advance(timedelta(minutes=10))
    await client.sends("/services")
    client.sees(CUMULUS)
    count = len(client.screens)
    await settles(world)
    client.does_not_see(CUMULUS)
    assert len(client.screens) == count


async def test_who_may_only_look_is_offered_no_more_by_what_is_drawn_again(
    world: World, panel: SlowPanel, client: Person
) -> None:
    info = await client_of(world, client)
    async with world.core.database.work.writing(info.id) as uow:
        await uow.access.set_rights(info.id, client.id, Rights.LOOK)
        await uow.commit()
    await client.sends("/services")
    await settles(world)
    owner, ref = await ref_of(world, client, CUMULUS)
    panel.changes_service(owner, ref, amount=money("1.00"))
    world.clock.advance(timedelta(minutes=10))
    await client.sends("/services")
    client.does_not_see("[Odnów")
    await settles(world)
    client.sees("1,00")
    client.does_not_see("[Odnów")


async def test_nothing_is_drawn_again_once_the_person_has_gone_on(
    world: World, panel: SlowPanel, client: Person
) -> None:
    await client.sends("/services")
    await settles(world)
    owner, ref = await ref_of(world, client, CUMULUS)
    panel.changes_service(owner, ref, amount=money("1.00"))
    world.clock.advance(timedelta(minutes=10))
    panel.answers.clear()
    await client.sends("/services")
    await client.taps("‹ Wróć")
    shown = client.screen
    panel.answers.set()
    await settles(world)
    assert panel.reads[-1] == f"refresh {owner}"
    assert client.screen == shown
    await client.sends("/services")
    client.sees("1,00")


async def test_without_news_nothing_is_edited(
    world: World, panel: SlowPanel, client: Person
) -> None:
    await client.sends("/start")
    await settles(world)
    assert panel.reads[-1].startswith("refresh ")
    count = len(panel.reads)
    await client.sends("/services")
    await settles(world)
    assert len(panel.reads) == count
