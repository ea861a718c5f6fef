"""Home: how a client stands, and what can be paid at once."""

from dataclasses import dataclass
from datetime import date

from billing.rules.allowed import Allowed
from billing.rules.money import Money, PartialSum, total_known
from billing.rules.services.service import Placed
from billing.rules.shop.catalog import Company


@dataclass(frozen=True, slots=True)
class LeftToPay:
    """The unpaid proformas: how many, what is left of all together, and the newest of them."""

    count: int = 0
    balance: Money | None = None
    newest: int | None = None


@dataclass(frozen=True, slots=True)
class DueSummary:
    """How many services and add-ons are overdue, and how many payments are due soon."""

    services_overdue: int = 0
    addons_overdue: int = 0
    due_soon: int = 0


@dataclass(frozen=True, slots=True)
class DuePayment(Placed):
    """A service that is overdue or due soon: when, and its gross price, None if not known.

    `can_pay` where its renewal can be paid now; one on an open proforma is paid there.
    """

    due_date: date
    gross: Money | None
    can_pay: bool
    on_proforma: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The greeting: the company, and what needs the client's attention."""

    company: Company
    left_to_pay: LeftToPay
    soon_days: int
    cart_lines: int
    allowed: Allowed
    today: date
    payments: tuple[DuePayment, ...] = ()
    """What is overdue or due soon, most urgent first; what is on a proforma comes last."""
    is_estimate: bool = False
    """Whether somebody else, a connected panel, says what the payments come to."""

    @property
    def due(self) -> DueSummary:
        """The payments, counted."""
        late = [one for one in self.payments if one.due_date < self.today]
        addons = sum(one.service.is_addon for one in late)
        return DueSummary(len(late) - addons, addons, len(self.payments) - len(late))

    @property
    def overdue(self) -> tuple[DuePayment, ...]:
        """What is overdue and can be renewed now."""
        return tuple(one for one in self.payable if one.due_date < self.today)

    @property
    def payable(self) -> tuple[DuePayment, ...]:
        """What is overdue or due soon and can be renewed now."""
        return tuple(one for one in self.payments if one.can_pay)

    @property
    def pressing(self) -> tuple[DuePayment, ...]:
        """What one button pays: what is overdue; where nothing is, what is due soon."""
        return self.overdue or self.payable

    @property
    def pressing_total(self) -> PartialSum | None:
        """What that costs together; None where there is nothing to pay."""
        prices = [one.gross for one in self.pressing]
        if not prices:
            return None
        currency = self.pressing[0].service.currency
        return total_known(prices, currency, is_estimate=self.is_estimate)
