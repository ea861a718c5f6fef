"""`panelik tour`: a scripted conversation over HTTP, printed to be read."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from bot.commands.demo import sandbox
from bot.commands.session import fail, guarded
from bot.sandbox.talk.tour import walk
from bot.sandbox.talk.transcript import TourError
from bot.telegram.pacing import Pace

UNHURRIED = Pace(per_chat=1_000, chat_burst=1_000, bulk_per_second=1_000)
"""The tour taps quicker than people do, and the sandbox limits nobody."""


def tour() -> None:
    """Walk through the bot in the sandbox and print the conversation; exit 0 if all was right."""
    guarded(_tour)


async def _tour() -> None:
    with TemporaryDirectory(prefix="panelik-tour-") as home:
        async with sandbox(Path(home), pace=UNHURRIED) as box:
            try:
                await walk(box.url, typer.echo)
            except TourError as error:
                if box.bot.done():
                    box.bot.result()
                fail(f"\n{error}")
    typer.echo("\nEvery step showed what it should.")
