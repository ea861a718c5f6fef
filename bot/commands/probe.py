"""`panelik panel probe`: a report on a panel outside that names nobody; it only reads."""

import typer

from bot.clock import SystemClock
from bot.commands.session import fail, guarded, settings_or_exit
from bot.outside_panels import outside_panel
from bot.panels.fossbilling.probing import Probe
from bot.settings import OfflineSettings, Settings
from bot.version import VERSION


def probe() -> None:
    """Print the report."""
    settings = settings_or_exit(kind=OfflineSettings)
    guarded(lambda: _print_report(settings))


async def _print_report(settings: Settings) -> None:
    async with outside_panel(settings, SystemClock()) as outside:
        if outside is None:
            fail("PANELIK_PANEL is embedded: there is no panel outside to look at.")
        now = SystemClock().now()
        typer.echo(f"Panelik {VERSION}, panel {settings.panel}, {now:%Y-%m-%d %H:%M} UTC")
        typer.echo("This report has counts, times and shapes; no names, texts or keys.")
        for title, lines in await Probe(outside.itself).report():
            typer.echo(f"\n== {title}")
            for line in lines:
                typer.echo(line)
