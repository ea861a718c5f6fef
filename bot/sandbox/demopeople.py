"""The sandbox's people as users of the first clients of a data folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from billing.actions.load import CheckedFolder
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.shop.catalog import Catalog
from bot.sandbox.clock import SandboxClock
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA, GROUP_ID, JOHN, LINKED, PIOTR, STAFF, Profile

SHARES = ((ANNA, PIOTR), (JOHN,))
"""Who shares the account of the first client, of the second and so on."""


@dataclass(frozen=True, slots=True)
class PeopledFolder:
    """A data folder in which each of the sandbox's people is a user of the client of `clients_of`.

    People whom the folder itself names as users stay where they are.
    """

    folder: CheckedFolder
    clients_of: Mapping[Profile, ClientRow]

    @property
    def catalog(self) -> Catalog:
        """The catalogue, not yet numbered."""
        return self.folder.catalog

    def clients(self) -> Iterator[ClientRow]:
        """Every client, with its users among the sandbox's people."""
        for row in self.folder.clients():
            users = [person.id for person, own in self.clients_of.items() if own.ref == row.ref]
            yield replace(row, telegram_ids=tuple(dict.fromkeys((*row.telegram_ids, *users))))

    def services(self) -> Iterator[ServiceRow]:
        """Every service, parents before their add-ons."""
        return self.folder.services()

    def people(self) -> Iterator[Profile]:
        """Those who have a client, with a note that names it."""
        for person, row in self.clients_of.items():
            yield replace(person, note=f"{row.ref} · {row.name}")


def telegram_of(clock: SandboxClock) -> BotApi:
    """Make a Telegram in which the bot may write to its users and to the operator's group."""
    api = BotApi(clock)
    for chat in (*(person.id for person in (*LINKED, *STAFF)), GROUP_ID):
        api.meet(chat)
    return api


def peopled(folder: CheckedFolder) -> PeopledFolder:
    """Give the first clients of a folder to the sandbox's people."""
    ids = {person.id: person for person in LINKED}
    named = {
        ids[user]: row for row in folder.clients() for user in row.telegram_ids if user in ids
    }
    shared = {
        person: row
        for row, people in zip(islice(folder.clients(), len(SHARES)), SHARES, strict=False)
        for person in people
    }
    return PeopledFolder(folder, {**shared, **named})
