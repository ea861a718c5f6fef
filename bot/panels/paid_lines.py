"""Applying the lines of a paid invoice to services that are ours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.ports.work import UnitOfWork
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceLine, Outcome
from billing.rules.payments.tasks import AppliedLine, work_after
from billing.rules.services.service import Service, ServiceKind, ServiceStatus, activate
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.existing_orders import alike
from billing.rules.shop.pricing import count_owned
from billing.rules.shop.quotes import Quote
from billing.rules.shop.renewals import RenewalTerms, renew, terms_when_paid
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class _Applied:
    """A line's outcome and the service to write: changed if it has an id, new otherwise.

    `switched_off`: the service was not active before.
    """

    line: InvoiceLine
    service: Service | None = None
    switched_off: bool = False


async def apply_lines(
    uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
) -> tuple[AppliedLine, ...]:
    """Renew, activate and create, each line once; what cannot be delivered becomes credit."""
    catalog = await uow.catalogs.current()
    service_ids = {line.quote.service_id for line in invoice.lines if line.quote.service_id}
    own_services = (
        await uow.services.families(invoice.client_id, service_ids) if service_ids else ()
    )
    duplicates = await _find_duplicates(uow, invoice, catalog)
    state = _State(invoice, own_services, catalog, today, duplicates)
    applied = [
        state.apply(replace(line, applied_at=now))
        for line in invoice.lines
        if line.applied_at is None
    ]
    renewals = [a.service for a in applied if a.service and a.service.id]
    if renewals:
        await uow.services.save(renewals)
    lines = await _create(uow, applied)
    return tuple(
        _with_work(line, catalog, switched_off=one.switched_off)
        for line, one in zip(lines, applied, strict=True)
    )


def _with_work(line: InvoiceLine, catalog: Catalog, *, switched_off: bool) -> AppliedLine:
    needs_work = catalog.needs_work(line.quote.product_id)
    return AppliedLine(line, work_after(line, needs_work, switched_off=switched_off))


async def _find_duplicates(uow: UnitOfWork, invoice: Invoice, catalog: Catalog) -> frozenset[int]:
    """Find lines of new services whose domain the client has by now, and of their add-ons.

    A second service for a domain would be a mistake. Another service with the same label is no
    reason to withhold what was paid.
    """
    quotes = [line.quote for line in invoice.lines]
    new = [quote for quote in quotes if quote.kind is LineKind.PRODUCT]
    if not new:
        return frozenset()
    domains = {quote.domain for quote in new}
    orders = await uow.invoices.existing_orders(invoice.client_id, domains)
    duplicates = set()
    for quote in new:
        product = catalog.product(quote.product_id)
        among = alike(catalog, product) if product else {quote.product_id}
        if orders.bears(quote.domain, among, labels=False):
            duplicates.add(quote.line_id)
    with_them = {quote.line_id for quote in quotes if quote.parent_line in duplicates}
    return frozenset(duplicates | with_them)


class _State:
    """The services while the lines of one invoice are applied in turn.

    `duplicates` are the cart's numbers of lines that would make a second service for a domain.
    """

    def __init__(
        self,
        invoice: Invoice,
        own_services: Sequence[OwnedService],
        catalog: Catalog,
        today: date,
        duplicates: Collection[int],
    ) -> None:
        self.services = {o.service.id: o.service for o in own_services}
        self._leaving = {o.service.id: o.ends_on for o in own_services if o.cancellation_open}
        self._duplicates = duplicates
        self._invoice = invoice
        self._catalog = catalog
        self._today = today

    def apply(self, line: InvoiceLine) -> _Applied:
        """Apply one line."""
        quote = line.quote
        if quote.kind is LineKind.RENEWAL:
            return self._renew(line)
        if quote.kind is LineKind.ADDON and quote.parent_line is None:
            return self._add_on(line)
        if quote.line_id in self._duplicates:
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        return _Applied(replace(line, outcome=Outcome.ORDERED), self._new(quote))

    def _renew(self, line: InvoiceLine) -> _Applied:
        """Renew for one cycle: as sold, or from the due date to which it has moved since."""
        quote = line.quote
        service = self.services.get(quote.service_id or 0)
        starts, has_due_date = quote.period_from, service and service.next_due_date
        if service is None or starts is None or not has_due_date:
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        has_moved = service.next_due_date != quote.due_date
        sold_terms = RenewalTerms(starts, quote.period_to or starts, quote.anchor_day)
        terms = terms_when_paid(service, sold_terms, sold_due=quote.due_date, cycle=quote.cycle)
        if not self._goes_on(service, terms):
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        amount = _amount_from_now_on(service, quote)
        was_active = service.status is ServiceStatus.ACTIVE
        service = renew(service, terms, cycle=quote.cycle, amount=amount, today=self._today)
        self.services[service.id] = service
        result = replace(
            line,
            outcome=Outcome.RENEWED_AFTER_MOVE if has_moved else Outcome.RENEWED,
            due_date=service.next_due_date,
            service_id=service.id,
        )
        is_active = service.status is ServiceStatus.ACTIVE
        return _Applied(result, service, switched_off=is_active and not was_active)

    def _goes_on(self, service: Service, terms: RenewalTerms) -> bool:
        """Return whether the service lasts for that period: not if it ended or is being cancelled.

        An add-on lasts if the period is over by the day on which its service ends.
        """
        if not service.is_owed() or service.id in self._leaving:
            return False
        if service.parent_id not in self._leaving:
            return True
        ends_on = self._leaving[service.parent_id]
        return ends_on is not None and terms.period_to <= ends_on

    def _add_on(self, line: InvoiceLine) -> _Applied:
        quote = line.quote
        parent = self.services.get(quote.service_id or 0)
        product = self._catalog.product(quote.product_id)
        limit = product.max_per_service if product else 1
        count = count_owned(self.services, quote.service_id or 0, quote.product_id)
        if parent is None or parent.status is not ServiceStatus.ACTIVE or count >= limit:
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        fresh = replace(self._new(quote), parent_id=parent.id)
        service = activate(fresh, today=self._today)
        self.services[-line.id] = service
        result = replace(line, outcome=Outcome.ACTIVATED, due_date=service.next_due_date)
        return _Applied(result, service)

    def _new(self, quote: Quote) -> Service:
        amount = quote.amount
        return Service(
            id=0,
            client_id=self._invoice.client_id,
            product_id=quote.product_id,
            name=quote.name,
            domain=quote.domain if quote.kind is LineKind.PRODUCT else "",
            currency=self._invoice.currency,
            first_amount=None if amount is None else amount + quote.setup,
            amount=amount,
            cycle=quote.cycle,
            registered_on=self._today,
            next_due_date=None,
            anchor_day=self._today.day,
            status=ServiceStatus.PENDING,
            loaded_on=self._today,
            kind=ServiceKind.ADDON if quote.kind is LineKind.ADDON else ServiceKind.SERVICE,
        )


def _amount_from_now_on(service: Service, quote: Quote) -> Money | None:
    """Only another cycle replaces the service's own amount, which may have changed meanwhile."""
    return service.amount if quote.cycle == service.cycle else quote.amount


