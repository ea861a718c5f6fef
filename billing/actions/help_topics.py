"""Help topics and the votes on them."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.errors import NotFoundError
from billing.rules.shop.catalog import Catalog
from billing.views.help import HelpPage


@dataclass(frozen=True, slots=True)
class ShowCatalog:
    """The company's texts and topics."""

    env: Environment

    async def __call__(self) -> Catalog:
        """The current catalogue."""
        async with self.env.work.reading() as uow:
            return await uow.catalogs.current()


@dataclass(frozen=True, slots=True)
class ShowHelp:
    """One topic with its tally."""

    env: Environment

    async def __call__(self, user_id: int, topic_number: int) -> HelpPage:
        """Read it; NotFoundError when it is not in the catalogue any more."""
        async with self.env.work.reading() as uow:
            catalog = await uow.catalogs.current()
            topic = catalog.topic(topic_number)
            if topic is None:
                raise NotFoundError
            useful, votes, mine = await uow.votes.tally(user_id, topic.id)
        return HelpPage(catalog.company, topic, useful, votes, mine)


@dataclass(frozen=True, slots=True)
class Vote:
    """Say whether a topic was useful; one changeable vote per user."""

    env: Environment

    async def __call__(self, user_id: int, topic_number: int, *, useful: bool) -> HelpPage:
        """Cast it and return the topic with the new tally."""
        async with self.env.work.writing() as uow:
            catalog = await uow.catalogs.current()
            topic = catalog.topic(topic_number)
            if topic is None:
                raise NotFoundError
            await uow.votes.vote(user_id, topic.id, useful=useful)
            good, votes, mine = await uow.votes.tally(user_id, topic.id)
            await uow.commit()
        return HelpPage(catalog.company, topic, good, votes, mine)
