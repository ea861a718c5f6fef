"""Notices to clients about their services: orders and cancellations that were decided."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.views.services import CancelWhen


@dataclass(frozen=True, slots=True)
class NamedService:
    """A service as it was named when the notice was written; `id` 0 where there is none yet."""

    id: int
    name: str
    domain: str


def name_service(service: Service) -> NamedService:
    """The service by the name its client reads."""
    return NamedService(service.id, service.title, service.domain)


@dataclass(frozen=True, slots=True)
class OrderAccepted:
    """An order became an active service; `due_date` None where it is paid once."""

    topic: ClassVar[str] = "order_accepted"
    service: NamedService
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class OrderRejected:
    """An order was refused; `number` "" without a proforma, `credited` what was paid for it.

    That is credit, or unplaced money where `is_credit` is False. `reason` is the company's, or "".
    """

    topic: ClassVar[str] = "order_rejected"
    service: NamedService
    number: str = ""
    credited: Money | None = None
    is_credit: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CancellationAccepted:
    """A request to cancel was accepted and takes effect on that day."""

    topic: ClassVar[str] = "cancellation_accepted"
    service: NamedService
    when: CancelWhen
    effective_on: date | None = None


@dataclass(frozen=True, slots=True)
class CancellationRejected:
    """A request to cancel was refused: the service goes on; `reason` is the company's, or ""."""

    topic: ClassVar[str] = "cancellation_rejected"
    service: NamedService
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CancellationNews:
    """Another user of the account has asked to cancel; their name is not kept.

    Where the panel `ends_it` at once, it waits for no decision. `can_withdraw` it, or not.
    """

    topic: ClassVar[str] = "cancellation_news"
    service: NamedService
    when: CancelWhen
    effective_on: date | None = None
    ends_it: bool = False
    can_withdraw: bool = True


@dataclass(frozen=True, slots=True)
class CancellationTakenBack:
    """Another user of the account has withdrawn a request to cancel."""

    topic: ClassVar[str] = "cancellation_taken_back"
    service: NamedService


@dataclass(frozen=True, slots=True)
class ServiceCancelled:
    """An accepted cancellation has taken effect."""

    topic: ClassVar[str] = "cancelled"
    service: NamedService


@dataclass(frozen=True, slots=True)
class ServicesMoved:
    """These services belong to another account of the company from now on."""

    topic: ClassVar[str] = "services_moved"
    services: tuple[NamedService, ...]


ServiceNotice = (
    OrderAccepted
    | OrderRejected
    | CancellationAccepted
    | CancellationRejected
    | CancellationNews
    | CancellationTakenBack
    | ServiceCancelled
    | ServicesMoved
)
