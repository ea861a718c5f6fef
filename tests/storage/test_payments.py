import asyncio
from dataclasses import replace
from typing import Any

import pytest

from billing.ports.work import UnitOfWork
from billing.rules.errors import DuplicateChargeError
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.rules.shop.cart import LineKind
from storage.database import Database
from tests.make import NOW, money, payment, quote
from tests.storage.company import add_client, add_invoice

TEN = money("10.00")


async def add_payment(uow: UnitOfWork, **changes: Any) -> Payment:
    anna = await uow.clients.by_ref("anna")
    assert anna is not None
    summaries = await uow.invoices.page(anna.id, is_open=True, limit=1, offset=0)
    if summaries:
        invoice_id = summaries[0].id
    else:
        bought = quote(kind=LineKind.PRODUCT, service_id=None)
        invoice_id = (await add_invoice(uow, bought, client_id=anna.id)).id
    made = payment(**{"invoice_id": invoice_id, "client_id": anna.id, **changes})
    return await uow.payments.add(made)


async def test_a_payment_comes_back(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        made = await add_payment(uow)
        assert await uow.payments.get(made.id) == made
        assert await uow.payments.get(made.id + 1) is None
        assert await uow.payments.open_of(made.invoice_id, "bank") == made
        assert await uow.payments.open_of(made.invoice_id, "credit") is None
        assert await uow.payments.paid_of(made.invoice_id) == ()


async def test_a_confirmation_counts_once(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        made = await add_payment(uow)
        assert await uow.payments.confirm(made.id, charge_id="c1", amount=TEN, at=NOW)
        assert not await uow.payments.confirm(made.id, charge_id="c1", amount=TEN, at=NOW)
        assert not await uow.payments.confirm(made.id, charge_id="c2", amount=TEN, at=NOW)
        paid = replace(made, status=PaymentStatus.PAID, amount=TEN, charge_id="c1", paid_at=NOW)
        assert await uow.payments.first_for_charge("bank", "c1") == paid
        assert await uow.payments.first_for_charge("telegram", "c1") is None
        assert await uow.payments.paid_of(made.invoice_id) == (paid,)
        assert await uow.payments.open_of(made.invoice_id, "bank") is None


async def test_one_of_many_simultaneous_confirmations_succeeds(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        made = await add_payment(uow)
        await uow.commit()
    other = await Database.open(str(database.engines.url), migrate=False)

    async def confirm(mine: Database, charge_id: str) -> bool:
        async with mine.work.writing() as uow:
            done = await uow.payments.confirm(made.id, charge_id=charge_id, amount=TEN, at=NOW)
            await uow.commit()
            return done

    results = await asyncio.gather(
        *(confirm(mine, charge) for mine in (database, other) for charge in ("c1", "c1", "c2"))
    )
    await other.close()
    assert sum(results) == 1


async def test_a_charge_pays_one_payment_only(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        first, second = await add_payment(uow), await add_payment(uow)
        assert await uow.payments.confirm(first.id, charge_id="c1", amount=TEN, at=NOW)
        assert not await uow.payments.confirm(second.id, charge_id="c1", amount=TEN, at=NOW)
        with pytest.raises(DuplicateChargeError):
            await add_payment(uow, charge_id="c1", status=PaymentStatus.PAID)
        elsewhere = await add_payment(uow, charge_id="c1", gateway="telegram")
        assert await uow.payments.first_for_charge("telegram", "c1") == elsewhere


async def test_money_that_comes_after_we_gave_up_still_counts(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        first = await add_payment(uow, status=PaymentStatus.PENDING)
        paid = await add_payment(uow, status=PaymentStatus.PAID, charge_id="c0")
        await uow.payments.close_open(first.invoice_id, PaymentStatus.EXPIRED)
        closed = await uow.payments.get(first.id)
        assert closed == replace(first, status=PaymentStatus.EXPIRED)
        assert await uow.payments.get(paid.id) == paid
        assert await uow.payments.confirm(first.id, charge_id="c1", amount=TEN, at=NOW)


async def test_the_last_of_several_open_attempts_counts(database: Database) -> None:
    await add_client(database)
    async with database.work.writing() as uow:
        await add_payment(uow)
        last = await add_payment(uow, amount=TEN)
        assert await uow.payments.open_of(last.invoice_id, "bank") == last
