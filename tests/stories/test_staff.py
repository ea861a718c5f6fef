"""The people of the operator's chat decide there by buttons, and everybody sees who did what."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from billing.rules.audit import AuditEntry
from billing.views.staff import Deed, MatterKind
from bot.app import make_application, money_inbox
from bot.sandbox.people import ANNA, GROUP_ID, JOHN, Profile
from handlers.buttons import DecideMatter, OpenServices
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.drivers import InProcess
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, data_of
from tests.telegram import FakeRequest
from tests.world import UNHURRIED, World, open_world

pytestmark = on_both_stores

OLGA = Profile(2001, "Olga")
MAREK = Profile(2002, "Marek", language_code="pl")
NOBODY_IN_PARTICULAR = Profile(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@pytest.fixture
async def world(prepared: str) -> AsyncIterator[World]:
    """The operator's chat is a group, in which Olga and Marek may act."""
    staff = frozenset({OLGA.id, MAREK.id})
    async with open_world(prepared, operator_chat=GROUP_ID, staff=staff) as opened:
        for profile in (OLGA, MAREK, NOBODY_IN_PARTICULAR):
            opened.api.add_person(profile)
        yield opened


def in_group(world: World, profile: Profile) -> Person:
    """Somebody who looks at the operator's group."""
    person = world.person(profile)
    person.enters(GROUP_ID)
    return person


@pytest.fixture
def olga(world: World) -> Person:
    return in_group(world, OLGA)


@pytest.fixture
def marek(world: World) -> Person:
    return in_group(world, MAREK)


async def makes_proforma(person: Person) -> str:
    """Order a hosting and choose to pay it by transfer; the proforma's number."""
    await person.sends("/order")
    for label in ("Hosting stron", "Hosting Obłok", "rocznie"):
        await person.taps(label)
    await person.sends("nowa.example")
    for label in ("Dodaj do koszyka", "Zapłać", "☑", "Przelew bankowy", "Zamawiam i płacę"):
        await person.taps(label)
    return person.copies("Kopiuj tytuł")


async def orders_and_pays(world: World, person: Person) -> None:
    """Order a hosting for 149 zł and pay it; the operator's chat is told."""
    await world.core.actions.record_transfer(await makes_proforma(person), by=STAFF)
    await world.passes(seconds=2)


async def asks_to_cancel(world: World, person: Person) -> None:
    """Ask to cancel the gallery's hosting; the operator's chat is told."""
    await person.sends("/services")
    for label in ("⏳ galeria", "Zgłoś rezygnację", "Z końcem okresu"):
        await person.taps(label)
    await person.sends("Zamykam galerię")
    await person.taps("Tak, rezygnuję")
    await world.passes(seconds=2)


async def audited(world: World) -> list[AuditEntry]:
    """What staff did in the chat, the newest first."""
    page = await world.core.actions.list_audit()
    return [entry for entry in page if "(staff" in entry.actor.name]


async def restarts(world: World) -> None:
    """Another process goes on with the same database."""
    application = make_application(
        world.core, request=FakeRequest(world.api), pace=UNHURRIED
    )
    await application.initialize()
    world.application = application
    world.driver.application = application


async def test_olga_accepts_and_marek_comes_too_late(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await orders_and_pays(world, anna)
    olga.sees("New order", "[✅ Accept] [Reject…] [The client]")
    olga.does_not_see("panelik")
    seen_by_marek = data_of(marek, "Reject…")
    await olga.taps("Accept")
    assert olga.toast == "✅ Accepted · Olga, 10:00"
    assert not olga.alerted
    olga.sees("New order", "Hosting Obłok", "✅ Accepted · Olga, 10:00")
    assert olga.buttons == []

    await world.passes(minutes=5)
    await marek.forges(seen_by_marek)
    assert (marek.toast, marek.alerted) == ("✅ Accepted · Olga, 10:00", True)
    marek.sees("✅ Accepted · Olga, 10:00")
    anna.sees("Twoje zamówienie jest gotowe")
    (entry,) = await audited(world)
    assert (entry.actor.name, entry.action) == ("Olga (staff 2001)", "accept_order")
