"""The methods of the API by role, module and name, with the permission that staff need."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.methods import (
    catalogue,
    clients,
    invoices,
    new_invoices,
    new_orders,
    order_lists,
    orders,
    own,
    payments,
    renewals,
    system,
    transactions,
)
from bot.sandbox.panels.fossbilling.parameters import Parameters
from bot.sandbox.panels.fossbilling.world import World

Run = Callable[[World, Parameters, Caller], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """A method; `permission` is a right within its module, empty when the module is enough."""

    run: Run
    permission: str = ""


_VIEW, _MANAGE, _INVOICES = "view", "manage", "manage_invoices"
_TRANSACTIONS, _BALANCE = "manage_transactions", "manage_balance"

_ADMIN = {
    "order/get": Method(orders.get, _VIEW),
    "order/get_list": Method(order_lists.get_list, _VIEW),
    "order/addons": Method(orders.addons, _VIEW),
    "order/status_history_get_list": Method(orders.history, _VIEW),
    "order/create": Method(new_orders.create, _MANAGE),
    "order/update": Method(new_orders.update, _MANAGE),
    "order/activate": Method(orders.activate, _MANAGE),
    "order/renew": Method(orders.renew_free, _MANAGE),
    "order/suspend": Method(orders.suspend_order, _MANAGE),
    "order/unsuspend": Method(orders.unsuspend_order, _MANAGE),
    "order/cancel": Method(orders.cancel_order, _MANAGE),
    "order/uncancel": Method(orders.uncancel_order, _MANAGE),
    "order/delete": Method(orders.delete, _MANAGE),
    "invoice/get": Method(invoices.get, _VIEW),
    "invoice/get_list": Method(invoices.get_list, _VIEW),
    "invoice/prepare": Method(new_invoices.prepare, _INVOICES),
    "invoice/update": Method(new_invoices.update, _INVOICES),
    "invoice/delete": Method(new_invoices.delete, _INVOICES),
    "invoice/renewal_invoice": Method(renewals.renewal_invoice, _INVOICES),
    "invoice/mark_as_paid": Method(payments.mark_as_paid, _TRANSACTIONS),
    "invoice/pay_with_credits": Method(payments.pay_with_credits, _TRANSACTIONS),
    "invoice/refund": Method(payments.refund, _TRANSACTIONS),
    "invoice/transaction_create": Method(transactions.create, _TRANSACTIONS),
    "invoice/transaction_process": Method(transactions.process, _TRANSACTIONS),
    "invoice/transaction_get_list": Method(transactions.get_list, _TRANSACTIONS),
    "invoice/gateway_get_pairs": Method(catalogue.gateway_pairs, "manage_gateways"),
    "client/get": Method(clients.get, _VIEW),
    "client/get_list": Method(clients.get_list, _VIEW),
    "client/balance_get_list": Method(clients.balance_list, _BALANCE),
    "client/balance_add_funds": Method(clients.add_to_balance, _BALANCE),
    "product/get": Method(catalogue.staff_get, _VIEW),
    "product/get_list": Method(catalogue.staff_list, _VIEW),
    "product/addon_get_pairs": Method(catalogue.addon_pairs, _VIEW),
    "activity/log_get_list": Method(system.log_list, _VIEW),
    "system/update_finalization_status": Method(system.version),
    "profile/get": Method(system.profile),
    "profile/api_key_reset": Method(clients.reset_token),
    "cron/run": Method(system.cron),
}
_CLIENT = {
    "profile/get": Method(own.profile),
    "client/balance_get_total": Method(own.balance),
    "order/get": Method(own.order),
    "order/get_list": Method(order_lists.own_list),
    "order/delete": Method(own.delete),
    "invoice/get": Method(invoices.own),
    "invoice/get_list": Method(invoices.own_list),
    "invoice/renewal_invoice": Method(renewals.own_renewal),
    "invoice/funds_invoice": Method(own.funds_invoice),
}
_GUEST = {
    "system/periods": Method(catalogue.periods),
    "system/version": Method(system.open_version),
    "system/company": Method(catalogue.company),
    "currency/get": Method(catalogue.currency),
    "currency/get_pairs": Method(catalogue.currency_pairs),
    "product/get": Method(catalogue.get),
    "product/get_list": Method(catalogue.get_list),
    "product/category_get_list": Method(catalogue.categories),
    "invoice/gateways": Method(catalogue.gateways),
    "invoice/get": Method(invoices.open_to_all),
}
METHODS = {"admin": _ADMIN, "client": _CLIENT, "guest": _GUEST}
MODULES = frozenset(name.split("/")[0] for table in METHODS.values() for name in table)
