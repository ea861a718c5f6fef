"""A storm of wrong link codes: the operator is told, and nobody is locked out for it.

Each user has a limit of guesses. Many users together have none, and may be one person.
"""

from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.ports.outbox import Notification
from billing.views.notices.operator import WrongCodes

HOUR = timedelta(hours=1)
MANY_GUESSES = 30
MANY_USERS = 10
"""In an hour. A company that hands out codes to everybody sees a typing error now and then."""


@dataclass(frozen=True, slots=True)
class TellWrongCodes:
    """Tell the operator of many wrong codes, at most every second hour; any tick may call it."""

    env: Environment

    async def __call__(self) -> bool:
        """Whether there is something to tell that was not told lately."""
        now = self.env.now()
        key, last = (f"wrong_codes:{at:%Y-%m-%dT%H}" for at in (now, now - HOUR))
        async with self.env.work.reading() as uow:
            guesses, users = await uow.link_codes.wrong_guesses(since=now - HOUR, until=now)
            if guesses < MANY_GUESSES and users < MANY_USERS:
                return False
            if await uow.outbox.has(key) or await uow.outbox.has(last):
                return False
        async with self.env.work.writing() as uow:
            await uow.outbox.add([Notification(key, WrongCodes(guesses, users))], at=now)
            await uow.commit()
        return True
