"""Parameters of a call: which a method takes, and their values read from a form or from JSON."""

import json
from collections.abc import Callable

from bot.sandbox.errors import Json, bad_request

Kind = Callable[[str, object], object]
"""Reads one value; its name is for the error."""

_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
}


def text(name: str, value: object) -> str:
    """Read a string; numbers pass, as they do in a form."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise bad_request(f"{name} must be of type String")


def integer(name: str, value: object) -> int:
    """Read a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.removeprefix("-").isdecimal():
        return int(value)
    raise bad_request(f"{name} is not a valid Integer")


def chat(name: str, value: object) -> int | str:
    """Read a chat id or a public name; no chat here has a public name."""
    if isinstance(value, str) and value.startswith("@"):
        return value
    if value == "":
        raise bad_request("chat_id is empty")
    return integer(name, value)


def flag(name: str, value: object) -> bool:
    """Read a truth value the way Telegram does."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "1", "yes"}:
        return True
    if isinstance(value, str) and value.lower() in {"false", "0", "no", ""}:
        return False
    if value in (0, 1):
        return bool(value)
    raise bad_request(f"{name} must be of type Boolean")


def _parsed(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {name} JSON object") from None


def mapping(name: str, value: object) -> Json:
    """Read a JSON object."""
    parsed = _parsed(name, value)
    if not isinstance(parsed, dict):
        raise bad_request(f"object expected as {name}")
    return parsed


def array(name: str, value: object) -> list[object]:
    """Read a JSON array."""
    parsed = _parsed(name, value)
    if not isinstance(parsed, list):
        raise bad_request(f"expected an Array as {name}")
    return parsed


def read(kinds: dict[str, Kind], parameters: Json) -> Json:
    """Return the values by name; a parameter that the method does not have is refused.

    Telegram ignores unknown parameters. Here they are a mistake in the bot to be found.
    """
    values: Json = {}
    for name, value in parameters.items():
        kind = kinds.get(name)
        if kind is None:
            raise bad_request(f"the method has no parameter {name}")
        if value is not None:
            values[name] = kind(name, value)
    return values


def require(names: tuple[str, ...], values: Json) -> None:
    """Refuse a call without its required parameters, in Telegram's words where we know them."""
    for name in names:
        if values.get(name) in (None, ""):
            raise bad_request(_MISSING.get(name, f"parameter {name} is required"))
