"""One client's reminders of a day, drawn from what is in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from billing.actions.environment import Environment
from billing.actions.reminders.digest import DrawnDigest, draw_digest
from billing.actions.reminders.plan import sending_times
from billing.actions.reminders.read import make_digest_inputs, read_digests
from billing.actions.reminders.recipients import (
    DigestPlan,
    Recipients,
    plan_digests,
    read_recipients,
)
from billing.ports.reminders.digests import DigestEntry, DueDigest, Proforma, Reader
from billing.ports.reminders.items import NewDigest, Recipient, StoredItem
from billing.ports.work import UnitOfWork
from billing.rules.reminders.hours import next_open
from billing.rules.reminders.stages import ReminderItem, ReminderKind, ReminderReason
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo
from billing.views.reminders.preview import ClientPreview, LeftOut, PreviewedMessage
from billing.views.reminders.reports import Sending
from billing.views.services import OwnedService


@dataclass(slots=True)
class ClientDay:
    """What a day has for one client: its items, and the digests that are planned already.

    `left_out` are those of the items that were planned for nobody, and why.
    """

    items: list[ReminderItem] = field(default_factory=list)
    left_out: dict[ReminderItem, ReminderReason] = field(default_factory=dict)
    digests: list[tuple[DueDigest, Sending]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Subjects:
    """What the items of a client speak of."""

    client: ClientInfo
    own_services: Mapping[int, OwnedService]
    proformas: Mapping[int, Proforma]

    def kind(self, item: ReminderItem) -> ReminderKind:
        if item.service_id is None:
            return ReminderKind.PROFORMA
        is_addon = self.own_services[item.service_id].service.is_addon
        return ReminderKind.ADDON if is_addon else ReminderKind.SERVICE

    def left_out(self, item: ReminderItem, reason: ReminderReason) -> LeftOut:
        """An item that nobody is told of."""
        own_service = self.own_services.get(item.service_id or 0)
        if own_service is not None:
            title = own_service.service.full_title
        else:
            title = self.proformas[item.invoice_id or 0].number
        return LeftOut(title, item.due_date, item.stage, reason)


@dataclass(frozen=True, slots=True)
class ClientPreviews:
    """Draws the reminders of some clients, one after the other.

    `drawn_digests` are those that are planned already, by their ids.
    """

    env: Environment
    uow: UnitOfWork
    catalog: Catalog
    day: date
    days: Mapping[int, ClientDay]
    recipients: Recipients
    carts: Mapping[int, Cart]
    drawn_digests: Mapping[int, DrawnDigest]

    async def draw(self, client_id: int) -> ClientPreview:
        """What they are sent, and what nobody is told of."""
        day = self.days[client_id]
        subjects = await self._subjects(client_id, day.items)
        plan = self._plan(day, subjects)
        users = {digest.user_id for digest in plan.digests}
        messages = [self._planned(*one) for one in day.digests if one[0].user_id not in users]
        reasons: dict[int, ReminderReason] = {}
        included: set[int] = set()
        for digest in plan.digests:
            # What earlier days have left unsent becomes a part of the day's message.
            late = [one for one in day.digests if one[0].user_id == digest.user_id]
            drawn_digest = await self._draw(digest, day, subjects, [due for due, _ in late])
            reasons |= drawn_digest.dropped
            included |= set(digest.item_ids) - set(drawn_digest.dropped)
            if drawn_digest.digest is not None:
                at = self._next_try(*late[0], drawn_digest) if late else digest.send_at
                messages.append(PreviewedMessage(digest.user_id, at, drawn_digest.digest))
        reasons |= plan.reasons()
        left_out = [
            subjects.left_out(item, reason)
            for number, item in enumerate(day.items)
            if (reason := day.left_out.get(item) or reasons.get(number)) and number not in included
        ]
        return ClientPreview(subjects.client, tuple(messages), tuple(left_out))

    def _plan(self, day: ClientDay, subjects: _Subjects) -> DigestPlan:
        """Digests of items whose numbers are their places among the day's."""
        items = [
            StoredItem(number, item, subjects.kind(item))
            for number, item in enumerate(day.items)
            if item not in day.left_out
        ]
        when = sending_times(self.env, self.catalog, self.day)
        return plan_digests(items, self.recipients, today=self.day, send_at=when)

    async def _subjects(self, client_id: int, items: Sequence[ReminderItem]) -> _Subjects:
        client = await self.uow.clients.get(client_id)
        assert client is not None  # noqa: S101 - what is due is a client's
        service_ids = [item.service_id for item in items if item.service_id]
        in_cart = [line.service_id for line in self._cart(client_id).lines if line.service_id]
        own_services = await self.uow.services.families(client_id, [*service_ids, *in_cart])
        proformas = {}
        for number in {item.invoice_id for item in items if item.invoice_id}:
            invoice = await self.uow.invoices.get(client_id, number)
            assert invoice is not None  # noqa: S101 - the same
            assert invoice.expires_on is not None  # noqa: S101 - reminders are of the last day
            proformas[number] = Proforma(
                number, invoice.number, invoice.status, invoice.gross, invoice.balance,
                invoice.expires_on,
            )  # fmt: skip
        return _Subjects(client, {one.service.id: one for one in own_services}, proformas)

    async def _draw(
        self, digest: NewDigest, day: ClientDay, subjects: _Subjects, late: Sequence[DueDigest]
    ) -> DrawnDigest:
        users = self.recipients.of(digest.client_id)
        recipient = next(user for user in users if user.user_id == digest.user_id)
        visitor = await self.uow.users.visitor(recipient.user_id)
        acts_for = visitor.client.id if visitor.client else None
        reader = Reader(
            recipient.user_id, subjects.client, visitor.language, visitor.timezone, acts_for,
            recipient.preferences,
        )  # fmt: skip
        entries = [
            self._entry(number, day.items[number], recipient, subjects)
            for number in digest.item_ids
        ]
        own_services = dict(subjects.own_services)
        if late:
            numbers = [(due.id, due.client_id, due.user_id) for due in late]
            contents = await self.uow.digests.contents(numbers)
            # Below zero they are not taken for the places of items.
            entries += [replace(entry, item_id=-entry.item_id) for entry in contents.entries]
            own_services |= {one.service.id: one for one in contents.own_services}
        cart, services = self._cart(digest.client_id), list(own_services.values())
        inputs = make_digest_inputs(self.env, reader, cart, self.catalog, entries, services)
        return draw_digest(0, reader, inputs)

    def _entry(
        self, number: int, item: ReminderItem, recipient: Recipient, subjects: _Subjects
    ) -> DigestEntry:
        """An item as if it was in a digest."""
        return DigestEntry(
            0, number, item,
            owned_service=subjects.own_services.get(item.service_id or 0),
            pause=self.recipients.pauses.get((recipient.user_id, item.service_id)),
            proforma=subjects.proformas.get(item.invoice_id or 0),
        )  # fmt: skip

    def _planned(self, due: DueDigest, sending: Sending) -> PreviewedMessage:
        """A digest that is planned already, as it stands."""
        if sending.finished_at is not None:
            return PreviewedMessage(due.user_id, sending.finished_at, None, sending)
        drawn_digest = self.drawn_digests.get(due.id) or DrawnDigest(None)
        at = self._next_try(due, sending, drawn_digest)
        return PreviewedMessage(due.user_id, at, drawn_digest.digest, sending)

    def _next_try(self, due: DueDigest, sending: Sending, drawn_digest: DrawnDigest) -> datetime:
        """When a planned digest goes out: outside its reader's quiet hours."""
        at, digest = max(sending.until, self.env.now()), drawn_digest.digest
        if digest is None:
            return at
        return next_open(due.client_id, self.env.zone(digest.timezone), at, drawn_digest.quiet)

    def _cart(self, client_id: int) -> Cart:
        return self.carts.get(client_id) or Cart(client_id, 0)


async def read_previews(
    env: Environment, uow: UnitOfWork, catalog: Catalog, day: date, days: Mapping[int, ClientDay]
) -> ClientPreviews:
    """Read what can be read for all clients together."""
    recipients, carts = await read_recipients(uow, list(days)), await uow.carts.by_client(days)
    waiting = [
        due for one in days.values() for due, sending in one.digests if not sending.finished_at
    ]
    # What is planned already goes out by the catalogue that is loaded.
    newest = await uow.catalogs.current()
    drawn_digests = await read_digests(env, uow, newest, waiting) if waiting else {}
    return ClientPreviews(env, uow, catalog, day, days, recipients, carts, drawn_digests)
