import asyncio

import pytest

from billing.rules.errors import InsufficientCreditError
from billing.rules.money import Money
from billing.rules.payments.payment import CreditReason
from storage.database import Database
from tests.make import NOW, money
from tests.storage.company import PLN_100, add_client


async def test_a_client_is_found_by_id_and_by_the_companys_own_id(database: Database) -> None:
    client_id = await add_client(database, "K-7", tax_rate=800)
    async with database.work.reading() as uow:
        client = await uow.clients.get(client_id)
        assert client == await uow.clients.by_ref("K-7")
        assert await uow.clients.get(client_id + 1) is None
        assert await uow.clients.by_ref("k-7") is None
    assert client is not None
    assert (client.ref, client.currency, client.tax_rate) == ("K-7", "PLN", 800)
    assert client.credit == money("0")


async def test_credit_moves_with_a_history_newest_first(database: Database) -> None:
    client_id = await add_client(database)
    async with database.work.writing() as uow:
        await uow.clients.move_credit(client_id, PLN_100, reason=CreditReason.ADJUSTED, at=NOW)
        left = await uow.clients.move_credit(
            client_id,
            -money("30.00"),
            reason=CreditReason.APPLIED,
            at=NOW,
            invoice_number="PRO-202603-00001-7391",
        )
        await uow.commit()
    assert left == money("70.00")
    async with database.work.reading() as uow:
        history = await uow.clients.movements(client_id, limit=5, offset=0)
        older = await uow.clients.movements(client_id, limit=5, offset=1)
        client = await uow.clients.get(client_id)
    assert client is not None
    assert client.credit == left
    assert [(m.amount, m.balance, m.reason) for m in history] == [
        (-money("30.00"), money("70.00"), CreditReason.APPLIED),
        (PLN_100, PLN_100, CreditReason.ADJUSTED),
    ]
    assert history[0].invoice_number == "PRO-202603-00001-7391"
    assert history[0].at == NOW
    assert older == history[1:]


@pytest.mark.parametrize("amount", [-money("0.01"), Money(1, "EUR")])
async def test_credit_neither_goes_below_zero_nor_changes_its_currency(
    database: Database, amount: Money
) -> None:
    client_id = await add_client(database)
    async with database.work.writing() as uow:
        with pytest.raises(InsufficientCreditError):
            await uow.clients.move_credit(client_id, amount, reason=CreditReason.APPLIED, at=NOW)
        assert await uow.clients.movements(client_id, limit=5, offset=0) == ()


async def test_the_same_credit_can_be_spent_only_once(database: Database) -> None:
    client_id = await add_client(database, credit=PLN_100)

    async def spend() -> bool:
        async with database.work.writing() as uow:
            try:
                await uow.clients.move_credit(
                    client_id, -PLN_100, reason=CreditReason.APPLIED, at=NOW
                )
            except InsufficientCreditError:
                return False
            await uow.commit()
            return True

    assert sorted(await asyncio.gather(spend(), spend(), spend())) == [False, False, True]
