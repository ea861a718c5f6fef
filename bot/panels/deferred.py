"""A connected panel, as actions see it: what it shall do becomes a row, and is done later."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from billing.ports.connected import ConnectedPanel
from billing.ports.panel import Capabilities, InvoiceTerms, Owed, Panel
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotOfferedError
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import Order
from billing.rules.payments.payment import Payment
from billing.views.services import Cancellation


@dataclass(frozen=True, slots=True)
class DeferredPanel:
    """Writes panel calls in the caller's transaction; `connected` is asked nothing here."""

    connected: ConnectedPanel

    @property
    def name(self) -> str:
        """That of the panel outside."""
        return self.connected.name

    async def identity(self) -> str:
        """That of the panel outside."""
        return await self.connected.identity()

    @property
    def capabilities(self) -> Capabilities:
        """Those of the panel outside."""
        return self.connected.capabilities

    async def place(
        self,
        uow: UnitOfWork,
        order: Order,
        terms: InvoiceTerms,  # noqa: ARG002 - the panel makes the invoices
        *,
        now: datetime,
    ) -> Owed:
        """Hold what is on the order and have it placed."""
        await uow.orders.hold(order)
        call = _call(Verb.PLACE_ORDER, order.client_id, now)
        return await self._owe(uow, call, order_id=order.id)

    async def record_payment(
        self, uow: UnitOfWork, invoice: Invoice, payment: Payment, amount: Money, *, now: datetime
    ) -> Owed:
        """Have the money recorded there."""
        call = _call(Verb.RECORD_PAYMENT, invoice.client_id, now)
        return await self._owe(
            uow, call, invoice_id=invoice.id, payment_id=payment.id, amount=amount.minor
        )

    async def settle(
        self,
        uow: UnitOfWork,  # noqa: ARG002 - the port's
        invoice: Invoice,  # noqa: ARG002
        *,
        now: datetime,  # noqa: ARG002
        today: date,  # noqa: ARG002
    ) -> Owed:
        """Nothing more: the panel applies the lines once the money is recorded there."""
        return Owed()

    async def pay_balance(self, uow: UnitOfWork, invoice: Invoice, *, now: datetime) -> Owed:
        """Have it paid from the balance there; the panel says whether that was enough."""
        if not self.capabilities.pays_balance:
            raise NotOfferedError("gateway_off")
        call = _call(Verb.PAY_BALANCE, invoice.client_id, now)
        return await self._owe(uow, call, invoice_id=invoice.id)

    async def add_balance(
        self, uow: UnitOfWork, client_id: int, amount: Money, *, unplaced_id: int, now: datetime
    ) -> Owed:
        """Have the money put on the balance there."""
        call = _call(Verb.ADD_BALANCE, client_id, now)
        return await self._owe(uow, call, unplaced_id=unplaced_id, amount=amount.minor)

    async def withdraw(self, uow: UnitOfWork, order: Order, *, now: datetime) -> Owed:
        """Have the order given up there."""
        call = _call(Verb.WITHDRAW_ORDER, order.client_id, now)
        return await self._owe(uow, call, order_id=order.id)

    async def cancel(self, uow: UnitOfWork, request: Cancellation, *, now: datetime) -> Owed:
        """Have the service ended there."""
        call = _call(Verb.CANCEL_SERVICE, request.client_id, now)
        return await self._owe(uow, call, service_id=request.service_id)

    async def keep(self, uow: UnitOfWork, request: Cancellation, *, now: datetime) -> Owed:
        """Have the request taken back there."""
        call = _call(Verb.KEEP_SERVICE, request.client_id, now)
        return await self._owe(uow, call, service_id=request.service_id)

    async def _owe(self, uow: UnitOfWork, call: PanelCall, **about: Any) -> Owed:
        first = replace(call, step=self.connected.first_step(call.verb), **about)
        await uow.panel_calls.add(first)
        return Owed()


def _call(verb: Verb, client_id: int, now: datetime) -> PanelCall:
    return PanelCall(0, client_id, verb, CallState.WAITING, now, now)


def deferred(connected: ConnectedPanel) -> Panel:
    """The panel, as the port sees it."""
    return DeferredPanel(connected)
