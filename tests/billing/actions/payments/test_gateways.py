"""The ways to pay: what can take an amount, what credit takes before, and one that breaks."""

import logging

import pytest

from billing.actions.payments.methods import gateway_numbered, pay_methods, start_payment
from billing.actions.registry import make_actions
from billing.ports.outside import PaymentGateway
from billing.rules.errors import NotOfferedError
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.payments.payment import Payment
from billing.rules.shop.catalog import BankAccount, Catalog
from billing.views.account import ClientInfo
from billing.views.payments import Done, Instructions, NotStarted, PaymentStart, TelegramInvoice
from bot.gateways.bank import bank_gateway
from bot.gateways.telegram import telegram_gateway
from bot.panels import embedded
from handlers.button_values import CREDIT_ALONE
from tests import make
from tests.billing.actions.company import BANK, PL, CompanyAtWork, code_of, nobody
from tests.make import money

WAYS = (bank_gateway(), telegram_gateway())


@pytest.mark.parametrize(
    ("due", "credit", "use_credit", "expected"),
    [
        ("10.00", "0", True, {"bank": ("0", "10.00"), "telegram": ("0", "10.00")}),
        ("10.00", "4.00", True, {"bank": ("4.00", "6.00"), "telegram": ("4.00", "6.00")}),
        ("10.00", "4.00", False, {"bank": ("0", "10.00"), "telegram": ("0", "10.00")}),
        (
            "10.00", "10.00", True,
            {"credit": ("10.00", "0"), "bank": ("0", "10.00"), "telegram": ("0", "10.00")},
        ),
        (
            "10.00", "99.00", False,
            {"credit": ("10.00", "0"), "bank": ("0", "10.00"), "telegram": ("0", "10.00")},
        ),
        ("0", "0", True, {"credit": ("0", "0")}),
        ("0", "5.00", True, {"credit": ("0", "0")}),
    ],
)  # fmt: skip
def test_credit_alone_or_before_another_way(
    due: str, credit: str, use_credit: bool, expected: dict[str, tuple[str, str]]
) -> None:
    found = pay_methods(WAYS, money(due), money(credit), make.catalog(), use_credit=use_credit)
    assert {code_of(m): (m.credit_part, m.due_part) for m in found} == {
        name: (money(part), money(rest)) for name, (part, rest) in expected.items()
    }


def test_every_way_has_a_number_of_its_own() -> None:
    assert gateway_numbered(WAYS, None) is None
    assert [gateway_numbered(WAYS, gateway.number) for gateway in WAYS] == list(WAYS)
    assert [(gateway.number, gateway.code) for gateway in WAYS] == [(2, "bank"), (3, "telegram")]
    for number in (0, CREDIT_ALONE, 4, 2**40):
        with pytest.raises(NotOfferedError):
            gateway_numbered(WAYS, number)


async def test_a_transfer_goes_to_the_account_of_its_currency() -> None:
    accounts = {"PLN": BankAccount("A", "PL1"), "EUR": BankAccount("A", "DE2")}
    catalog = make.catalog(company=make.company(bank_accounts=accounts))
    bank = bank_gateway()
    assert not bank.offers(money("10.00", "CZK"), catalog)
    assert not bank.offers(money("0", "EUR"), catalog)
    payment = make.payment(amount=money("10.00", "EUR"))
    start = await bank.start(make.invoice(), payment, catalog)
    assert start == Instructions(accounts["EUR"], "PRO-202603-00001-7391", money("10.00", "EUR"))
    with pytest.raises(NotOfferedError):
        await bank.start(make.invoice(), make.payment(amount=money("1", "CZK")), catalog)


async def test_telegram_names_the_attempt_and_the_proforma_and_credit_has_nothing_to_start() -> (
    None
):
    invoice, payment, catalog = make.invoice(), make.payment(id=7), make.catalog()
    start = await telegram_gateway().start(invoice, payment, catalog)
    assert start == TelegramInvoice("p2:7:PRO-202603-00001-7391", payment.amount, invoice.number)
    assert not telegram_gateway().offers(money("0"), catalog)
    assert await start_payment(None, invoice, payment, catalog) == Done()


class BrokenGateway:
    """A provider that cannot be reached; it keeps what it was asked for."""

    code = "broken"
    number = 9

    def __init__(self) -> None:
        self.asked: list[object] = []

    def offers(self, amount: Money, catalog: Catalog) -> bool:
        self.asked.append((amount, catalog.revision))
        return True

    async def start(self, invoice: Invoice, payment: Payment, catalog: Catalog) -> PaymentStart:
        self.asked.append((invoice.number, payment.amount, catalog.revision))
        raise ConnectionError("the provider is away")


async def test_a_way_that_breaks_leaves_a_proforma_that_can_be_paid_otherwise(
    company: CompanyAtWork, anna: ClientInfo, caplog: pytest.LogCaptureFixture
) -> None:
    ids = await company.ids()
    broken = BrokenGateway()
    way: PaymentGateway = broken
    env = company.actions.identify.env
    company.actions = make_actions(
        env, panel=embedded.panel(), gateways=(*WAYS, way), notifier=nobody
    )
    with caplog.at_level(logging.ERROR):
        placed = await company.renew(ids["S1"], gateway=broken.number)
    assert placed.start == NotStarted()
    assert broken.asked[-1] == (placed.invoice.number, money("35.67"), 1)
    assert "the provider is away" in caplog.text
    assert placed.invoice.status is InvoiceStatus.UNPAID
    assert (await company.actions.show_cart(anna, PL)).cart.lines == ()
    again = await company.actions.pay_invoice(
        anna, invoice_id=placed.invoice.id, gateway_number=BANK
    )
    assert isinstance(again.start, Instructions)
