"""What waits for staff, counted."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from billing.actions.desk.standing import read_standing
from billing.actions.environment import Environment
from billing.views.desk import Desk


@dataclass(frozen=True, slots=True)
class ShowDesk:
    """What came today, what is owed and what waits, over all clients."""

    env: Environment

    async def __call__(self) -> Desk:
        """Four statements, however many clients there are."""
        midnight = datetime.combine(self.env.today(), time(), self.env.terms.timezone)
        since = midnight.astimezone(UTC)
        async with self.env.work.reading() as uow:
            paid, standing = await read_standing(
                self.env, uow, since=since, until=self.env.now() + timedelta(minutes=1)
            )
        return Desk(paid, standing)
