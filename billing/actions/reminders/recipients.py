"""Who is told what: the waiting items of clients, divided among the users who want them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from billing.ports.reminders import NewDigest, Recipient, StoredItem
from billing.ports.work import UnitOfWork
from billing.rules.preferences import Pause, objection
from billing.rules.reminders import ReminderReason

Pauses = Mapping[tuple[int, int | None], Pause]
"""By user and service."""

SendAt = Callable[[Recipient], datetime]


@dataclass(frozen=True, slots=True)
class Drafts:
    """Digests to plan, and the items that nobody is sent, by reason.

    `undelivered` are digests of users who cannot be written to: they wait for them to come back.
    """

    digests: list[NewDigest] = field(default_factory=list)
    undelivered: list[NewDigest] = field(default_factory=list)
    unwanted: dict[ReminderReason, list[int]] = field(default_factory=dict)
    undeliverable: dict[ReminderReason, list[int]] = field(default_factory=dict)

    def add(self, who: Recipient, at: datetime, item_ids: tuple[int, ...]) -> None:
        """Plan a digest for a user, to be sent or to be kept for them."""
        lost = ReminderReason(who.unreachable) if who.unreachable else None
        made = NewDigest(who.client_id, who.user_id, at, item_ids, lost)
        (self.undelivered if lost else self.digests).append(made)


@dataclass(frozen=True, slots=True)
class Readers:
    """The users of some clients and what they want."""

    recipients: Mapping[int, Sequence[Recipient]]
    pauses: Pauses

    def objection(
        self, who: Recipient, stored: StoredItem, *, today: date
    ) -> ReminderReason | None:
        """Why they do not want to hear of it today, if so."""
        pause = self.pauses.get((who.user_id, stored.item.service_id))
        return objection(who.preferences, pause, stored.item, kind=stored.kind, today=today)


async def read_readers(uow: UnitOfWork, client_ids: Sequence[int]) -> Readers:
    """The users of these clients: two statements."""
    recipients: dict[int, list[Recipient]] = defaultdict(list)
    for who in await uow.reminders.recipients(client_ids):
        recipients[who.client_id].append(who)
    pauses = await uow.preferences.pauses(client_ids)
    return Readers(recipients, {(p.user_id, p.service_id): p for p in pauses})


def draft_digests(
    items: Iterable[StoredItem], readers: Readers, *, today: date, send_at: SendAt
) -> Drafts:
    """A digest for each user who wants any of their client's items, also if nothing reaches them.

    Those of users who cannot be written to are kept apart, for when they come back.
    """
    drafts = Drafts()
    of_client: dict[int, list[StoredItem]] = defaultdict(list)
    for item in items:
        of_client[item.item.client_id].append(item)
    for client_id, mine in of_client.items():
        people = readers.recipients.get(client_id, ())
        if people:
            _divide(drafts, mine, people, readers, today=today, send_at=send_at)
        else:
            nobody = ReminderReason.NOBODY_LINKED
            drafts.undeliverable.setdefault(nobody, []).extend(item.id for item in mine)
    return drafts


def _divide(
    drafts: Drafts,
    items: Sequence[StoredItem],
    people: Sequence[Recipient],
    readers: Readers,
    *,
    today: date,
    send_at: SendAt,
) -> None:
    """What only somebody wants who cannot be reached is undeliverable until they come back."""
    people = sorted(people, key=lambda who: who.unreachable is not None)
    wanted: dict[int, list[int]] = {who.user_id: [] for who in people}
    for item in items:
        objections = {who: readers.objection(who, item, today=today) for who in people}
        hears = [who for who, why in objections.items() if why is None]
        for who in hears:
            wanted[who.user_id].append(item.id)
        if not hears:
            why = next(why for why in objections.values() if why)
            drafts.unwanted.setdefault(why, []).append(item.id)
        elif lost := hears[0].unreachable:
            # Those who can be reached come first.
            drafts.undeliverable.setdefault(ReminderReason(lost), []).append(item.id)
    for who in people:
        if wanted[who.user_id]:
            drafts.add(who, send_at(who), tuple(wanted[who.user_id]))
