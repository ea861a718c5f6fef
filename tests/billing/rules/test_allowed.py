from itertools import product

import pytest

from billing.rules.allowed import EVERYTHING, Allowed
from billing.rules.errors import NotAllowedError

ALL = [Allowed(*flags) for flags in product((True, False), repeat=3)]


@pytest.mark.parametrize("first", ALL)
@pytest.mark.parametrize("second", ALL)
def test_allowed_is_what_both_allow(first: Allowed, second: Allowed) -> None:
    both = first & second
    assert both.order is (first.order and second.order)
    assert both.cancel is (first.cancel and second.cancel)
    assert both.rename is (first.rename and second.rename)
    assert first & EVERYTHING == first


def test_a_check_refuses_by_name_what_is_not_allowed() -> None:
    EVERYTHING.check_order()
    EVERYTHING.check_cancel()
    EVERYTHING.check_rename()
    with pytest.raises(NotAllowedError, match="order_not_allowed"):
        Allowed(order=False).check_order()
    with pytest.raises(NotAllowedError, match="cancel_not_allowed"):
        Allowed(cancel=False).check_cancel()
    with pytest.raises(NotAllowedError, match="rename_not_allowed"):
        Allowed(rename=False).check_rename()
