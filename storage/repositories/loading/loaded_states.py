"""The billing state of a service, in its columns and as the text that a load keeps of it.

The text makes comparing quick: a load of a hundred thousand services compares as many states.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from billing.ports.loading import Replacing
from billing.rules.cycles import parse_cycle
from billing.rules.loading.differences import ServiceRow
from billing.rules.loading.loaded_state import BillingState, Difference, difference
from billing.rules.services.service import ServiceStatus, SuspendedFor


def columns_of(state: BillingState) -> dict[str, Any]:
    """The columns of a state, with its text as the loaded state."""
    return {
        "first_amount": state.first_amount,
        "amount": state.amount,
        "cycle": state.cycle,
        "registered_on": state.registered_on,
        "next_due_date": state.next_due_date,
        "anchor_day": state.anchor_day,
        "status": state.status,
        "suspended_for": state.suspended_for,
        "loaded_state": as_text(state),
    }


def state_in(row: RowMapping) -> BillingState:
    """The state of a stored service."""
    return BillingState(
        row["first_amount"], row["amount"], row["cycle"], row["registered_on"],
        row["next_due_date"], row["anchor_day"], row["status"], row["suspended_for"],
    )  # fmt: skip


def as_text(state: BillingState) -> str:
    """The text of a state; equal states have equal texts."""
    due, why = state.next_due_date or "", state.suspended_for or ""
    return (
        f"{state.first_amount}|{state.amount}|{state.cycle}|{state.registered_on}|"
        f"{due}|{state.anchor_day}|{state.status}|{why}"
    )


def from_text(text: str | None) -> BillingState | None:
    """The state of a text; None if no load has left one."""
    if text is None:
        return None
    first, amount, cycle, registered, due, anchor, status, why = text.split("|")
    return BillingState(
        int(first), int(amount), parse_cycle(cycle), date.fromisoformat(registered),
        date.fromisoformat(due) if due else None, int(anchor), ServiceStatus(status),
        SuspendedFor(why) if why else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about the billing state of a stored service in a load."""

    difference: Difference
    is_taken: bool
    columns: Mapping[str, Any]
    """Empty if everything stays; only the text if the folder agrees with the state by now."""

    @property
    def is_left(self) -> bool:
        """Whether the folder has another state, and the stored one stays."""
        return self.difference is not Difference.NONE and not self.is_taken


_AS_LOADED = Verdict(Difference.NONE, is_taken=False, columns={})


def judge(row: ServiceRow, stored: RowMapping, replacing: Replacing) -> Verdict:
    """Compare a row of the folder with the stored service and decide about its state."""
    here = state_in(stored)
    folder = row.state_over(here)
    text = stored["loaded_state"]
    if here == folder:
        state_text = as_text(here)
        if state_text == text:
            return _AS_LOADED
        return Verdict(Difference.NONE, is_taken=False, columns={"loaded_state": state_text})
    differs = difference(here, folder, from_text(text))
    is_taken = replacing.sold_here if differs is Difference.SOLD_HERE else replacing.changed_there
    return Verdict(differs, is_taken, columns_of(folder) if is_taken else {})
