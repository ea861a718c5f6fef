"""What several stories do: the same taps, in the language of the person."""

from dataclasses import replace

from billing.ports.panel import Panel
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.views.account import ClientInfo
from bot.app import Core
from tests.person import Person
from tests.world import World


def data_of(person: Person, label: str) -> str:
    """What a button says to the bot, for tapping it again when it is not shown any more."""
    return str(person._find(label)[1]["callback_data"])


async def taps_twice(person: Person, label: str) -> None:
    """Tap a button again before the screen has changed."""
    data = data_of(person, label)
    await person.taps(label)
    await person.forges(data)


def starts_again(world: World, panel: Panel) -> None:
    """Start the bot again with another panel, on the same database."""
    before = world.core
    world.core = Core(
        before.settings, before.clock, before.database, digits=before.digits, panel=panel
    )
    world.core.notifier = before.notifier
    deps = world.application.deps
    world.application.deps = replace(deps, actions=world.core.actions)


async def client_of(world: World, person: Person) -> ClientInfo:
    """The client a person acts for, as stored now."""
    visitor = await world.core.actions.identify(person.id)
    assert visitor.client is not None
    return visitor.client


async def service_of(world: World, person: Person, name: str, parent: str = "") -> Service:
    """A live service by its name and domain, or an add-on by its name and its parent's domain."""
    client = await client_of(world, person)
    async with world.core.database.work.reading() as uow:
        owned = [o.service for o in await uow.services.live(client.id)]
    domains = {service.id: service.domain for service in owned}
    (found,) = (
        service
        for service in owned
        if service.name == name
        and (not parent or parent in (service.domain, domains.get(service.parent_id or 0)))
    )
    return found


async def reprice(world: World, service: Service, amount: Money) -> None:
    """Let the company give a service another recurring amount."""
    async with world.core.database.work.writing() as uow:
        await uow.services.save([replace(service, amount=amount)])
        await uow.commit()


async def credit_of(world: World, person: Person) -> str:
    """The client's credit as stored now."""
    return str((await client_of(world, person)).credit)
