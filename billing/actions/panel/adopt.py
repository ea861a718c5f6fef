"""From our own tables to a connected panel: links, wishes, names and mutes are kept."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from billing.actions.environment import Environment
from billing.actions.panel.reading import Progress, unheard
from billing.ports.adopting import KnownClient, Unfinished
from billing.ports.connected import ConnectedPanel
from billing.ports.panel_services import ServiceKey
from billing.rules.access.emails import email_key
from billing.rules.audit import Actor, Audited
from billing.rules.errors import BillingError
from billing.rules.panel.owner import Owner, Ownership
from billing.rules.panel.unread_rows import name_rows
from billing.rules.services.service import Service
from billing.views.panel import SeenService

OWN = ""
"""The identity of the panel that our own tables are."""

LEFT = "left "
"""The ref of a client whom the panel does not have begins so: it is nobody's there."""


class Match(StrEnum):
    """How clients are found in the panel: by their own number, or by their e-mail address."""

    ID = "id"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an adoption does, or would do.

    `clients` are the refs here and there. `unmatched` are those whom the panel does not have, or
    not once, `twice` refs there that several clients here would get. `services` are kept with
    their names and mutes, `hidden` of ours are not there.
    """

    clients: tuple[tuple[str, str], ...]
    unmatched: tuple[str, ...]
    twice: tuple[str, ...]
    unfinished: Unfinished
    services: int = 0
    hidden: int = 0
    is_done: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.unfinished or self.twice)


@dataclass(frozen=True, slots=True)
class AdoptPanel:
    """Give a database of our own to the connected panel of the settings."""

    env: Environment
    read_owner: Callable[[], Awaitable[Ownership]]
    connected: ConnectedPanel | None

    async def __call__(
        self, match: Match, *, by: Actor, dry_run: bool, progress: Progress = unheard
    ) -> Adoption:
        """Match the clients, then write; with `dry_run`, or where something is open, only report.

        BillingError where the database is not our own or there is no panel, "panel_unreachable" if
        it does not answer, "panel_rows_unread" where services would be lost by what cannot be
        read. PanelUnreachableError if it stops to: nothing has changed then.
        """
        panel, owner = self.connected, await self.read_owner()
        _check(owner, panel)
        assert panel is not None  # noqa: S101 - checked
        async with self.env.work.reading() as uow:
            known, unfinished = await uow.adopting.clients(), await uow.adopting.unfinished()
        refs = await _matched(panel, known, match, progress)
        names = {one.id: one.ref for one in known}
        times = Counter(refs.values())
        keys = await self._services(panel, refs, progress)
        adoption = Adoption(
            clients=tuple((names[number], ref) for number, ref in refs.items()),
            unmatched=tuple(one.ref for one in known if one.id not in refs),
            twice=tuple(sorted(ref for ref, count in times.items() if count > 1)),
            unfinished=unfinished,
            services=len(keys),
        )
        if dry_run or not adoption.is_possible:
            return adoption
        left = {one.id: f"{LEFT}{one.id}" for one in known if one.id not in refs}
        return await self._write(owner, adoption, {**refs, **left}, keys, by)

    async def _services(
        self, panel: ConnectedPanel, refs: Mapping[int, str], progress: Progress
    ) -> dict[int, ServiceKey]:
        """What the panel calls the services of these clients."""
        keys: dict[int, ServiceKey] = {}
        numbers = {ref: number for number, ref in refs.items()}
        async for account in panel.everything(sorted(numbers)):
            async with self.env.work.reading() as uow:
                mine = await uow.adopting.services(numbers[account.client.ref])
            if account.snapshot.unread or account.snapshot.strays:
                # What it does not show would be hidden here, and its mutes lost.
                rows = (*account.snapshot.unread, *account.snapshot.strays)
                raise BillingError("panel_rows_unread", rows=name_rows(rows, longest=200))
            keys |= matched_services(mine, account.snapshot.services)
            progress(1)
        return keys

    async def _write(
        self,
        owner: Ownership,
        adoption: Adoption,
        refs: Mapping[int, str],
        keys: Mapping[int, ServiceKey],
        by: Actor,
    ) -> Adoption:
        """All of it in one transaction, if nothing was opened meanwhile."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            await uow.loading.begin()
            unfinished = await uow.adopting.unfinished()
            if unfinished:
                return replace(adoption, unfinished=unfinished)
            await uow.adopting.rename_clients(refs)
            hidden = await uow.adopting.rename_services(tuple(refs), keys)
            await uow.owner.give(Owner(owner.panel, owner.identity or OWN, now))
            await uow.panel_state.everything_read(None)
            await uow.reminders.forget_plan()
            note = f"{len(adoption.clients)} clients, {len(keys)} services"
            await uow.audit.add(by, Audited.ADOPT_PANEL, owner.panel, at=now, note=note)
            await uow.commit()
        return replace(adoption, hidden=hidden, is_done=True)


def _check(ownership: Ownership, panel: ConnectedPanel | None) -> None:
    owner = ownership.owner
    if panel is None:
        raise BillingError("no_connected_panel")
    if owner is None:
        raise BillingError("no_owner")
    if owner.identity != OWN:
        raise BillingError("already_adopted", owner=owner.panel)
    if ownership.identity is None:
        raise BillingError("panel_unreachable")


async def _matched(
    panel: ConnectedPanel, known: Collection[KnownClient], match: Match, progress: Progress
) -> dict[int, str]:
    """The refs there of those who are there exactly once."""
    refs = {}
    for one in known:
        if match is Match.ID:
            there = await panel.client(one.ref)
            found = [there.ref] if there is not None else []
        else:
            key = email_key(one.email)
            clients = await panel.find_clients(one.email) if key else ()
            found = [client.ref for client in clients if email_key(client.email) == key]
        if len(found) == 1:
            refs[one.id] = found[0]
        progress(1)
    return refs


def matched_services(
    mine: Collection[Service], there: Collection[SeenService]
) -> dict[int, ServiceKey]:
    """Services that are the same: of one kind and domain, each once, or add-ons of one name."""
    keys: dict[int, ServiceKey] = {}
    parents: dict[int, ServiceKey] = {}
    ours = Counter((one.kind, one.domain.casefold()) for one in mine if not one.is_addon)
    for one in mine:
        name = (one.kind, one.domain.casefold())
        if one.is_addon or not one.domain or ours[name] > 1:
            continue
        same = [
            seen
            for seen in there
            if (seen.kind, seen.domain.casefold()) == name and seen.parent is None
        ]
        if len(same) == 1:
            keys[one.id] = parents[one.id] = (same[0].kind, same[0].ref)
    for one in mine:
        above = parents.get(one.parent_id or 0)
        same = [seen for seen in there if above and (seen.parent, seen.name) == (above, one.name)]
        if len(same) == 1:
            keys[one.id] = (same[0].kind, same[0].ref)
    return keys
