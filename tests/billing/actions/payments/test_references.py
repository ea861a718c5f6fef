"""A bank's reference belongs to the payment it was booked on, on one proforma or on several."""

import asyncio
from datetime import date

import pytest

from billing.rules.errors import BillingError, InvalidInputError, InvoiceClosedError
from billing.rules.payments.payment import PaymentStatus
from billing.views.payments import PaymentOutcome, PaymentResult
from tests.billing.actions.company import CREDIT, TELEGRAM, CompanyAtWork
from tests.make import STAFF, TODAY, money

GROSS = money("35.67")


async def two_proformas(company: CompanyAtWork) -> tuple[str, str]:
    """Two proformas of Anna, for her hosting and for its add-on."""
    ids = await company.ids()
    return (
        (await company.renew(ids["S1"])).invoice.number,
        (await company.renew(ids["A1"])).invoice.number,
    )


async def of_two_clients(company: CompanyAtWork) -> tuple[str, str]:
    """A proforma of Anna and one of John."""
    ids = await company.ids()
    return (
        (await company.renew(ids["S1"])).invoice.number,
        (await company.renew(ids["J1"], ref="john", gateway=TELEGRAM)).invoice.number,
    )


async def booked(company: CompanyAtWork, reference: str) -> list[tuple[int, str]]:
    """The shares and amounts of a transfer, the first one first."""
    async with company.database.work.reading() as uow:
        payments = await uow.payments.for_charge("bank", reference)
    assert all(payment.status is PaymentStatus.PAID for payment in payments)
    return [(payment.share, str(payment.amount)) for payment in payments]


async def test_a_reference_that_is_booked_on_another_proforma_is_refused_and_named(
    company: CompanyAtWork,
) -> None:
    first, second = await two_proformas(company)
    await company.actions.record_transfer(first, reference="17", by=STAFF)
    company.passes(days=3)
    for amount in (None, "12.30", "500.00"):
        with pytest.raises(BillingError) as refused:
            await company.actions.record_transfer(second, amount, reference=" 17 ", by=STAFF)
        assert refused.value.code == "reference_taken"
        assert refused.value.params == {
            "reference": "17", "number": first, "amount": GROSS, "day": TODAY
        }  # fmt: skip
    assert await booked(company, "17") == [(0, "35.67 PLN")]
    assert await company.credit() == money("100.00")


async def test_the_day_of_a_booking_is_the_companys(company: CompanyAtWork) -> None:
    first, second = await two_proformas(company)
    company.passes(hours=14)
    await company.actions.record_transfer(first, reference="17", by=STAFF)
    with pytest.raises(BillingError) as refused:
        await company.actions.record_transfer(second, reference="17", by=STAFF)
    assert refused.value.params["day"] == date(2026, 3, 11)


async def test_one_transfer_pays_two_proformas_where_it_is_said(company: CompanyAtWork) -> None:
    first, second = await two_proformas(company)
    await company.actions.record_transfer(first, reference="17", by=STAFF)
    result = await company.actions.record_transfer(second, reference="17", also=True, by=STAFF)
    assert (result.outcome, result.received) == (PaymentOutcome.PAID, money("12.30"))
    assert await booked(company, "17") == [
        (0, "35.67 PLN"), (result.invoice.id, "12.30 PLN"),
    ]  # fmt: skip


@pytest.mark.parametrize("also", [False, True])
async def test_the_same_reference_and_proforma_change_nothing_and_say_so(
    company: CompanyAtWork, also: bool
) -> None:
    first, second = await two_proformas(company)
    await company.actions.record_transfer(first, "10.00", reference="17", also=also, by=STAFF)
    await company.actions.record_transfer(second, "2.30", reference="17", also=True, by=STAFF)
    company.passes(days=1)
    for number, amount in ((first, "10.00"), (second, "2.30")):
        for typed in (None, amount, "11.11"):
            result = await company.actions.record_transfer(
                number, typed, reference="17", also=also, by=STAFF
            )
            assert result.outcome is PaymentOutcome.REPEATED
            assert (result.received, result.booked_on) == (money(amount), TODAY)
    assert [amount for _, amount in await booked(company, "17")] == ["10.00 PLN", "2.30 PLN"]


