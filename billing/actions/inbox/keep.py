"""Keeping a notice of money: all that happens before it is acknowledged."""

from dataclasses import dataclass

from billing.actions.environment import Environment


@dataclass(frozen=True, slots=True)
class KeepEvent:
    """Write a notice down as it came, with one INSERT."""

    env: Environment

    async def __call__(self, source: str, event_id: str, body: str) -> None:
        """Keep it; one that is known already changes nothing. `body` is ASCII, of any length."""
        async with self.env.work.writing() as uow:
            await uow.inbox.add(source, event_id, body, at=self.env.now())
            await uow.commit()
