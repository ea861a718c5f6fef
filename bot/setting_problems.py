"""Problems of settings in words: with the name the operator wrote, never with the value."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.utf8 import is_utf8

PREFIX = "PANELIK_"
ENV_FILE = Path(".env")

Fields = Mapping[str, FieldInfo]


class SettingsError(Exception):
    """Settings that are missing, wrong or unknown; the text names every one and what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(
            f"Panelik cannot start with these settings:\n{lines}\n"
            f"Set them in the environment or in {ENV_FILE}; docs/settings.md explains each."
        )


def env_name(field: str) -> str:
    """The name under which the operator sets a field."""
    return f"{PREFIX}{field.upper()}"


def unknown(environment: Mapping[str, str | None], fields: Fields) -> Iterator[str]:
    """Name misspelled settings, which would otherwise be ignored without a word."""
    names = [env_name(field) for field in fields]
    for name in sorted(environment):
        upper = name.upper()
        if upper in names or not upper.startswith(PREFIX):
            continue
        similar = difflib.get_close_matches(upper, names, n=1)
        advice = f"did you mean {similar[0]}?" if similar else "remove it."
        yield f"{name} is not a setting of Panelik; {advice}"


def undecoded(environment: Mapping[str, str]) -> Iterator[str]:
    """Name settings with bytes that are not UTF-8, which could not be written anywhere."""
    for name, value in environment.items():
        if name.upper().startswith(PREFIX) and not is_utf8(value):
            yield f"{name} holds bytes that are not UTF-8; type it anew."


def in_words(error: ErrorDetails, fields: Fields) -> str:
    """One problem in words; never the value, which may be a secret."""
    context = error.get("ctx", {})
    if not error["loc"]:
        return f"{context.get('error')}."
    field = str(error["loc"][0])
    words = {
        "missing": f"is missing. {fields[field].description}",
        "value_error": f"{context.get('error')}.",
        "int_parsing": "must be a whole number.",
        "bool_parsing": "must be true or false.",
        "greater_than_equal": f"must be {context.get('ge')} or more.",
        "less_than_equal": f"must be {context.get('le')} or less.",
        "literal_error": f"must be {context.get('expected')}.",
    }
    return f"{env_name(field)} {words.get(error['type'], 'has a wrong value.')}"
