"""Tasks as the operator sees them."""

from dataclasses import dataclass

from billing.rules.payments.tasks import Task


@dataclass(frozen=True, slots=True)
class ListedTask:
    """A task with its client and service as the operator knows them; `service_ref` "" for none."""

    task: Task
    client_ref: str
    client_name: str
    service_ref: str = ""


@dataclass(frozen=True, slots=True)
class FinishedTask:
    """A task that is done; `was_done` where it was done before, by whom and when it says.

    `order_waits`: it is about an order that has yet to be accepted or rejected.
    """

    task: Task
    was_done: bool = False
    order_waits: bool = False
