"""Linking where clients are in a panel outside: they are looked up there, and only then known."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import repeat

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.errors import NotFoundError
from billing.views.panel import PanelClient
from bot.sandbox.mailbox import Mailbox, mail_server
from tests.connected.fake import Account, FakePanel, Trouble
from tests.database import on_both_stores
from tests.make import STAFF, known
from tests.person import Person
from tests.signing import SECRET, signed
from tests.statements import counting
from tests.stories.test_linking_by_email import ANNAS, FROM, ON_ITS_WAY, asks, code_in
from tests.world import START, World, open_world

pytestmark = on_both_stores

ZOFIA = PanelClient("77", "Zofia Nowa", "Zofia@Panel.example", "PLN", language="pl")
SHOP = PanelClient("78", "Sklep Zofii", "zofia@panel.example", "EUR")
OTHER = PanelClient("79", "Sophia Nova", "zofia@pänel.example", "PLN")


@pytest.fixture
def mailbox() -> Mailbox:
    """What was sent."""
    return Mailbox()


@pytest.fixture
def panel() -> FakePanel:
    """It has Zofia, of whom nothing is known here."""
    return FakePanel(START.date(), START, accounts={"77": Account(client=ZOFIA)})


@pytest.fixture
async def world(prepared: str, mailbox: Mailbox, panel: FakePanel) -> AsyncIterator[World]:
    async with mail_server(mailbox) as port:
        smtp_url = f"smtp://127.0.0.1:{port}"
        async with open_world(
            prepared, connected=panel, smtp_url=smtp_url, mail_from=FROM, link_secret=SECRET
        ) as opened:
            yield opened


async def is_known(world: World, ref: str) -> bool:
    async with world.core.database.work.reading() as uow:
        return await uow.clients.by_ref(ref) is not None


async def test_a_client_of_the_panel_links_themselves(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, "zofia@panel.example")
    assert [mail["To"] for mail in mailbox.mails] == ["Zofia@Panel.example"]
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?", "Zofia Nowa", "77")
    guest.does_not_see("closed")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of Zofia Nowa.")
    visitor = await world.core.actions.identify(guest.profile.id)
    client = known(visitor.client)
    assert (client.ref, client.currency, client.tax_rate) == ("77", "PLN", None)
    assert client.sight.seen_at is None


async def test_of_several_accounts_one_is_chosen(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person
) -> None:
    panel.accounts["78"] = Account(client=SHOP)
    await asks(world, guest, "zofia@panel.example")
    await guest.sends(code_in(mailbox))
    guest.sees("Which account is it?", "[Sklep Zofii (78)]", "[Zofia Nowa (77)]")
    await guest.taps("Sklep Zofii")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of Sklep Zofii.")


async def test_the_request_itself_asks_the_panel_nothing_whatever_the_address(
    world: World, panel: FakePanel, guest: Person, john: Person
) -> None:
    panel.troubles = iter(())  # asking it anything would fail
    costs = []
    for person, address in ((guest, "zofia@panel.example"), (john, "nobody@panel.example")):
        await person.sends("/link")
        await person.taps("Link by e-mail")
        with counting(world.core.database) as statements:
            await person.sends(address)
        person.sees(ON_ITS_WAY)
        costs.append([text for text, _ in statements.run])
    assert costs[0] == costs[1]
    assert not await is_known(world, "77")


async def test_an_address_that_the_panel_only_takes_for_the_same_opens_nothing(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    async def find_loosely(_: FakePanel, _email: str) -> tuple[PanelClient, ...]:
        return (ZOFIA, OTHER)

    monkeypatch.setattr(FakePanel, "find_clients", find_loosely)
    await asks(world, guest, "zofia@panel.example")
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?", "Zofia Nowa")
    assert not await is_known(world, "79")


async def test_an_address_that_a_client_has_no_more_opens_nothing(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person
) -> None:
    """Here Anna still has it; in the panel she has another one, or is gone."""
    for there in (Account(client=PanelClient("C-1001", "Anna", "new@panel.example", "PLN")), None):
        panel.accounts.pop("C-1001", None)
        if there is not None:
            panel.accounts["C-1001"] = there
        await asks(world, guest, ANNAS)
        assert mailbox.mails == []
        world.clock.advance(timedelta(minutes=2))
    await guest.sends("123456")
    guest.sees("That code is wrong or has expired.")


async def test_a_panel_that_is_away_for_a_moment_delays_the_code(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person
) -> None:
    panel.troubles = repeat(Trouble.UNREACHABLE)
    await asks(world, guest, "zofia@panel.example")
    assert mailbox.mails == []
    panel.troubles = repeat(Trouble.NONE)
    await world.passes(seconds=21)
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?", "Zofia Nowa")


@pytest.mark.parametrize("address", ["zofia@panel.example", "nobody@panel.example"])
async def test_a_panel_that_stays_away_is_said_so_for_every_address(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person, address: str
) -> None:
    panel.troubles = repeat(Trouble.UNREACHABLE)
    await asks(world, guest, address)
    for _ in range(2):
        await world.passes(seconds=21)
    guest.sees("We could not send you an e-mail.", "It does not work on our side just now.")
    panel.troubles = repeat(Trouble.NONE)
    await guest.taps("Try again")
    await guest.sends("zofia@panel.example")
    await world.passes(seconds=2)
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?", "Zofia Nowa")


async def test_a_closed_client_is_told_so_before_linking(
    world: World, panel: FakePanel, mailbox: Mailbox, guest: Person
) -> None:
    panel.accounts["77"].refusal = "client_closed"
    await asks(world, guest, "zofia@panel.example")
    await guest.sends(code_in(mailbox))
    guest.sees("Zofia Nowa", "This account is closed", "please contact us")


async def test_a_signed_link_of_a_client_who_is_not_known_here(
    world: World, panel: FakePanel, guest: Person
) -> None:
    panel.troubles = repeat(Trouble.UNREACHABLE)
    await guest.sends(f"/start {signed('77', START)}")
    guest.sees("We cannot look your account up just now. Please open the link again")
    panel.troubles = repeat(Trouble.NONE)
    await guest.sends(f"/start {signed('77', START)}")
    guest.sees("Is this your account?", "Zofia Nowa")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of Zofia Nowa.")


async def test_a_signed_link_is_looked_up_only_if_it_is_signed_and_valid(
    world: World, panel: FakePanel, guest: Person
) -> None:
    panel.troubles = iter(())  # asking it anything would fail
    await guest.sends(f"/start {signed('77', START, secret='another-secret-of-32-characters-')}")
    guest.sees("That code is wrong, used or expired.")
    await guest.sends(f"/start {signed('77', START, seconds=3601)}")
    guest.sees("That link has expired.")
    await guest.sends(f"/start {signed('C-1003', START)}")
    guest.sees("Is this your account?", "Pracownia Zegarów")


async def test_a_signed_link_of_a_client_whom_nobody_knows(world: World, guest: Person) -> None:
    await guest.sends(f"/start {signed('4711', START)}")
    guest.sees("That account is not known here (yet).")


async def test_the_operator_makes_a_code_for_a_client_of_the_panel(
    world: World, panel: FakePanel, guest: Person
) -> None:
    code, _ = await world.core.actions.issue_link_code("77", by=STAFF)
    await guest.sends(f"/link {code}")
    guest.sees("Is this your account?", "Zofia Nowa")
    with pytest.raises(NotFoundError):
        await world.core.actions.issue_link_code("4711", by=STAFF)
    panel.troubles = repeat(Trouble.UNREACHABLE)
    with pytest.raises(PanelUnreachableError):
        await world.core.actions.issue_link_code("78", by=STAFF)


async def test_codes_for_everybody_are_for_all_clients_of_the_panel_who_may_buy(
    world: World, panel: FakePanel
) -> None:
    panel.accounts["78"] = Account(client=SHOP)
    panel.accounts["80"] = Account(
        client=PanelClient("80", "Closed", "c@panel.example", "PLN"), refusal="client_closed"
    )
    issued = await world.core.actions.issue_missing_codes(by=STAFF)
    refs = {one.client.ref for one in issued}
    assert {"77", "78"} <= refs
    assert "80" not in refs
    assert await is_known(world, "80")
