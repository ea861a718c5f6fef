"""What several stories beside a connected panel do."""

from billing.rules.money import Money
from billing.views.panel import PanelClient
from tests.connected.fake import Account, FakePanel
from tests.person import Person
from tests.stories.acts import client_of
from tests.world import World

CUMULUS = "Hosting Cumulus"


async def adopt(world: World, panel: FakePanel, person: Person) -> Account:
    """Let the panel have what a person's client has here."""
    info = await client_of(world, person)
    async with world.core.database.work.reading() as uow:
        panel.adopt(info, [one.service for one in await uow.services.live(info.id)])
    return panel.account(info)


async def checks_a_renewal(person: Person) -> None:
    """Go to what would be ordered: the renewal of Hosting Cumulus, 290 zł."""
    await person.sends("/renew")
    await person.taps("☐", row=3)
    await person.taps("Zapłać")


async def orders_a_renewal(person: Person) -> None:
    """Order it."""
    await checks_a_renewal(person)
    await person.taps("Złóż zamówienie")


async def has_balance(world: World, panel: FakePanel, person: Person, minor: int) -> Account:
    """Let a person's client have something on their balance in the panel, and us know it."""
    info = await client_of(world, person)
    account = panel.account(info)
    account.client = PanelClient(info.ref, info.name, "", info.currency)
    account.balance = minor
    async with world.core.database.work.writing(info.id) as uow:
        balance = Money(minor, info.currency)
        now = world.clock.now()
        await uow.panel_state.see(info.id, at=now, is_closed=False, balance=balance, now=now)
        await uow.commit()
    return account


async def goes_away(world: World, *, answers: bool = False) -> None:
    """Let it be known that the panel does not answer, or does again."""
    async with world.core.database.work.writing() as uow:
        if answers:
            await uow.panel_state.answered()
        else:
            await uow.panel_state.away(at=world.clock.now())
        await uow.commit()
