from tests import make


def test_a_line_is_found_by_its_id() -> None:
    renewal, product = make.renewal_line(id=4), make.product_line(id=7)
    cart = make.cart(renewal, product)
    assert cart.line(7) == product
    assert cart.line(5) is None


def test_the_renewal_of_a_service_is_not_mistaken_for_an_add_on_of_it() -> None:
    cart = make.cart(make.addon_line(1, id=1), make.renewal_line(2, id=2))
    assert cart.renewal_of(1) is None
    assert cart.renewal_of(2) == cart.line(2)


def test_an_empty_cart_has_nothing() -> None:
    assert make.cart().lines == ()
    assert make.cart().line(1) is None
    assert make.cart().renewal_of(1) is None
