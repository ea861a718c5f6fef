"""Panels that differ from the embedded one: in what they let clients do, or in who they are."""

from billing.ports.connected import PanelUnreachableError
from billing.ports.panel import Capabilities, Panel
from billing.rules.allowed import NOTHING, Allowed
from bot.panels.embedded import EmbeddedPanel


class LimitedPanel(EmbeddedPanel):
    """The embedded panel with other capabilities, or under another name."""

    def __init__(
        self, capabilities: Capabilities, name: str = "embedded", address: str | None = ""
    ) -> None:
        self._capabilities = capabilities
        self._name = name
        self._address = address

    @property
    def name(self) -> str:
        return self._name

    async def identity(self) -> str:
        if self._address is None:
            raise PanelUnreachableError
        return self._address

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities


def limited(allowed: Allowed = NOTHING, *, sweeps: bool = True, credit: bool = True) -> Panel:
    """A panel with these capabilities."""
    return LimitedPanel(Capabilities(allowed, sweeps=sweeps, credit=credit))


def named(name: str, address: str | None = "") -> Panel:
    """A panel that allows everything, of a name and at an address; None: it does not answer."""
    return LimitedPanel(Capabilities(), name, address)
