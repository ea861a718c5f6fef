"""Billing values as JSON: dates in ISO, enums by value, cycles by name, money in minor units."""

import json
from typing import Any

from cattrs.preconf.json import make_converter

from billing.rules.cycles import BillingCycle, parse_cycle

converter = make_converter()
converter.register_unstructure_hook(BillingCycle, lambda cycle: cycle.name)
converter.register_structure_hook(BillingCycle, lambda name, _: parse_cycle(name))


def to_document(value: Any, shape: Any) -> Any:
    """Turn a value of that shape (a dataclass, a tuple of them) into what `json.dumps` takes."""
    return converter.unstructure(value, unstructure_as=shape)


def from_document(document: Any, shape: Any) -> Any:
    """Make a value of that shape; cattrs names the place where the document does not fit."""
    return converter.structure(document, shape)


def compact_json(value: Any) -> str:
    """JSON as the databases store it: no spaces, letters of every language unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
