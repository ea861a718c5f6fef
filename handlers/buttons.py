"""Every button payload of the bot with its code, like a map of addresses.

A button says where we are and which thing; never a price, a text or a right. When the fields of a
payload change, its version goes up ("s1" becomes "s2"): buttons of old keyboards are then answered
as out of date instead of being misread.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from billing.rules.cycles import BillingCycle
from handlers.chat.codec import Payload, Small, button
from handlers.chat.origin import Origin

# Entrances: one per topic, so that any screen can lead to any other.


@button("h1")
@dataclass(frozen=True, slots=True)
class OpenHome:
    """The greeting and the ways to go on."""


@button("s1")
@dataclass(frozen=True, slots=True)
class OpenServices:
    """The list of services as it was looked at last."""


@button("v1")
@dataclass(frozen=True, slots=True)
class OpenService:
    """One service's page."""

    service: int
    origin: Origin = Origin.SERVICES


@button("r1")
@dataclass(frozen=True, slots=True)
class OpenRenewals:
    """What can be renewed."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("a1")
@dataclass(frozen=True, slots=True)
class OpenAddons:
    """The add-ons there are; `service` when they are wanted for one."""

    service: int | None = None


@button("o1")
@dataclass(frozen=True, slots=True)
class OpenOrder:
    """The groups of products."""


@button("c1")
@dataclass(frozen=True, slots=True)
class OpenCart:
    """The cart."""

    page: Small = 0
    origin: Origin = Origin.HOME


@button("i1")
@dataclass(frozen=True, slots=True)
class OpenInvoices:
    """Payments and proformas: the open ones, or those of the past."""

    past: bool = False
    page: Small = 0


@button("t1")
@dataclass(frozen=True, slots=True)
class OpenSettings:
    """Language, time zone, reminders, linked accounts."""


@button("q1")
@dataclass(frozen=True, slots=True)
class OpenHelp:
    """The topics of help."""


# Renewals


@button("ra1")
@dataclass(frozen=True, slots=True)
class AddRenewal:
    """Put a renewal into the cart; without a cycle, for the one it has."""

    service: int
    page: Small = 0
    origin: Origin = Origin.SERVICES
    cycle: BillingCycle | None = None


@button("rr1")
@dataclass(frozen=True, slots=True)
class RemoveRenewal:
    """Take a renewal out of the cart."""

    service: int
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("rs1")
@dataclass(frozen=True, slots=True)
class AddAllDueSoon:
    """Put everything into the cart that is due within 30 days."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("ro1")
@dataclass(frozen=True, slots=True)
class OpenRenewal:
    """One renewal: its dates, and the cycles it can be bought for."""

    service: int
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("rn1")
@dataclass(frozen=True, slots=True)
class OpenNotRenewable:
    """What cannot be renewed now, and why."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


# Cart


@button("cr1")
@dataclass(frozen=True, slots=True)
class RemoveLine:
    """Take a line out of the cart."""

    line: int
    page: Small = 0
    origin: Origin = Origin.HOME


@button("cc1")
@dataclass(frozen=True, slots=True)
class OpenLine:
    """The cycles that a line of the cart may have."""

    line: int
    page: Small = 0
    origin: Origin = Origin.HOME


@button("cy1")
@dataclass(frozen=True, slots=True)
class ChangeCycle:
    """Give a line of the cart another cycle."""

    line: int
    cycle: BillingCycle
    page: Small = 0
    origin: Origin = Origin.HOME


@button("ce1")
@dataclass(frozen=True, slots=True)
class AskEmptyCart:
    """Ask whether everything shall leave the cart."""

    origin: Origin = Origin.HOME


@button("cx1")
@dataclass(frozen=True, slots=True)
class EmptyCart:
    """Empty the cart that was shown: another revision stays."""

    revision: int
    origin: Origin = Origin.HOME


# Payments


@button("p1")
@dataclass(frozen=True, slots=True)
class OpenCheckout:
    """The ways to pay what is in the cart."""

    use_credit: bool = True
    origin: Origin = Origin.CART


@button("pc1")
@dataclass(frozen=True, slots=True)
class ConfirmCheckout:
    """Everything that will be paid for, once more, for one way to pay."""

    gateway: Small
    use_credit: bool = True
    origin: Origin = Origin.CART
    page: Small = 0


@button("pp1")
@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Turn the cart into a proforma, if it is still the one that was confirmed."""

    revision: int
    seal: int
    gateway: Small
    use_credit: bool = True
    origin: Origin = Origin.CART


@button("iv1")
@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """One proforma: lines, state, ways to pay."""

    invoice: int
    page: Small = 0
    origin: Origin = Origin.INVOICES


@button("ip1")
@dataclass(frozen=True, slots=True)
class PayInvoice:
    """Start paying what is left of a proforma."""

    invoice: int
    gateway: Small
    origin: Origin = Origin.INVOICES


@button("ik1")
@dataclass(frozen=True, slots=True)
class AskPayWithCredit:
    """Ask whether credit shall pay what is left of a proforma."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("ic1")
@dataclass(frozen=True, slots=True)
class AskCancelInvoice:
    """Ask whether an unpaid proforma shall be cancelled."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("ix1")
@dataclass(frozen=True, slots=True)
class CancelInvoice:
    """Cancel an unpaid proforma."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("ih1")
@dataclass(frozen=True, slots=True)
class OpenCredit:
    """The credit and how it came about."""

    page: Small = 0


BACK: Mapping[Origin, Payload] = {
    Origin.HOME: OpenHome(),
    Origin.SERVICES: OpenServices(),
    Origin.RENEWALS: OpenRenewals(),
    Origin.ADDONS: OpenAddons(),
    Origin.ORDER: OpenOrder(),
    Origin.CART: OpenCart(),
    Origin.INVOICES: OpenInvoices(),
    Origin.ACCOUNT: OpenSettings(),
    Origin.HELP: OpenHelp(),
}


def back_to(origin: Origin) -> Payload:
    """Where a Back button leads; home for origins whose screen cannot be drawn again."""
    return BACK.get(origin, OpenHome())
