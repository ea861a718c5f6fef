"""What a client cannot order again, as the database knows it."""

from dataclasses import replace

import pytest

from billing.rules.payments.invoices import HOLDING, InvoiceStatus
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.existing_orders import ExistingOrders, Namesake, UnpaidLine
from storage.database import Database
from tests.make import NOW, money, quote, service
from tests.statements import counting
from tests.storage.company import add_client, add_invoice, add_services


async def existing_orders(database: Database, client_id: int, *names: str) -> ExistingOrders:
    async with database.work.reading() as uow:
        return await uow.invoices.existing_orders(client_id, names)


@pytest.mark.parametrize(
    ("typed", "by_label"),
    [
        ("ŁÓDŹ.pl", False),
        ("xn--d-uga0v4h.pl", False),
        ("lodz.pl", None),
        ("SKLEP", True),
        ("skle", None),
        ("", None),
        (" ", None),
    ],
)
async def test_a_name_that_is_taken_is_known(
    database: Database, typed: str, by_label: bool | None
) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(client_id=anna, domain="łódź.pl"),
        service(client_id=anna, domain="b.pl", label="Sklep"),
        service(client_id=anna, domain="łódź.pl", status=ServiceStatus.CANCELLED),
    )
    borne = () if by_label is None else (Namesake(typed, "start", by_label),)
    assert (await existing_orders(database, anna, typed)).namesakes == borne


async def test_names_come_with_the_products_that_bear_them_in_one_statement(
    database: Database,
) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    await add_services(
        database,
        service(client_id=anna, domain="łódź.pl", product_id="start"),
        service(client_id=anna, domain="łódź.pl", product_id="domain"),
        service(client_id=anna, domain="b.pl", product_id="domain"),
        service(client_id=john, domain="c.pl"),
    )
    with counting(database) as statements:
        found = await existing_orders(database, anna, "ŁÓDŹ.pl", "b.pl", "c.pl")
    assert len(statements) == 1
    assert set(found.namesakes) == {
        Namesake("ŁÓDŹ.pl", "start"), Namesake("ŁÓDŹ.pl", "domain"), Namesake("b.pl", "domain"),
    }  # fmt: skip


async def test_the_lines_of_unpaid_invoices_are_those_of_what_is_new(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    (number,) = await add_services(database, service(client_id=anna))
    renewal = quote(service_id=number)
    new = quote(line_id=2, kind=LineKind.PRODUCT, service_id=None, domain="nowa.example")
    addon = quote(line_id=3, kind=LineKind.ADDON, service_id=number)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, renewal, new, addon, client_id=anna)
        await add_invoice(uow, new, client_id=john)
        await uow.commit()
    lines = tuple(UnpaidLine(bill.id, bill.number, line) for line in (new, addon))
    assert await existing_orders(database, anna) == ExistingOrders(lines)


@pytest.mark.parametrize("status", InvoiceStatus)
async def test_only_while_it_is_unpaid_an_invoice_holds_anything(
    database: Database, status: InvoiceStatus
) -> None:
    anna = await add_client(database)
    new = quote(kind=LineKind.PRODUCT, service_id=None)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, new, client_id=anna)
        paid = bill.gross if status is InvoiceStatus.PAID else money("1.00")
        assert await uow.invoices.update_if_unchanged(bill, status=status, paid=paid, at=NOW)
        closed = await add_invoice(
            uow, replace(new, domain="b.pl"), client_id=anna,
            status=InvoiceStatus.PAID,
        )  # fmt: skip
        await uow.commit()
    held = {line.invoice_id for line in (await existing_orders(database, anna)).lines}
    assert held == ({bill.id} if status in HOLDING else set())
    assert closed.id not in held
