"""Planning anew for one client whose due dates have moved in the middle of a day."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.reminders.due_items import DueItems
from billing.actions.reminders.plan import add_absent


@dataclass(frozen=True, slots=True)
class ReplanClient:
    """Write what is to be said today of a client's services by now.

    What was planned for due dates that they had before is left out when it would be sent. A day
    that is not planned yet is left to that. No transaction may be open.
    """

    env: Environment

    async def __call__(self, client_id: int) -> None:
        """Add the items that are not there yet; the next tick plans their digest."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            if not await uow.reminders.is_planned(today):
                return
            catalog = await uow.catalogs.current()
        async for page in DueItems(self.env, catalog, today, client_id).pages():
            await add_absent(self.env, page)
