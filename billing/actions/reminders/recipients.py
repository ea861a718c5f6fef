"""Who is told what: the waiting items of clients, divided among the users who want them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from billing.ports.reminders.items import NewDigest, Recipient, StoredItem
from billing.ports.work import UnitOfWork
from billing.rules.reminders.preferences import Pause, objection
from billing.rules.reminders.stages import ReminderReason

Pauses = Mapping[tuple[int, int | None], Pause]
"""By user and service."""

SendAt = Callable[[Recipient], datetime]


@dataclass(frozen=True, slots=True)
class DigestPlan:
    """Digests to add, and the items that nobody is sent, by reason.

    `undelivered` are digests of users who cannot be written to: they wait for them to come back.
    """

    digests: list[NewDigest] = field(default_factory=list)
    undelivered: list[NewDigest] = field(default_factory=list)
    unwanted: dict[ReminderReason, list[int]] = field(default_factory=dict)
    undeliverable: dict[ReminderReason, list[int]] = field(default_factory=dict)

    def add(self, recipient: Recipient, at: datetime, item_ids: Sequence[int]) -> None:
        """Plan a digest for a user, to be sent or to be kept for them."""
        client_id, user_id = recipient.client_id, recipient.user_id
        reason = ReminderReason(recipient.unreachable) if recipient.unreachable else None
        digest = NewDigest(client_id, user_id, at, tuple(item_ids), reason)
        (self.undelivered if reason else self.digests).append(digest)

    def reasons(self) -> dict[int, ReminderReason]:
        """Why nobody is sent an item, by item."""
        reasons = (*self.unwanted.items(), *self.undeliverable.items())
        return {item_id: reason for reason, item_ids in reasons for item_id in item_ids}


@dataclass(frozen=True, slots=True)
class Recipients:
    """The users of some clients and what they want."""

    by_client: Mapping[int, Sequence[Recipient]]
    pauses: Pauses

    def of(self, client_id: int) -> Sequence[Recipient]:
        """The users of a client."""
        return self.by_client.get(client_id, ())

    def objection(
        self, recipient: Recipient, item: StoredItem, *, today: date
    ) -> ReminderReason | None:
        """Why they do not want to hear of it today, if so."""
        pause = self.pauses.get((recipient.user_id, item.item.service_id))
        return objection(recipient.preferences, pause, item.item, kind=item.kind, today=today)


async def read_recipients(uow: UnitOfWork, client_ids: Sequence[int]) -> Recipients:
    """The users of these clients: two statements."""
    by_client: dict[int, list[Recipient]] = defaultdict(list)
    for recipient in await uow.reminders.recipients(client_ids):
        by_client[recipient.client_id].append(recipient)
    pauses = await uow.preferences.pauses(client_ids)
    return Recipients(by_client, {(p.user_id, p.service_id): p for p in pauses})


def plan_digests(
    items: Iterable[StoredItem], recipients: Recipients, *, today: date, send_at: SendAt
) -> DigestPlan:
    """A digest for each user who wants any of their client's items, also if nothing reaches them.

    Those of users who cannot be written to are kept apart, for when they come back.
    """
    plan = DigestPlan()
    items_by_client: dict[int, list[StoredItem]] = defaultdict(list)
    for item in items:
        items_by_client[item.item.client_id].append(item)
    for client_id, client_items in items_by_client.items():
        # Those who can be reached come first.
        users = sorted(recipients.of(client_id), key=lambda user: user.unreachable is not None)
        item_ids: list[list[int]] = [[] for _ in users]
        for item in client_items:
            objections = [recipients.objection(user, item, today=today) for user in users]
            willing = [place for place, reason in enumerate(objections) if reason is None]
            for place in willing:
                item_ids[place].append(item.id)
            _explain(plan, item.id, objections, [users[place] for place in willing])
        for user, ids in zip(users, item_ids, strict=True):
            if ids:
                plan.add(user, send_at(user), ids)
    return plan


def _explain(
    plan: DigestPlan,
    item_id: int,
    objections: Sequence[ReminderReason | None],
    willing: Sequence[Recipient],
) -> None:
    """Say why nobody is sent an item, if so.

    What only somebody wants who cannot be reached is undeliverable until they come back.
    """
    if not objections:
        plan.undeliverable.setdefault(ReminderReason.NOBODY_LINKED, []).append(item_id)
    elif not willing:
        reason = next(reason for reason in objections if reason)
        plan.unwanted.setdefault(reason, []).append(item_id)
    elif unreachable := willing[0].unreachable:
        plan.undeliverable.setdefault(ReminderReason(unreachable), []).append(item_id)
