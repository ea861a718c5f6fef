"""Linking by a link that the company's own site has signed, as its documentation says."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.sandbox.people import GUEST
from tests.database import on_both_stores
from tests.person import Person
from tests.signing import SECRET, signed
from tests.stories.acts import taps_twice
from tests.world import START, World, open_world

pytestmark = on_both_stores


@pytest.fixture
async def world(prepared: str) -> AsyncIterator[World]:
    async with open_world(prepared, link_secret=SECRET) as opened:
        yield opened


async def test_a_link_of_the_site_links_and_the_others_are_told(
    world: World, guest: Person, anna: Person
) -> None:
    await guest.sends(f"/start {signed('C-1001', START)}")
    guest.sees("Is this your account?", "Anna Nowak", "C-1001")
    await taps_twice(guest, "Yes, link it")
    guest.sees("This chat shows the account of Anna Nowak.")
    await world.passes(seconds=2)
    anna.sees("ma teraz dostęp do Twojego konta", "Odłącz")


async def test_a_pasted_link_does_the_same(world: World, guest: Person) -> None:
    link = f"https://t.me/chmurnik_bot?start={signed('C-1003', START)}"
    for said in (link, f"/link {link}"):
        await guest.sends(said)
        guest.sees("Is this your account?", "Pracownia Zegarów")
    await guest.sends("/link")
    await guest.sends(link)
    guest.sees("Is this your account?", "Pracownia Zegarów")


async def test_a_link_works_once(world: World, guest: Person, john: Person) -> None:
    link = signed("C-1003", START)
    await guest.sends(f"/start {link}")
    await guest.taps("Yes, link it")
    await john.sends(f"/start {link}")
    john.sees("That code is wrong, used or expired.")
    john.does_not_see("Pracownia")
    await guest.sends(f"/start {link}")
    guest.sees("You have used that code before.")


async def test_a_link_expires_and_a_long_life_is_refused(world: World, guest: Person) -> None:
    world.clock.advance(timedelta(minutes=11))
    for link in (signed("C-1003", START), signed("C-1003", world.clock.now(), seconds=3601)):
        await guest.sends(f"/start {link}")
        guest.sees("That link has expired.")
    await guest.sends(f"/start {signed('C-1003', world.clock.now(), seconds=3600)}")
    guest.sees("Is this your account?")


async def test_a_forged_link_is_a_guess(world: World, guest: Person) -> None:
    forged = signed("C-1003", START, secret="f" * 32)
    for _ in range(5):
        await guest.sends(f"/start {forged}")
        guest.sees("That code is wrong, used or expired.")
    await guest.sends(f"/start {signed('C-1003', START)}")
    guest.sees("Too many wrong codes. Please wait an hour.")


async def test_a_client_who_is_not_loaded_is_said_so(world: World, guest: Person) -> None:
    await guest.sends(f"/start {signed('C-9999', START)}")
    guest.sees("That account is not known here (yet).")


async def test_without_a_secret_no_link_is_right(prepared: str) -> None:
    async with open_world(prepared) as world:
        guest = world.person(GUEST)
        await guest.sends(f"/start {signed('C-1003', START, secret='')}")
        guest.sees("That code is wrong, used or expired.")
