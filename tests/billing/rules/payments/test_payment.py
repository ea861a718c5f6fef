import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.money import Money, total
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.payment import apply_money
from tests import make


@pytest.mark.parametrize(
    ("status", "paid", "received", "applied", "surplus", "settles"),
    [
        (InvoiceStatus.UNPAID, "0", "35.67", "35.67", "0", True),
        (InvoiceStatus.UNPAID, "0", "20.00", "20.00", "0", False),
        (InvoiceStatus.UNPAID, "20.00", "15.67", "15.67", "0", True),
        (InvoiceStatus.UNPAID, "20.00", "20.00", "15.67", "4.33", True),
        (InvoiceStatus.UNPAID, "0", "0", "0", "0", False),
        (InvoiceStatus.UNPAID, "35.67", "0", "0", "0", True),
        (InvoiceStatus.PAID, "35.67", "35.67", "0", "35.67", False),
        (InvoiceStatus.CANCELLED, "0", "35.67", "0", "35.67", False),
        (InvoiceStatus.EXPIRED, "20.00", "15.67", "0", "15.67", False),
    ],
)
def test_received_money_pays_the_balance_and_the_rest_is_credit(
    status: InvoiceStatus, paid: str, received: str, applied: str, surplus: str, settles: bool
) -> None:
    invoice = make.invoice(status=status, paid=make.money(paid))
    result = apply_money(invoice, make.money(received))
    assert (result.to_invoice, result.surplus, result.settles) == (
        make.money(applied), make.money(surplus), settles,
    )  # fmt: skip


@pytest.mark.slow
@settings(max_examples=500)
@given(
    status=st.sampled_from(InvoiceStatus),
    paid=st.integers(0, 5_000),
    received=st.integers(0, 10_000),
)
def test_no_grosz_is_lost_or_made(status: InvoiceStatus, paid: int, received: int) -> None:
    invoice = make.invoice(status=status, paid=Money(paid, "PLN"))
    result = apply_money(invoice, Money(received, "PLN"))
    assert result.to_invoice + result.surplus == Money(received, "PLN")
    assert min(result.to_invoice.minor, result.surplus.minor) >= 0
    assert result.to_invoice <= invoice.balance
    assert result.settles is (invoice.is_open and paid + received >= 3567)


@pytest.mark.slow
@given(parts=st.lists(st.integers(0, 4_000), max_size=6))
def test_part_payments_settle_once_and_add_up(parts: list[int]) -> None:
    paid = credit = Money.zero("PLN")
    status, settled = InvoiceStatus.UNPAID, 0
    for part in parts:
        result = apply_money(make.invoice(status=status, paid=paid), Money(part, "PLN"))
        paid, credit = paid + result.to_invoice, credit + result.surplus
        settled += result.settles
        status = InvoiceStatus.PAID if result.settles else status
    assert paid + credit == total([Money(part, "PLN") for part in parts], "PLN")
    assert paid == min(make.money("35.67"), Money(sum(parts), "PLN"))
    assert settled == (sum(parts) >= 3567)


def test_money_of_another_currency_or_below_zero_is_a_developers_error() -> None:
    with pytest.raises(ValueError, match="one currency"):
        apply_money(make.invoice(), make.money("35.67", "EUR"))
    with pytest.raises(ValueError, match="below zero"):
        apply_money(make.invoice(), make.money("-0.01"))
