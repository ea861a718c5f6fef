"""One proforma and two ways to pay it at once: it is paid once, and no money is lost.

| First | Then | What happens |
|---|---|---|
| balance, not sent yet | a transfer or a provider's money in full | it pays, the balance stays |
| balance, sent | a transfer | refused in words until it is known what became of it |
| balance, sent | a provider's money | whichever the panel takes; the other is unplaced money |
| balance, not sent yet | a part | as if it was sent: the panel would take the total |
| a transfer or a provider's money | balance | refused: the proforma is closed |
| the panel's own page | anything | the mirror says so, or the panel at the last look before |
"""

from dataclasses import dataclass
from itertools import chain, repeat

import pytest

from billing.ports.connected import CallSubject
from billing.rules.errors import BillingError, InvoiceClosedError
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payload import read_payload
from billing.views.account import ClientInfo
from billing.views.payments import PaymentOutcome, TelegramInvoice
from tests.billing.actions.company import TELEGRAM, CompanyAtWork
from tests.billing.actions.panel.company import Connected
from tests.billing.actions.panel.test_paying_from_balance import opened, paying
from tests.connected.fake import Trouble
from tests.make import STAFF, money

FULL = "500.00"


@dataclass(slots=True)
class Begun:
    """A client who has said yes to pay from the balance, which is not sent yet."""

    beside: Connected
    company: CompanyAtWork
    client: ClientInfo
    bill: Invoice
    payment_id: int
    """An attempt through a provider that was begun before."""

    async def is_sent(self) -> None:
        """Let it be done, and its answer be lost."""
        trouble = chain([Trouble.NONE, Trouble.ANSWER_LOST], repeat(Trouble.UNREACHABLE))
        self.beside.panel.troubles = trouble
        await self.runs()
        assert [one.state for one in await self.calls()] == [CallState.UNKNOWN]

    async def is_back(self) -> None:
        """The panel answers again; then everything is carried out."""
        self.beside.panel.troubles = repeat(Trouble.NONE)
        for _ in range(3):
            await self.runs(minutes=20)

    async def runs(self, **time: float) -> None:
        self.beside.company.actions = self.company.actions
        await self.beside.works(**time)

    async def calls(self) -> list[PanelCall]:
        return [one.call for one in await self.company.actions.list_calls()]

    async def provider_confirms(self) -> PaymentOutcome:
        result = await self.company.actions.confirm_payment(
            payment_id=self.payment_id, charge_id="ch_1", gateway="telegram",
            amount=self.bill.gross,
        )  # fmt: skip
        return result.outcome

    async def paid_there(self) -> tuple[int, int, int]:
        """The balance, payments that were recorded, and periods that were bought."""
        account = await self.beside.account()
        return account.balance, len(account.payments), len(account.renewed)

    async def shown(self) -> InvoiceStatus:
        page = await self.company.actions.show_invoice(self.client, self.bill.id)
        return page.invoice.status


@pytest.fixture
async def begun(beside: Connected) -> Begun:
    client, bill = await opened(beside)
    (await beside.account()).balance = 10_000
    company = paying(beside)
    placed = await company.actions.pay_invoice(client, invoice_id=bill.id, gateway_number=TELEGRAM)
    assert isinstance(placed.start, TelegramInvoice)
    await company.actions.pay_from_balance(client, invoice_id=bill.id, seal=bill.seal)
    return Begun(beside, company, client, bill, read_payload(placed.start.payload).id)


async def test_a_transfer_before_it_is_sent_pays_and_leaves_the_balance(begun: Begun) -> None:
    result = await begun.company.actions.record_transfer(begun.bill.number, by=STAFF)
    assert result.outcome is PaymentOutcome.PAID
    assert [one.verb for one in await begun.calls()] == [Verb.RECORD_PAYMENT]
    await begun.is_back()
    assert await begun.paid_there() == (10_000, 1, 1)
    assert (await begun.shown(), await begun.calls()) == (InvoiceStatus.PAID, [])


async def test_a_providers_money_before_it_is_sent_pays_and_leaves_the_balance(
    begun: Begun,
) -> None:
    assert await begun.provider_confirms() is PaymentOutcome.PAID
    await begun.is_back()
    assert await begun.paid_there() == (10_000, 1, 1)
    assert (await begun.shown(), await begun.calls()) == (InvoiceStatus.PAID, [])


