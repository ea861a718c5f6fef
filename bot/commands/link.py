"""`panelik link`: a one-time code that links a Telegram user to a client."""

from typing import Annotated

import typer

from bot.commands.session import actor, with_core


def link(
    client: Annotated[str, typer.Argument(help="The client's id, as in clients.csv.")],
) -> None:
    """Make a code that joins a Telegram user to a client: single use, valid for 7 days."""
    code, expires_at = with_core(lambda core: core.actions.issue_link_code(client, by=actor()))
    typer.echo(code)
    typer.echo(
        f"For client {client}, until {expires_at:%Y-%m-%d %H:%M} UTC. They send /link {code} to "
        f"the bot, or open https://t.me/YOUR_BOT?start=c_{code}",
        err=True,
    )
