"""Two clients of the panel have become one: users and their wishes follow."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.actions.panel.reading import Reader
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError, NotFoundError


@dataclass(frozen=True, slots=True)
class Merged:
    """How many users and services belong to the other client now."""

    users: int
    services: int


@dataclass(frozen=True, slots=True)
class MergeClients:
    """Let the users of one client act for another one, as the panel has merged them."""

    env: Environment
    reader: Reader | None

    async def __call__(self, from_ref: str, to_ref: str, *, by: Actor) -> Merged:
        """Move links with preferences and mutes; what services there are, the panel says.

        BillingError without a connected panel, for the same client twice, and while the panel is
        owed something for the first one; NotFoundError for a client whom nobody knows.
        PanelUnreachableError if the panel does not answer: then nothing has changed.
        """
        reader = self.reader
        if reader is None:
            raise BillingError("no_connected_panel")
        if await reader.panel.client(to_ref) is None:
            raise NotFoundError("no_such_client", ref=to_ref)
        now = self.env.now()
        async with self.env.work.reading() as uow:
            gone, stays = await find_client(uow, from_ref), await find_client(uow, to_ref)
        if gone.id == stays.id:
            raise BillingError("same_client", ref=from_ref)
        async with self.env.work.writing() as uow:
            for number in sorted((gone.id, stays.id)):
                await uow.lock_client(number)
            if await uow.panel_calls.open_for_client(gone.id):
                raise BillingError("calls_open", ref=from_ref)
            users = await uow.adopting.move_links(gone.id, stays.id)
            services = await uow.adopting.move_services(gone.id, stays.id)
            await uow.audit.add(by, Audited.MERGE_CLIENTS, from_ref, at=now, note=f"-> {to_ref}")
            await uow.commit()
        await reader.read_client(stays)
        return Merged(users, services)