async def test_a_process_that_has_it_in_hand_sends_nothing_any_more(begun: Begun) -> None:
    """The money comes while that process looks at the proforma in the panel, before it writes."""
    panel, record = begun.beside.panel, begun.company.actions.record_transfer
    prepare, looks = type(panel).prepare, iter([True])

    async def money_comes(self: object, subject: CallSubject) -> str:
        facts = await prepare(panel, subject)
        if next(looks, False):
            await record(begun.bill.number, by=STAFF)
        return facts

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(panel), "prepare", money_comes)
        await begun.is_back()
    assert await begun.paid_there() == (10_000, 1, 1)
    assert (await begun.shown(), await begun.calls()) == (InvoiceStatus.PAID, [])


async def test_a_transfer_is_refused_in_words_once_it_is_sent(begun: Begun) -> None:
    await begun.is_sent()
    record, number = begun.company.actions.record_transfer, begun.bill.number
    for amount in (None, "35.67", "10.00"):
        with pytest.raises(BillingError, match="balance_pays_it"):
            await record(number, amount, reference="bank-1", by=STAFF)
    assert [one.verb for one in await begun.calls()] == [Verb.PAY_BALANCE]
    await begun.is_back()
    assert await begun.paid_there() == (6_433, 0, 1)
    with pytest.raises(InvoiceClosedError, match="invoice_closed_without_credit"):
        await record(number, reference="bank-1", by=STAFF)
    result = await record(number, "35.67", reference="bank-1", by=STAFF)
    assert (result.outcome, result.surplus) == (PaymentOutcome.SURPLUS, money("35.67"))
    (unplaced,) = (await begun.company.actions.list_unplaced()).items
    assert (unplaced.amount, unplaced.reason) == (3_567, Misfit.SURPLUS)
    assert await begun.calls() == []


async def test_a_transfer_is_refused_until_the_panel_shows_that_the_balance_has_paid(
    begun: Begun,
) -> None:
    begun.beside.panel.troubles = chain([Trouble.NONE] * 2, repeat(Trouble.UNREACHABLE))
    await begun.runs()
    assert [one.state for one in await begun.calls()] == [CallState.DONE]
    with pytest.raises(BillingError, match="balance_pays_it"):
        await begun.company.actions.record_transfer(begun.bill.number, by=STAFF)
    await begun.is_back()
    assert await begun.paid_there() == (6_433, 0, 1)


async def test_a_part_does_not_take_it_back(begun: Begun) -> None:
    """The panel pays the total from the balance, or nothing."""
    with pytest.raises(BillingError, match="balance_pays_it"):
        await begun.company.actions.record_transfer(begun.bill.number, "10.00", by=STAFF)
    await begun.is_back()
    assert await begun.paid_there() == (6_433, 0, 1)


async def test_a_providers_money_after_it_was_sent_is_unplaced_where_the_balance_has_paid(
    begun: Begun,
) -> None:
    """It was taken from the client, so it cannot be refused: it waits its turn."""
    await begun.is_sent()
    assert await begun.provider_confirms() is PaymentOutcome.PAID
    await begun.is_back()
    assert await begun.paid_there() == (6_433, 0, 1)
    (call,) = await begun.calls()
    assert (call.verb, call.state, call.amount) == (
        Verb.RECORD_PAYMENT, CallState.REFUSED, 3_567,
    )  # fmt: skip
    await begun.company.actions.drop_call(call.id, by=STAFF)
    (unplaced,) = (await begun.company.actions.list_unplaced()).items
    assert (unplaced.amount, unplaced.reason) == (3_567, Misfit.REFUSED_BY_PANEL)
    assert await begun.shown() is InvoiceStatus.PAID


async def test_a_providers_money_after_it_was_sent_pays_where_the_balance_has_not(
    begun: Begun,
) -> None:
    (await begun.beside.account()).balance = 0
    await begun.is_sent()
    assert await begun.provider_confirms() is PaymentOutcome.PAID
    await begun.is_back()
    assert await begun.paid_there() == (0, 1, 1)
    assert (await begun.shown(), await begun.calls()) == (InvoiceStatus.PAID, [])


async def test_the_balance_pays_nothing_that_money_has_come_for(begun: Begun) -> None:
    actions = begun.company.actions
    await actions.record_transfer(begun.bill.number, by=STAFF)
    with pytest.raises(InvoiceClosedError):
        await actions.pay_from_balance(
            begun.client, invoice_id=begun.bill.id, seal=begun.bill.seal
        )
    assert [one.verb for one in await begun.calls()] == [Verb.RECORD_PAYMENT]


async def test_what_the_panels_page_has_paid_is_not_paid_from_the_balance_again(
    begun: Begun,
) -> None:
    beside = begun.beside
    beside.panel.pays_there(await beside.account(), await beside.bill())
    await begun.is_back()
    assert await begun.paid_there() == (10_000, 0, 1)
    assert (await begun.shown(), await begun.calls()) == (InvoiceStatus.PAID, [])
