"""What is on an unpaid invoice counts as if it was there already."""

import pytest

from billing.rules.names import same_name
from billing.rules.shop.cart import CartLine, LineKind
from billing.rules.shop.catalog import ProductKind
from billing.rules.shop.existing_orders import ExistingOrders, Namesake, UnpaidLine, alike
from billing.rules.shop.pricing import quote_cart, quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Problem, Quote, Unavailable
from tests import make

CATALOG = make.catalog(
    make.product("start", number=1),
    make.product("pro", number=2),
    make.product("vps", number=3, group="vps"),
    make.addon("ssl", number=4),
    make.addon("ip", number=5, max_per_service=2),
    make.addon("odd", number=6, group="hosting"),
)


def open_product(name: str = "nowa.example", product_id: str = "start") -> UnpaidLine:
    """A new service on the unpaid invoice 7."""
    line = make.product_line(product_id, name=name)
    return UnpaidLine(7, "PRO-7", priced(line, make.pricing(catalog=CATALOG)))


def open_addon(service_id: int = 1, product_id: str = "ssl", invoice: int = 7) -> UnpaidLine:
    """An add-on on an unpaid invoice."""
    line = make.addon_line(service_id, product_id=product_id)
    pricing = make.pricing(make.service(id=service_id), catalog=CATALOG)
    return UnpaidLine(invoice, f"PRO-{invoice}", priced(line, pricing))


def priced(line: CartLine, pricing: PricingInputs) -> Quote:
    result = quote_line(line, pricing)
    assert isinstance(result, Quote), result
    return result


def refused(line: CartLine, orders: ExistingOrders) -> Problem | None:
    result = quote_line(
        line, make.pricing(make.service(), catalog=CATALOG, existing_orders=orders)
    )
    return result if isinstance(result, Problem) else None


@pytest.mark.parametrize(
    ("product_id", "name", "taken"),
    [
        ("start", "nowa.example", True),
        ("start", "NOWA.example", True),
        ("pro", "nowa.example", True),
        ("vps", "nowa.example", False),
        ("start", "inna.example", False),
    ],
)
def test_a_name_on_an_unpaid_invoice_is_taken_in_its_group(
    product_id: str, name: str, taken: bool
) -> None:
    problem = refused(make.product_line(product_id, name=name), ExistingOrders((open_product(),)))
    assert (problem is not None) is taken
    if problem is not None:
        assert (problem.reason, problem.invoice_id, problem.number, problem.domain) == (
            Unavailable.ON_PROFORMA, 7, "PRO-7", name,
        )  # fmt: skip


@pytest.mark.parametrize("by_label", [False, True])
@pytest.mark.parametrize(("product_id", "taken"), [("start", True), ("vps", False)])
def test_a_name_of_a_service_is_taken_in_its_group(
    product_id: str, taken: bool, by_label: bool
) -> None:
    orders = ExistingOrders(namesakes=(Namesake("nowa.example", product_id, by_label),))
    problem = refused(make.product_line("pro"), orders)
    assert (problem.reason if problem else None) is (Unavailable.NAME_TAKEN if taken else None)
    assert orders.bears("nowa.example", {product_id}, labels=False) is not by_label
    assert not orders.bears("inna.example", {product_id})


def test_an_add_on_on_an_unpaid_invoice_counts_as_if_the_service_had_it() -> None:
    orders = ExistingOrders((open_addon(),))
    problem = refused(make.addon_line(1), orders)
    assert problem is not None
    assert (problem.reason, problem.invoice_id, problem.number) == (
        Unavailable.ON_PROFORMA, 7, "PRO-7",
    )  # fmt: skip
    assert refused(make.addon_line(1, product_id="ip"), orders) is None


@pytest.mark.parametrize(
    ("unpaid", "owned", "in_cart", "reason"),
    [
        (0, 0, 2, None),
        (1, 0, 1, None),
        (1, 0, 2, Unavailable.ON_PROFORMA),
        (2, 0, 1, Unavailable.ON_PROFORMA),
        (1, 1, 1, Unavailable.ON_PROFORMA),
        (0, 2, 1, Unavailable.ALREADY_HAS_IT),
        (1, 2, 1, Unavailable.ALREADY_HAS_IT),
    ],
)
def test_as_many_as_a_service_may_have_over_services_invoices_and_the_cart(
    unpaid: int, owned: int, in_cart: int, reason: Unavailable | None
) -> None:
    pricing = make.pricing(
        make.service(),
        *(make.owned_addon(id=10 + n, product_id="ip") for n in range(owned)),
        catalog=CATALOG,
        existing_orders=ExistingOrders(
            tuple(open_addon(product_id="ip", invoice=7 + n) for n in range(unpaid))
        ),
    )
    lines = [make.addon_line(1, id=n + 1, product_id="ip") for n in range(in_cart)]
    quoted = quote_cart(make.cart(*lines), pricing)
    problems = [problem.reason for problem in quoted.problems]
    assert problems == ([] if reason is None else [reason])


def test_what_is_held_for_one_service_leaves_others_free() -> None:
    orders = ExistingOrders((open_addon(service_id=2),))
    assert refused(make.addon_line(1), orders) is None
    with_product = UnpaidLine(7, "PRO-7", make.quote(
        kind=LineKind.ADDON, product_id="ssl", service_id=None, parent_line=1
    ))  # fmt: skip
    assert ExistingOrders((with_product,)).addons(None, "ssl") == ()
    renewal = UnpaidLine(7, "PRO-7", make.quote(product_id="start", domain="nowa.example"))
    assert refused(make.product_line(), ExistingOrders((renewal,))) is None


def test_alike_are_products_of_one_group_and_kind() -> None:
    start = CATALOG.product("start")
    assert start is not None
    assert start.kind is ProductKind.PRODUCT
    assert alike(CATALOG, start) == {"start", "pro"}


def test_names_are_the_same_whatever_their_case() -> None:
    assert same_name("Straße", "STRASSE")
    assert not same_name("nowa", "nowa.example")
