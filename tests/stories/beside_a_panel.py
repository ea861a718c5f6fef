"""What several stories beside a connected panel do."""

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
