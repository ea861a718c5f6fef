"""After a database was restored from a copy: what it had promised the world ends or is said.

Numbers that were given since the copy are not given again. Link codes may have been used since,
questions answered, messages sent. What else happened since then nobody here can know.
"""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.ports.work import UnitOfWork
from billing.rules.audit import Actor, Audited
from billing.views.restoring import Restore, RestoreReport

SKIPPED = 10_000
"""More than a company gives of any number between a copy and the moment that it is needed."""

MOST_NAMED = 20
"""So many unpaid proformas are named."""


@dataclass(frozen=True, slots=True)
class NoteRestore:
    """Make a restored copy fit to be used, once."""

    env: Environment

    async def __call__(self, *, by: Actor, again: bool = False) -> RestoreReport:
        """Do what there is to do, and report it together with what a copy cannot know.

        A copy looks the same however often this runs on it, so one that was noted stays as it
        is; `again` says that another copy was restored since.
        """
        async with self.env.work.writing() as uow:
            await uow.restoring.lock()
            restore = await uow.restoring.read_restore()
            if restore is not None and not again:
                contents = await uow.restoring.contents(limit=MOST_NAMED)
                return RestoreReport(restore, was_noted=True, contents=contents)
            report = await self._note(uow)
            await uow.audit.add(by, Audited.RESTORE, "database", at=self.env.now())
            await uow.commit()
        return report

    async def _note(self, uow: UnitOfWork) -> RestoreReport:
        now, today = self.env.now(), self.env.today()
        restore = Restore(await uow.restoring.newest(now=now), now)
        ended = await uow.restoring.end_codes(at=now)
        forgotten = await uow.restoring.forget_drafts()
        unsent = await uow.restoring.give_up_messages(at=now)
        await uow.restoring.skip_numbers(today.replace(day=1), by=SKIPPED)
        await uow.restoring.note(restore)
        contents = await uow.restoring.contents(limit=MOST_NAMED)
        return RestoreReport(
            restore,
            was_noted=False,
            contents=contents,
            ended_codes=ended,
            forgotten_drafts=forgotten,
            unsent=unsent,
        )
