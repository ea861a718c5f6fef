"""What a reading of a client has changed in our copy of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.services.service import Service


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A service before and after; None before for one that is new."""

    before: Service | None
    after: Service

    @property
    def moves_due_date(self) -> bool:
        """Whether reminders have to be planned anew."""
        was = self.before.owed_on if self.before else None
        return was != self.after.owed_on

    @property
    def is_visible(self) -> bool:
        """Whether a message that speaks of it may be out of date."""
        before, after = self.before, self.after
        return before is not None and (
            (before.next_due_date, before.status, before.amount, before.cycle)
            != (after.next_due_date, after.status, after.amount, after.cycle)
        )


@dataclass(frozen=True, slots=True)
class InvoiceChange:
    """An invoice before and after; None before for one that is new."""

    before: Invoice | None
    after: Invoice

    def becomes(self, status: InvoiceStatus) -> bool:
        """Whether it has that status only now."""
        return self.after.status is status and (
            self.before is None or self.before.status is not status
        )

    @property
    def service_ids(self) -> tuple[int, ...]:
        """The services that it is about."""
        numbers = (line.item.service_id or line.service_id for line in self.after.lines)
        return tuple(number for number in numbers if number)


@dataclass(slots=True)
class Differences:
    """All that one reading has changed."""

    services: list[ServiceChange] = field(default_factory=list)
    invoices: list[InvoiceChange] = field(default_factory=list)
    lost: list[Service] = field(default_factory=list)
    """Services that are not there any more."""
    is_closed: bool | None = None
    """Whether the client may buy nothing; None where that is as it was."""
    has_other_balance: bool = False

    def __bool__(self) -> bool:
        anything = self.services or self.invoices or self.lost or self.has_other_balance
        return bool(anything) or self.is_closed is not None

    @property
    def moves_due_dates(self) -> bool:
        """Whether reminders have to be planned anew."""
        return any(change.moves_due_date for change in self.services)

    @property
    def outdated_ids(self) -> Sequence[int]:
        """The services of which a reminder that was sent may speak wrongly."""
        numbers = {change.after.id for change in self.services if change.is_visible}
        numbers |= {service.id for service in self.lost}
        numbers |= {number for change in self.invoices for number in change.service_ids}
        return sorted(numbers)
