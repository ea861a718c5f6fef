"""What the company has to do after payments."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from billing.rules.audit import Actor
from billing.rules.payments.tasks import Task
from billing.rules.work import WorkKind
from billing.views.page import Part
from billing.views.tasks import ListedTask


class Tasks(Protocol):
    """Tasks; opened in the transaction that applies the line they come from."""

    async def open(self, new: Sequence[Task]) -> tuple[Task, ...]:
        """Add those whose line has not opened one before; return them with their ids."""

    async def get(self, number: int) -> Task | None:
        """One task, open or done."""

    async def open_beside(self, task: Task) -> tuple[Task, ...]:
        """The open ones of its proforma, by id; orders apart, which are accepted or rejected."""

    async def page(
        self, part: Part, *, done_too: bool = False, orders_apart: bool = False
    ) -> tuple[ListedTask, ...]:
        """Open ones, the oldest first; with those that are done, the newest first.

        `orders_apart` leaves out orders that wait to be accepted.
        """

    async def still_open(self, numbers: Collection[int]) -> frozenset[int]:
        """Those of these tasks that are open."""

    async def finish(self, number: int, *, by: Actor, at: datetime) -> bool:
        """Note that it is done; False if it was done before, or is not there."""

    async def finish_for(
        self, service_ids: Collection[int], kinds: Collection[WorkKind], *, by: Actor, at: datetime
    ) -> int:
        """The same for the open ones of these kinds about these services; how many."""
