"""The limit of wrong codes, whichever way a code came."""

from datetime import datetime, timedelta

from billing.ports.work import UnitOfWork
from billing.rules.errors import LinkCodeError

GUESSES = 5
GUESS_WINDOW = timedelta(hours=1)


async def check_guesses(uow: UnitOfWork, user_id: int, *, now: datetime) -> None:
    """LinkCodeError after five wrong codes in an hour; nobody else counts the user's meanwhile."""
    if await uow.link_codes.failures(user_id, since=now - GUESS_WINDOW) >= GUESSES:
        raise LinkCodeError("too_many_guesses")
