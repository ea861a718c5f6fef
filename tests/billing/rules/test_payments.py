from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.errors import BillingError
from billing.rules.invoices import InvoiceStatus
from billing.rules.money import Money, total
from billing.rules.payments import OPEN, PaymentStatus, advance, apply_money
from tests import make

S = PaymentStatus
ALLOWED = {
    (S.CREATED, S.PENDING), (S.CREATED, S.PAID), (S.CREATED, S.FAILED), (S.CREATED, S.EXPIRED),
    (S.PENDING, S.PAID), (S.PENDING, S.FAILED), (S.PENDING, S.EXPIRED),
    (S.PAID, S.REFUNDED),
    (S.FAILED, S.PAID), (S.EXPIRED, S.PAID),
}  # fmt: skip


@pytest.mark.parametrize(("now", "to"), sorted(ALLOWED))
def test_a_payment_goes_on(now: PaymentStatus, to: PaymentStatus) -> None:
    assert advance(make.payment(status=now), to) is to


@pytest.mark.parametrize(
    ("now", "to"), sorted(set(product(PaymentStatus, PaymentStatus)) - ALLOWED)
)
def test_no_other_step_exists(now: PaymentStatus, to: PaymentStatus) -> None:
    with pytest.raises(BillingError) as refused:
        advance(make.payment(status=now), to)
    assert refused.value.code == "wrong_step"
    assert refused.value.params == {"status": now, "to": to}


def test_money_that_came_is_never_given_up_and_never_comes_twice() -> None:
    into_paid = {now for now, to in ALLOWED if to is S.PAID}
    assert into_paid == set(PaymentStatus) - {S.PAID, S.REFUNDED}
    assert {S.CREATED, S.PENDING} == OPEN


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
    assert (result.applied, result.surplus, result.settles) == (
        make.money(applied), make.money(surplus), settles,
    )  # fmt: skip


@settings(max_examples=500)
@given(
    status=st.sampled_from(InvoiceStatus),
    paid=st.integers(0, 5_000),
    received=st.integers(0, 10_000),
)
def test_no_grosz_is_lost_or_made(status: InvoiceStatus, paid: int, received: int) -> None:
    invoice = make.invoice(status=status, paid=Money(paid, "PLN"))
    result = apply_money(invoice, Money(received, "PLN"))
    assert result.applied + result.surplus == Money(received, "PLN")
    assert min(result.applied.minor, result.surplus.minor) >= 0
    assert result.applied <= invoice.balance
    assert result.settles is (invoice.is_open and paid + received >= 3567)


@given(parts=st.lists(st.integers(0, 4_000), max_size=6))
def test_part_payments_settle_once_and_add_up(parts: list[int]) -> None:
    paid = credit = Money.zero("PLN")
    status, settled = InvoiceStatus.UNPAID, 0
    for part in parts:
        result = apply_money(make.invoice(status=status, paid=paid), Money(part, "PLN"))
        paid, credit = paid + result.applied, credit + result.surplus
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