async def _create(uow: UnitOfWork, applied: Sequence[_Applied]) -> tuple[InvoiceLine, ...]:
    """Insert the new services, products before the add-ons that were ordered with them."""
    new = [a for a in applied if a.service is not None and not a.service.id]
    alone = [a for a in new if a.line.quote.parent_line is None]
    ids = await _insert(uow, alone, parents={})
    parents = {a.line.quote.line_id: ids[a.line.id] for a in alone}
    with_parent = [a for a in new if a.line.quote.parent_line is not None]
    ids |= await _insert(uow, with_parent, parents=parents)
    return tuple(
        replace(a.line, service_id=ids.get(a.line.id, a.line.service_id)) for a in applied
    )


async def _insert(
    uow: UnitOfWork, fresh: Sequence[_Applied], *, parents: Mapping[int, int]
) -> dict[int, int]:
    """Insert services and return their ids by invoice line; `parents` are ids by cart line."""
    rows, lines = [], []
    for a in fresh:
        if a.service is not None:
            above = parents.get(a.line.quote.parent_line or 0, a.service.parent_id)
            rows.append(replace(a.service, parent_id=above))
            lines.append(a.line.id)
    if not rows:
        return {}
    ids = await uow.services.add(rows, invoice_line_ids=lines)
    return dict(zip(lines, ids, strict=True))
