"""The state that the panel starts with: the one its answers were recorded from, invented data."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import cattrs

from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.state import (
    Activity,
    BalanceRow,
    Client,
    Invoice,
    Order,
    StatusNote,
    Transaction,
)

_FILE = Path(__file__).parent / "seed.json"


@dataclass(slots=True, kw_only=True)
class Data:
    """Everything the panel holds; the catalogue and the company are as the API shows them."""

    clients: list[Client]
    orders: list[Order]
    invoices: list[Invoice]
    balances: list[BalanceRow]
    notes: list[StatusNote]
    activities: list[Activity]
    products: list[Json]
    category: Json
    company: Json
    gateways: list[Json]
    currencies: dict[str, Json]
    seller: Json
    staff: dict[str, Json]
    last_ids: dict[str, int]
    transactions: list[Transaction] = field(default_factory=list)
    more_categories: list[Json] = field(default_factory=list)


def _read_date(value: Any, _kind: type) -> datetime:
    return datetime.fromisoformat(value)


def load() -> Data:
    """Return a fresh copy of the recorded seed."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    converter.register_structure_hook(datetime, _read_date)
    return converter.structure(json.loads(_FILE.read_text(encoding="utf-8")), Data)
