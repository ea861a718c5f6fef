"""The default panel: our own tables own the services, the billing rules move the dates."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from billing.ports.outside import Capabilities, Panel, Settled
from billing.ports.work import UnitOfWork
from billing.rules.cart import LineKind
from billing.rules.invoices import Invoice, InvoiceLine, Outcome
from billing.rules.pricing import count_owned
from billing.rules.quotes import Quote
from billing.rules.renewals import RenewalTerms, renewed, terms_when_paid
from billing.rules.services import Service, ServiceStatus, activated
from billing.views.services import OwnedService


@dataclass(frozen=True, slots=True)
class _Applied:
    """A line's outcome and the service to write: changed if it has an id, new otherwise."""

    line: InvoiceLine
    service: Service | None = None


class EmbeddedPanel:
    """Applies paid lines at once, in the transaction that marks the invoice paid."""

    @property
    def capabilities(self) -> Capabilities:
        """Everything can be done here."""
        return Capabilities()

    async def settle(
        self, uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
    ) -> Settled:
        """Renew, activate and create, each line once; what cannot be delivered becomes credit."""
        catalog = await uow.catalogs.current()
        wanted = {line.quote.service_id for line in invoice.lines if line.quote.service_id}
        owned = await uow.services.of_lines(invoice.client_id, wanted) if wanted else ()
        state = _State(owned, today)
        applied = []
        for line in invoice.lines:
            if line.applied_at is None:
                product = catalog.product(line.quote.product_id)
                limit = product.max_per_service if product else 1
                applied.append(state.apply(replace(line, applied_at=now), invoice, limit))
        renewals = [a.service for a in applied if a.service and a.service.id]
        if renewals:
            await uow.services.save(renewals)
        return Settled(await self._create(uow, applied))

    async def _create(self, uow: UnitOfWork, applied: list[_Applied]) -> tuple[InvoiceLine, ...]:
        """Insert the new services, products before the add-ons ordered with them."""
        lines = {a.line.id: a.line for a in applied}
        by_cart_line: dict[int, int] = {}
        for with_parent in (False, True):
            fresh = [
                a
                for a in applied
                if a.service and not a.service.id
                and (a.line.quote.parent_line is not None) is with_parent
            ]  # fmt: skip
            services = [
                replace(a.service, parent_id=by_cart_line.get(a.line.quote.parent_line or 0))
                if with_parent and a.service
                else a.service
                for a in fresh
            ]
            rows = [service for service in services if service is not None]
            if not rows:
                continue
            ids = await uow.services.add(rows, invoice_line_ids=[a.line.id for a in fresh])
            for a, id_ in zip(fresh, ids, strict=True):
                by_cart_line[a.line.quote.line_id] = id_
                lines[a.line.id] = replace(lines[a.line.id], service_id=id_)
        return tuple(lines[a.line.id] for a in applied)


class _State:
    """The services as they become while the lines of one invoice are applied in turn."""

    def __init__(self, owned: tuple[OwnedService, ...], today: date) -> None:
        self.services = {o.service.id: o.service for o in owned}
        self.today = today

    def apply(self, line: InvoiceLine, invoice: Invoice, max_per_service: int) -> _Applied:
        """What becomes of one line."""
        quote = line.quote
        if quote.kind is LineKind.RENEWAL:
            return self._renew(line)
        if quote.kind is LineKind.ADDON and quote.parent_line is None:
            return self._add_on(line, invoice, max_per_service)
        service = self._new(quote, invoice)
        return _Applied(replace(line, outcome=Outcome.ORDERED), service)

    def _renew(self, line: InvoiceLine) -> _Applied:
        quote = line.quote
        service = self.services.get(quote.service_id or 0)
        if service is None or not service.is_owed() or service.next_due_date is None:
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        moved = service.next_due_date != quote.due_date
        sold = RenewalTerms(
            quote.period_from, quote.period_to or quote.period_from, quote.anchor_day
        )
        terms = terms_when_paid(service, sold, sold_due=quote.due_date, cycle=quote.cycle)
        service = renewed(service, terms, cycle=quote.cycle, amount=quote.amount, today=self.today)
        self.services[service.id] = service
        outcome = Outcome.RENEWED_AFTER_MOVE if moved else Outcome.RENEWED
        done = replace(
            line, outcome=outcome, due_date=service.next_due_date, service_id=service.id
        )
        return _Applied(done, service)

    def _add_on(self, line: InvoiceLine, invoice: Invoice, max_per_service: int) -> _Applied:
        quote = line.quote
        parent = self.services.get(quote.service_id or 0)
        owned = count_owned(self.services, quote.service_id or 0, quote.product_id)
        full = owned >= max_per_service
        if parent is None or parent.status is not ServiceStatus.ACTIVE or full:
            return _Applied(replace(line, outcome=Outcome.CREDITED))
        service = activated(
            replace(self._new(quote, invoice), parent_id=parent.id), today=self.today
        )
        self.services[-line.id] = service
        return _Applied(
            replace(line, outcome=Outcome.ACTIVATED, due_date=service.next_due_date), service
        )

    def _new(self, quote: Quote, invoice: Invoice) -> Service:
        own_domain = quote.domain if quote.kind is LineKind.PRODUCT else ""
        return Service(
            id=0,
            client_id=invoice.client_id,
            product_id=quote.product_id,
            name=quote.name,
            domain=own_domain,
            first_amount=quote.amount + quote.setup,
            amount=quote.amount,
            cycle=quote.cycle,
            registered_on=self.today,
            next_due_date=None,
            anchor_day=self.today.day,
            status=ServiceStatus.PENDING,
            loaded_on=self.today,
        )


def panel() -> Panel:
    """The panel, as the port sees it."""
    return EmbeddedPanel()
