"""Bodies of the page's requests: JSON objects with fields of known types."""

import json
from typing import TypeVar

from starlette.requests import Request

from bot.sandbox.errors import Json, SandboxError

T = TypeVar("T")


async def body_of(request: Request) -> Json:
    """Read the body of a request; SandboxError unless it is a JSON object."""
    body = await request.body()
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise SandboxError("the body must be a JSON object")
    return parsed


def field_of(body: Json, name: str, kind: type[T], default: T | None = None) -> T:
    """Return a field of a body; SandboxError if it has another type or is missing."""
    value = body.get(name, default)
    if not isinstance(value, kind):
        raise SandboxError(f"{name} must be given as {kind.__name__}")
    return value
