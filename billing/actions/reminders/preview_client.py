"""One client's reminders of a day, drawn from what is in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.reminders.digest import Drawn, draw_digest
from billing.actions.reminders.plan import sending_times
from billing.actions.reminders.read import make_state, read_digests
from billing.actions.reminders.recipients import Drafts, Readers, draft_digests, read_readers
from billing.ports.digests import DigestEntry, DueDigest, Proforma, Reader
from billing.ports.reminders import NewDigest, Recipient, StoredItem
from billing.ports.work import UnitOfWork
from billing.rules.cart import Cart
from billing.rules.catalog import Catalog
from billing.rules.hours import next_open
from billing.rules.reminders import ReminderItem, ReminderKind, ReminderReason
from billing.views.account import ClientInfo
from billing.views.reminder_preview import ClientPreview, LeftOut, PreviewedMessage
from billing.views.reminder_reports import Sending
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What the items of a client speak of; an item's id is its place among them."""

    client: ClientInfo
    items: Sequence[ReminderItem]
    owned: Mapping[int, OwnedService]
    proformas: Mapping[int, Proforma]

    def waiting(self, number: int) -> StoredItem:
        """An item as if it waited for a digest."""
        item = self.items[number]
        kind = ReminderKind.PROFORMA
        if item.service_id is not None:
            is_addon = self.owned[item.service_id].service.is_addon
            kind = ReminderKind.ADDON if is_addon else ReminderKind.SERVICE
        return StoredItem(number, item, kind)

    def planned(self, number: int, who: Recipient, readers: Readers) -> DigestEntry:
        """An item as if it was in a digest."""
        item = self.items[number]
        return DigestEntry(
            0, number, item,
            owned=self.owned.get(item.service_id or 0),
            pause=readers.pauses.get((who.user_id, item.service_id)),
            proforma=self.proformas.get(item.invoice_id or 0),
        )  # fmt: skip

    def left_out(self, number: int, reason: ReminderReason) -> LeftOut:
        """An item that nobody is told of."""
        item = self.items[number]
        owned = self.owned.get(item.service_id or 0)
        if owned is not None:
            title = f"{owned.service.title} {owned.service.domain}".strip()
        else:
            title = self.proformas[item.invoice_id or 0].number
        return LeftOut(title, item.due_date, item.stage, reason)


