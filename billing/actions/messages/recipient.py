"""Whom a command of the operator is about, and whether they hear of it."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.errors import NotFoundError
from billing.views.account import Recipient


@dataclass(frozen=True, slots=True)
class FindRecipient:
    """A client, and whether anybody reads what is sent to them."""

    env: Environment

    async def __call__(self, client_id: int) -> Recipient:
        """Read it; NotFoundError if there is no such client."""
        async with self.env.work.reading() as uow:
            client = await uow.clients.get(client_id)
            if client is None:
                raise NotFoundError
            return Recipient(client, await uow.users.reach(client_id))
