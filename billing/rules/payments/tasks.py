"""Tasks: what the company has to do after a payment, once each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from billing.rules.payments.invoices import InvoiceLine, Outcome
from billing.rules.shop.cart import LineKind
from billing.rules.work import WorkKind


@dataclass(frozen=True, slots=True)
class AppliedLine:
    """A paid line that was just applied, and the kind of work that it makes, if any."""

    line: InvoiceLine
    work: WorkKind | None = None


def work_after(
    line: InvoiceLine, needs_work: Collection[WorkKind], *, switched_off: bool = False
) -> WorkKind | None:
    """The kind of work that an applied line makes for a product; None for none.

    `switched_off`: what was renewed has to be switched on again. That is a reactivation, or where
    the product needs no work after one, a renewal like any other.
    """
    return next((kind for kind in _kinds(line, switched_off) if kind in needs_work), None)


def _kinds(line: InvoiceLine, switched_off: bool) -> tuple[WorkKind, ...]:
    """What the line is, the most particular kind first."""
    match line.outcome:
        case Outcome.RENEWED | Outcome.RENEWED_AFTER_MOVE if switched_off:
            return WorkKind.REACTIVATION, WorkKind.RENEWAL
        case Outcome.RENEWED | Outcome.RENEWED_AFTER_MOVE:
            return (WorkKind.RENEWAL,)
        case Outcome.ORDERED | Outcome.ACTIVATED if line.item.kind is LineKind.ADDON:
            return (WorkKind.ADDON,)
        case Outcome.ORDERED if line.item.kind is LineKind.PRODUCT:
            return (WorkKind.ORDER,)
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class Task:
    """What was paid with a proforma, `number`, and has to be done; `done_at` None while open.

    Name and domain are those of the proforma; its line opens at most one task. `service_id` is
    None where a panel does not say what its line is about. A request to cancel has no proforma; it
    may have a day on which it is to be done, `due_on`.
    """

    id: int
    client_id: int
    kind: WorkKind
    service_id: int | None
    invoice_line_id: int | None
    name: str
    domain: str
    number: str
    opened_at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    due_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has yet to be done."""
        return self.done_at is None

    @property
    def title(self) -> str:
        """What it is about: "Domain .pl kwiaty.example"."""
        return f"{self.name} {self.domain}".strip()
