"""The settler's own guards: an invoice that was read too early moves no money a second time.

The client's lock keeps two actions from meeting here, so they are called directly.
"""

from dataclasses import dataclass, replace

import pytest

from billing.actions.environment import Environment
from billing.actions.payments.settle import Settler
from billing.ports.panel import Applied
from billing.ports.work import UnitOfWork
from billing.rules.cycles import BillingCycle
from billing.rules.errors import BillingError, InvoiceClosedError, NotFoundError
from billing.rules.payments.invoices import Invoice, InvoiceStatus, Outcome
from billing.rules.payments.payment import CreditReason
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.notices.operator import OrderPaid
from bot.panels import embedded
from tests.billing.actions.company import (
    DUE,
    PL,
    TERMS,
    CompanyAtWork,
)
from tests.make import STAFF, TODAY, money

MONTHLY = BillingCycle.MONTHLY
GROSS = money("35.67")
MONTH_LATER = DUE.replace(month=4)


@dataclass(frozen=True, slots=True)
class Till:
    """A company with its settler, an unpaid renewal of S1, and how things stand by now."""

    company: CompanyAtWork
    settler: Settler
    invoice: Invoice

    async def movements(self) -> list[tuple[CreditReason, str]]:
        """What moved on the client's account, oldest first."""
        shown = await self.company.actions.show_credit(await self.company.client())
        return [(m.reason, str(m.amount)) for m in reversed(shown.movements)]

    async def due(self) -> str:
        """When S1 is due."""
        ids = await self.company.ids()
        return str((await self.company.service(ids["S1"])).next_due_date)

    async def now(self) -> Invoice:
        """The invoice as it is stored."""
        async with self.company.database.work.reading() as uow:
            found = await uow.invoices.by_id(self.invoice.id)
        assert found is not None
        return found


@pytest.fixture
async def till(company: CompanyAtWork) -> Till:
    ids = await company.ids()
    placed = await company.renew(ids["S1"])
    env = Environment(company.database.work, company.clock, TERMS)
    return Till(company, Settler(env, embedded.panel()), placed.invoice)


async def receives(till: Till, uow: UnitOfWork, invoice: Invoice, amount: str) -> Invoice:
    return await till.settler.receive(uow, invoice, money(amount))


