"""The panels that `PANELIK_PANEL` may name, made from the settings."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from billing.ports.connected import ConnectedPanel
from billing.ports.outside import Clock
from billing.ports.panel import Panel
from billing.rules.shop.quotes import Taxation
from bot.panels import embedded
from bot.panels.breaker import GuardedPanel
from bot.panels.fossbilling import panel as fossbilling
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.http import Access, Observe, PanelHttp
from bot.panels.fossbilling.panel import FossBilling
from bot.settings import Settings

PANELS: Mapping[str, Callable[[], Panel]] = {embedded.NAME: embedded.panel}
"""Those that own the data in our own tables."""


def make_fossbilling(settings: Settings, clock: Clock) -> FossBilling:
    """A FOSSBilling that nothing was asked yet."""
    token = settings.panel_token.get_secret_value() if settings.panel_token else ""
    return FossBilling(
        PanelHttp(Access(settings.panel_url or "", token), Budget(settings.panel_calls_per_hour)),
        settings.panel_zone,
        clock.now,
        Taxation(settings.tax_basis_points, included=settings.prices_include_tax),
    )


CONNECTED: Final[Mapping[str, Callable[[Settings, Clock], FossBilling]]] = {
    fossbilling.NAME: make_fossbilling
}
"""Those outside."""


@dataclass(frozen=True, slots=True)
class OutsidePanel:
    """A panel outside: behind a circuit, and as it is."""

    guarded: ConnectedPanel
    itself: FossBilling

    def observe(self, observe: Observe) -> None:
        """Let each of its requests be counted."""
        self.itself.http.observe = observe


@asynccontextmanager
async def outside_panel(settings: Settings, clock: Clock) -> AsyncIterator[OutsidePanel | None]:
    """Open the panel of the settings; None where the data is in our own tables."""
    make = CONNECTED.get(settings.panel)
    if make is None:
        yield None
        return
    panel = make(settings, clock)
    try:
        yield OutsidePanel(GuardedPanel(panel), panel)
    finally:
        await panel.close()
