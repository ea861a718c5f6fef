"""What an invoice of a provider carries: it names one payment of one proforma."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.errors import NotFoundError
from billing.rules.payments.payload import NamedPayment, read_payload, write_payload
from tests import make


@given(payment=st.integers(1, 2**59), digits=st.integers(0, 9999))
def test_what_is_written_is_read_back(payment: int, digits: int) -> None:
    invoice = make.invoice(number=f"PRO-202603-00001-{digits:04d}")
    payload = write_payload(payment, invoice)
    assert len(payload.encode()) <= 128
    named = read_payload(payload)
    assert named.id == payment
    assert named.belongs_to(invoice)


@pytest.mark.parametrize(
    ("named", "number", "fits"),
    [
        ("PRO-202603-00001-7391", "PRO-202603-00001-7391", True),
        ("PRO-202603-00001-7391", "PRO-202603-00001-7392", False),
        ("PRO-202603-00001-7391", "PRO-202603-00001", False),
        ("PRO-202603-00001", "PRO-202603-00001-7391", False),
        ("PRO-202603-00001", "PRO-202603-00001", True),
        ("", "PRO-202603-00001", True),
        ("", "PRO-202603-00001-7391", False),
    ],
)
def test_a_payment_belongs_to_the_proforma_of_that_whole_number(
    named: str, number: str, fits: bool
) -> None:
    assert NamedPayment(7, named).belongs_to(make.invoice(number=number)) is fits


def test_a_payload_of_the_first_version_still_names_its_payment() -> None:
    assert read_payload("p1:123") == NamedPayment(123, "")


@pytest.mark.parametrize(
    "payload",
    [
        "", "p1:", "p2:7", "p2:7:", "p2::PRO-1", "p3:7:PRO-1", "p1:7 ", "p1:-7", "p1:٣",
        f"p1:{10**30}", f"p2:7:{'9' * 33}", "p2:7:PRO-1 2", "p2:7:PRO-1\n", "p2:7:żółw",
    ],
)  # fmt: skip
def test_a_payload_that_is_not_ours_names_nothing(payload: str) -> None:
    with pytest.raises(NotFoundError):
        read_payload(payload)
