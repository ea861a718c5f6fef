"""The permissions that our staff member needs in the panel, and what each of them is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from billing.views.panel import FindingState, PanelFinding
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.http import PanelHttp

NOWHERE: Final = 2_147_483_647
"""An id that no row has: what is asked of it is refused after the permission was looked at."""

_MODULE: Final = 725


@dataclass(frozen=True, slots=True)
class Permission:
    """A permission, a call that needs it and changes nothing, and what is off without it."""

    name: str
    call: str
    purpose: str
    values: Mapping[str, Any]
    is_needed: bool = True


_ONE: Final = {"per_page": 1}

PERMISSIONS: Final = (
    Permission("client.view", "admin/client/get_list", "clients are found", _ONE),
    Permission("order.view", "admin/order/get_list", "services are shown", _ONE),
    Permission(
        "invoice.view", "admin/invoice/get_list", "invoices are shown", {**_ONE, "summary": 1}
    ),
    Permission(
        "order.manage",
        "admin/order/update",
        "new services are ordered and services are cancelled",
        {"id": NOWHERE},
    ),
    Permission(
        "invoice.manage_invoices",
        "admin/invoice/renewal_invoice",
        "renewals are invoiced",
        {"id": NOWHERE},
    ),
    Permission(
        "invoice.manage_transactions",
        "admin/invoice/transaction_get_list",
        "payments that reached you outside the panel are recorded",
        {**_ONE, "txn_id": "panelik-check"},
    ),
    Permission(
        "invoice.manage_gateways",
        "admin/invoice/gateway_get_pairs",
        "the gateway of such payments is found",
        {},
    ),
    Permission(
        "client.manage_balance",
        "admin/client/balance_get_list",
        "money is put on a client's balance",
        {**_ONE, "client_id": NOWHERE},
        is_needed=False,
    ),
    Permission(
        "product.view",
        "admin/product/get_list",
        "products that are hidden or switched off are known",
        _ONE,
        is_needed=False,
    ),
    Permission(
        "activity.view",
        "admin/activity/log_get_list",
        "changes made in the panel show within a minute, not at the next opening or at night",
        _ONE,
        is_needed=False,
    ),
)


async def missing(http: PanelHttp, permission: Permission) -> PanelFinding | None:
    """Find out whether a permission is missing; PanelUnreachableError without an answer."""
    try:
        if permission.values.get("id") == NOWHERE:
            await http.write(permission.call, **permission.values)
        else:
            await http.read(permission.call, **permission.values)
    except RefusedError as error:
        if not error.is_denied:
            return None
        module, _, right = permission.name.partition(".")
        lacking = f"access to the module {module}" if error.code == _MODULE else "it"
        state = FindingState.MISSING if permission.is_needed else FindingState.OFF
        return PanelFinding.of_permission(
            permission.name,
            state,
            f"The staff group of Panelik's user lacks {lacking}. It is needed so that "
            f"{permission.purpose}. In the panel: Staff, Groups, this group, {module}: allow "
            f"access and {right}.",
        )
    return None


async def find_missing(http: PanelHttp) -> dict[str, PanelFinding]:
    """The permissions that are missing, by name; PanelUnreachableError without an answer."""
    found = {one.name: await missing(http, one) for one in PERMISSIONS}
    return {name: finding for name, finding in found.items() if finding is not None}
