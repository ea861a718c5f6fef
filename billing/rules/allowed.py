"""What a user may do for a client beyond looking."""

from dataclasses import dataclass

from billing.rules.errors import NotAllowedError


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed; screens offer nothing else, and actions refuse everything else.

    `order` means new services and add-ons, `cancel` a request to cancel a service and its
    withdrawal, `rename` a name of the client's own for a service, `pay` everything about the cart
    and proformas: to renew, to pay, to give up. `is_limited` where the rights of the user's link
    are fewer than all, `is_closed` where the company has closed the account.
    """

    order: bool = True
    cancel: bool = True
    rename: bool = True
    pay: bool = True
    is_limited: bool = False
    is_closed: bool = False

    def __and__(self, other: "Allowed") -> "Allowed":
        """What both allow."""
        return Allowed(
            order=self.order and other.order,
            cancel=self.cancel and other.cancel,
            rename=self.rename and other.rename,
            pay=self.pay and other.pay,
            is_limited=self.is_limited or other.is_limited,
            is_closed=self.is_closed or other.is_closed,
        )

    def check_order(self) -> None:
        """NotAllowedError unless new services and add-ons may be ordered."""
        if not self.order:
            raise self._refusal("order_not_allowed")

    def check_cancel(self) -> None:
        """NotAllowedError unless cancellations may be requested and withdrawn."""
        if not self.cancel:
            raise self._refusal("cancel_not_allowed")

    def check_rename(self) -> None:
        """NotAllowedError unless services may be renamed."""
        if not self.rename:
            raise self._refusal("rename_not_allowed")

    def check_pay(self) -> None:
        """NotAllowedError unless services may be renewed and proformas paid."""
        if not self.pay:
            raise self._refusal("not_allowed")

    def _refusal(self, code: str) -> NotAllowedError:
        if self.is_closed:
            return NotAllowedError("account_closed")
        return NotAllowedError("access_limited" if self.is_limited else code)


EVERYTHING = Allowed()
NOTHING = Allowed(order=False, cancel=False, rename=False)
"""Nothing but looking, renewing and paying: the least that a panel allows."""

PAY_ONLY = Allowed(order=False, cancel=False, rename=False, is_limited=True)
LOOK_ONLY = Allowed(order=False, cancel=False, rename=False, pay=False, is_limited=True)

CLOSED = Allowed(order=False, cancel=False, pay=False, is_closed=True)
"""An account that the company has closed: everything can be looked at."""
