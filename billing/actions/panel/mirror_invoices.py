"""Invoices as their panel shows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.differences import Differences, InvoiceChange
from billing.actions.panel.mirror_services import Refs
from billing.actions.panel.owners import check_locked
from billing.actions.tasks.of_panel import open_panel_tasks
from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.panel.mirrored import is_gone
from billing.rules.panel.panel_calls import CallState
from billing.rules.payments.invoices import (
    HOLDING,
    Born,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    StatedLine,
)
from billing.rules.services.service import Service
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Catalog
from billing.views.account import ClientInfo
from billing.views.panel import SeenInvoice, SeenLine, Snapshot


@dataclass(frozen=True, slots=True)
class InvoiceMirror:
    """Writes the invoices of one client; `differences` fills with what was changed."""

    env: Environment
    uow: UnitOfWork
    client: ClientInfo
    services: Refs
    catalog: Catalog
    differences: Differences

    async def write(
        self, snapshot: Snapshot, *, began_at: datetime, locked: Collection[int]
    ) -> None:
        """Write what differs."""
        seen = snapshot.invoices
        kept = {one.ref: one for one in await self.uow.panel_invoices.of_panel(self.client.id)}
        shown = {one.ref for one in seen}
        under_way, taken = await self._under_way()
        moved = await self._take(shown - kept.keys(), locked)
        orders = await self._orders(seen, kept)
        new, changed = [], []
        for one in await self._with_own_numbers(seen, kept):
            before = kept.get(one.ref) or moved.get(one.ref)
            sent = _sent(one, before, under_way, taken)
            invoice = self._as_kept(one, before, orders.get(one.order_ref), sent)
            if before is None:
                new.append(invoice)
            elif invoice != before:
                changed.append((before, invoice))
        for before, invoice in changed:
            await self._note(before, await self.uow.panel_invoices.restate(invoice))
        for invoice in await self.uow.panel_invoices.add(new):
            await self._note(None, invoice)
        if not snapshot.strays:
            await self._miss([one for one in kept.values() if one.ref not in shown], began_at)

    async def _take(self, refs: Collection[str], locked: Collection[int]) -> Mapping[str, Invoice]:
        """Those that were another client's until now; whose order it was stays with them."""
        if not refs:
            return {}
        moving = await self.uow.panel_invoices.elsewhere(self.client.id, refs)
        check_locked({one.client_id for one in moving}, locked)
        return {one.ref: replace(one, order_id=None) for one in moving}

    async def _orders(
        self, seen: Sequence[SeenInvoice], kept: Mapping[str, Invoice]
    ) -> Mapping[str, int]:
        """The orders here of invoices of which it is not known yet, by their ids there."""
        known = {ref for ref, invoice in kept.items() if invoice.order_id}
        unknown = {one.order_ref for one in seen if one.order_ref and one.ref not in known}
        return await self.uow.orders.by_refs(self.client.id, unknown)

    async def _with_own_numbers(
        self, seen: Sequence[SeenInvoice], kept: Mapping[str, Invoice]
    ) -> Sequence[SeenInvoice]:
        """Give an invoice whose number another one bears here a number of its own.

        A panel may use a number again once its invoice is deleted; here a number names one.
        """
        numbered = [replace(one, number=one.number or f"#{one.ref}") for one in seen]
        new = {
            one.number
            for one in numbered
            if one.ref not in kept or kept[one.ref].number != one.number
        }
        holders = dict(await self.uow.panel_invoices.holders(new)) if new else {}
        holders |= {invoice.number: ref for ref, invoice in kept.items()}
        result = []
        for one in numbered:
            holder = holders.setdefault(one.number, one.ref)
            number = one.number if holder == one.ref else f"{one.number} (#{one.ref})"
            result.append(replace(one, number=number))
        return result

    async def _under_way(self) -> tuple[Mapping[int, int], Collection[int]]:
        """Money that came here for invoices and that the panel does not know of yet.

        And the invoices of which it has taken some that was not read back.
        """
        amounts: dict[int, int] = {}
        taken: set[int] = set()
        for call in await self.uow.panel_calls.open_for_client(self.client.id):
            if not (call.carries_money and call.invoice_id):
                continue
            if call.state is CallState.DONE:
                taken.add(call.invoice_id)
            else:
                amounts[call.invoice_id] = amounts.get(call.invoice_id, 0) + call.amount
        return amounts, taken

    def _as_kept(
        self, seen: SeenInvoice, before: Invoice | None, order_id: int | None, sent: int
    ) -> Invoice:
        """One invoice as it is to be kept."""
        invoice = self._stated(seen, before, sent)
        order_id = (before.order_id if before else None) or order_id
        return self._applied(replace(invoice, order_id=order_id))

    async def _note(self, before: Invoice | None, invoice: Invoice) -> None:
        """Note what was written, and see to its lines where they were carried out since."""
        self.differences.invoices.append(InvoiceChange(before, invoice))
        if _is_applied_news(before, invoice):
            by_id = {service.id: service for service in self.services.values()}
            now = self.env.now()
            await open_panel_tasks(self.uow, invoice, by_id, self.catalog, at=now)

    def _stated(self, seen: SeenInvoice, before: Invoice | None, under_way: int) -> Invoice:
        """The invoice as the panel states it, with the money that is under way there."""
        paid = seen.paid + Money(under_way, seen.paid.currency)
        status = seen.status
        if status is InvoiceStatus.UNPAID and under_way and paid >= seen.totals.gross:
            status = InvoiceStatus.BEING_APPLIED
        # A summary may have no lines; a proforma has at least one.
        stated = seen.lines or (SeenLine(seen.number, seen.totals),)
        items = [self._line(line) for line in stated]
        lines = [InvoiceLine(0, item) for item in items]
        if before is not None and [line.item for line in before.lines] == items:
            lines = list(before.lines)
        return Invoice(
            id=before.id if before else 0,
            client_id=self.client.id,
            number=seen.number,
            status=status,
            currency=seen.totals.gross.currency,
            lines=tuple(lines),
            created_at=seen.created_at,
            expires_on=None,
            paid=paid,
            totals=seen.totals,
            paid_at=before.paid_at if before else None,
            born=Born.PANEL,
            ref=seen.ref,
            # Not every reading says it; one that was said once still leads there.
            address=seen.address or (before.address if before else ""),
        )

    def _line(self, seen: SeenLine) -> StatedLine:
        service = self.services.get(seen.service) if seen.service else None
        return StatedLine(
            name=seen.name,
            amounts=seen.amounts,
            kind=seen.kind,
            domain=service.domain if service else "",
            service_id=service.id if service else None,
        )

    def _applied(self, invoice: Invoice) -> Invoice:
        """With the outcome of its lines, where the panel has carried them out."""
        if invoice.status is not InvoiceStatus.PAID:
            return invoice
        by_id, now = {service.id: service for service in self.services.values()}, self.env.now()
        lines = tuple(
            line
            if line.applied_at
            else _applied_line(line, by_id.get(line.item.service_id or 0), now)
            for line in invoice.lines
        )
        return replace(invoice, lines=lines, paid_at=invoice.paid_at or now)

    async def _miss(self, gone: Sequence[Invoice], began_at: datetime) -> None:
        """Note what this reading has missed; what two in turn have and is open is cancelled."""
        missing = await self.uow.panel_invoices.note_missing(
            self.client.id, [invoice.id for invoice in gone], since=began_at
        )
        for invoice in gone:
            if invoice.status in HOLDING and is_gone(missing.get(invoice.id), began_at):
                after = replace(invoice, status=InvoiceStatus.CANCELLED)
                after = await self.uow.panel_invoices.restate(after)
                self.differences.invoices.append(InvoiceChange(invoice, after))


