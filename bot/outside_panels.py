"""The panels that `PANELIK_PANEL` may name.

One outside is imported when the settings name it: a process has no use for the others.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from billing.ports.connected import ConnectedPanel
from billing.ports.outside import Clock
from billing.ports.panel import Panel
from billing.ports.panel_hours import CallsGiven, PanelHours
from bot.panels import embedded
from bot.panels.breaker import GuardedPanel
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.panels.fossbilling.panel import FossBilling

PANELS: Mapping[str, Callable[[], Panel]] = {embedded.NAME: embedded.panel}
"""Those that own the data in our own tables."""

CONNECTED: Final = {"fossbilling": "bot.fossbilling_panel"}
"""Those outside, with the module that makes each."""


@dataclass(frozen=True, slots=True)
class OutsidePanel:
    """A panel outside: behind a circuit, and as it is."""

    guarded: ConnectedPanel
    itself: "FossBilling"

    def share(self, hours: PanelHours, clock: Clock) -> None:
        """Let the calls of an hour be counted with those of other processes."""

        async def give(calls: int, *, most: int) -> CallsGiven:
            return await hours.give(calls, most=most, now=clock.now())

        self.itself.http.budget.give = give

    def observe(self, observe: Callable[[str, str, float], None]) -> None:
        """Let each of its requests be counted: method, outcome, seconds."""
        self.itself.http.observe = observe


@asynccontextmanager
async def outside_panel(settings: Settings, clock: Clock) -> AsyncIterator[OutsidePanel | None]:
    """Open the panel of the settings; None where the data is in our own tables."""
    if settings.panel not in CONNECTED:
        yield None
        return
    panel: FossBilling = import_module(CONNECTED[settings.panel]).make(settings, clock)
    try:
        yield OutsidePanel(GuardedPanel(panel), panel)
    finally:
        await panel.close()
