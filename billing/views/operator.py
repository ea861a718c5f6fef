"""What waits for the operator."""

from dataclasses import dataclass

from billing.rules.money import Money
from billing.rules.services import Service


@dataclass(frozen=True, slots=True)
class PendingOrder:
    """A paid product that waits for the operator."""

    service: Service
    client_ref: str
    client_name: str
    invoice_number: str
    gross: Money