@dataclass(frozen=True, slots=True)
class PreviewOfClient:
    """Draws the reminders of some clients, one after the other."""

    env: Environment
    uow: UnitOfWork
    catalog: Catalog
    day: date
    readers: Readers
    carts: Mapping[int, Cart]
    drawn: Mapping[int, Drawn]
    """The digests that are planned already, by their ids."""

    async def draw(
        self,
        client_id: int,
        items: Sequence[ReminderItem],
        refused: Mapping[ReminderItem, ReminderReason],
        digests: Sequence[tuple[DueDigest, Sending]],
    ) -> ClientPreview:
        """What they are sent, and what nobody is told of; `refused` was decided before."""
        subjects = await self._subjects(client_id, items)
        wanted = (n for n, item in enumerate(items) if item not in refused)
        drafts = self._drafts(map(subjects.waiting, wanted))
        drafted = {draft.user_id for draft in drafts.digests}
        messages = [self._planned(*one) for one in digests if one[0].user_id not in drafted]
        why: dict[int, ReminderReason] = {}
        said: set[int] = set()
        for draft in drafts.digests:
            # What earlier days have left unsent becomes a part of the day's message.
            late = [one for one in digests if one[0].user_id == draft.user_id]
            drawn = await self._drawn(draft, subjects, [due for due, _ in late])
            why |= drawn.dropped
            said |= set(draft.item_ids) - set(drawn.dropped)
            if drawn.digest is not None:
                at = self._next_try(*late[0], drawn) if late else draft.send_at
                messages.append(PreviewedMessage(draft.user_id, at, drawn.digest))
        why |= _unsaid(drafts) | _decided(items, refused)
        unsaid = (n for n in range(len(items)) if n in why and n not in said)
        left_out = (subjects.left_out(n, why[n]) for n in unsaid)
        return ClientPreview(subjects.client, tuple(messages), tuple(left_out))

    def _drafts(self, items: Iterable[StoredItem]) -> Drafts:
        when = sending_times(self.env, self.catalog, self.day)
        return draft_digests(items, self.readers, today=self.day, send_at=when)

    async def _subjects(self, client_id: int, items: Sequence[ReminderItem]) -> _Subjects:
        client = await self.uow.clients.get(client_id)
        assert client is not None  # noqa: S101 - what is due is a client's
        services = [item.service_id for item in items if item.service_id]
        in_cart = [line.service_id for line in self._cart(client_id).lines if line.service_id]
        owned = await self.uow.services.of_lines(client_id, [*services, *in_cart])
        proformas = {}
        for number in {item.invoice_id for item in items if item.invoice_id}:
            invoice = await self.uow.invoices.get(client_id, number)
            assert invoice is not None  # noqa: S101 - the same
            proformas[number] = Proforma(
                number, invoice.number, invoice.status, invoice.gross, invoice.balance,
                invoice.expires_on,
            )  # fmt: skip
        return _Subjects(client, items, {one.service.id: one for one in owned}, proformas)

    async def _drawn(
        self, draft: NewDigest, subjects: _Subjects, late: Sequence[DueDigest]
    ) -> Drawn:
        people = self.readers.recipients[draft.client_id]
        who = next(one for one in people if one.user_id == draft.user_id)
        visitor = await self.uow.users.visitor(who.user_id)
        acts_for = visitor.client.id if visitor.client else None
        reader = Reader(
            who.user_id, subjects.client, visitor.language, visitor.timezone, acts_for,
            who.preferences,
        )  # fmt: skip
        planned = [subjects.planned(number, who, self.readers) for number in draft.item_ids]
        owned = dict(subjects.owned)
        if late:
            numbers = [(due.id, due.client_id, due.user_id) for due in late]
            contents = await self.uow.digests.contents(numbers)
            # Below zero they are not taken for the places of items.
            planned += [replace(one, item_id=-one.item_id) for one in contents.entries]
            owned |= {one.service.id: one for one in contents.owned}
        cart, known = self._cart(draft.client_id), list(owned.values())
        state = make_state(self.env, reader, cart, self.catalog, planned, known)
        return draw_digest(0, reader, state)

    def _planned(self, due: DueDigest, sending: Sending) -> PreviewedMessage:
        """A digest that is planned already, as it stands."""
        if sending.finished_at is not None:
            return PreviewedMessage(due.user_id, sending.finished_at, None, sending)
        drawn = self.drawn.get(due.id) or Drawn(None)
        at = self._next_try(due, sending, drawn)
        return PreviewedMessage(due.user_id, at, drawn.digest, sending)

    def _next_try(self, due: DueDigest, sending: Sending, drawn: Drawn) -> datetime:
        """When a planned digest goes out: outside its reader's quiet hours."""
        at = max(sending.until, self.env.now())
        if drawn.digest is None:
            return at
        return next_open(due.client_id, self.env.zone(drawn.digest.timezone), at, drawn.quiet)

    def _cart(self, client_id: int) -> Cart:
        return self.carts.get(client_id) or Cart(client_id, 0)


async def open_preview(
    env: Environment,
    uow: UnitOfWork,
    catalog: Catalog,
    day: date,
    clients: Mapping[int, Sequence[tuple[DueDigest, Sending]]],
) -> PreviewOfClient:
    """Read what can be read for all clients together; each with their planned digests."""
    readers, carts = await read_readers(uow, list(clients)), await uow.carts.of(clients)
    waiting = [due for of in clients.values() for due, how in of if how.finished_at is None]
    # What is planned already goes out by the catalogue that is loaded.
    loaded = await uow.catalogs.current()
    drawn = await read_digests(env, uow, loaded, waiting) if waiting else {}
    return PreviewOfClient(env, uow, catalog, day, readers, carts, drawn)


def _unsaid(drafts: Drafts) -> dict[int, ReminderReason]:
    """What no digest holds, by item."""
    reasons = (*drafts.unwanted.items(), *drafts.undeliverable.items())
    return {number: why for why, numbers in reasons for number in numbers}


def _decided(
    items: Sequence[ReminderItem], refused: Mapping[ReminderItem, ReminderReason]
) -> dict[int, ReminderReason]:
    return {n: refused[item] for n, item in enumerate(items) if item in refused}