def _sent(
    seen: SeenInvoice,
    before: Invoice | None,
    under_way: Mapping[int, int],
    taken: Collection[int],
) -> int:
    """What has come for an invoice beyond what the panel shows, in minor units."""
    if before is None:
        return 0
    sent = under_way.get(before.id, 0)
    if before.id in taken:
        # The panel shows it, unless this reading began before; it is counted once either way.
        sent = max(sent, before.paid.minor - seen.paid.minor)
    return sent


def _is_applied_news(before: Invoice | None, invoice: Invoice) -> bool:
    """Whether its lines were carried out since, and somebody here may have to do with that.

    Of what was paid there before we knew of it, only what was ordered here is news.
    """
    if invoice.status is not InvoiceStatus.PAID:
        return False
    if before is None:
        return invoice.order_id is not None
    is_known = before.order_id is not None or invoice.order_id is None
    return before.status is not InvoiceStatus.PAID or not is_known


def _applied_line(line: InvoiceLine, service: Service | None, now: datetime) -> InvoiceLine:
    return replace(
        line,
        applied_at=now,
        outcome=_outcome(line.item.kind),
        due_date=service.next_due_date if service else None,
        service_id=service.id if service else None,
    )


def _outcome(kind: LineKind | None) -> Outcome:
    if kind is LineKind.RENEWAL:
        return Outcome.RENEWED
    return Outcome.ACTIVATED if kind is LineKind.ADDON else Outcome.ORDERED
