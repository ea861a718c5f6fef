"""Digests."""

from dataclasses import dataclass
from datetime import date

from billing.rules.money import Money
from billing.rules.services import Service
from billing.views.services import (
    InvoiceRef,
)


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One service in a digest: what is due, when, at what price, or the invoice to finish."""

    service: Service
    parent_name: str
    stage: str
    days_left: int
    gross: Money
    renewable: bool
    in_cart: bool = False
    invoice: InvoiceRef | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A reminder message to one user, read again at the moment of sending."""

    id: int
    client_id: int
    user_id: int
    items: tuple[DigestItem, ...]
    languages: tuple[str, ...]
    timezone: str
    currency: str
    today: date
