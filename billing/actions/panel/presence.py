"""Whether the connected panel answers: noted by whoever asks, told to the operator once."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from billing.actions.environment import Environment
from billing.ports.connected import PanelBusyError, PanelUnreachableError
from billing.ports.outbox import Notification
from billing.views.notices.panel import (
    PanelAnswers,
    PanelAway,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

TELL_AFTER = timedelta(minutes=10)
"""The operator is told once the panel has not answered for so long."""


@dataclass(slots=True)
class Presence:
    """Notes in the database since when the panel does not answer, and that it does again.

    `is_away` is what this process knows: with a panel that answers nothing is read or written.
    `is_busy` when it takes no more calls for now.
    """

    env: Environment
    is_away: bool = False
    is_busy: bool = False

    async def ask(self, answer: Awaitable[T], about: str) -> T | None:
        """What the panel answers; None if it does not."""
        heard = await self.hear(answer, about)
        return None if isinstance(heard, Exception) else heard

    async def hear(self, answer: Awaitable[T], about: str) -> T | Exception:
        """What the panel answers, or why it does not: the error is returned.

        What nobody expected leaves a stack trace in the log, and says nothing of its presence.
        """
        try:
            answered = await answer
        except PanelBusyError as error:
            self.busy(about)
            return error
        except PanelUnreachableError as error:
            await self.away(about)
            return error
        except Exception as error:
            log.exception("the panel cannot be asked %s", about)
            return error
        await self.answered()
        return answered

    def busy(self, about: str) -> None:
        """It takes no more calls for now, and is there: what waits for it goes on waiting."""
        if not self.is_busy:
            log.warning("the panel takes no more calls for now, when asked %s", about)
        self.is_busy = True

    async def away(self, about: str) -> None:
        """It did not answer; the log has one line until it does again."""
        if self.is_away:
            return
        async with self.env.work.writing() as uow:
            if await uow.panel_state.away(at=self.env.now()):
                log.warning("the panel does not answer when asked %s", about)
            await uow.commit()
        self.is_away = True

    async def answered(self) -> None:
        """It answers."""
        self.is_busy = False
        if not self.is_away:
            return
        async with self.env.work.writing() as uow:
            before = await uow.panel_state.answered()
            if before is not None and before.away_since is not None:
                now = self.env.now()
                log.warning("the panel answers again, after %s", now - before.away_since)
                if before.away_told_at is not None:
                    notice = PanelAnswers(before.away_since, now)
                    key = f"panel-answers:{before.away_since.timestamp():.6f}"
                    await uow.outbox.add([Notification(key, notice)], at=now)
            await uow.commit()
        self.is_away = False

    async def look(self) -> None:
        """Know what other processes have noted; tell the operator when that is due, once."""
        now = self.env.now()
        async with self.env.work.reading() as uow:
            state = await uow.panel_state.get()
        self.is_away = state.is_away
        since = state.away_since
        if since is None or state.away_told_at is not None or now - since < TELL_AFTER:
            return
        async with self.env.work.writing() as uow:
            key = f"panel-away:{since.timestamp():.6f}"
            await uow.outbox.add([Notification(key, PanelAway(since))], at=now)
            await uow.panel_state.away_told(at=now)
            await uow.commit()
