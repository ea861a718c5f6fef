"""What carries money is kept, then booked once; what fails or fits nothing is never dropped."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from billing.actions.inbox.booker import LAST_ATTEMPT, PAUSES
from billing.actions.messages.forget import NOTICES
from billing.actions.payments.settle import Settler
from billing.ports.inbox import EventState
from billing.ports.work import UnavailableError
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError
from billing.rules.payments.charges import Misfit, event_id_of
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payment import CreditReason
from billing.views.account import ClientInfo
from billing.views.notices.money import PaymentArrived, PaymentCredited, PaymentSetAside, Receipt
from billing.views.notices.operator import UnplacedPayment
from billing.views.payments import TelegramInvoice
from bot.gateways.telegram_notices import Notice, notice_of
from storage.tables.inbox import inbox
from storage.tables.sales import invoices
from tests.billing.actions.company import ANNA, DUE, GUEST, JOHN, PIOTR, TELEGRAM, CompanyAtWork
from tests.bot.gateways.test_telegram_notices import message
from tests.make import STAFF, money

GROSS = 3567


@dataclass(frozen=True, slots=True)
class Bought:
    """A proforma for S1 of 35.67 PLN that is to be paid in Telegram."""

    invoice: Invoice
    payload: str
    service_id: int

    def notice(self, user: int = ANNA, charge: str = "ch-1", **changes: Any) -> Notice:
        """Telegram's word that a user has paid it; `changes` replace fields of the payment."""
        payment = {
            "currency": "PLN", "total_amount": GROSS, "invoice_payload": self.payload,
            "telegram_payment_charge_id": charge, **changes,
        }  # fmt: skip
        sender = {"id": user, "is_bot": False, "first_name": "A", "language_code": "pl"}
        chat = {"id": user, "type": "private"}
        body = message(successful_payment=payment, chat=chat, **{"from": sender})
        return notice_of({"update_id": 1, "message": body})


