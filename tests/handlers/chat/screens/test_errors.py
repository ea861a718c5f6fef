import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import billing
from billing.rules.errors import BillingError, InvalidInputError
from billing.rules.money import Money
from billing.rules.shop.quotes import Unavailable
from billing.rules.shop.renewals import Refusal
from handlers.chat.screens.errors import SENTENCES, reason, sentence
from locales.text import Plain
from locales.translator import Translator

T = Translator("en", ZoneInfo("UTC"))
OPERATORS = frozenset(
    {
        "billing/actions/inbox/book.py",
        "billing/actions/load.py",
        "billing/actions/operator.py",
        "billing/actions/owner.py",
        "billing/actions/panel/adopt.py",
        "billing/actions/panel/decide.py",
        "billing/actions/panel/merge.py",
        "billing/actions/payments/references.py",
        "billing/actions/payments/unplaced.py",
    }
)
"""Their refusals are read by the operator, in the commands' own words; so are these."""

OPERATORS_CODES = frozenset(
    {
        "no_such_client",
        "no_such_cancellation",
        "already_decided",
        "invoice_closed_without_credit",
        "panel_decides",
        "bad_validity",
        "no_such_link",
        "no_such_update",
        "update_is_money",
    }
)


def codes() -> Iterator[tuple[str, str]]:
    """Every code that billing raises or a class of errors stands for, with its file."""
    root = Path(billing.__file__).parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root.parent).as_posix()
        if name in OPERATORS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for code in _codes_of(node):
                if code not in OPERATORS_CODES:
                    yield code, name


def _codes_of(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=raised), args=[ast.Constant(value=str(code)), *_]):
            if raised in {cls.__name__ for cls in _errors()}:
                yield code
        case ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code))):
            yield code


def _errors() -> Iterator[type[BillingError]]:
    waiting = [BillingError]
    while waiting:
        cls = waiting.pop()
        yield cls
        waiting += cls.__subclasses__()


@pytest.mark.slow
def test_every_code_of_billing_has_its_sentence() -> None:
    known = [*codes(), *((str(value), "Refusal") for value in Refusal)]
    known += [(str(value), "Unavailable") for value in Unavailable]
    assert len(known) > 30
    assert [(code, where) for code, where in known if code not in SENTENCES] == []


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_fits_a_toast_with_and_without_its_parameters(code: str) -> None:
    full = {
        "opens_on": date(2027, 3, 3),
        "total": Money(123456789, "PLN"),
        "limit": 60,
        "name": "example.pl",
        "text": "x" * 80,
    }
    for params in ({}, full, dict.fromkeys(full, "junk")):
        said = reason(T, code, params)
        assert type(said) is Plain
        assert 0 < len(said) <= 200


def test_parameters_are_told() -> None:
    assert sentence(T, InvalidInputError("label_too_long", limit=60)).endswith("60 characters.")
    assert "3 Mar 2027" in reason(T, "not_open_yet", {"opens_on": date(2027, 3, 3)}) or (
        "Mar 3, 2027" in reason(T, "not_open_yet", {"opens_on": date(2027, 3, 3)})
    )


def test_an_unknown_code_is_still_a_sentence() -> None:
    assert sentence(T, BillingError("brand_new")) == "That cannot be done."


def test_an_add_on_of_a_service_that_leaves_names_it() -> None:
    said = reason(
        Translator("pl", ZoneInfo("UTC")),
        "parent_cancellation_open",
        {"parent": "Hosting Cumulus"},
    )
    assert said == "Hosting Cumulus ma zgłoszoną rezygnację."
    assert reason(T, "parent_cancellation_open") == "Its service has a cancellation request."
