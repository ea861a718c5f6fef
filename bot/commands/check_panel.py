"""What `panelik check` says of a panel outside: what it finds there, and what follows from it."""

from collections.abc import Callable

from billing.ports.connected import ConnectedPanel
from billing.ports.panel import Capabilities
from billing.views.panel import FindingState, PanelFinding
from bot.clock import SystemClock
from bot.outside_panels import outside_panel
from bot.settings import Settings


async def problems_without_database(settings: Settings, say: Callable[[str], object]) -> list[str]:
    """As panel_problems, where there is no database yet: the panel comes before the data."""
    async with outside_panel(settings, SystemClock()) as outside:
        return await panel_problems(outside.guarded if outside else None, say)


async def panel_problems(
    connected: ConnectedPanel | None, say: Callable[[str], object]
) -> list[str]:
    """Return what has to be mended in the panel; say what is in order, and what is off and why.

    What clients can do is said whenever permissions could be read, whatever else has to be mended.
    Nothing with our own tables.
    """
    if connected is None:
        return []
    findings = await connected.check()
    for finding in findings:
        if finding.state is not FindingState.MISSING:
            say(finding_line(finding))
    if any(finding.knows_permissions for finding in findings):
        for line in capability_lines(connected.capabilities):
            say(line)
    return [finding_line(one) for one in findings if one.state is FindingState.MISSING]


def finding_line(finding: PanelFinding) -> str:
    """A finding as a sentence: "Panel, pay page: ..."."""
    return f"Panel, {finding.about}: {finding.text}"


def capability_lines(capabilities: Capabilities) -> list[str]:
    """What clients can do through the panel, and why they cannot do the rest."""
    states = _states(capabilities)
    can = [what for what, _, is_on in states if is_on]
    lines = [f"Clients can: {', '.join(can)}."]
    lines += [f"Off: {what}. {why}" for what, why, is_on in states if not is_on]
    return lines


def _states(capabilities: Capabilities) -> list[tuple[str, str, bool]]:
    """Each capability in words, why it would be off, and whether it is on."""
    allowed = capabilities.allowed
    lacks = "A permission is missing, or the panel does not let them."
    by_staff = "Such a request becomes a task for staff (`panelik tasks`)."
    return [
        ("renew and pay", lacks, allowed.pay),
        ("order services and add-ons", lacks, allowed.order),
        ("cancel a service", lacks, allowed.cancel),
        ("have it end at once", by_staff, capabilities.cancels_now),
        ("have it end with its period", by_staff, capabilities.cancels_at_end),
        (
            "take a cancellation back",
            "The panel cannot; staff can there.",
            capabilities.withdraws_cancellation,
        ),
        (
            "pay on the panel's own page",
            "It has none that Panelik can lead to.",
            capabilities.pays_there,
        ),
        ("pay from their balance in the panel", lacks, capabilities.pays_balance),
        (
            "see within a minute what changes in the panel",
            "Their data is read when they look, and at night: Panelik may not read its log.",
            capabilities.tells_changes,
        ),
    ]
