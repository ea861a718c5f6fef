"""The ways to pay: which can take an amount, and the start of an attempt through one."""

import logging
from collections.abc import Iterable

from billing.actions.environment import Environment
from billing.ports.outside import PaymentGateway
from billing.ports.work import UnitOfWork
from billing.rules.errors import NotOfferedError
from billing.rules.money import Money
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.invoices import Born, Invoice
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.rules.shop.catalog import Catalog
from billing.views.payments import Done, GatewayName, NotStarted, PaymentStart, PayMethod

log = logging.getLogger(__name__)


def pay_methods(
    gateways: Iterable[PaymentGateway],
    due: Money,
    credit: Money | None,
    catalog: Catalog,
    *,
    use_credit: bool,
) -> tuple[PayMethod, ...]:
    """What can pay an amount: credit alone if it covers it, and gateways for what it leaves.

    `credit` is None where clients have none; what costs nothing needs none.
    """
    zero = Money.zero(due.currency)
    credit = credit or zero
    methods = []
    if credit >= due:
        methods.append(PayMethod(due, zero))
    part = credit if use_credit and zero < credit < due else zero
    for gateway in gateways:
        if gateway.offers(due - part, catalog):
            name = GatewayName(gateway.code, gateway.number)
            methods.append(PayMethod(part, due - part, name))
    return tuple(methods)


def gateway_numbered(
    gateways: Iterable[PaymentGateway], number: int | None
) -> PaymentGateway | None:
    """The gateway of a number, None for credit alone; NotOfferedError when it is switched off."""
    if number is None:
        return None
    for gateway in gateways:
        if gateway.number == number:
            return gateway
    raise NotOfferedError("gateway_off")


async def open_payment(
    env: Environment, uow: UnitOfWork, invoice: Invoice, gateway: str
) -> Payment:
    """The open attempt through a gateway, made if there is none for this balance."""
    there = await uow.payments.open_of(invoice.id, gateway)
    if there is not None and there.amount == invoice.balance:
        return there
    return await new_payment(env, uow, invoice, gateway)


async def new_payment(
    env: Environment, uow: UnitOfWork, invoice: Invoice, gateway: str
) -> Payment:
    """An attempt to pay what is left of an invoice."""
    return await uow.payments.add(
        Payment(
            id=0,
            invoice_id=invoice.id,
            client_id=invoice.client_id,
            gateway=gateway,
            status=PaymentStatus.PENDING,
            amount=invoice.balance,
            created_at=env.now(),
        )
    )


async def start_payment(
    gateway: PaymentGateway | None, invoice: Invoice, payment: Payment | None, catalog: Catalog
) -> PaymentStart:
    """Ask the gateway how to pay; called with no transaction open.

    The invoice is made already: whatever fails here, the client has to be led to it.
    """
    if gateway is None or payment is None:
        return Done()
    try:
        return await gateway.start(invoice, payment, catalog)
    except Exception:
        log.exception("gateway %s cannot start paying %s", gateway.code, invoice.number)
        return NotStarted()


async def is_being_paid(env: Environment, uow: UnitOfWork, invoice: Invoice) -> bool:
    """Whether the panel has yet to pay it from the balance there, or to show that it has.

    What was asked for before goes on, also where balances pay nothing any more.
    """
    if not (env.capabilities.deferred and invoice.born is Born.PANEL and invoice.is_open):
        return False
    return any(map(pays_from_balance, await uow.panel_calls.open_for_invoice(invoice.id)))


async def is_one_being_paid(uow: UnitOfWork, client_id: int, invoices: Iterable[Invoice]) -> bool:
    """The same of any of several invoices of a client that a panel has made."""
    numbers = {one.id for one in invoices if one.is_open}
    if not numbers:
        return False
    calls = await uow.panel_calls.open_for_client(client_id)
    return any(call.invoice_id in numbers and pays_from_balance(call) for call in calls)


def pays_from_balance(call: PanelCall) -> bool:
    """Whether a call that is not over has yet to pay from the balance, or to show that it has."""
    return call.verb is Verb.PAY_BALANCE and call.state is not CallState.REFUSED
