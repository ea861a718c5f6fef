"""Staff decide about calls to a connected panel in the operator's chat."""

from collections.abc import AsyncIterator
from itertools import repeat

import pytest

from bot.sandbox.people import GROUP_ID, Profile
from handlers.buttons import PostClientCard
from handlers.chat.screens.codec import encode
from tests.connected.fake import FakePanel, Trouble
from tests.database import on_both_stores
from tests.person import Person
from tests.stories.acts import client_of, data_of
from tests.stories.beside_a_panel import orders_a_renewal
from tests.stories.test_connected_panel import client, panel  # noqa: F401 - fixtures
from tests.world import World, open_world

pytestmark = on_both_stores

OLGA = Profile(2001, "Olga")


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:  # noqa: F811
    staff = frozenset({OLGA.id})
    async with open_world(
        prepared, connected=panel, operator_chat=GROUP_ID, staff=staff
    ) as opened:
        opened.api.add_person(OLGA)
        yield opened


@pytest.fixture
def olga(world: World) -> Person:
    person = world.person(OLGA)
    person.enters(GROUP_ID)
    return person


async def test_a_call_without_an_answer_is_asked_again_or_given_up(
    world: World,
    panel: FakePanel,  # noqa: F811
    client: Person,  # noqa: F811
    olga: Person,
) -> None:
    panel.troubles = repeat(Trouble.UNREACHABLE)
    await orders_a_renewal(client)
    for _ in range(4):
        await world.passes(hours=1)
    olga.sees("The panel does not answer call no. 1", "[Ask again] [Give it up…] [The client]")
    olga.sees("panelik calls done 1 NUMBER")
    await olga.taps("Ask again")
    olga.sees("🔁 Asked again · Olga, ", "[Ask again] [Give it up…]")
    give_up = data_of(olga, "Give it up…")
    await olga.taps("Give it up…")
    olga.sees("Give it up?", "[Yes, give it up]", "[Cancel]")
    await olga.taps("Cancel")
    await olga.taps("Give it up…")
    await olga.taps("Yes, give it up")
    olga.sees("↩️ Given up · Olga, ")
    assert olga.buttons == []
    await olga.forges(give_up)
    assert olga.toast.startswith("↩️ Given up · Olga, ")
    assert olga.alerted


async def test_what_the_panel_has_done_meanwhile_is_not_given_up(
    world: World,
    panel: FakePanel,  # noqa: F811
    client: Person,  # noqa: F811
    olga: Person,
) -> None:
    panel.troubles = repeat(Trouble.UNREACHABLE)
    await orders_a_renewal(client)
    for _ in range(4):
        await world.passes(hours=1)
    give_up = data_of(olga, "Give it up…")
    panel.troubles = repeat(Trouble.NONE)
    await world.passes(hours=2)
    await olga.forges(give_up)
    olga.sees("It does not wait for you any more.")
    assert olga.buttons == []


async def test_a_proforma_of_the_panel_is_marked_as_paid_in_private_as_well(
    world: World,
    panel: FakePanel,  # noqa: F811
    client: Person,  # noqa: F811
    olga: Person,
) -> None:
    await orders_a_renewal(client)
    await world.passes(seconds=30)
    info = await client_of(world, client)
    await olga.sends("/start")
    await olga.forges(encode(PostClientCard(info.id, inside=True)))
    olga.sees("👤 Anna Nowak", "C-1001", "FV-B1 · PLN 290.00")
    await olga.taps("Proformas")
    await olga.taps("FV-B1")
    await olga.taps("Mark as paid · PLN 290.00")
    await olga.taps("✅ Yes, PLN 290.00 came")
    assert olga.toast.startswith("✅ Payment recorded · Olga, ")
    olga.sees("Proforma FV-B1")
    await world.passes(seconds=30)
    (account,) = panel.accounts.values()
    assert len(account.payments) == 1

    await client.forges(encode(PostClientCard(info.id, inside=True)))
    assert client.toast == "To może zrobić tylko nasz zespół."
    client.does_not_see("👤")
