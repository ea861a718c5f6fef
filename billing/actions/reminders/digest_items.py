"""Which items of a digest are still to be said, as their services and proformas stand now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from billing.actions.shop.renewal_list import can_renew, renewal_line
from billing.ports.reminders.digests import DigestEntry, Proforma, Reader
from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.reminders.preferences import objection
from billing.rules.reminders.stages import ReminderKind, ReminderReason
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, price_line
from billing.views.reminders.digests import DigestItem, DigestProforma
from billing.views.services import InvoiceRef


@dataclass(frozen=True, slots=True)
class DigestInputs:
    """What was read to draw a digest; `send_day` is the day on which it was meant to go out.

    That is a day after the plan's where the recipient's hour comes after the company's midnight.
    `invoices` are the unpaid ones that renewals are on, by service. `has_credit` where clients
    have credit with us.
    """

    entries: tuple[DigestEntry, ...]
    pricing: PricingInputs
    cart: Cart
    invoices: Mapping[int, InvoiceRef]
    send_day: date = date.min
    has_credit: bool = True


@dataclass(slots=True)
class ItemSelection:
    """Selects what one digest says; `dropped` fills with what it leaves out, and why."""

    reader: Reader
    inputs: DigestInputs
    sent: bool
    dropped: dict[int, ReminderReason] = field(default_factory=dict)

    def services(self) -> tuple[DigestItem, ...]:
        """Its services, most urgent first."""
        items: dict[int, DigestItem] = {}
        for entry in sorted(self.inputs.entries, key=lambda one: one.item.day, reverse=True):
            if entry.owned_service is None or self._was_dropped(entry):
                continue
            service = entry.owned_service.service
            other = items.get(service.id)
            reason = self._service_reason(entry, service)
            if reason is None:
                if other is None or other.done:
                    items[service.id] = self._item(entry, service)
            elif not self.sent:
                self.dropped[entry.item_id] = reason
            elif service.is_live and other is None:
                items[service.id] = self._item(entry, service, done=True)
        return tuple(sorted(items.values(), key=_urgency))

    def proformas(self, services: tuple[DigestItem, ...]) -> tuple[DigestProforma, ...]:
        """Its proformas, but those that `services` in it stand for."""
        of_services = {item.invoice.id for item in services if item.invoice}
        proformas: dict[int, DigestProforma] = {}
        for entry in self.inputs.entries:
            if entry.proforma is None or self._was_dropped(entry):
                continue
            proforma = entry.proforma
            reason = self._proforma_reason(entry, proforma)
            if reason is None and proforma.id in of_services:
                reason = ReminderReason.SUPERSEDED
            if reason is None or (self.sent and reason is ReminderReason.CLOSED):
                proformas[proforma.id] = self._proforma(proforma, done=reason is not None)
            elif not self.sent:
                self.dropped[entry.item_id] = reason
        return tuple(sorted(proformas.values(), key=lambda one: (one.expires_on, one.id)))

    def _was_dropped(self, entry: DigestEntry) -> bool:
        return self.sent and entry.dropped is not None

    def _service_reason(self, entry: DigestEntry, service: Service) -> ReminderReason | None:
        """Why nothing is to be said of a service; None if it is."""
        due_date, pricing = service.next_due_date, self.inputs.pricing
        if service.is_owed() and service.has_unknown_due_date:
            return ReminderReason.NO_DATE
        if due_date != entry.item.due_date:
            moved_on = due_date is not None and due_date > entry.item.due_date
            return ReminderReason.RENEWED if moved_on else ReminderReason.ENDED
        if not service.is_owed():
            return ReminderReason.ENDED
        if service.owed_on is None:
            return ReminderReason.FREE
        if pricing.is_leaving(service):
            return ReminderReason.CANCELLING
        kind = ReminderKind.ADDON if service.is_addon else ReminderKind.SERVICE
        policy = pricing.catalog.reminder_policy(service.product_id)
        return self._late_or_unwanted(entry, kind, policy.catch_up_days)

    def _proforma_reason(self, entry: DigestEntry, proforma: Proforma) -> ReminderReason | None:
        is_open = proforma.status is InvoiceStatus.UNPAID
        if not is_open or proforma.expires_on < self.inputs.pricing.today:
            return ReminderReason.CLOSED
        days = self.inputs.pricing.catalog.policy.reminders.catch_up_days
        return self._late_or_unwanted(entry, ReminderKind.PROFORMA, days)

    def _late_or_unwanted(
        self, entry: DigestEntry, kind: ReminderKind, catch_up_days: int
    ) -> ReminderReason | None:
        if self.sent:
            return None
        today, preferences = self.inputs.pricing.today, self.reader.preferences
        since = max(entry.item.day, self.inputs.send_day)
        if (today - since).days > catch_up_days:
            return ReminderReason.TOO_LATE
        if preferences is None:
            return ReminderReason.UNLINKED
        return objection(preferences, entry.pause, entry.item, kind=kind, today=today)

    def _item(self, entry: DigestEntry, service: Service, *, done: bool = False) -> DigestItem:
        inputs, pricing, due_date = self.inputs, self.inputs.pricing, entry.item.due_date
        cycle = pricing.renewal_cycle(service)
        quote = quote_line(CartLine(0, LineKind.RENEWAL, cycle, service.id), pricing)
        able = pricing.renewability(service)
        is_silent = entry.pause is not None and entry.pause.silences(due_date, today=pricing.today)
        return DigestItem(
            service=service,
            parent=pricing.services.get(service.parent_id or 0),
            stage=entry.item.stage,
            planned_for=due_date,
            days_left=service.days_left(pricing.today) or 0,
            gross=quote.gross if isinstance(quote, Quote) else self._own_gross(service),
            done=done,
            refusal=able.refusal,
            opens_on=able.opens_on,
            in_cart=inputs.cart.renewal_of(service.id) is not None,
            invoice=inputs.invoices.get(service.id),
            pause=entry.pause if is_silent else None,
            payable=None if done else self._payable(service, due_date),
        )

    def _payable(self, service: Service, due_date: date) -> Quote | None:
        """Its renewal as a checkout of this digest would have it."""
        pricing = self.inputs.pricing
        if service.next_due_date != due_date or not can_renew(service, pricing):
            return None
        quote = quote_line(renewal_line(self.inputs.cart, service, pricing), pricing)
        return quote if isinstance(quote, Quote) else None

    def _own_gross(self, service: Service) -> Money | None:
        """The gross of its own amount, for what cannot be renewed now."""
        if service.amount is None:
            return None
        return price_line(service.amount, self.inputs.pricing.taxation).gross

    def _proforma(self, proforma: Proforma, *, done: bool) -> DigestProforma:
        days_left = (proforma.expires_on - self.inputs.pricing.today).days
        return DigestProforma(
            proforma.id, proforma.number, proforma.balance, proforma.expires_on, days_left, done
        )


def _urgency(item: DigestItem) -> tuple[date, str, int]:
    """The order in a message; it stays the same when something in it is done."""
    return item.planned_for, item.service.title, item.service.id
