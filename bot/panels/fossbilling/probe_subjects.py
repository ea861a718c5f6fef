"""What a probe of the writes is about: orders, payments and calls that no database keeps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Final

from billing.ports.connected import CallSubject
from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.invoices import Born, Invoice, InvoiceStatus
from billing.rules.payments.orders import Order, OrderLine, OrderState
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Amounts, Quote
from billing.views.account import ClientInfo

GATEWAY: Final = "probe"


@dataclass(slots=True)
class Subjects:
    """Makes them for one client; their marks differ from those of every other probe."""

    client: ClientInfo
    began: datetime
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def subject(
        self,
        verb: Verb,
        step: str,
        *,
        order: Order | None = None,
        invoice: Invoice | None = None,
        payment: Payment | None = None,
        service: Service | None = None,
        products: Mapping[str, str] | None = None,
        amount: Money | None = None,
    ) -> CallSubject:
        """A call with what it is about."""
        call = PanelCall(
            next(self._numbers), 0, verb, CallState.SENDING, self.began, self.began,
            service_id=service.id if service else None, step=step,
            amount=amount.minor if amount else 0,
        )  # fmt: skip
        return CallSubject(
            call, self.client, order=order, invoice=invoice, payment=payment,
            services={service.id: service} if service else {}, products=products or {},
        )  # fmt: skip

    def order(self, *quotes: Quote) -> Order:
        """An order of ours with these lines."""
        currency = self.client.currency
        return Order(
            next(self._numbers), 0, 0, OrderState.PLACING, currency, 0, Money.zero(currency),
            tuple(OrderLine(quote) for quote in quotes), self.began,
        )  # fmt: skip

    def quote(
        self,
        line: int,
        kind: LineKind,
        product: str,
        cycle: BillingCycle,
        *,
        parent_line: int | None = None,
        service_id: int | None = None,
    ) -> Quote:
        """A line whose price only the panel knows."""
        zero = Money.zero(self.client.currency)
        return Quote(
            line, kind, product, product, "", cycle, None, None, 1, None, zero, None, None, zero,
            parent_line=parent_line, service_id=service_id,
        )  # fmt: skip

    def invoice(self, number: str, gross: Money) -> Invoice:
        """An invoice of the panel."""
        zero = Money.zero(gross.currency)
        return Invoice(
            0, 0, number, InvoiceStatus.UNPAID, gross.currency, (), self.began, None, zero,
            Amounts(gross, zero, gross), born=Born.PANEL, ref=number,
        )  # fmt: skip

    def payment(self, invoice: Invoice) -> Payment:
        """A payment of an invoice, as if it had come elsewhere."""
        paid = PaymentStatus.PAID
        return Payment(next(self._numbers), 0, 0, GATEWAY, paid, invoice.gross, self.began)

    def service(self, number: str) -> Service:
        """A service of the panel."""
        return Service(
            1, 0, "product", "", "", self.client.currency, None, None, BillingCycle.MONTHLY,
            self.began.date(), None, 1, ServiceStatus.ACTIVE, ref=number,
        )  # fmt: skip


def client_of(ref: str, currency: str) -> ClientInfo:
    """A client of whom only the number and the currency matter."""
    return ClientInfo(0, ref, "", "en", "UTC", currency, None, Money.zero(currency), EVERYTHING)
