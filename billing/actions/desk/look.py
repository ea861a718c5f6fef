"""Staff look at a client: each look leaves a row in the audit trail."""

from dataclasses import dataclass, replace
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.payments.invoices import ShowInvoice
from billing.actions.services.browse import ShowService
from billing.ports.work import UnitOfWork
from billing.rules.allowed import LOOK_ONLY
from billing.rules.audit import Actor, Audited
from billing.rules.errors import NotFoundError
from billing.views.account import ClientInfo
from billing.views.seen_client import (
    ClientCard,
    ClientInvoices,
    ClientServices,
    SeenInvoice,
    SeenService,
)
from billing.views.services import ServiceFilter, Sort

SIZE = 8
"""Rows of one page of a client's services or proformas."""

PROFORMAS_ON_CARD = 5
"""So many open proformas are named on a client's card, the newest."""


@dataclass(frozen=True, slots=True)
class ShowClientCard:
    """Who a client is and how they stand."""

    env: Environment

    async def __call__(self, client_id: int, *, by: Actor) -> ClientCard:
        """Read it; NotFoundError if there is no such client."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            client = await _client(uow, client_id)
            figures = await uow.desk.client(client_id)
            left = await uow.invoices.left_to_pay(client_id)
            families = await uow.services.due(client_id, until=today - timedelta(days=1))
            proformas = await uow.invoices.page(
                client_id, is_open=True, limit=PROFORMAS_ON_CARD, offset=0
            )
        await _note(self.env, by, client, "")
        due_dates = [one.service.owed_on for one in families]
        overdue = sum(due is not None and due < today for due in due_dates)
        return ClientCard(client, figures, overdue, left, self.env.credit_of(client), proformas)


@dataclass(frozen=True, slots=True)
class ListClientServices:
    """A client's services, ended ones included."""

    env: Environment

    async def __call__(self, client_id: int, page: int, *, by: Actor) -> ClientServices:
        """One page from 0 by due date; empty past the end."""
        every = ServiceFilter(sort=Sort.DUE_DATE, every=True, page=page)
        async with self.env.work.reading() as uow:
            client = await _client(uow, client_id)
            listed = await uow.services.page(client_id, every, size=SIZE)
            count = sum((await uow.desk.client(client_id)).statuses.values())
        await _note(self.env, by, client, "services")
        services = tuple(one.service for one in listed)
        return ClientServices(client, services, page, has_next=(page + 1) * SIZE < count)


@dataclass(frozen=True, slots=True)
class ShowClientService:
    """A service as its client sees it."""

    env: Environment
    show: ShowService

    async def __call__(
        self, client_id: int, service_id: int, language: str, *, by: Actor
    ) -> SeenService:
        """Read it; NotFoundError if the client has no such service."""
        async with self.env.work.reading() as uow:
            client = await _client(uow, client_id)
            page = await self.show.read(uow, client, service_id, language)
        await _note(self.env, by, client, f"service {page.service.full_title}")
        return SeenService(client, page, decides_here=self.env.capabilities.sweeps)


@dataclass(frozen=True, slots=True)
class ListClientInvoices:
    """A client's proformas."""

    env: Environment

    async def __call__(
        self, client_id: int, page: int, *, is_past: bool, by: Actor
    ) -> ClientInvoices:
        """One page from 0, the newest first; empty past the end."""
        async with self.env.work.reading() as uow:
            client = await _client(uow, client_id)
            rows = await uow.invoices.page(
                client_id, is_open=not is_past, limit=SIZE + 1, offset=page * SIZE
            )
        await _note(self.env, by, client, "proformas")
        return ClientInvoices(client, rows[:SIZE], is_past, page, has_next=len(rows) > SIZE)


@dataclass(frozen=True, slots=True)
class ShowClientInvoice:
    """A proforma as its client sees it."""

    env: Environment
    show: ShowInvoice

    async def __call__(self, client_id: int, invoice_id: int, *, by: Actor) -> SeenInvoice:
        """Read it; NotFoundError if the client has no such proforma."""
        async with self.env.work.reading() as uow:
            client = await _client(uow, client_id)
            page = await self.show.read(uow, client, invoice_id)
        await _note(self.env, by, client, f"proforma {page.invoice.number}")
        return SeenInvoice(client, page)


async def _client(uow: UnitOfWork, client_id: int) -> ClientInfo:
    """The client, as somebody who may only look."""
    client = await uow.clients.get(client_id)
    if client is None:
        raise NotFoundError("no_such_client", ref=str(client_id))
    return replace(client, rights=LOOK_ONLY)


async def _note(env: Environment, by: Actor, client: ClientInfo, what: str) -> None:
    async with env.work.writing() as uow:
        await uow.audit.add(by, Audited.VIEW_CLIENT, client.ref, at=env.now(), note=what)
        await uow.commit()
