"""Notices to the operator of what was paid, and of what has to be done for it."""

from dataclasses import dataclass
from typing import ClassVar

from billing.rules.money import Money
from billing.rules.work import WorkKind
from billing.views.notices.services import NamedService


@dataclass(frozen=True, slots=True)
class OpenedTask:
    """A task by its number in the operator's list, and what it is about."""

    task_id: int
    kind: WorkKind
    service: NamedService


@dataclass(frozen=True, slots=True)
class TasksOpened:
    """What has to be done for a proforma that was paid; at least one task."""

    topic: ClassVar[str] = "tasks_opened"
    client_id: int
    number: str
    tasks: tuple[OpenedTask, ...]


@dataclass(frozen=True, slots=True)
class ProformaPaid:
    """A proforma is paid in full: `amount` in all, and `last` with which it was.

    `gateway` is the code of the way in which the last part was paid, "" for credit.
    """

    topic: ClassVar[str] = "proforma_paid"
    client_id: int
    invoice_id: int
    number: str
    amount: Money
    last: Money
    gateway: str = ""
