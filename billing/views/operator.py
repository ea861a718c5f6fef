"""What waits for the operator."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.money import Money
from billing.rules.reach import ClosedChat
from billing.rules.services.service import Service


@dataclass(frozen=True, slots=True)
class PendingAddon:
    """An add-on that waits with its service; what was paid for it, and on which invoice."""

    service: Service
    invoice_number: str
    gross: Money | None


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """A service that waits for the operator, with the add-ons that are decided together with it.

    One that was loaded as pending has no invoice, and nothing was paid for it here. `gross`
    includes the add-ons on the same invoice.
    """

    service: Service
    client_ref: str
    client_name: str
    invoice_number: str
    gross: Money | None
    addons: tuple[PendingAddon, ...] = ()


@dataclass(frozen=True, slots=True)
class UnpaidProforma:
    """A proforma that waits to be paid; `paid` is what has come for it by now."""

    number: str
    client_ref: str
    client_name: str
    gross: Money
    paid: Money
    expires_on: date | None
    id: int = 0
    client_id: int = 0


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """How many messages wait for the operator, since when, and why their chat is closed, if so."""

    count: int
    since: datetime | None = None
    why: ClosedChat | None = None


@dataclass(frozen=True, slots=True)
class DecidedOrder:
    """An order's service once it was decided; `credited` is what was paid for it, if anything.

    That is credit, or unplaced money where `is_credit` is False.
    """

    service: Service
    credited: Money | None = None
    is_credit: bool = True
