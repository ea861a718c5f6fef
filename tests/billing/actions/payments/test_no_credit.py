"""With a panel that keeps the credit: whatever would be credit is unplaced money."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing.ports.inbox import EventState, UnplacedMoney
from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    BillingError,
    InvoiceClosedError,
    NotAllowedError,
    NotOfferedError,
)
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import InvoiceStatus, Outcome
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo, Reach
from billing.views.notices.money import (
    InvoiceClosed,
    InvoiceExpired,
    MoneyCameLate,
    SurplusSetAside,
)
from billing.views.notices.operator import (
    LineUndelivered,
    UnplacedPayment,
)
from billing.views.notices.services import OrderRejected
from billing.views.payments import Instructions, PaymentOutcome, TelegramInvoice
from billing.views.services import CancelWhen
from bot.gateways.telegram_notices import notice_of
from storage.tables.accounts import credit_movements
from tests.billing.actions.company import (
    ANNA,
    BANK,
    CLIENTS,
    CREDIT,
    PIOTR,
    PL,
    TELEGRAM,
    CompanyAtWork,
    Folder,
    code_of,
    make_company,
)
from tests.bot.gateways.test_telegram_notices import message
from tests.make import STAFF, money
from tests.panels import limited
from tests.storage.company import client_row, service_row

GROSS = money("35.67")
"""What a renewal of S1 costs."""


@pytest.fixture
async def company(company: CompanyAtWork) -> CompanyAtWork:
    """The company as before, but its panel keeps the credit."""
    panel = limited(EVERYTHING, credit=False)
    return make_company(company.database, company.clock, panel=panel)


async def unplaced(company: CompanyAtWork) -> list[UnplacedMoney]:
    """Money that waits for the operator."""
    return list((await company.actions.list_unplaced()).items)


async def check_one(company: CompanyAtWork, misfit: Misfit, amount: str, number: str) -> None:
    """There is that unplaced money, of Anna, and one message about it; no credit moved."""
    (one,) = await unplaced(company)
    assert (one.reason, one.amount, one.currency) == (misfit, money(amount).minor, "PLN")
    assert one.payload == f"{number} anna"
    ((user, told),) = await company.notices(UnplacedPayment)
    assert (user, told.unplaced_id, told.misfit) == (0, one.id, misfit)
    assert (told.amount, told.number) == (money(amount), number)
    assert (told.can_credit, told.reach) == (False, Reach.REACHED)
    await check_nothing_moved(company)


async def check_nothing_moved(company: CompanyAtWork) -> None:
    """Credit is what was loaded before the panel kept it."""
    assert await company.credit() == money("100.00")
    async with company.database.engines.readers.connect() as connection:
        reasons = (await connection.execute(select(credit_movements.c.reason))).scalars()
        assert {str(reason) for reason in reasons} == {"loaded"}


class TestNothingOffersCredit:
    async def test_the_checkout(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        ids = await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        for use_credit in (True, False):
            review = await company.actions.review_checkout(anna, PL, use_credit=use_credit)
            assert review.credit is None
            ways = {code_of(m): (m.credit_part, m.due_part) for m in review.methods}
            whole = (money("0"), GROSS)
            assert ways == {"bank": whole, "telegram": whole}
        assert (await company.actions.show_cart(anna, PL)).credit is None
        with pytest.raises(NotOfferedError):
            await company.place(gateway=CREDIT, use_credit=True)
        placed = await company.place(gateway=BANK, use_credit=True)
        assert isinstance(placed.start, Instructions)
        assert placed.start.amount == GROSS
        await check_nothing_moved(company)

    async def test_a_proforma(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        page = await company.actions.show_invoice(anna, invoice.id, use_credit=True)
        assert page.credit is None
        assert [code_of(method) for method in page.methods] == ["bank", "telegram"]
        with pytest.raises(NotOfferedError):
            await company.actions.pay_invoice(anna, invoice_id=invoice.id, gateway_number=CREDIT)
        placed = await company.actions.pay_invoice(
            anna, invoice_id=invoice.id, gateway_number=BANK, use_credit=True
        )
        assert isinstance(placed.start, Instructions)
        assert placed.start.amount == GROSS
        assert (await company.actions.list_invoices(anna, is_open=True)).credit is None
        await check_nothing_moved(company)

    async def test_the_history(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        with pytest.raises(NotAllowedError, match="no_credit"):
            await company.actions.show_credit(anna)

    async def test_what_costs_nothing_is_ordered_all_the_same(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.actions.add_product(
            anna, PL, product_number=company.number("parking"), cycle=BillingCycle.FREE,
            name="wolna.example",
        )  # fmt: skip
        placed = await company.place(gateway=CREDIT)
        assert placed.invoice.status is InvoiceStatus.PAID
        assert not await unplaced(company)


class TestWhatWouldBeCredit:
    async def test_a_surplus(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        result = await company.actions.record_transfer(number, "40.00", by=STAFF)
        assert (result.outcome, result.surplus) == (PaymentOutcome.PAID, money("4.33"))
        assert not result.is_credit
        assert [user for user, _ in await company.notices(SurplusSetAside)] == [ANNA, PIOTR]
        assert "overpaid" not in await company.alerts()
        await check_one(company, Misfit.SURPLUS, "4.33", number)

    async def test_a_second_payment_of_a_paid_proforma(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        await company.actions.record_transfer(number, by=STAFF, reference="T1")
        for _ in range(2):
            await company.actions.record_transfer(number, "35.67", by=STAFF, reference="T2")
        await check_one(company, Misfit.SURPLUS, "35.67", number)
        (one,) = await unplaced(company)
        assert one.reference == "T2"

    async def test_money_for_a_lapsed_proforma(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        await company.actions.cancel_invoice(anna, invoice.id)
        with pytest.raises(InvoiceClosedError, match="invoice_closed_without_credit"):
            await company.actions.record_transfer(invoice.number, by=STAFF)
        result = await company.actions.record_transfer(invoice.number, "35.67", by=STAFF)
        assert result.outcome is PaymentOutcome.SURPLUS
        late = [notice for _, notice in await company.notices(MoneyCameLate)]
        assert [(notice.amount, notice.is_credit) for notice in late] == [(GROSS, False)] * 2
        assert "paid_too_late" not in await company.alerts()
        await check_one(company, Misfit.LATE, "35.67", invoice.number)

    @pytest.mark.parametrize("gives_up", [True, False])
    async def test_a_part_of_a_proforma_that_is_closed(
        self, company: CompanyAtWork, anna: ClientInfo, *, gives_up: bool
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        await company.actions.record_transfer(invoice.number, "10.00", by=STAFF)
        if gives_up:
            page = await company.actions.cancel_invoice(anna, invoice.id)
            assert (page.invoice.paid, page.credit) == (money("10.00"), None)
        else:
            company.clock.advance(timedelta(days=15))
            assert await company.actions.expire_invoices() == 1
            for _, notice in await company.notices(InvoiceExpired):
                assert (notice.released, notice.is_credit) == (money("10.00"), False)
        await check_one(company, Misfit.RELEASED, "10.00", invoice.number)

    async def test_a_part_of_a_proforma_that_a_load_closes(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"])).invoice
        await company.actions.record_transfer(invoice.number, "10.00", by=STAFF)
        ended = service_row("S1", status=ServiceStatus.TERMINATED)
        (closed,) = (await company.load(ended, replace_state=True)).closed
        assert (closed.released, closed.is_credit) == (money("10.00"), False)
        for _, notice in await company.notices(InvoiceClosed):
            assert (notice.released, notice.is_credit) == (money("10.00"), False)
        await check_one(company, Misfit.RELEASED, "10.00", invoice.number)

    async def test_lines_that_cannot_be_carried_out(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        invoice = (await company.renew(ids["S1"], ids["A1"])).invoice
        await company.actions.request_cancellation(
            anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
        )
        paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
        assert {line.outcome for line in paid.lines} == {Outcome.UNDELIVERED}
        stored = (await company.actions.show_invoice(anna, invoice.id)).invoice
        assert stored.lines == paid.lines
        lines = [notice for _, notice in await company.notices(LineUndelivered)]
        assert [line.is_credit for line in lines] == [False, False]
        gross = str(invoice.gross).split()[0]
        await check_one(company, Misfit.UNDELIVERED, gross, invoice.number)

    async def test_a_rejected_order(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        await company.actions.add_product(
            anna, PL, product_number=company.number("start"), cycle=BillingCycle.MONTHLY,
            name="nowa.example",
        )  # fmt: skip
        invoice = (await company.place()).invoice
        paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
        order = paid.lines[0].service_id or 0
        decided = await company.actions.decide_order(order, accept=False, by=STAFF)
        assert (decided.credited, decided.is_credit) == (GROSS, False)
        for _, notice in await company.notices(OrderRejected):
            assert (notice.credited, notice.is_credit) == (GROSS, False)
        await check_one(company, Misfit.REJECTED, "35.67", invoice.number)


async def paid_late_in_telegram(company: CompanyAtWork, anna: ClientInfo) -> dict[str, object]:
    """The money for a cancelled proforma comes from Telegram."""
    ids = await company.ids()
    placed = await company.renew(ids["S1"], gateway=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    await company.actions.cancel_invoice(anna, placed.invoice.id)
    paid: dict[str, object] = {
        "currency": "PLN", "total_amount": GROSS.minor, "invoice_payload": placed.start.payload,
        "telegram_payment_charge_id": "ch-1",
    }  # fmt: skip
    assert await telegram_says(company, "successful_payment", paid) is EventState.BOOKED
    await check_one(company, Misfit.LATE, "35.67", placed.invoice.number)
    return paid


async def telegram_says(
    company: CompanyAtWork, what: str, payment: dict[str, object]
) -> EventState:
    """Keep and book a notice of Telegram."""
    user = {"id": ANNA, "type": "private"}
    body = message(chat=user, **{"from": user, "successful_payment": payment})
    body[what] = body.pop("successful_payment")
    notice = notice_of({"update_id": 1, "message": body})
    await company.actions.keep_event("telegram", notice.event_id, notice.body)
    return await company.actions.book_event("telegram", notice.event_id)


async def test_money_that_went_back_is_decided(company: CompanyAtWork, anna: ClientInfo) -> None:
    payment = await paid_late_in_telegram(company, anna)
    assert await telegram_says(company, "refunded_payment", payment) is EventState.BOOKED
    assert not await unplaced(company)


async def test_it_cannot_be_booked_again(company: CompanyAtWork, anna: ClientInfo) -> None:
    await paid_late_in_telegram(company, anna)
    (one,) = await unplaced(company)
    with pytest.raises(BillingError, match="cannot_book_again"):
        await company.actions.book_again(one.id, by=STAFF)
    assert await unplaced(company) == [one]


class TestTheOperator:
    async def test_gives_no_credit(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotAllowedError, match="credit_not_kept"):
            await company.actions.adjust_credit("anna", "5.00", by=STAFF)
        await check_nothing_moved(company)

    async def test_makes_no_unplaced_money_credit_and_closes_it(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        number = (await company.renew(ids["S1"])).invoice.number
        await company.actions.record_transfer(number, "40.00", by=STAFF)
        (one,) = await unplaced(company)
        with pytest.raises(NotAllowedError, match="unplaced_not_credited"):
            await company.actions.credit_unplaced(one.id, "anna", by=STAFF)
        assert await unplaced(company) == [one]
        await company.actions.close_unplaced(one.id, "added in the panel", by=STAFF)
        assert not await unplaced(company)
        await check_nothing_moved(company)

    async def test_loads_no_credit(self, company: CompanyAtWork) -> None:
        new = client_row("nowy", credit=money("1.00"))
        folder = Folder(company.catalog, (new,))
        with pytest.raises(NotAllowedError, match="credit_not_loaded"):
            await company.actions.load_company(folder, by=STAFF)
        async with company.database.work.reading() as uow:
            assert await uow.clients.by_ref("nowy") is None
        rows = tuple(replace(row, credit=row.credit - row.credit) for row in (*CLIENTS, new))
        loaded = await company.actions.load_company(Folder(company.catalog, rows), by=STAFF)
        assert loaded.clients == 1
