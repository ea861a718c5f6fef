"""Looking now and then what a panel outside lets us do: its permissions may change."""

import logging
from dataclasses import dataclass, field

from billing.ports.connected import ConnectedPanel
from billing.views.panel import FindingState, PanelFinding

log = logging.getLogger(__name__)

WATCH_SECONDS = 3600
"""How often a process looks; it takes some twenty calls."""


@dataclass(slots=True)
class PanelWatch:
    """Lets the panel check itself, so that its capabilities are those of now.

    What has to be mended is in the log, once until it is.
    """

    panel: ConnectedPanel
    _known: frozenset[PanelFinding] = field(default=frozenset(), init=False)

    async def look(self) -> None:
        """Check once."""
        findings = await self.panel.check()
        missing = frozenset(one for one in findings if one.state is FindingState.MISSING)
        for finding in findings:
            if finding in missing - self._known:
                log.warning("panel, %s: %s", finding.about, finding.text)
        self._known = missing
