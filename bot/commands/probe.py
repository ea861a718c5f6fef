"""`panelik panel probe`: a report on a panel outside that names nobody.

It only reads, unless it is told to write for a client that is there for tests.
"""

import typer

from bot.clock import SystemClock
from bot.commands.session import fail, guarded, settings_or_exit
from bot.outside_panels import outside_panel
from bot.panels.fossbilling.probing import Probe
from bot.panels.fossbilling.writing_probe import WritingProbe
from bot.settings import OfflineSettings, Settings
from bot.version import VERSION


def probe(writes_for: str = "") -> None:
    """Print the report; with a client's number, also one of writes for them.

    Exit 1 where one of these fails.
    """
    settings = settings_or_exit(kind=OfflineSettings)
    guarded(lambda: _print_report(settings, writes_for))


async def _print_report(settings: Settings, writes_for: str) -> None:
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
        if writes_for:
            typer.echo("\n== Writes")
            writing = WritingProbe(outside.itself, writes_for, now)
            for line in await writing.report():
                typer.echo(line)
            if writing.has_failed:
                raise typer.Exit(1)