async def test_booked_on_two_proformas_at_once_it_belongs_to_one(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    numbers = await of_two_clients(company)
    results = await asyncio.gather(
        *(
            process.actions.record_transfer(number, reference="17", by=STAFF)
            for process, number in zip((company, twin), numbers, strict=True)
        ),
        return_exceptions=True,
    )
    (refused,) = (one for one in results if isinstance(one, BillingError))
    (paid,) = (one for one in results if isinstance(one, PaymentResult))
    assert refused.code == "reference_taken"
    assert refused.params["number"] == paid.invoice.number
    assert await booked(company, "17") == [(0, str(paid.received))]


async def test_meant_for_two_proformas_at_once_it_pays_both(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    numbers = await of_two_clients(company)
    results = await asyncio.gather(
        *(
            process.actions.record_transfer(number, reference="17", also=True, by=STAFF)
            for process, number in zip((company, twin), numbers, strict=True)
        )
    )
    assert [result.outcome for result in results] == [PaymentOutcome.PAID] * 2
    shares = [share for share, _ in await booked(company, "17")]
    assert (len(shares), min(shares)) == (2, 0)


async def test_booked_on_its_second_proforma_twice_at_once_it_counts_once(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    first, second = await two_proformas(company)
    await company.actions.record_transfer(first, reference="17", by=STAFF)
    results = await asyncio.gather(
        *(
            process.actions.record_transfer(second, "5.00", reference="17", also=True, by=STAFF)
            for process in (company, twin)
        )
    )
    assert sorted(result.outcome for result in results) == [
        PaymentOutcome.PART,
        PaymentOutcome.REPEATED,
    ]
    assert [amount for _, amount in await booked(company, "17")] == ["35.67 PLN", "5.00 PLN"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bad_reference"),
        ("  ", "bad_reference"),
        ("1\x002", "bad_reference"),
        ("1\n2", "bad_reference"),
        ("\udcff", "bad_reference"),
        ("9" * 256, "reference_too_long"),
    ],
)
async def test_what_cannot_be_a_reference_is_refused(
    company: CompanyAtWork, typed: str, code: str
) -> None:
    first, _ = await two_proformas(company)
    with pytest.raises(InvalidInputError) as refused:
        await company.actions.record_transfer(first, reference=typed, by=STAFF)
    assert refused.value.code == code
    long = await company.actions.record_transfer(first, "1.00", reference="ż" * 255, by=STAFF)
    assert long.outcome is PaymentOutcome.PART


async def test_a_new_reference_for_a_paid_proforma_is_a_new_transfer(
    company: CompanyAtWork,
) -> None:
    first, _ = await two_proformas(company)
    await company.actions.record_transfer(first, reference="17", by=STAFF)
    with pytest.raises(InvoiceClosedError) as refused:
        await company.actions.record_transfer(first, reference="18", by=STAFF)
    assert refused.value.params["status"] == "paid"
    more = await company.actions.record_transfer(first, "35.67", reference="18", by=STAFF)
    assert more.outcome is PaymentOutcome.SURPLUS


@pytest.mark.parametrize("gateway", [CREDIT, TELEGRAM])
async def test_a_transfer_after_payment_by_other_means_is_a_new_transfer(
    company: CompanyAtWork, gateway: int | None
) -> None:
    ids = await company.ids()
    placed = await company.renew(ids["S1"], gateway=gateway)
    if gateway == TELEGRAM:
        await company.actions.confirm_payment(
            gateway="telegram", payment_id=1, charge_id="ch-1", amount=GROSS
        )
    with pytest.raises(InvoiceClosedError):
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    result = await company.actions.record_transfer(placed.invoice.number, "35.67", by=STAFF)
    assert (result.outcome, result.surplus) == (PaymentOutcome.SURPLUS, GROSS)
