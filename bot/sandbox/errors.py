"""The sandbox's refusals: the errors that a Bot API server answers with."""

from typing import Any

Json = dict[str, Any]
"""A JSON object as the Bot API sends and takes it."""


class ApiError(Exception):
    """A refusal with Telegram's error code and the description a bot gets to read."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> Json:
        """Return the answer as Telegram writes it; `retry_after` is in seconds."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


class DroppedError(Exception):
    """The answer is lost on the way, as when a connection breaks, whether the call took effect."""


class SandboxError(Exception):
    """Something a person cannot do in the chat: no such button, nothing to pay, unknown person."""


def bad_request(reason: str) -> ApiError:
    """Return the 400 that Telegram answers for a call it cannot carry out."""
    return ApiError(400, f"Bad Request: {reason}")
