"""Reading everything: nightly, after a gap in the feed, and by the operator's command."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.actions.messages.window import always
from billing.actions.panel.reading import TOGETHER, Progress, Reader, by_ref, unheard
from billing.rules.panel.panel_state import last_night

WITHOUT_FEED = timedelta(minutes=90)
"""How often everything is read of a panel that does not tell what has changed.

Reminders need a copy that is not older than two hours.
"""


@dataclass(frozen=True, slots=True)
class ReadEverything:
    """Read every client whom the mirror has, and with `everybody` whoever else there is.

    Only what differs is written. What is missing twice in turn is hidden; a client who is gone is
    closed.
    """

    reader: Reader | None

    async def __call__(
        self, may_go_on: Callable[[], bool] = always, *, progress: Progress = unheard
    ) -> int | None:
        """How many were read; None where it did not come to its end.

        `progress` hears of them as they come. 0 without a connected panel.
        """
        reader = self.reader
        if reader is None:
            return 0
        return await self.since(reader.env.now(), may_go_on, progress=progress)

    async def tonight(self, may_go_on: Callable[[], bool] = always) -> int | None:
        """The same where it is due, at the company's night; those read since then are left out.

        0 where it is not due, and before the feed was read: what changes meanwhile would be lost.
        A panel that has no feed is read more often.
        """
        reader = self.reader
        if reader is None:
            return 0
        now, zone = reader.env.now(), reader.env.terms.timezone
        async with reader.env.work.reading() as uow:
            state = await uow.panel_state.get()
        last = state.everything_read_at
        if not reader.panel.capabilities.tells_changes:
            # A time that a clock has written which was ahead counts as past.
            is_due = last is None or abs(now - last) >= WITHOUT_FEED
            return await self.since(now, may_go_on) if is_due else 0
        if state.changes_read_at is None or not state.is_everything_due(now, zone):
            return 0
        # Where all changes are not known, nobody's last reading counts.
        since = now if last is None else last_night(now, zone)
        return await self.since(since, may_go_on)

    async def since(
        self,
        before: datetime,
        may_go_on: Callable[[], bool] = always,
        *,
        progress: Progress = unheard,
    ) -> int | None:
        """Read those who were not read since an instant."""
        reader = self.reader
        if reader is None:
            return 0
        count, oldest = 0, before
        if reader.everybody:
            read = await reader.through(reader.read_all(), may_go_on, progress)
            if not read.is_complete:
                return None
            count = read.count
            # Whoever was read on the way to this is not read once more.
            oldest = min(before, read.as_of or before)
        known = await self._read_known(reader, oldest, may_go_on, progress)
        if known is None:
            return None
        async with reader.env.work.writing() as uow:
            await uow.panel_state.everything_read(before)
            await uow.commit()
        return count + known

    async def _read_known(
        self,
        reader: Reader,
        before: datetime,
        may_go_on: Callable[[], bool],
        progress: Progress,
    ) -> int | None:
        """Those whom the mirror has, as far as they were not read by now."""
        count = last = 0
        while may_go_on():
            async with reader.env.work.reading() as uow:
                page = await uow.panel_state.not_read_since(
                    before,
                    reader.env.now(),
                    linked=not reader.everybody,
                    after=last,
                    limit=TOGETHER,
                )
            if not page:
                return count
            clients = reader.read_known(by_ref(page))
            read = await reader.through(clients, may_go_on, progress)
            if not read.is_complete:
                return None
            last = page[-1][0]
            count += read.count
        return None
