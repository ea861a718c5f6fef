"""Finding a client by the company's own id."""

from billing.ports.work import UnitOfWork
from billing.rules.errors import NotFoundError
from billing.views.account import ClientInfo


async def find_client(uow: UnitOfWork, ref: str) -> ClientInfo:
    """The client; NotFoundError("no_such_client") for an unknown id."""
    client = await uow.clients.by_ref(ref)
    if client is None:
        raise NotFoundError("no_such_client", ref=ref)
    return client
