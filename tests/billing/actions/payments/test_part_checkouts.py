"""A checkout of a part of the cart: exactly its lines are ordered, the others stay."""

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import CartChangedError, EmptyCartError
from billing.rules.shop.cart_parts import CartPart
from billing.views.account import ClientInfo
from billing.views.payments import Checkout, Placed
from tests.billing.actions.company import BANK, PL, CompanyAtWork
from tests.make import TODAY, money
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY


async def places(company: CompanyAtWork, anna: ClientInfo, review: Checkout) -> Placed:
    return await company.actions.place_order(
        anna,
        PL,
        revision=review.quoted_cart.revision,
        seal=review.quoted_cart.seal,
        gateway_number=BANK,
        part=review.part,
    )


async def lines(company: CompanyAtWork, anna: ClientInfo) -> list[tuple[int, int | None]]:
    cart = (await company.actions.show_cart(anna, PL)).cart
    return [(line.id, line.service_id) for line in cart.lines]


async def test_one_renewal_is_ordered_and_a_product_with_its_add_on_stays(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    start, ssl = company.number("start"), company.number("ssl")
    await company.actions.add_product(
        anna, PL, product_number=start, cycle=MONTHLY, name="x.example", addons=[(ssl, MONTHLY)]
    )
    review = await company.actions.check_out_renewal(anna, PL, ids["S1"], MONTHLY)
    assert [quote.service_id for quote in review.quoted_cart.quotes] == [ids["S1"]]
    placed = await places(company, anna, review)
    assert placed.invoice.gross == review.quoted_cart.totals.gross == money("35.67")
    assert len(placed.invoice.lines) == 1
    assert await lines(company, anna) == [(1, None), (2, None)]


async def test_an_add_on_goes_with_its_product(company: CompanyAtWork, anna: ClientInfo) -> None:
    ids = await company.ids()
    start, ssl = company.number("start"), company.number("ssl")
    await company.actions.add_product(
        anna, PL, product_number=start, cycle=MONTHLY, name="x.example", addons=[(ssl, MONTHLY)]
    )
    await company.actions.add_renewal(anna, PL, ids["S1"])
    part = CartPart(1, 1)
    review = await company.actions.review_checkout(anna, PL, part=part, use_credit=True)
    placed = await places(company, anna, review)
    assert [line.item.kind for line in placed.invoice.lines] == ["product", "addon"]
    assert await lines(company, anna) == [(3, ids["S1"])]


async def test_chosen_lines_with_others_between_them_get_ids_in_a_row(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.load(
        service_row("S2", domain="drugi.example", next_due_date=TODAY),
        service_row("S3", domain="trzeci.example", next_due_date=TODAY),
    )
    ids = await company.ids()
    for ref in ("S2", "S1", "S3"):
        await company.actions.add_renewal(anna, PL, ids[ref])
    review = await company.actions.check_out_due(anna, PL, soon=True)
    due = {quote.service_id for quote in review.quoted_cart.quotes}
    assert {ids["S2"], ids["S3"]} <= due
    again = await company.actions.check_out_due(anna, PL, soon=True)
    assert (again.part, again.quoted_cart.seal) == (review.part, review.quoted_cart.seal)
    assert again.quoted_cart.revision == review.quoted_cart.revision


async def test_the_same_tap_twice_is_one_order_and_another_part_is_another(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.load(service_row("S2", domain="drugi.example", next_due_date=TODAY))
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"])
    await company.actions.add_renewal(anna, PL, ids["S2"])
    first, second = [
        await company.actions.review_checkout(anna, PL, part=CartPart(line, line))
        for line in (1, 2)
    ]
    placed, again = [await places(company, anna, first) for _ in range(2)]
    assert again.repeated
    assert again.invoice == placed.invoice
    with pytest.raises(CartChangedError):
        await places(company, anna, second)
    newer = await company.actions.review_checkout(anna, PL, part=CartPart(2, 2))
    other = await places(company, anna, newer)
    assert other.invoice.id != placed.invoice.id
    assert await lines(company, anna) == []


async def test_a_part_of_which_nothing_is_left_cannot_be_paid(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"])
    with pytest.raises(EmptyCartError):
        await company.actions.review_checkout(anna, PL, part=CartPart(7, 9))
    with pytest.raises(EmptyCartError):
        await company.actions.check_out_due(anna, PL)


async def test_what_is_on_an_open_proforma_is_not_put_into_the_cart_again(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.load(service_row("S2", domain="drugi.example", next_due_date=TODAY))
    ids = await company.ids()
    await company.renew(ids["S2"])
    home = await company.actions.show_home(anna)
    assert home.left_to_pay.count == 1
    assert home.left_to_pay.balance == money("35.67")
    on_proforma = [one.service.id for one in home.payments if one.on_proforma]
    assert on_proforma == [ids["S2"]]
    review = await company.actions.check_out_due(anna, PL, soon=True)
    assert ids["S2"] not in {quote.service_id for quote in review.quoted_cart.quotes}
    payable = [one.gross for one in home.payable]
    assert review.quoted_cart.totals.gross == sum(
        (gross for gross in payable if gross is not None), start=money("0")
    )
