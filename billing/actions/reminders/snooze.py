"""Not now: reminders put off to a day, muted until the due date, or switched off for a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeGuard

from billing.actions.environment import Environment
from billing.actions.reminders.act import drawn_again, still_due
from billing.actions.reminders.digest import DigestState
from billing.actions.reminders.read import read_state
from billing.rules.errors import InvalidInputError
from billing.rules.preferences import Pause, can_snooze
from billing.rules.services import Service
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders import Digest

MakePause = Callable[[Service, Pause | None], Pause | None]
"""The pause to begin for a service, which may have one; None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class SnoozeDigest:
    """Remind this user again, on another day, of what is due in a digest.

    What they have muted by itself stays so.
    """

    env: Environment

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, digest_id: int, language: str, until: date
    ) -> Digest:
        """Keep it and return the digest as it stands then; until that day nothing is sent.

        InvalidInputError ("not_a_day") for a day that is not after today, or too far ahead.
        """
        today = self.env.today()
        if not can_snooze(until, today=today):
            raise InvalidInputError("not_a_day")

        def snoozed(service: Service, pause: Pause | None) -> Pause | None:
            due = service.next_due_date
            if due is None or (_is_mute(pause) and pause.silences(due, today=today)):
                return None
            return Pause(visitor.user_id, service.id, due, until, remind=True)

        return await _pause(self.env, visitor, client, digest_id, language, snoozed)


@dataclass(frozen=True, slots=True)
class MuteFromDigest:
    """Say nothing of a service of a digest until it is due, or for good."""

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int,
        for_good: bool = False,
    ) -> Digest:
        """Keep it and return the digest as it stands then; one that is due already stays loud.

        Unless it is muted `for_good`.
        """
        today = self.env.today()

        def muted(service: Service, _: Pause | None) -> Pause | None:
            due = service.next_due_date
            if service.id != service_id:
                return None
            if for_good:
                return Pause(visitor.user_id, service.id, due_date=None, until=None)
            if due is None or due <= today:
                return None
            return Pause(visitor.user_id, service.id, due, due)

        return await _pause(self.env, visitor, client, digest_id, language, muted)


@dataclass(frozen=True, slots=True)
class UnmuteFromDigest:
    """Remind this user of a service of a digest as before.

    Without `service_id` of all that was put off; what was muted by itself stays so.
    """

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int | None = None,
    ) -> Digest:
        """End the pauses and return the digest as it stands then."""
        async with self.env.work.writing(client.id) as uow:
            reader, state = await read_state(
                self.env, uow, visitor, client, digest_id, language=language
            )
            pauses = _pauses(state)
            ids = {service.id for service in still_due(state)}
            if service_id is None:
                ended = {id_ for id_ in ids if not _is_mute(pauses.get(id_))}
            else:
                ended = ids & {service_id}
            await uow.preferences.end_pauses(visitor.user_id, client.id, ended)
            await uow.commit()
        return drawn_again(digest_id, reader, _with(state, dict.fromkeys(ended)))


async def _pause(
    env: Environment,
    visitor: Visitor,
    client: ClientInfo,
    digest_id: int,
    language: str,
    make: MakePause,
) -> Digest:
    async with env.work.writing(client.id) as uow:
        reader, state = await read_state(env, uow, visitor, client, digest_id, language=language)
        now = _pauses(state)
        begun = {one.id: make(one, now.get(one.id)) for one in still_due(state)}
        pauses = {id_: pause for id_, pause in begun.items() if pause is not None}
        if pauses:
            await uow.preferences.pause(client.id, list(pauses.values()))
            await uow.commit()
    return drawn_again(digest_id, reader, _with(state, pauses))


def _is_mute(pause: Pause | None) -> TypeGuard[Pause]:
    return pause is not None and not pause.remind


def _pauses(state: DigestState) -> dict[int, Pause]:
    """What the reader has said of the services of a digest before."""
    return {entry.pause.service_id: entry.pause for entry in state.entries if entry.pause}


def _with(state: DigestState, pauses: Mapping[int, Pause | None]) -> DigestState:
    """The state with other pauses for these services."""
    entries = tuple(
        replace(entry, pause=pauses[entry.owned.service.id])
        if entry.owned is not None and entry.owned.service.id in pauses
        else entry
        for entry in state.entries
    )
    return replace(state, entries=entries)
