import pytest

from billing.rules import errors
from billing.rules.errors import BillingError, InvalidInputError, NotFoundError

FAMILY = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, BillingError)
]


@pytest.mark.parametrize("kind", FAMILY)
def test_every_refusal_has_a_code_of_its_own(kind: type[BillingError]) -> None:
    error = kind()
    assert error.code == kind.code
    assert [other for other in FAMILY if other.code == kind.code] == [kind]
    assert not error.params


def test_a_refusal_carries_its_code_and_what_fills_the_sentence() -> None:
    error = InvalidInputError("bad_amount", text="1,5")
    assert (error.code, error.params) == ("bad_amount", {"text": "1,5"})
    assert str(error) == "bad_amount {'text': '1,5'}"
    assert str(NotFoundError()) == "not_found"


def test_a_parameter_may_be_called_code() -> None:
    assert BillingError("wrong_code", code="ABCD").params == {"code": "ABCD"}
