"""Every button payload of the bot with its code, like a map of addresses.

A button says where we are and which thing; never a price, a text or a right. When the fields of a
payload change, its version goes up ("s1" becomes "s2"): buttons of old keyboards are then answered
as out of date instead of being misread.
"""

from collections.abc import Mapping
from dataclasses import dataclass

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


@button("i1")
@dataclass(frozen=True, slots=True)
class OpenInvoices:
    """Payments and proformas."""


@button("t1")
@dataclass(frozen=True, slots=True)
class OpenSettings:
    """Language, time zone, reminders, linked accounts."""


@button("q1")
@dataclass(frozen=True, slots=True)
class OpenHelp:
    """The topics of help."""


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
