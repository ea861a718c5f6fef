"""The columns of a service's row: its values, and the forms for finding it."""

from typing import Any

from billing.rules.money import Money
from billing.rules.names import name_key
from billing.rules.services.service import Service
from storage.folding import domain_key, search_text, sort_key


def state(service: Service) -> dict[str, Any]:
    """The columns that billing changes: amounts, cycle, dates and status."""
    return {
        "first_amount": minor_of(service.first_amount),
        "amount": minor_of(service.amount),
        "currency": service.currency,
        "cycle": service.cycle,
        "registered_on": service.registered_on,
        "next_due_date": service.next_due_date,
        "due_date_known": service.due_date_known,
        "anchor_day": service.anchor_day,
        "status": service.status,
        "suspended_for": service.suspended_for,
    }


def minor_of(amount: Money | None) -> int | None:
    """The column of an amount; NULL while it is not known."""
    return None if amount is None else amount.minor


def forms(*, label: str, name: str, domain: str) -> dict[str, str]:
    """The columns by which a service is searched, sorted and recognised."""
    return {
        "search_text": search_text(label=label, name=name, domain=domain),
        "sort_key": sort_key(label or name, domain),
        "domain_key": domain_key(domain),
        "label_key": name_key(label),
    }


def values(service: Service) -> dict[str, Any]:
    """Every column of a new service, except its id."""
    return {
        "kind": service.kind,
        "ref": service.ref or None,
        "client_id": service.client_id,
        "parent_id": service.parent_id,
        "product_id": service.product_id,
        "name": service.name,
        "domain": service.domain,
        "label": service.label,
        "loaded_on": service.loaded_on,
        **state(service),
        **forms(label=service.label, name=service.name, domain=service.domain),
    }
