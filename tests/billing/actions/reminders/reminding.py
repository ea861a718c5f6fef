"""A company whose days pass: what would be sent is kept with the instant and the local time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from billing.actions.environment import Environment, Terms
from billing.actions.registry import Actions, make_actions
from billing.ports.outbox import Outgoing
from billing.ports.outside import Delivery, Notifier
from billing.ports.panel import Panel
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.digests import Digest
from bot.gateways.bank import bank_gateway
from bot.panels import embedded
from storage.database import Database
from storage.errors import DatabaseError
from storage.tables.messages import digests, outbox, reminder_items
from tests.database import connect
from tests.fakes import StillClock
from tests.make import TODAY, catalog, digits, service
from tests.storage.company import add_client, add_services

WARSAW = ZoneInfo("Europe/Warsaw")
TERMS = Terms(WARSAW, "PLN", tax_rate=2300, prices_include_tax=False)


def at(local: time, day: date = TODAY, zone: ZoneInfo = WARSAW) -> datetime:
    """An instant by the clock on the company's wall."""
    return datetime.combine(day, local, zone).astimezone(UTC)


MIDNIGHT = at(time(0, 1))
"""Just after the company's TODAY has begun."""


@dataclass(slots=True)
class Post:
    """In the place of Telegram: keeps what is sent; the next answers can be given beforehand.

    So can the seconds after which the next messages have arrived but are not answered yet.
    """

    clock: StillClock
    digests: list[tuple[datetime, Digest]] = field(default_factory=list)
    notices: list[Outgoing] = field(default_factory=list)
    answers: list[Delivery | Exception] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)

    async def digest(self, digest: Digest) -> Delivery:
        await asyncio.sleep(0)
        delivery = self._answer()
        if delivery.message_id is not None:
            self.digests.append((self.clock.now(), digest))
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        return delivery

    async def notify(self, outgoing: Outgoing) -> Delivery:
        await asyncio.sleep(0)
        delivery = self._answer()
        if delivery.message_id is not None:
            self.notices.append(outgoing)
        await asyncio.sleep(self.delays.pop(0) if self.delays else 0)
        return delivery

    def _answer(self) -> Delivery:
        if not self.answers:
            return Delivery(len(self.digests) + len(self.notices) + 1)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(slots=True)
class Days:
    """One process on a database: its clock, its actions, what it has sent."""

    database: Database
    clock: StillClock
    post: Post
    actions: Actions

    async def client(self, ref: str = "anna", *users: int, **changes: Any) -> ClientInfo:
        """A client with these users (7 unless named), in Warsaw unless said otherwise."""
        await add_client(self.database, ref, telegram_ids=users or (7,), **changes)
        async with self.database.work.reading() as uow:
            found = await uow.clients.by_ref(ref)
        assert found is not None
        return found

    async def owns(self, client: ClientInfo, days: int = 7, **changes: Any) -> Service:
        """A monthly service due so many days from TODAY."""
        due = TODAY + timedelta(days=days)
        made = service(**({"client_id": client.id, "next_due_date": due} | changes))
        (number,) = await add_services(self.database, made)
        return replace(made, id=number)

    async def save(self, *changed: Service) -> None:
        async with self.database.work.writing() as uow:
            await uow.services.save(changed)
            await uow.commit()

    async def publish(self, published: Catalog) -> None:
        async with self.database.work.writing() as uow:
            await uow.catalogs.save(published, at=self.clock.now())
            await uow.commit()

    async def visitor(self, user_id: int = 7) -> Visitor:
        return await self.actions.identify(user_id)

    async def switches_off(self, client: ClientInfo, user_id: int = 7) -> None:
        """Let a user want no reminders."""
        visitor = await self.visitor(user_id)
        await self.actions.change_reminder_settings(
            visitor, client, lambda chosen: replace(chosen, on=False)
        )

    async def tick(self, *, times: int = 1) -> int:
        """Plan and send what is due; how many reminders went out."""
        before = len(self.post.digests)
        for _ in range(times):
            await self.actions.plan_reminders()
            while await self.actions.send_digests():
                pass
        return len(self.post.digests) - before

    async def goes_to(self, local: time, day: date = TODAY) -> None:
        """Move the clock to a time in Warsaw, forwards, and tick there."""
        self.clock.advance(at(local, day) - self.clock.now())
        await self.tick()

    async def lives(self, days: int, *, every: timedelta = timedelta(hours=1)) -> int:
        """Tick through whole days; how many reminders went out."""
        before = len(self.post.digests)
        until = self.clock.now() + timedelta(days=days)
        await self.tick()
        while self.clock.now() < until:
            self.clock.advance(min(every, until - self.clock.now()))
            await self.tick()
        return len(self.post.digests) - before

    @property
    def last(self) -> Digest:
        return self.post.digests[-1][1]

    def stages(self) -> list[list[str]]:
        """The stages of each reminder sent."""
        return [[item.stage for item in digest.items] for _, digest in self.post.digests]

    def local_times(self, zone: ZoneInfo = WARSAW) -> list[datetime]:
        """When reminders went out, by the clock in a zone."""
        return [sent.astimezone(zone) for sent, _ in self.post.digests]

    async def states(self) -> list[str]:
        """The states of all digests, oldest first."""
        return await self._column(select(digests.c.state).order_by(digests.c.id))

    async def items(self) -> list[tuple[str, str]]:
        """Stage and state of all items, oldest first."""
        asked = select(reminder_items.c.stage, reminder_items.c.state)
        async with self.database.engines.readers.connect() as connection:
            rows = await connection.execute(asked.order_by(reminder_items.c.id))
            return [(stage, str(state)) for stage, state in rows]

    async def notes(self) -> list[str]:
        """The states of the outbox, oldest first."""
        return await self._column(select(outbox.c.state).order_by(outbox.c.id))

    async def _column(self, asked: Any) -> list[str]:
        async with self.database.engines.readers.connect() as connection:
            found: Sequence[Any] = (await connection.execute(asked)).scalars().all()
        return [str(value) for value in found]


@asynccontextmanager
async def open_days(
    url: str, now: datetime = MIDNIGHT, *, panel: Panel | None = None
) -> AsyncIterator[Days]:
    """A process on the database at a URL; several may be opened on one."""
    database = await connect(url)
    clock = StillClock(now)
    post = Post(clock)

    def notifier() -> Notifier:
        return post

    actions = make_actions(
        Environment(database.work, clock, TERMS, digits),
        panel=panel or embedded.panel(),
        gateways=(bank_gateway(),),
        notifier=notifier,
    )
    days = Days(database, clock, post, actions)
    async with database.work.reading() as uow:
        is_new = not (await uow.catalogs.current()).products
    if is_new:
        await days.publish(catalog())
    yield days
    await database.close()


def failing_once(method: Any, name: str) -> Any:
    """The same, but the second claim fails, and the first time that something is noted down."""
    answers = iter([True, False] if name == "claim" else [False])

    async def called(*args: Any, **named: Any) -> Any:
        if not next(answers, True):
            raise DatabaseError("the connection to the server was lost")
        return await method(*args, **named)

    return called
