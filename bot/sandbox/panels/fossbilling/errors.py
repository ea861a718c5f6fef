"""What the panel answers when it does not do what it was asked."""

from typing import Any

Json = dict[str, Any]
"""A JSON object as the panel sends and takes it."""

BUSINESS = 9999
"""The code of every refusal that has none of its own: "something is wrong"."""

PHP_TYPE = 9998
"""The code of an error of PHP's types, which tells more of its source than of the call."""


class PanelError(Exception):
    """A refusal: text in English, a code, and the HTTP status, which is 200 for most of them."""

    def __init__(self, message: str, code: int = BUSINESS, *, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status

    def body(self) -> Json:
        """Return the answer as the panel writes it."""
        return {"result": None, "error": {"message": self.message, "code": self.code}}


def not_authenticated(code: int) -> PanelError:
    """Return the 401 of a caller whom the panel does not know; `code` tells what is wrong."""
    return PanelError("Authentication Failed", code, status=401)


def no_such_call(role: str, name: str) -> PanelError:
    """Return the 404 of a `module/method` that a role does not have."""
    module, method = name.split("/")
    reason = f"{role.capitalize()} API call {method} does not exist in module {module}"
    return PanelError(reason, 740, status=404)
