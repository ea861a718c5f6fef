from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.errors import InvoiceClosedError
from billing.rules.money import Money
from billing.rules.payments.invoices import (
    InvoiceStatus,
    check_transition,
    invoice_number,
    lacks_digits,
)
from tests import make

ALLOWED = {
    (InvoiceStatus.UNPAID, InvoiceStatus.BEING_APPLIED),
    (InvoiceStatus.UNPAID, InvoiceStatus.PAID),
    (InvoiceStatus.UNPAID, InvoiceStatus.CANCELLED),
    (InvoiceStatus.UNPAID, InvoiceStatus.EXPIRED),
}


@pytest.mark.parametrize(("now", "to"), sorted(ALLOWED))
def test_an_unpaid_invoice_is_paid_cancelled_or_expires(
    now: InvoiceStatus, to: InvoiceStatus
) -> None:
    invoice = make.invoice(status=now)
    check_transition(invoice, to)
    assert invoice.is_open


@pytest.mark.parametrize(
    ("now", "to"), sorted(set(product(InvoiceStatus, InvoiceStatus)) - ALLOWED)
)
def test_no_other_step_exists(now: InvoiceStatus, to: InvoiceStatus) -> None:
    with pytest.raises(InvoiceClosedError) as refused:
        check_transition(make.invoice(id=8, status=now), to)
    assert refused.value.params == {
        "status": now, "number": "PRO-202603-00001-7391", "invoice_id": 8,
    }  # fmt: skip


@pytest.mark.parametrize("status", InvoiceStatus)
def test_only_an_unpaid_invoice_can_still_be_paid(status: InvoiceStatus) -> None:
    assert make.invoice(status=status).is_open is (status is InvoiceStatus.UNPAID)


@given(paid=st.integers(0, 10_000))
def test_the_balance_is_what_is_missing_and_never_below_zero(paid: int) -> None:
    invoice = make.invoice(paid=Money(paid, "PLN"))
    assert invoice.gross == make.money("35.67")
    assert invoice.balance.minor == max(0, 3567 - paid)


def test_totals_are_the_sums_of_the_lines() -> None:
    invoice = make.invoice(make.quote(line_id=1), make.quote(line_id=2))
    assert invoice.totals.net == make.money("58.00")
    assert invoice.totals.tax == make.money("13.34")
    assert invoice.totals.gross == invoice.gross == make.money("71.34")


@pytest.mark.parametrize(
    ("day", "sequence", "digits", "number"),
    [
        (date(2026, 3, 10), 1, 7391, "PRO-202603-00001-7391"),
        (date(2026, 12, 31), 99999, 9999, "PRO-202612-99999-9999"),
        (date(2027, 1, 1), 123456, 0, "PRO-202701-123456-0000"),
        (date(2027, 1, 1), 2, 42, "PRO-202701-00002-0042"),
    ],
)
def test_a_number_has_year_month_a_running_number_and_four_digits(
    day: date, sequence: int, digits: int, number: str
) -> None:
    assert invoice_number(day, sequence, digits) == number
    assert not lacks_digits(number)


@pytest.mark.parametrize(
    ("number", "lacks"),
    [
        ("PRO-202603-00001", True),
        ("PRO-202701-123456", True),
        ("PRO-202603-00001-739", False),
        ("PRO-202603-00001-", False),
        ("PRO-2026", False),
        ("XPRO-202603-00001", False),
        ("", False),
    ],
)
def test_a_number_without_its_digits_is_known_as_one(number: str, lacks: bool) -> None:
    assert lacks_digits(number) is lacks
