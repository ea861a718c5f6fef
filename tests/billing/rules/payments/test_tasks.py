"""Which paid lines make work, by what a product says of itself."""

from dataclasses import replace
from itertools import combinations

import pytest

from billing.rules.payments.invoices import InvoiceLine, Outcome, StatedLine
from billing.rules.payments.tasks import work_after
from billing.rules.shop.cart import LineKind
from billing.rules.work import NEEDS_WORK, PAID_WORK, WorkKind
from tests.make import known, quote

ORDER, ADDON = WorkKind.ORDER, WorkKind.ADDON
RENEWAL, REACTIVATION = WorkKind.RENEWAL, WorkKind.REACTIVATION
SETTINGS = [kinds for size in range(len(PAID_WORK) + 1) for kinds in combinations(PAID_WORK, size)]
"""Each list that a product may have."""

NEVER = (Outcome.CREDITED, Outcome.UNDELIVERED, None)


def line(kind: LineKind, outcome: Outcome | None) -> InvoiceLine:
    return InvoiceLine(1, replace(quote(), kind=kind), outcome=outcome)


@pytest.mark.parametrize("needs_work", SETTINGS)
@pytest.mark.parametrize(
    ("kind", "outcome", "work"),
    [
        (LineKind.PRODUCT, Outcome.ORDERED, ORDER),
        (LineKind.ADDON, Outcome.ORDERED, ADDON),
        (LineKind.ADDON, Outcome.ACTIVATED, ADDON),
        (LineKind.RENEWAL, Outcome.RENEWED, RENEWAL),
        (LineKind.RENEWAL, Outcome.RENEWED_AFTER_MOVE, RENEWAL),
    ],
)
def test_a_line_makes_the_work_of_its_kind_where_the_product_needs_it(
    kind: LineKind, outcome: Outcome, work: WorkKind, needs_work: tuple[WorkKind, ...]
) -> None:
    expected = work if work in needs_work else None
    assert work_after(line(kind, outcome), needs_work) is expected


@pytest.mark.parametrize("needs_work", SETTINGS)
def test_what_is_switched_on_again_is_a_reactivation_or_else_a_renewal(
    needs_work: tuple[WorkKind, ...],
) -> None:
    expected = next((kind for kind in (REACTIVATION, RENEWAL) if kind in needs_work), None)
    renewed = line(LineKind.RENEWAL, Outcome.RENEWED)
    assert work_after(renewed, needs_work, switched_off=True) is expected


@pytest.mark.parametrize("outcome", NEVER)
@pytest.mark.parametrize("kind", LineKind)
def test_what_was_not_carried_out_makes_no_work(kind: LineKind, outcome: Outcome | None) -> None:
    assert work_after(line(kind, outcome), PAID_WORK, switched_off=True) is None


def test_a_fee_of_a_panel_makes_no_work() -> None:
    fee = InvoiceLine(1, StatedLine("Fee", known(quote().amounts)), outcome=Outcome.ORDERED)
    assert work_after(fee, PAID_WORK) is None


def test_by_default_a_renewal_of_what_was_active_makes_none() -> None:
    assert set(PAID_WORK) - set(NEEDS_WORK) == {RENEWAL}
