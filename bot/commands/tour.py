"""`panelik tour`: a scripted conversation over HTTP, printed to be read."""

import typer

from bot.commands.session import guarded


def tour() -> None:
    """Walk through the bot in the sandbox and print the conversation; exit 0 if all was right."""
    from bot.commands.guided import walk

    if not guarded(walk):
        raise typer.Exit(1)