@pytest.fixture
async def bought(company: CompanyAtWork) -> Bought:
    ids = await company.ids()
    placed = await company.renew(ids["S1"], gateway=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    return Bought(placed.invoice, placed.start.payload, ids["S1"])


async def keep(company: CompanyAtWork, notice: Notice) -> None:
    await company.actions.keep_event("telegram", notice.event_id, notice.body)


async def comes(company: CompanyAtWork, notice: Notice) -> EventState:
    """Keep it and book it at once."""
    await keep(company, notice)
    return await company.actions.book_event("telegram", notice.event_id)


async def kept(company: CompanyAtWork) -> int:
    async with company.database.engines.readers.connect() as connection:
        return int(
            (await connection.execute(select(func.count()).select_from(inbox))).scalar_one()
        )


async def state(company: CompanyAtWork, notice: Notice) -> EventState | None:
    async with company.database.work.reading() as uow:
        return await uow.inbox.state("telegram", notice.event_id)


async def invoice_of(company: CompanyAtWork, bought: Bought) -> Invoice:
    async with company.database.work.reading() as uow:
        found = await uow.invoices.by_id(bought.invoice.id)
    assert found is not None
    return found


class TestBooking:
    @pytest.mark.slow
    async def test_a_kept_payment_is_booked_by_a_tick_once(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        notice = bought.notice()
        await keep(company, notice)
        assert (await invoice_of(company, bought)).status is InvoiceStatus.UNPAID
        assert await company.actions.book_events() == 1
        assert await company.actions.book_events() == 0
        assert (await invoice_of(company, bought)).status is InvoiceStatus.PAID
        assert (await company.service(bought.service_id)).next_due_date == DUE.replace(month=4)
        assert await state(company, notice) is EventState.BOOKED
        assert await company.users_with(Receipt) == [ANNA, PIOTR]

    @pytest.mark.slow
    async def test_a_notice_that_comes_twice_is_one_row_and_one_payment(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        for _ in range(2):
            assert await comes(company, bought.notice()) is EventState.BOOKED
        assert await kept(company) == 1
        assert await company.credit() == money("100.00")
        assert await company.users_with(Receipt) == [ANNA, PIOTR]

    @pytest.mark.slow
    async def test_two_charges_for_one_proforma_are_two_rows_and_the_second_is_credit(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        for charge in ("ch-1", "ch-2"):
            assert await comes(company, bought.notice(charge=charge)) is EventState.BOOKED
        assert await company.credit() == money("135.67")

    @pytest.mark.slow
    async def test_many_ticks_and_processes_at_once_book_it_once(
        self, company: CompanyAtWork, twin: CompanyAtWork, bought: Bought
    ) -> None:
        notices = [bought.notice(charge=f"ch-{n}", total_amount=1000) for n in range(3)]
        for notice in notices:
            await keep(company, notice)
        at_once = (company.actions, twin.actions, company.actions, twin.actions)
        await asyncio.gather(*(actions.book_events() for actions in at_once))
        await company.actions.book_events()
        assert [await state(company, notice) for notice in notices] == [EventState.BOOKED] * 3
        assert (await invoice_of(company, bought)).paid == money("30.00")

    async def test_it_is_kept_once_however_many_processes_keep_it(
        self, company: CompanyAtWork, twin: CompanyAtWork, bought: Bought
    ) -> None:
        notice = bought.notice()
        await asyncio.gather(*(keep(which, notice) for which in (company, twin) * 3))
        assert await kept(company) == 1

    async def test_what_was_kept_before_the_end_is_booked_by_the_next_process(
        self, company: CompanyAtWork, twin: CompanyAtWork, bought: Bought
    ) -> None:
        await keep(company, bought.notice())
        assert await twin.actions.book_events() == 1
        assert (await invoice_of(twin, bought)).status is InvoiceStatus.PAID

    @pytest.mark.slow
    async def test_a_process_that_ends_while_it_books_leaves_nothing_half_done(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def ended(*_: Any, **__: Any) -> None:
            raise asyncio.CancelledError

        notice = bought.notice()
        await keep(company, notice)
        with monkeypatch.context() as patch:
            patch.setattr(Settler, "_apply", ended)
            with pytest.raises(asyncio.CancelledError):
                await company.actions.book_events()
        assert (await invoice_of(company, bought)).paid == money("0")
        assert await state(company, notice) is EventState.WAITING
        assert await company.actions.book_events() == 1
        assert (await invoice_of(company, bought)).status is InvoiceStatus.PAID

    async def test_a_user_who_pays_is_reachable_again(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        await company.actions.note_blocked(ANNA, blocked=True)
        await comes(company, bought.notice())
        assert (await company.actions.identify(ANNA)).unreachable is None


def breaking(times: int) -> Callable[..., Any]:
    """A step of settling that fails so many times."""
    proper, left = Settler._apply, [times]

    async def apply(self: Settler, *args: Any, **named: Any) -> Any:
        if left[0] > 0:
            left[0] -= 1
            raise OSError("the panel does not answer")
        return await proper(self, *args, **named)

    return apply


class TestFailing:
    @pytest.fixture(autouse=True)
    def _log(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("CRITICAL")

    async def test_a_failure_is_tried_again_a_little_later(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Settler, "_apply", breaking(2))
        notice = bought.notice()
        assert await comes(company, notice) is EventState.WAITING
        assert await company.actions.book_events() == 0
        for pause in PAUSES:
            company.passes(seconds=pause.total_seconds())
            assert await company.actions.book_events() == 1
        assert await state(company, notice) is EventState.BOOKED
        assert (await invoice_of(company, bought)).status is InvoiceStatus.PAID
        assert await company.alerts() == []

    async def test_the_payer_hears_once_that_it_has_arrived(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Settler, "_apply", breaking(9))
        await comes(company, bought.notice())
        for pause in PAUSES:
            company.passes(seconds=pause.total_seconds())
            await company.actions.book_events()
        assert [
            (user, payment.stated, payment.amount)
            for user, payment in await company.notices(PaymentArrived)
        ] == [(ANNA, "35.67 PLN", money("35.67"))]

    async def test_who_has_read_it_already_is_not_told_again(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Settler, "_apply", breaking(1))
        notice = bought.notice()
        await keep(company, notice)
        await company.actions.book_event("telegram", notice.event_id, is_told=lambda: True)
        assert await company.notices(PaymentArrived) == []

    async def test_others_do_not_wait_for_one_that_fails(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Settler, "_apply", breaking(1))
        await keep(company, bought.notice())
        company.passes(seconds=1)
        part = bought.notice(charge="ch-2", total_amount=100)
        await keep(company, part)
        assert await company.actions.book_events() == 2
        assert await state(company, part) is EventState.BOOKED

    async def given_up(
        self, company: CompanyAtWork, bought: Bought, patch: pytest.MonkeyPatch, times: int
    ) -> Notice:
        patch.setattr(Settler, "_apply", breaking(times))
        notice = bought.notice()
        await comes(company, notice)
        for pause in (*PAUSES, timedelta(days=1)):
            company.passes(seconds=pause.total_seconds())
            await company.actions.book_events()
        assert await state(company, notice) is EventState.NOT_BOOKED
        return notice

    async def test_the_third_failure_leaves_it_to_the_operator(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.given_up(company, bought, monkeypatch, LAST_ATTEMPT)
        assert (await invoice_of(company, bought)).paid == money("0")
        (aside,) = await company.actions.list_unplaced()
        assert (aside.reason, aside.reference) == (Misfit.NOT_BOOKED, "ch-1")
        ((_, payment),) = await company.notices(UnplacedPayment)
        assert (payment.misfit, payment.unplaced_id) == (Misfit.NOT_BOOKED, aside.id)
        assert await company.alerts() == ["unplaced_payment"]
        assert await company.notices(PaymentSetAside) == []

    @pytest.mark.slow
    async def test_the_operator_books_it_once_its_cause_is_mended(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = await self.given_up(company, bought, monkeypatch, LAST_ATTEMPT)
        (aside,) = await company.actions.list_unplaced()
        assert await company.actions.book_again(aside.id, by=STAFF) is EventState.BOOKED
        assert await state(company, notice) is EventState.BOOKED
        assert (await invoice_of(company, bought)).status is InvoiceStatus.PAID
        assert not await company.actions.list_unplaced()
        with pytest.raises(BillingError, match="closed_already"):
            await company.actions.book_again(aside.id, by=STAFF)

    async def test_that_fails_again_and_it_stays_where_it_was(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        notice = await self.given_up(company, bought, monkeypatch, 99)
        (aside,) = await company.actions.list_unplaced()
        assert await company.actions.book_again(aside.id, by=STAFF) is EventState.NOT_BOOKED
        assert await state(company, notice) is EventState.NOT_BOOKED
        assert [one.id for one in await company.actions.list_unplaced()] == [aside.id]
        assert await company.alerts() == ["unplaced_payment"]

    async def test_what_became_credit_is_never_booked_as_well(
        self, company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await self.given_up(company, bought, monkeypatch, LAST_ATTEMPT)
        (aside,) = await company.actions.list_unplaced()
        await company.actions.credit_unplaced(aside.id, "anna", by=STAFF)
        with pytest.raises(BillingError, match="closed_already"):
            await company.actions.book_again(aside.id, by=STAFF)
        assert await comes(company, bought.notice()) is EventState.NOT_BOOKED
        assert await company.credit() == money("135.67")
        assert (await invoice_of(company, bought)).paid == money("0")


NEVER_FITS: dict[str, tuple[dict[str, Any], Misfit]] = {
    "an unknown payload": ({"invoice_payload": "donation"}, Misfit.UNKNOWN_PAYLOAD),
    "an unknown payment": ({"invoice_payload": "p1:4711"}, Misfit.UNKNOWN_PAYMENT),
    "another currency": ({"currency": "EUR"}, Misfit.OTHER_CURRENCY),
    "a currency that nobody bills in": ({"currency": "XYZ"}, Misfit.OTHER_CURRENCY),
    "stars": ({"currency": "XTR", "total_amount": 100}, Misfit.OTHER_CURRENCY),
    "no amount": ({"total_amount": None}, Misfit.BAD_AMOUNT),
    "nothing": ({"total_amount": 0}, Misfit.BAD_AMOUNT),
    "a stranger": ({"user": GUEST}, Misfit.STRANGER),
    "another client": ({"user": JOHN}, Misfit.STRANGER),
    "a charge id of 300 characters": ({"charge": "x" * 300}, Misfit.BAD_CHARGE_ID),
    "a charge id of 10 000 characters": ({"charge": "ż" * 10_000}, Misfit.BAD_CHARGE_ID),
    "no charge id": ({"charge": ""}, Misfit.BAD_CHARGE_ID),
}


class TestWhatFitsNothing:
    @pytest.mark.parametrize(("changes", "why"), NEVER_FITS.values(), ids=NEVER_FITS)
    async def test_is_put_aside_once_and_told(
        self, company: CompanyAtWork, bought: Bought, changes: dict[str, Any], why: Misfit
    ) -> None:
        notice = bought.notice(**changes)
        for _ in range(2):
            assert await comes(company, notice) is EventState.UNPLACED
        (aside,) = await company.actions.list_unplaced()
        assert (aside.reason, aside.reference) == (why, notice.charge.charge_id)
        assert (aside.amount, aside.user_id) == (notice.charge.amount, notice.charge.user_id)
        assert await company.alerts() == ["unplaced_payment"]
        assert await company.users_with(PaymentSetAside) == [notice.charge.user_id]
        assert (await invoice_of(company, bought)).paid == money("0")
        assert await company.credit() == money("100.00")

    async def test_an_update_that_says_nothing_readable_is_kept_all_the_same(
        self, company: CompanyAtWork
    ) -> None:
        await company.actions.keep_event("telegram", "paid:odd", "this is no JSON")
        assert await company.actions.book_events() == 1
        (aside,) = await company.actions.list_unplaced()
        assert (aside.reason, aside.amount, aside.user_id) == (Misfit.UNREADABLE, None, None)
        assert await company.alerts() == ["unplaced_payment"]

    async def test_the_log_says_which_notice_of_which_gateway_cannot_be_read(
        self, company: CompanyAtWork, bought: Bought, caplog: pytest.LogCaptureFixture
    ) -> None:
        await keep(company, bought.notice())
        await company.actions.keep_event("telegram", "paid:odd", "this is no JSON")
        await company.actions.book_event("telegram", "paid:odd")
        assert "notice 2 of telegram cannot be read" in caplog.messages

    async def test_another_gateways_payment_is_not_taken_for_this_ones(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        by_bank = await company.renew(ids["S1"])
        async with company.database.work.reading() as uow:
            attempt = await uow.payments.open_of(by_bank.invoice.id, "bank")
        assert attempt is not None
        bought = Bought(by_bank.invoice, f"p1:{attempt.id}", ids["S1"])
        assert await comes(company, bought.notice()) is EventState.UNPLACED

    async def test_a_payment_of_before_a_restored_copy_is_not_somebody_elses(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        before = replace(bought, payload=bought.payload.replace("PRO-", "PRO-9"))
        assert await comes(company, before.notice()) is EventState.UNPLACED
        (aside,) = await company.actions.list_unplaced()
        assert aside.reason is Misfit.UNKNOWN_PAYMENT

    async def test_an_invoice_of_before_proformas_were_named_is_paid_as_ever(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        payment = bought.payload.split(":")[1]
        old = replace(bought, payload=f"p1:{payment}")
        async with company.database.engines.writer.begin() as connection:
            await connection.execute(update(invoices).values(number="PRO-202603-00001"))
        assert await comes(company, old.notice()) is EventState.BOOKED


def refund(notice: Notice, bought: Bought) -> Notice:
    """Telegram's word that a payment was given back."""
    payment = {
        "currency": "PLN", "total_amount": GROSS, "invoice_payload": bought.payload,
        "telegram_payment_charge_id": notice.charge.charge_id,
    }  # fmt: skip
    body = message(chat={"id": ANNA, "type": "private"}, refunded_payment=payment)
    del body["successful_payment"]
    return notice_of({"update_id": 2, "message": body})


class TestMoneyThatWentBack:
    async def test_of_a_booked_payment_is_the_operators(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        paid = bought.notice()
        await comes(company, paid)
        assert await comes(company, refund(paid, bought)) is EventState.UNPLACED
        (aside,) = await company.actions.list_unplaced()
        assert aside.reason is Misfit.REFUNDED
        assert await company.notices(PaymentSetAside) == []
        with pytest.raises(BillingError, match="went_back"):
            await company.actions.credit_unplaced(aside.id, "anna", by=STAFF)

    async def test_of_what_fitted_nothing_closes_it(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        odd = bought.notice(currency="XTR")
        await comes(company, odd)
        assert await comes(company, refund(odd, bought)) is EventState.BOOKED
        assert not await company.actions.list_unplaced()

    async def test_a_refund_without_a_key_is_the_operators(
        self, company: CompanyAtWork, bought: Bought
    ) -> None:
        nameless = refund(bought.notice(charge=""), bought)
        assert await comes(company, nameless) is EventState.UNPLACED
        (aside,) = await company.actions.list_unplaced()
        assert aside.reason is Misfit.REFUNDED


class TestTheOperatorDecides:
    @pytest.fixture
    async def number(self, company: CompanyAtWork, bought: Bought) -> int:
        """Money of a stranger, 35.67 PLN."""
        await comes(company, bought.notice(GUEST))
        (aside,) = await company.actions.list_unplaced()
        return aside.id

    async def test_it_becomes_credit_once_and_the_client_is_told(
        self, company: CompanyAtWork, anna: ClientInfo, number: int
    ) -> None:
        who, amount, credit = await company.actions.credit_unplaced(number, "anna", by=STAFF)
        assert (who.ref, amount, credit) == ("anna", money("35.67"), money("135.67"))
        with pytest.raises(BillingError, match="closed_already"):
            await company.actions.credit_unplaced(number, "anna", by=STAFF)
        assert await company.credit() == money("135.67")
        assert not await company.actions.list_unplaced()
        assert await company.users_with(PaymentCredited) == [ANNA, PIOTR]
        moved = (await company.actions.show_credit(anna)).movements[0]
        assert (moved.reason, moved.amount) == (CreditReason.RECEIVED, money("35.67"))

    async def test_two_operators_at_once_credit_it_once(
        self, company: CompanyAtWork, twin: CompanyAtWork, number: int
    ) -> None:
        done = await asyncio.gather(
            company.actions.credit_unplaced(number, "anna", by=STAFF),
            twin.actions.credit_unplaced(number, "anna", by=STAFF),
            company.actions.close_unplaced(number, "sent back", by=STAFF),
            return_exceptions=True,
        )
        assert sum(not isinstance(one, BillingError) for one in done) == 1
        assert await company.credit() in (money("100.00"), money("135.67"))

    async def test_a_client_of_another_currency_cannot_have_it(
        self, company: CompanyAtWork, number: int
    ) -> None:
        with pytest.raises(BillingError, match="credit_currency") as refused:
            await company.actions.credit_unplaced(number, "john", by=STAFF)
        assert refused.value.params == {"id": number, "has": "PLN", "needs": "EUR"}
        assert len(await company.actions.list_unplaced()) == 1
        assert await company.credit("john") == money("50.00", "EUR")

    async def test_it_is_closed_once_with_a_note(
        self, company: CompanyAtWork, number: int
    ) -> None:
        await company.actions.close_unplaced(number, " sent back ", by=STAFF)
        with pytest.raises(BillingError, match="closed_already"):
            await company.actions.close_unplaced(number, "again", by=STAFF)
        async with company.database.work.reading() as uow:
            aside = await uow.unplaced.get(number)
        assert aside is not None
        assert (aside.is_open, aside.note) == (False, "sent back")

    async def test_bad_answers_change_nothing(self, company: CompanyAtWork, number: int) -> None:
        actions = company.actions
        with pytest.raises(InvalidInputError, match="note_missing"):
            await actions.close_unplaced(number, " ", by=STAFF)
        for answer in (
            actions.close_unplaced(4711, "x", by=STAFF),
            actions.credit_unplaced(4711, "anna", by=STAFF),
            actions.credit_unplaced(number, "nobody", by=STAFF),
            actions.book_again(4711, by=STAFF),
        ):
            with pytest.raises(NotFoundError):
                await answer
        with pytest.raises(BillingError, match="fits_nothing"):
            await actions.book_again(number, by=STAFF)
        assert [one.id for one in await actions.list_unplaced()] == [number]

    async def test_money_of_which_nobody_knows_how_much_cannot_be_credit(
        self, company: CompanyAtWork
    ) -> None:
        await company.actions.keep_event("telegram", "paid:odd", "{}")
        await company.actions.book_events()
        (aside,) = await company.actions.list_unplaced()
        with pytest.raises(BillingError, match="amount_unknown"):
            await company.actions.credit_unplaced(aside.id, "anna", by=STAFF)

    async def test_what_is_closed_does_not_come_back_with_a_notice_that_repeats(
        self, company: CompanyAtWork, bought: Bought, number: int
    ) -> None:
        await company.actions.close_unplaced(number, "sent back", by=STAFF)
        company.passes(days=NOTICES.days + 1)
        await company.actions.forget_old()
        assert await kept(company) == 0
        await comes(company, bought.notice(GUEST))
        assert not await company.actions.list_unplaced()


@pytest.mark.slow
async def test_notices_are_forgotten_after_a_while_but_not_what_was_given_up(
    company: CompanyAtWork, bought: Bought
) -> None:
    await comes(company, bought.notice())
    waiting = bought.notice(charge="ch-2")
    company.passes(days=NOTICES.days + 1)
    await keep(company, waiting)
    assert await company.actions.forget_old() >= 1
    assert await kept(company) == 1
    async with company.database.work.writing() as uow:
        event = await uow.inbox.take_one("telegram", waiting.event_id)
        assert event is not None
        await uow.inbox.finish(event.id, EventState.NOT_BOOKED, at=company.clock.now())
        await uow.commit()
    company.passes(days=999)
    await company.actions.forget_old()
    assert await kept(company) == 1


async def test_a_notice_of_no_gateway_that_is_known_is_put_aside(company: CompanyAtWork) -> None:
    await company.actions.keep_event("paypal", event_id_of("paid", "x", ""), "{}")
    await company.actions.book_events()
    (aside,) = await company.actions.list_unplaced()
    assert (aside.source, aside.reason) == ("paypal", Misfit.UNREADABLE)


async def test_a_database_that_is_away_is_no_failure_of_the_notice(
    company: CompanyAtWork, bought: Bought, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise UnavailableError("the server was stopped")

    notice = bought.notice()
    await keep(company, notice)
    with monkeypatch.context() as patched:
        patched.setattr(Settler, "_apply", away)
        for _ in range(LAST_ATTEMPT + 1):
            with pytest.raises(UnavailableError):
                await company.actions.book_event("telegram", notice.event_id)
            with pytest.raises(UnavailableError):
                await company.actions.book_events()
    assert await company.actions.book_events() == 1
    assert await state(company, notice) is EventState.BOOKED
