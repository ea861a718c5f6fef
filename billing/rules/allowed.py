"""What a user may do for a client beyond looking, renewing and paying."""

from dataclasses import dataclass

from billing.rules.errors import NotAllowedError


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is allowed; screens offer nothing else, and actions refuse everything else.

    `order` means new services and add-ons, `cancel` a request to cancel a service and its
    withdrawal, `rename` a name of the client's own for a service.
    """

    order: bool = True
    cancel: bool = True
    rename: bool = True

    def __and__(self, other: "Allowed") -> "Allowed":
        """What both allow."""
        return Allowed(
            order=self.order and other.order,
            cancel=self.cancel and other.cancel,
            rename=self.rename and other.rename,
        )

    def check_order(self) -> None:
        """NotAllowedError unless new services and add-ons may be ordered."""
        if not self.order:
            raise NotAllowedError("order_not_allowed")

    def check_cancel(self) -> None:
        """NotAllowedError unless cancellations may be requested and withdrawn."""
        if not self.cancel:
            raise NotAllowedError("cancel_not_allowed")

    def check_rename(self) -> None:
        """NotAllowedError unless services may be renamed."""
        if not self.rename:
            raise NotAllowedError("rename_not_allowed")


EVERYTHING = Allowed()
NOTHING = Allowed(order=False, cancel=False, rename=False)
