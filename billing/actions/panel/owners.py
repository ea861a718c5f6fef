"""What moves from one client to another needs the locks of both."""

from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork

T = TypeVar("T")

MOST_ROUNDS = 5
"""So often the owners are read anew; they hardly ever change while a transaction waits."""


class OtherOwnersError(Exception):
    """Rows belong to other clients, who are not locked."""

    def __init__(self, client_ids: Collection[int]) -> None:
        super().__init__("rows of clients who are not locked")
        self.client_ids = frozenset(client_ids)


def check_locked(owners: Collection[int], locked: Collection[int]) -> None:
    """OtherOwnersError unless all of them are locked."""
    if missing := set(owners) - set(locked):
        raise OtherOwnersError(missing)


async def writing_with_owners(
    env: Environment,
    client_id: int,
    write: Callable[[UnitOfWork, frozenset[int]], Awaitable[T]],
) -> T:
    """Call `write` in a transaction that locks the client, and again with other owners' locks.

    Locks are taken in one order everywhere: two processes must not wait for each other.
    """
    locked = frozenset({client_id})
    for _ in range(MOST_ROUNDS):
        try:
            async with env.work.writing() as uow:
                for number in sorted(locked):
                    await uow.lock_client(number)
                return await write(uow, locked)
        except OtherOwnersError as error:
            locked |= error.client_ids
    raise RuntimeError(f"the services of client {client_id} change their owners all the time")
