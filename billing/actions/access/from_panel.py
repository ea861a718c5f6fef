"""Clients of a connected panel become known here when somebody links them.

They are rows like those that a load brings. What they have there is read when they are first seen.
"""

from collections.abc import Collection
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.ports.connected import ConnectedPanel
from billing.ports.work import UnitOfWork
from billing.rules.access.emails import email_key
from billing.rules.loading.differences import ClientRow
from billing.rules.money import Money
from billing.views.panel import PanelClient

STEP = 200
"""So many clients are written in one transaction: nobody waits for long."""


def client_row(env: Environment, seen: PanelClient) -> ClientRow:
    """The row of a client; a currency or a time zone that the panel does not say: the company's.

    Credit is kept there, and users are linked by codes.
    """
    currency = seen.currency or env.terms.currency
    return ClientRow(
        ref=seen.ref,
        name=seen.name or seen.ref,
        email=seen.email,
        country=seen.country,
        language=seen.language,
        timezone=env.zone(seen.timezone).key if seen.timezone else "",
        currency=currency,
        tax_rate=seen.tax_rate,
        tax_id=seen.tax_id,
        credit=Money.zero(currency),
        is_closed=seen.is_closed,
    )


async def keep_clients(
    env: Environment, uow: UnitOfWork, clients: Collection[PanelClient]
) -> None:
    """Insert those that are new, update those that differ."""
    if clients:
        # Two who meet the same new client insert it one after the other.
        await uow.loading.begin()
        rows = [client_row(env, one) for one in clients]
        await uow.loading.upsert_clients(rows, at=env.now())


@dataclass(frozen=True, slots=True)
class PanelClients:
    """Looks clients up in the connected panel, if there is one; no transaction may be open.

    PanelUnreachableError if it does not answer: then nothing has changed.
    """

    env: Environment
    connected: ConnectedPanel | None

    async def meet(self, ref: str) -> None:
        """Let a client be known here, if the panel knows them."""
        if self.connected is None or await self._is_known(ref):
            return
        client = await self.connected.client(ref)
        if client is not None:
            await self._keep([client])

    async def meet_all(self) -> None:
        """Let all clients of the panel be known here."""
        if self.connected is None:
            return
        batch: list[PanelClient] = []
        async for client in self.connected.clients():
            batch.append(client)
            if len(batch) >= STEP:
                await self._keep(batch)
                batch = []
        await self._keep(batch)

    async def meet_by_email(self, email: str) -> None:
        """Let those be known here whose address it is, and nobody else have it.

        `email` as by `email_key`. Panels compare more loosely: letters that look alike belong to
        other people's addresses.
        """
        if self.connected is None:
            return
        there = await self.connected.find_clients(email)
        clients = {one.ref: one for one in there if email_key(one.email) == email}
        async with self.env.work.reading() as uow:
            here = [one.preview for one in await uow.access.with_email(email)]
        for known in here:
            if known.ref not in clients:
                now = await self.connected.client(known.ref)
                clients[known.ref] = now or PanelClient(known.ref, known.name, "", "")
        await self._keep(clients.values())

    async def _is_known(self, ref: str) -> bool:
        async with self.env.work.reading() as uow:
            return await uow.clients.by_ref(ref) is not None

    async def _keep(self, clients: Collection[PanelClient]) -> None:
        if not clients:
            return
        async with self.env.work.writing() as uow:
            await keep_clients(self.env, uow, clients)
            await uow.commit()
