"""Ways in which a panel breaks, for people who want to see what the bot does then."""

from enum import StrEnum

from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.journal import is_write
from bot.sandbox.panels.fossbilling.limits import HOUR_SECONDS
from bot.sandbox.panels.fossbilling.methods.table import METHODS

SLOW_MS = 3_000
MENDED_SECONDS = 3
LATE_MS = 20_000
"""Longer than people wait for an answer."""

_WRITES = tuple(
    path
    for role, methods in METHODS.items()
    for name in methods
    if is_write(path := f"{role}/{name}")
)


class Breakage(StrEnum):
    """How the panel is; each state lasts until the next one."""

    WHOLE = "whole"
    DOWN = "down"
    SLOW = "slow"
    ANSWER_LOST = "answer_lost"
    TIMES_OUT = "times_out"
    MAINTENANCE = "maintenance"
    RATE_LIMIT = "rate_limit"


def break_panel(api: PanelApi, breakage: Breakage) -> None:
    """Mend what was broken before, then break the panel this way.

    With `answer_lost` and `times_out` writes take effect and nobody is told so; reads work.
    """
    api.faults.clear()
    api.maintenance = breakage is Breakage.MAINTENANCE
    api.limit.is_used_up = breakage is Breakage.RATE_LIMIT
    # Not the hour that the panel always says: people want to see the bot go on.
    api.limit.retry_after = MENDED_SECONDS if api.limit.is_used_up else HOUR_SECONDS
    match breakage:
        case Breakage.DOWN:
            api.faults.add(Fault("*", "cut", None))
        case Breakage.SLOW:
            api.faults.add(Fault("*", "delay", None, delay_ms=SLOW_MS))
        case Breakage.ANSWER_LOST:
            for path in _WRITES:
                api.faults.add(Fault(path, "drop", None))
        case Breakage.TIMES_OUT:
            for path in _WRITES:
                api.faults.add(Fault(path, "late", None, delay_ms=LATE_MS))
        case _:
            pass
    api.breakage = breakage.value
    api.journal.tell()
