import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.errors import CartChangedError
from billing.rules.payments.invoices import InvoiceStatus, Outcome
from billing.rules.shop.cart import LineKind
from storage.database import Database
from tests.make import NOW, TODAY, money, quote, service
from tests.statements import counting
from tests.storage.company import add_client, add_invoice, add_services

UNPAID, PAID, CANCELLED = InvoiceStatus.UNPAID, InvoiceStatus.PAID, InvoiceStatus.CANCELLED


async def anna_with_services(database: Database, many: int = 1) -> tuple[int, tuple[int, ...]]:
    anna = await add_client(database)
    return anna, await add_services(database, *(service(client_id=anna) for _ in range(many)))


async def test_an_invoice_comes_back_with_its_lines(database: Database) -> None:
    anna, (first, second) = await anna_with_services(database, 2)
    async with database.work.writing() as uow:
        added = await add_invoice(
            uow, quote(service_id=first), quote(service_id=second), client_id=anna
        )
        await uow.commit()
    assert added.number == "PRO-202603-00001-7391"
    assert [line.quote.service_id for line in added.lines] == [first, second]
    with counting(database) as statements:
        async with database.work.reading() as uow:
            assert await uow.invoices.get(anna, added.id) == added
            assert await uow.invoices.by_id(added.id) == added
            assert await uow.invoices.by_number(added.number) == added
    assert len(statements) == 3
    async with database.work.reading() as uow:
        assert await uow.invoices.get(anna + 1, added.id) is None
        assert await uow.invoices.by_id(added.id + 1) is None


async def test_numbers_run_by_the_month(database: Database) -> None:
    async with database.work.writing() as uow:
        numbers = [
            await uow.invoices.next_number(TODAY + timedelta(days=days), digits)
            for days, digits in ((0, 7391), (9, 0), (30, 42), (1, 9999))
        ]
    assert numbers == [
        "PRO-202603-00001-7391", "PRO-202603-00002-0000",
        "PRO-202604-00001-0042", "PRO-202603-00003-9999",
    ]  # fmt: skip


async def test_a_renewal_is_on_one_open_invoice(database: Database) -> None:
    anna, (number,) = await anna_with_services(database)
    renewal = quote(service_id=number)
    async with database.work.writing() as uow:
        first = await add_invoice(uow, renewal, client_id=anna)
        await uow.commit()
    async with database.work.writing() as uow:
        with pytest.raises(CartChangedError):
            await add_invoice(uow, renewal, client_id=anna)
    async with database.work.writing() as uow:
        assert await uow.invoices.update_if_unchanged(
            first, status=CANCELLED, paid=first.paid, at=NOW
        )
        assert (await uow.services.live(anna))[0].on_invoice is None
        second = await add_invoice(uow, renewal, client_id=anna)
        assert second.is_open


async def test_what_is_paid_is_taken_once(database: Database) -> None:
    anna, (number,) = await anna_with_services(database)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, quote(service_id=number), client_id=anna)
        await uow.commit()

    async def pay() -> bool:
        async with database.work.writing() as uow:
            taken = await uow.invoices.update_if_unchanged(
                bill, status=PAID, paid=bill.gross, at=NOW
            )
            await uow.commit()
            return taken

    assert sorted(await asyncio.gather(pay(), pay(), pay())) == [False, False, True]
    async with database.work.reading() as uow:
        paid = await uow.invoices.by_id(bill.id)
    assert paid == replace(bill, status=PAID, paid=bill.gross, paid_at=NOW)


async def test_a_part_payment_keeps_the_invoice_open_and_holding(database: Database) -> None:
    anna, (number,) = await anna_with_services(database)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, quote(service_id=number), client_id=anna)
        part = money("10.00")
        assert await uow.invoices.update_if_unchanged(bill, status=UNPAID, paid=part, at=NOW)
        assert not await uow.invoices.update_if_unchanged(bill, status=UNPAID, paid=part, at=NOW)
        partly = await uow.invoices.by_id(bill.id)
        assert partly == replace(bill, paid=part)
        on_invoice = (await uow.services.live(anna))[0].on_invoice
    assert on_invoice is not None
    assert on_invoice.balance == bill.gross - part


async def test_the_outcome_of_a_line_is_noted_once(database: Database) -> None:
    anna, (number,) = await anna_with_services(database)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, quote(service_id=number), client_id=anna)
        done = replace(
            bill.lines[0],
            applied_at=NOW,
            outcome=Outcome.RENEWED,
            due_date=TODAY,
            service_id=number,
        )
        await uow.invoices.save_lines(bill.id, [done])
        again = replace(done, applied_at=NOW + timedelta(hours=1), outcome=Outcome.CREDITED)
        await uow.invoices.save_lines(bill.id, [again])
        found = await uow.invoices.by_id(bill.id)
    assert found is not None
    assert found.lines == (done,)


async def test_invoices_are_listed_newest_first_with_their_number(database: Database) -> None:
    anna, _ = await anna_with_services(database)
    bought = quote(kind=LineKind.PRODUCT, service_id=None)
    async with database.work.writing() as uow:
        made = [await add_invoice(uow, bought, client_id=anna) for _ in range(5)]
        await uow.invoices.update_if_unchanged(made[0], status=PAID, paid=made[0].gross, at=NOW)
        await uow.commit()
    async with database.work.reading() as uow:
        rows = await uow.invoices.page(anna, is_open=True, limit=3, offset=0)
        assert [row.id for row in rows] == [made[4].id, made[3].id, made[2].id]
        assert await uow.invoices.counts(anna) == (4, 1)
        assert rows[0].balance == rows[0].gross == made[4].gross
        assert await uow.invoices.page(anna, is_open=True, limit=3, offset=6) == ()
        (closed,) = await uow.invoices.page(anna, is_open=False, limit=3, offset=0)
        assert (closed.status, closed.balance) == (PAID, money("0"))
        assert await uow.invoices.page(anna + 1, is_open=True, limit=3, offset=0) == ()
        assert await uow.invoices.counts(anna + 1) == (0, 0)


async def test_unpaid_invoices_expire_after_their_last_day(database: Database) -> None:
    anna, _ = await anna_with_services(database)
    bought = quote(kind=LineKind.PRODUCT, service_id=None)
    async with database.work.writing() as uow:
        late = await add_invoice(uow, bought, bought, client_id=anna, expires_on=TODAY)
        fresh = await add_invoice(uow, bought, client_id=anna)
        paid = await add_invoice(uow, bought, client_id=anna, expires_on=TODAY)
        await uow.invoices.update_if_unchanged(paid, status=PAID, paid=paid.gross, at=NOW)
        assert await uow.invoices.expired(TODAY, limit=9) == ()
        assert await uow.invoices.expired(TODAY + timedelta(days=1), limit=9) == (late,)
        assert await uow.invoices.expired(TODAY + timedelta(days=99), limit=9) == (late, fresh)
        assert await uow.invoices.expired(TODAY + timedelta(days=99), limit=1) == (late,)
