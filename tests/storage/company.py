"""Putting an invented company's clients and services into a database."""

from dataclasses import replace
from typing import Any

from billing.ports.work import UnitOfWork
from billing.rules.loading.differences import ClientRow, ServiceRow
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.rules.services.service import Service
from billing.rules.shop.cart import CartLine
from billing.rules.shop.quotes import Quote
from storage.database import Database
from tests.make import DIGITS, NOW, invoice, known, money, product_line, service


def client_row(ref: str = "anna", **changes: Any) -> ClientRow:
    """A Polish client without credit or users."""
    made = ClientRow(
        ref=ref,
        name="Anna Nowak",
        email="anna@anna.example",
        country="PL",
        language="pl",
        timezone="Europe/Warsaw",
        currency="PLN",
        tax_rate=None,
        tax_id="",
        credit=Money.zero("PLN"),
    )
    return replace(made, **changes)


def service_row(ref: str = "S1", **changes: Any) -> ServiceRow:
    """The default service of `tests.make` as a row of client "anna"."""
    like = service()
    made = ServiceRow(
        ref=ref,
        client="anna",
        product=like.product_id,
        parent="",
        name=like.name,
        domain=like.domain,
        first_amount=known(like.first_amount),
        amount=known(like.amount),
        cycle=like.cycle,
        registered_on=like.registered_on,
        next_due_date=like.next_due_date,
        anchor_day=like.anchor_day,
        status=like.status,
    )
    return replace(made, **changes)


async def add_client(database: Database, ref: str = "anna", **changes: Any) -> int:
    """Load one client; its id."""
    async with database.work.writing() as uow:
        await uow.loading.upsert_clients([client_row(ref, **changes)], at=NOW)
        found = await uow.clients.by_ref(ref)
        await uow.commit()
    assert found is not None
    return found.id


async def add_services(database: Database, *services: Service) -> tuple[int, ...]:
    """Insert services as if ordered; their ids."""
    async with database.work.writing() as uow:
        ids = await uow.services.add(services, invoice_line_ids=[None] * len(services))
        await uow.commit()
    return ids


async def add_invoice(uow: UnitOfWork, *quotes: Quote, **changes: Any) -> Invoice:
    """Insert an invoice with the next number."""
    number = await uow.invoices.next_number(NOW.date(), DIGITS)
    made = invoice(*quotes, number=number, **changes)
    return await uow.invoices.add(made)


def new_line(name: str = "nowa.example") -> CartLine:
    """A cart line that has no id yet."""
    return replace(product_line(), id=0, name=name)


PLN_100 = money("100.00")