class TestReceiving:
    async def test_money_counts_once_to_an_invoice_that_was_read_once(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await receives(till, uow, till.invoice, "35.67")
            with pytest.raises(BillingError) as refused:
                await receives(till, uow, till.invoice, "35.67")
            assert refused.value.code == "try_again"
            await uow.commit()
        assert (await till.now()).paid == GROSS
        assert await till.due() == str(MONTH_LATER)

    async def test_two_parts_of_one_reading_count_once(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            partly = await receives(till, uow, till.invoice, "20.00")
            with pytest.raises(BillingError):
                await receives(till, uow, till.invoice, "15.67")
            assert (await receives(till, uow, partly, "15.67")).status is InvoiceStatus.PAID
            await uow.commit()
        assert (await till.now()).paid == GROSS
        assert await till.due() == str(MONTH_LATER)

    async def test_what_is_closed_takes_nothing_any_more(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await till.settler.close(uow, till.invoice, InvoiceStatus.CANCELLED)
            with pytest.raises(BillingError):
                await receives(till, uow, till.invoice, "35.67")
            await uow.commit()
        assert (await till.now()).status is InvoiceStatus.CANCELLED
        assert await till.due() == str(DUE)

    @pytest.mark.slow
    async def test_more_than_the_balance_is_no_business_of_the_invoice(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            with pytest.raises(ValueError, match="surplus"):
                await receives(till, uow, till.invoice, "35.68")
        assert (await till.now()) == till.invoice

    async def test_a_part_closes_no_attempt_and_tells_nobody(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await receives(till, uow, till.invoice, "1.00")
            assert await uow.payments.open_of(till.invoice.id, "bank") is not None
            await uow.commit()
        assert await till.company.outbox() == []

    async def test_the_whole_closes_the_open_attempts(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await receives(till, uow, till.invoice, "35.67")
            assert await uow.payments.open_of(till.invoice.id, "bank") is None


class TestCredit:
    @pytest.mark.slow
    async def test_credit_is_taken_once(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await till.settler.pay_with_credit(uow, till.invoice, GROSS)
            await uow.commit()
        async with till.company.database.work.writing() as uow:
            with pytest.raises(BillingError):
                await till.settler.pay_with_credit(uow, till.invoice, GROSS)
        assert await till.company.credit() == money("64.33")
        assert (await till.movements())[1:] == [(CreditReason.APPLIED, "-35.67 PLN")]

    async def test_nothing_to_take_is_no_movement(self, till: Till) -> None:
        before = await till.movements()
        async with till.company.database.work.writing() as uow:
            await till.settler.pay_with_credit(uow, till.invoice, money("0"))
            await uow.commit()
        assert await till.movements() == before

    async def test_what_is_delivered_gives_nothing_back(self, till: Till) -> None:
        before = await till.movements()
        async with till.company.database.work.writing() as uow:
            await receives(till, uow, till.invoice, "35.67")
            await uow.commit()
        assert await till.movements() == before


class TestClosing:
    @pytest.mark.parametrize("status", [InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED])
    async def test_what_was_paid_comes_back_once(self, till: Till, status: InvoiceStatus) -> None:
        async with till.company.database.work.writing() as uow:
            partly = await till.settler.pay_with_credit(uow, till.invoice, money("10.00"))
            assert await till.settler.close(uow, partly, status) == money("10.00")
            with pytest.raises(BillingError) as again:
                await till.settler.close(uow, partly, status)
            assert again.value.code == "try_again"
            with pytest.raises(InvoiceClosedError):
                await till.settler.close(uow, replace(partly, status=status), status)
            assert await uow.payments.open_of(till.invoice.id, "bank") is None
            await uow.commit()
        assert await till.company.credit() == money("100.00")
        assert (await till.movements())[1:] == [
            (CreditReason.APPLIED, "-10.00 PLN"), (CreditReason.RELEASED, "10.00 PLN"),
        ]  # fmt: skip

    async def test_a_part_that_came_since_the_reading_is_not_lost(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            await receives(till, uow, till.invoice, "10.00")
            with pytest.raises(BillingError):
                await till.settler.close(uow, till.invoice, InvoiceStatus.CANCELLED)
            await uow.commit()
        stored = await till.now()
        assert (stored.status, stored.paid) == (InvoiceStatus.UNPAID, money("10.00"))

    async def test_nothing_paid_is_no_movement(self, till: Till) -> None:
        before = await till.movements()
        async with till.company.database.work.writing() as uow:
            assert not await till.settler.close(uow, till.invoice, InvoiceStatus.CANCELLED)
            await uow.commit()
        assert await till.movements() == before

    async def test_what_is_paid_is_not_closed(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            paid = await receives(till, uow, till.invoice, "35.67")
            with pytest.raises(InvoiceClosedError):
                await till.settler.close(uow, paid, InvoiceStatus.CANCELLED)


class TestReadingIt:
    async def test_only_the_clients_own_and_only_while_it_is_open(
        self, till: Till, john: ClientInfo
    ) -> None:
        number, owner = till.invoice.id, till.invoice.client_id
        async with till.company.database.work.writing() as uow:
            invoice, catalog = await till.settler.read_open(uow, owner, number)
            assert (invoice, catalog) == (till.invoice, await uow.catalogs.current())
            for client, invoice_id in ((john.id, number), (owner, 4711)):
                with pytest.raises(NotFoundError):
                    await till.settler.read_open(uow, client, invoice_id)
            await till.settler.close(uow, till.invoice, InvoiceStatus.CANCELLED)
            with pytest.raises(InvoiceClosedError):
                await till.settler.read_open(uow, owner, number)


class TestTheLines:
    async def test_a_line_that_was_applied_is_not_applied_again(self, till: Till) -> None:
        async with till.company.database.work.writing() as uow:
            paid = await receives(till, uow, till.invoice, "35.67")
            again = await embedded.panel().settle(
                uow, paid, now=till.company.clock.now(), today=TODAY
            )
            await uow.commit()
        assert again == Applied(())
        assert await till.due() == str(MONTH_LATER)

    @pytest.mark.slow
    async def test_what_cannot_be_delivered_comes_back_in_one_movement(self, till: Till) -> None:
        company, ids = till.company, await till.company.ids()
        await company.actions.cancel_invoice(await company.client(), till.invoice.id)
        both = (await company.renew(ids["S1"], ids["A1"])).invoice
        (before,) = await till.movements()
        for service_id in (ids["S1"], ids["A1"]):
            await company.becomes(service_id, next_due_date=None, status=ServiceStatus.PENDING)
        async with company.database.work.writing() as uow:
            paid = await till.settler.receive(uow, both, both.gross)
            await uow.commit()
        assert {line.outcome for line in paid.lines} == {Outcome.CREDITED}
        assert await till.movements() == [before, (CreditReason.UNDELIVERED, str(both.gross))]


async def test_a_paid_order_is_told_by_the_number_that_accepts_it(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    for name in ("jeden.example", "dwa.example"):
        await company.actions.add_product(
            anna, PL, product_number=company.number("start"), cycle=MONTHLY, name=name,
            addons=[(company.number("ssl"), MONTHLY)],
        )  # fmt: skip
    placed = await company.place()
    await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    paid = [order.service for _, order in await company.notices(OrderPaid)]
    orders = {
        order.service.domain: order.service.id for order in await company.actions.list_orders()
    }
    assert {service.domain: service.id for service in paid} == orders
    assert len(await company.alerts()) == len(orders)
    for number in orders.values():
        accepted = await company.actions.decide_order(number, accept=True, by=STAFF)
        assert accepted.service.id == number > 0
