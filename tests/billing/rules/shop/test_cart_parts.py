"""Which lines a checkout of a part of the cart is about."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.cart_parts import (
    MOST_ID,
    MOST_SPAN,
    CartPart,
    family_of,
    gather,
    lines_of,
    part_of,
)
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from tests import make
from tests.billing.rules.strategies import worlds


def line(number: int, parent: int | None = None) -> CartLine:
    kind = LineKind.ADDON if parent else LineKind.PRODUCT
    return CartLine(number, kind, BillingCycle.MONTHLY, product_id="x", parent_line=parent)


def grown(sizes: list[tuple[int, int]]) -> Cart:
    """Products with add-ons, in ids with gaps: what left the cart has left its id unused."""
    lines, number = [], 1
    for addons, gap in sizes:
        number += gap
        parent = number
        lines.append(line(parent))
        lines += [line(parent + 1 + index, parent) for index in range(addons)]
        number += 1 + addons
    return Cart(1, 7, tuple(lines), number)


carts = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=12).map(grown)
choices = st.sets(st.integers(1, 200))


@settings(max_examples=1000)
@given(carts, choices)
def test_a_gathered_choice_is_named_exactly(cart: Cart, chosen: set[int]) -> None:
    wanted = {family_of(one) for one in cart.lines if one.id in chosen}
    places = [index for index, one in enumerate(cart.lines) if family_of(one) in wanted]
    gathered = gather(cart, chosen)
    new_ids = {gathered.lines[index].id for index in places}
    part = part_of(gathered, new_ids)
    assert (part is None) is (not places)
    if part is not None:
        assert lines_of(gathered, part).lines == tuple(gathered.lines[i] for i in places)


@settings(max_examples=1000)
@given(carts, choices)
def test_gathering_changes_nothing_but_ids_and_uses_none_twice(
    cart: Cart, chosen: set[int]
) -> None:
    gathered = gather(cart, chosen)
    ids = [one.id for one in gathered.lines]
    assert len(set(ids)) == len(ids) == len(cart.lines)
    assert all(number < gathered.next_line for number in ids)
    assert all(
        new.id == old.id or new.id >= cart.next_line
        for old, new in zip(cart.lines, gathered.lines, strict=True)
    )
    places = {one.id: index for index, one in enumerate(cart.lines)}
    moved = {one.id: index for index, one in enumerate(gathered.lines)}
    for old, new in zip(cart.lines, gathered.lines, strict=True):
        assert (old.kind, old.product_id, old.cycle) == (new.kind, new.product_id, new.cycle)
        assert places.get(old.parent_line or 0) == moved.get(new.parent_line or 0)
    chosen_now = {n.id for o, n in zip(cart.lines, gathered.lines, strict=True) if o.id in chosen}
    assert gather(gathered, chosen_now) == gathered


@settings(max_examples=1000)
@given(carts, choices, st.integers(1, 5))
def test_a_part_never_gets_what_is_added_later(cart: Cart, chosen: set[int], more: int) -> None:
    part = part_of(cart, chosen)
    if part is None:
        return
    new = tuple(line(cart.next_line + index) for index in range(more))
    later = Cart(1, 8, (*new, *cart.lines), cart.next_line + more)
    assert lines_of(later, part).lines == lines_of(cart, part).lines


@settings(max_examples=1000)
@given(carts, choices)
def test_a_part_and_the_rest_are_the_cart(cart: Cart, chosen: set[int]) -> None:
    part = part_of(cart, chosen)
    inside = lines_of(cart, part).lines
    if part is None:
        assert inside == cart.lines
        return
    outside = [one for one in cart.lines if not part.has(one)]
    assert sorted([*inside, *outside], key=lambda one: one.id) == sorted(
        cart.lines, key=lambda one: one.id
    )
    assert not {one.parent_line for one in outside} & {one.id for one in inside}


@settings(max_examples=1000)
@given(worlds, choices)
def test_a_line_costs_the_same_in_a_part_as_in_the_whole_cart(
    world: tuple[Cart, PricingInputs], chosen: set[int]
) -> None:
    cart, pricing = world
    part = part_of(cart, chosen)
    if part is None:
        return
    whole, some = quote_cart(cart, pricing), quote_cart(lines_of(cart, part), pricing)
    ids = {one.id for one in lines_of(cart, part).lines}
    assert set(some.quotes) == {quote for quote in whole.quotes if quote.line_id in ids}
    assert {one.line_id for one in some.problems} == ids - {one.line_id for one in some.quotes}


def test_an_add_on_goes_with_its_product_whichever_of_the_two_was_chosen() -> None:
    cart = Cart(1, 1, (line(3), line(4, 3), line(9)), 10)
    assert part_of(cart, {4}) == part_of(cart, {3}) == CartPart(3, 3)
    assert [one.id for one in lines_of(cart, CartPart(3, 3)).lines] == [3, 4]


def test_a_line_between_two_chosen_ones_stays_out() -> None:
    cart = Cart(1, 1, (line(1), line(2), line(3)), 4)
    assert part_of(cart, {1, 3}) is None
    gathered = gather(cart, {1, 3})
    assert [one.id for one in gathered.lines] == [4, 2, 5]
    assert part_of(gathered, {4, 5}) == CartPart(4, 5)


def test_ids_very_far_apart_are_gathered_too() -> None:
    far = MOST_SPAN + 10
    cart = Cart(1, 1, (line(1), line(far)), far + 1)
    assert part_of(cart, {1, far}) is None
    assert [one.id for one in gather(cart, {1, far}).lines] == [far + 1, far + 2]


@pytest.mark.parametrize(("first", "last"), [(0, 1), (2, 1), (1, MOST_ID + 1), (1, 2**21)])
def test_a_range_that_no_cart_has_is_refused(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="no part of a cart"):
        CartPart(first, last)


def test_a_part_of_which_nothing_is_left_is_empty() -> None:
    assert lines_of(make.cart(make.renewal_line(id=9)), CartPart(1, 3)).lines == ()
