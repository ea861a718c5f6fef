"""Not now: reminders put off to a day, muted until the due date, or switched off for a service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeGuard

from billing.actions.environment import Environment
from billing.actions.reminders.digest import redraw_digest
from billing.actions.reminders.digest_items import DigestInputs
from billing.actions.reminders.read import read_digest_inputs
from billing.actions.reminders.sent_digest import due_services
from billing.rules.errors import InvalidInputError
from billing.rules.reminders.preferences import Pause, can_snooze
from billing.rules.services.service import Service
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.digests import Digest

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

        def snooze(service: Service, pause: Pause | None) -> Pause | None:
            due = service.next_due_date
            if due is None or (_is_mute(pause) and pause.silences(due, today=today)):
                return None
            return Pause(visitor.user_id, service.id, due, until, remind=True)

        return await _pause(self.env, visitor, client, digest_id, language, snooze)


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

        def mute(service: Service, _: Pause | None) -> Pause | None:
            due = service.next_due_date
            if service.id != service_id:
                return None
            if for_good:
                return Pause(visitor.user_id, service.id, due_date=None, until=None)
            if due is None or due <= today:
                return None
            return Pause(visitor.user_id, service.id, due, due)

        return await _pause(self.env, visitor, client, digest_id, language, mute)


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
            reader, inputs = await read_digest_inputs(
                self.env, uow, visitor, client, digest_id, language=language
            )
            pauses = _pauses_by_service(inputs)
            service_ids = {service.id for service in due_services(inputs)}
            if service_id is None:
                service_ids = {id_ for id_ in service_ids if not _is_mute(pauses.get(id_))}
            else:
                service_ids &= {service_id}
            await uow.preferences.end_pauses(visitor.user_id, client.id, service_ids)
            await uow.commit()
        inputs = _with_pauses(inputs, dict.fromkeys(service_ids))
        return redraw_digest(digest_id, reader, inputs)


async def _pause(
    env: Environment,
    visitor: Visitor,
    client: ClientInfo,
    digest_id: int,
    language: str,
    make: MakePause,
) -> Digest:
    async with env.work.writing(client.id) as uow:
        reader, inputs = await read_digest_inputs(
            env, uow, visitor, client, digest_id, language=language
        )
        old_pauses = _pauses_by_service(inputs)
        new_pauses = {one.id: make(one, old_pauses.get(one.id)) for one in due_services(inputs)}
        pauses = {id_: pause for id_, pause in new_pauses.items() if pause is not None}
        if pauses:
            await uow.preferences.pause(client.id, list(pauses.values()))
            await uow.commit()
    return redraw_digest(digest_id, reader, _with_pauses(inputs, pauses))


def _is_mute(pause: Pause | None) -> TypeGuard[Pause]:
    return pause is not None and not pause.remind


def _pauses_by_service(inputs: DigestInputs) -> dict[int, Pause]:
    """What the reader has said of the services of a digest before."""
    return {entry.pause.service_id: entry.pause for entry in inputs.entries if entry.pause}


def _with_pauses(inputs: DigestInputs, pauses: Mapping[int, Pause | None]) -> DigestInputs:
    """The inputs with other pauses for these services."""
    entries = tuple(
        replace(entry, pause=pauses[entry.owned_service.service.id])
        if entry.owned_service is not None and entry.owned_service.service.id in pauses
        else entry
        for entry in inputs.entries
    )
    return replace(inputs, entries=entries)
