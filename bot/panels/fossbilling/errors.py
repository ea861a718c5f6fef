"""What can go wrong with a call to a FOSSBilling, by what it means for whoever made it."""

from typing import Final

from billing.ports.connected import PanelBusyError, PanelUnreachableError

BUSINESS: Final = 9999
"""The code of every refusal that has none of its own: an unknown id, a missing field, a rule."""

PHP_ERROR: Final = 9998
"""The code of an error in the panel's own source; what it broke off may be done in part."""

_LOCKED_OUT: Final = frozenset({201, 202, 203, 204, 205, 206, 1002, 1004})
"""Codes about the token or this machine."""

_DENIED: Final = _LOCKED_OUT | {403, 715, 725, 740, 879}
"""Those, and codes about a permission, or a call that this version does not have."""


class UnclearError(PanelUnreachableError):
    """The call was sent and nobody knows whether it was carried out.

    `reason` is a short word: timed_out, broken_off, not_json, redirect, http_502, code_9998.
    """

    def __init__(self, call: str, reason: str) -> None:
        super().__init__(f"{call}: {reason}")
        self.call = call
        self.reason = reason


class NotSentError(PanelUnreachableError):
    """The call was not sent, or turned away before anything happened: nothing was done.

    `reason` is a short word: not_connected, certificate, bad_address, maintenance.
    """

    def __init__(self, call: str, reason: str) -> None:
        super().__init__(f"{call}: {reason}")
        self.call = call
        self.reason = reason


class SpentError(NotSentError, PanelBusyError):
    """The calls of this hour are used up: ours (budget_spent) or the panel's (rate_limited)."""


class RefusedError(Exception):
    """The panel has answered no, and nothing was done.

    `message` is the panel's text: English or another language, sometimes SQL with what somebody
    typed. It is for a person who looks for a mistake; it is never matched, shown to clients or
    written to a log, and the error's own text leaves it out.
    """

    def __init__(self, call: str, code: int, message: str = "") -> None:
        super().__init__(f"{call}: refused with code {code}")
        self.call = call
        self.code = code
        self.message = message

    @property
    def is_denied(self) -> bool:
        """Whether it is about the token or a permission, so that any such call is refused."""
        return self.code in _DENIED

    @property
    def is_locked_out(self) -> bool:
        """Whether it is about the token or this machine, so that no call is answered at all."""
        return self.code in _LOCKED_OUT
