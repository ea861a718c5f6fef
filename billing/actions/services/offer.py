"""The offer of the day."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.errors import NotFoundError
from billing.views.account import ClientInfo
from billing.views.services import Offer


@dataclass(frozen=True, slots=True)
class ShowOffer:
    """The banner that runs today, with its product if the client can order it."""

    env: Environment

    async def __call__(self, client: ClientInfo) -> Offer:
        """Read it; NotFoundError if none runs today."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
        banner = catalog.banner(self.env.today())
        if banner is None:
            raise NotFoundError
        product = banner.product if self.env.allowed(client).order else None
        return Offer(banner, catalog.orderable(product, client.currency))
