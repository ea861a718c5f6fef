"""The first sight of clients: those who were linked, and whom the mirror has never had."""

from collections.abc import Callable
from dataclasses import dataclass

from billing.actions.messages.window import always
from billing.actions.panel.reading import TOGETHER, Progress, Reader, by_ref, unheard


@dataclass(frozen=True, slots=True)
class ReadFirst:
    """Read clients who were never read; stopped anywhere, it goes on with the rest."""

    reader: Reader | None

    async def __call__(
        self, may_go_on: Callable[[], bool] = always, *, progress: Progress = unheard
    ) -> int:
        """How many were read; `progress` hears of each. 0 without a connected panel."""
        if self.reader is None:
            return 0
        count = last = 0
        linked = not self.reader.everybody
        while may_go_on():
            async with self.reader.env.work.reading() as uow:
                page = await uow.panel_state.unseen(linked=linked, after=last, limit=TOGETHER)
            if not page:
                break
            clients = self.reader.read_known(by_ref(page))
            read = await self.reader.through(clients, may_go_on, progress)
            count += read.count
            if not read.is_complete:
                break
            last = page[-1][0]
        return count
