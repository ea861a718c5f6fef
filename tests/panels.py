"""A panel that lets clients do less than the embedded one."""

from billing.ports.panel import Capabilities, Panel
from billing.rules.allowed import Allowed
from bot.panels.embedded import EmbeddedPanel

NOTHING = Allowed(order=False, cancel=False, rename=False)


class LimitedPanel(EmbeddedPanel):
    """The embedded panel with other capabilities."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities


def limited(allowed: Allowed = NOTHING, *, sweeps: bool = True, credit: bool = True) -> Panel:
    """A panel with these capabilities."""
    return LimitedPanel(Capabilities(allowed, sweeps=sweeps, credit=credit))
