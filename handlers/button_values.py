"""The numbers that stand for values in buttons.

A number is given once: buttons in old messages carry it. New values get new numbers, and the
number of a value that is gone is not used again.
"""

from billing.rules.access.rights import Rights
from billing.rules.cycles import MOST, BillingCycle, CycleUnit
from billing.rules.reminders.stages import ReminderKind
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart_parts import MOST_ID, MOST_SPAN, CartPart
from billing.rules.shop.catalog import ProductKind
from billing.views.desk import Waiting
from billing.views.payments import GatewayName
from billing.views.services import CancelWhen, Sort
from billing.views.staff import Deed, MatterKind
from handlers.chat.screens.codec import carry, carry_numbered
from locales.zones import CommonZone

carry_numbered({ProductKind.PRODUCT: 0, ProductKind.ADDON: 1})

carry_numbered(
    {
        ReminderKind.SERVICE: 0,
        ReminderKind.ADDON: 1,
        ReminderKind.PROFORMA: 2,
        ReminderKind.OFFER: 3,
    }
)

carry_numbered(
    {
        ServiceStatus.PENDING: 0,
        ServiceStatus.ACTIVE: 1,
        ServiceStatus.SUSPENDED: 2,
        ServiceStatus.TERMINATED: 3,
        ServiceStatus.CANCELLED: 4,
        ServiceStatus.FRAUD: 5,
        ServiceStatus.COMPLETED: 6,
    }
)

carry_numbered({Rights.EVERYTHING: 0, Rights.PAY: 1, Rights.LOOK: 2})

carry_numbered({CancelWhen.NOW: 0, CancelWhen.PERIOD_END: 1})

carry_numbered(
    {
        MatterKind.ORDER: 0,
        MatterKind.CANCELLATION: 1,
        MatterKind.PROFORMA: 2,
        MatterKind.UNPLACED: 3,
        MatterKind.CALL: 4,
        MatterKind.TASKS: 5,
        MatterKind.TASK: 6,
    }
)

carry_numbered(
    {
        Deed.ACCEPT: 0,
        Deed.REJECT: 1,
        Deed.MARK_PAID: 2,
        Deed.BOOK_AGAIN: 3,
        Deed.ASK_AGAIN: 4,
        Deed.GIVE_UP: 5,
        Deed.DONE: 6,
    }
)

carry_numbered({Sort.DUE_DATE: 0, Sort.NAME: 1, Sort.PRICE: 2})

carry_numbered(
    {
        CommonZone.WARSAW: 0,
        CommonZone.LONDON: 1,
        CommonZone.DUBLIN: 2,
        CommonZone.BERLIN: 3,
        CommonZone.KYIV: 4,
        CommonZone.ATHENS: 5,
        CommonZone.NEW_YORK: 6,
        CommonZone.UTC: 7,
    }
)

carry_numbered(
    {
        Waiting.ORDERS: 0,
        Waiting.CANCELLATIONS: 1,
        Waiting.PROFORMAS: 2,
        Waiting.UNPLACED: 3,
        Waiting.CALLS: 4,
        Waiting.UNREACHABLE: 5,
        Waiting.TASKS: 6,
    }
)

_CYCLES = (
    BillingCycle.MONTHLY,
    BillingCycle.QUARTERLY,
    BillingCycle.SEMI_ANNUALLY,
    BillingCycle.ANNUALLY,
    BillingCycle.BIENNIALLY,
    BillingCycle.TRIENNIALLY,
    BillingCycle.ONE_TIME,
    BillingCycle.FREE,
)
"""These have their places as numbers; the others are counted from there on, three units each."""

_UNITS = (CycleUnit.WEEK, CycleUnit.MONTH, CycleUnit.YEAR)


def _number_of_cycle(cycle: BillingCycle) -> int:
    if cycle in _CYCLES:
        return _CYCLES.index(cycle)
    return len(_CYCLES) + cycle.count * len(_UNITS) + _UNITS.index(cycle.unit)


def _cycle_of_number(number: int) -> BillingCycle:
    if number < len(_CYCLES):
        return _CYCLES[number]
    count, unit = divmod(number - len(_CYCLES), len(_UNITS))
    cycle = BillingCycle(count, _UNITS[unit])
    if cycle in _CYCLES:
        raise ValueError(f"{cycle} has another number")
    return cycle


carry(
    BillingCycle,
    pack=_number_of_cycle,
    unpack=_cycle_of_number,
    largest=_number_of_cycle(BillingCycle(MOST, CycleUnit.YEAR)),
)


def _number_of_part(part: CartPart) -> int:
    return part.first * (MOST_SPAN + 1) + part.last - part.first


def _part_of_number(number: int) -> CartPart:
    first, span = divmod(number, MOST_SPAN + 1)
    return CartPart(first, first + span)


carry(
    CartPart,
    pack=_number_of_part,
    unpack=_part_of_number,
    largest=MOST_ID * (MOST_SPAN + 1) + MOST_SPAN,
)

CREDIT_ALONE = 1
"""Stands in buttons in the place of a gateway's number where credit alone pays."""


def number_of_gateway(gateway: GatewayName | None) -> int:
    """What buttons carry for a gateway, and for credit alone (None)."""
    return CREDIT_ALONE if gateway is None else gateway.number


def gateway_of_number(number: int) -> int | None:
    """The gateway's number that a button means; None for credit alone."""
    return None if number == CREDIT_ALONE else number
