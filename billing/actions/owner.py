"""The owner of the database: shown, kept at the first start, moved to another address."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.ports.connected import PanelUnreachableError
from billing.ports.panel import Panel
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError
from billing.rules.panel.owner import Owner, Ownership


@dataclass(frozen=True, slots=True)
class ReadOwner:
    """Compare the owner that the database names with the panel there is now."""

    env: Environment
    panel: Panel

    async def __call__(self) -> Ownership:
        """Ask the panel who it is, then read; one that does not answer has no identity."""
        identity: str | None
        try:
            identity = await self.panel.identity()
        except PanelUnreachableError:
            identity = None
        async with self.env.work.reading() as uow:
            return Ownership(await uow.owner.get(), self.panel.name, identity)


@dataclass(frozen=True, slots=True)
class KeepFirstOwner:
    """Give a new database to the panel there is now; one that has an owner keeps it."""

    env: Environment
    read: ReadOwner

    async def __call__(self) -> Ownership:
        """Keep it; of several processes that start at once, one is the first.

        BillingError("panel_unreachable") if nobody knows yet whose it is.
        """
        ownership = await self.read()
        if ownership.owner is not None:
            return ownership
        if ownership.identity is None:
            raise BillingError("panel_unreachable")
        owner = Owner(ownership.panel, ownership.identity, self.env.now())
        async with self.env.work.writing() as uow:
            await uow.owner.take(owner)
            first_owner = await uow.owner.get()
            await uow.commit()
        return Ownership(first_owner, ownership.panel, ownership.identity)


@dataclass(frozen=True, slots=True)
class MoveOwner:
    """Accept that the panel has another address; the same panel keeps its rows."""

    env: Environment
    read: ReadOwner

    async def __call__(self, *, by: Actor) -> Ownership:
        """Return what was found before; what has not moved changes nothing.

        BillingError("no_owner") for a new database, "other_panel" for one of another panel,
        "panel_unreachable" for one that cannot be asked.
        """
        ownership = await self.read()
        owner = ownership.owner
        if owner is None:
            raise BillingError("no_owner")
        if ownership.is_other_panel:
            raise BillingError("other_panel", owner=owner.panel, panel=ownership.panel)
        if ownership.identity is None:
            raise BillingError("panel_unreachable")
        if ownership.has_moved:
            moved = f"{owner.identity} -> {ownership.identity}"
            async with self.env.work.writing() as uow:
                await uow.owner.move(ownership.identity)
                await uow.audit.add(
                    by, Audited.MOVE_PANEL, owner.panel, at=self.env.now(), note=moved
                )
                await uow.commit()
        return ownership
