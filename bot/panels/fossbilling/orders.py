"""Orders of the panel, which are its services, as ours.

The panel counts main orders and add-ons in one sequence; `group_id` joins what was ordered
together, and both never change. Amounts of an order are net: what is paid stands on an invoice.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from billing.rules.cycles import BillingCycle, parse_cycle
from billing.rules.money import EXPONENTS, Money
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.views.panel import SeenService
from bot.panels.fossbilling.kinds import Products, kind_of, leads, parent_product
from bot.panels.fossbilling.values import (
    Row,
    UnreadableError,
    date_in,
    id_in,
    in_zone,
    local_date,
    money,
    ref_in,
    row,
    text,
)

MARK: Final = "panelik"
"""The name of the meta field with which orders made by us carry their mark."""

_STATUSES: Final = {
    "pending_setup": ServiceStatus.PENDING,
    "failed_setup": ServiceStatus.PENDING,
    "active": ServiceStatus.ACTIVE,
    "suspended": ServiceStatus.SUSPENDED,
    "canceled": ServiceStatus.CANCELLED,
}
_PERIOD: Final = re.compile(r"([0-9]{1,3})([WMY])", re.ASCII)
_UNITS: Final = {"W": "week", "M": "month", "Y": "year"}
_OF_PAYMENT: Final = re.compile(
    r"pay|paid|overdue|expir|invoice|płat|płac|faktur|zaleg|termin|zahl|rechnung|fällig",
    re.IGNORECASE,
)
_DOMAIN: Final = "domain"


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order with what joins it to others.

    `is_main` when it leads its group. `parent_product` is what an add-on was chosen for in a cart,
    "" where nothing says it.
    """

    number: int
    client_ref: str
    product_ref: str
    group: str
    is_main: bool
    service: SeenService
    parent_product: str = ""

    @property
    def key(self) -> tuple[ServiceKind, str]:
        """What the service is known by."""
        return self.service.kind, self.service.ref


def read_order(order: Row, zone: ZoneInfo, now: datetime, products: Products) -> SeenOrder:
    """Read a row of an order. UnreadableError where one would have to guess."""
    number, product_ref = id_in(order, "id"), ref_in(order, "product_id")
    kind = kind_of(order, product_ref, products)
    client_ref = ref_in(order, "client_id")
    if not client_ref:
        raise UnreadableError("client_id")
    expires = in_zone(date_in(order, "expires_at"), zone)
    status, suspended_for = _status(order, expires, now)
    cycle = _cycle(order)
    due = local_date(order.get("expires_at")) if cycle.recurring else None
    began = local_date(order.get("activated_at")) or local_date(order.get("created_at"))
    service = SeenService(
        kind,
        str(number),
        product_ref,
        text(order.get("title")),
        status,
        cycle,
        None if kind is ServiceKind.DOMAIN else _amount(order),
        began or now.astimezone(zone).date(),
        _domain(row(order.get("config"))),
        None if status is ServiceStatus.CANCELLED else due,
        suspended_for=suspended_for,
        trouble=_trouble(order),
    )
    return SeenOrder(
        number,
        client_ref,
        product_ref,
        text(order.get("group_id")),
        leads(order),
        service,
        parent_product(order) if kind is ServiceKind.ADDON else "",
    )


def cycle_of(period: object) -> BillingCycle:
    """The cycle of a period such as "1Y"; none, and one that nobody knows, is once."""
    match = _PERIOD.fullmatch(text(period))
    if match is None:
        return BillingCycle.ONE_TIME
    try:
        return parse_cycle(f"{int(match[1])}-{_UNITS[match[2]]}s")
    except ValueError:
        return BillingCycle.ONE_TIME


def _cycle(order: Row) -> BillingCycle:
    """The cycle of an order; a period that nobody knows is not one without an end."""
    period = text(order.get("period"))
    cycle = cycle_of(period)
    if period and not cycle.recurring:
        raise UnreadableError("period")
    return cycle


def is_about_payment(reason: str) -> bool:
    """Whether a reason to suspend is that somebody has not paid; an empty one is the panel's."""
    return not reason or _OF_PAYMENT.search(reason) is not None


def _status(
    order: Row, expires: datetime | None, now: datetime
) -> tuple[ServiceStatus, SuspendedFor | None]:
    word = text(order.get("status"))
    if not word:
        raise UnreadableError("status")
    if word == "failed_renew":
        # The date says whether it runs; one that never had a date was never set up.
        if expires is None:
            return ServiceStatus.PENDING, None
        if expires > now:
            return ServiceStatus.ACTIVE, None
        return ServiceStatus.SUSPENDED, SuspendedFor.OTHER
    # Of a word that nobody knows one thing is certain: nothing is to be offered.
    status = _STATUSES.get(word, ServiceStatus.SUSPENDED)
    if status is not ServiceStatus.SUSPENDED:
        return status, None
    is_unpaid = word == "suspended" and is_about_payment(text(order.get("reason")))
    return status, SuspendedFor.NON_PAYMENT if is_unpaid else SuspendedFor.OTHER


def _trouble(order: Row) -> str:
    """The panel's own word where somebody of the company has to look."""
    word = text(order.get("status"))
    return word if word.startswith("failed") or word not in _STATUSES else ""


def _amount(order: Row) -> Money | None:
    """The net amount of each period: what a renewal's line will be."""
    currency, stated = text(order.get("currency")), order.get("price")
    price = money(stated, currency)
    if price is None:
        if stated is not None and currency in EXPONENTS:
            raise UnreadableError("price")
        return None
    amount = price * max(_quantity(order), 1)
    discount = money(order.get("discount"), currency)
    if discount and order.get("promo_recurring"):
        amount -= discount
    return amount


def _quantity(order: Row) -> int:
    try:
        return int(order.get("quantity") or 1)
    except (TypeError, ValueError):
        raise UnreadableError("quantity") from None


def _domain(config: Row) -> str:
    """The domain of hosting or of a registration; nothing else of a configuration is read."""
    for fields in (row(config.get(_DOMAIN)), config):
        for before in ("", "owndomain_", "register_", "transfer_"):
            name, end = text(fields.get(f"{before}sld")), text(fields.get(f"{before}tld"))
            if name and end:
                return f"{name}.{end.removeprefix('.')}"
    return ""
