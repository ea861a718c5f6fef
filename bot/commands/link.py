"""`panelik link`, `panelik links` and `panelik unlink`: who has access to a client's account."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from billing.rules.access.rights import AccountUser
from bot.app import Core
from bot.commands.arguments import ClientArgument
from bot.commands.code_file import new_file, write_codes
from bot.commands.output.tables import print_table
from bot.commands.session import actor, fail, with_core

ALL = "`panelik link --all --csv FILE --bot NAME`"


def link(
    client: ClientArgument = "",
    everybody: Annotated[
        bool, typer.Option("--all", help="A code for each client without a user.")
    ] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="The file for the codes of --all.")
    ] = None,
    bot: Annotated[
        str, typer.Option("--bot", help="Your bot's name in Telegram, for the links.")
    ] = "",
    days: Annotated[
        int, typer.Option("--days", help="How many days the code is valid.", min=1, max=90)
    ] = 7,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file if there is one.")
    ] = False,
) -> None:
    """Make a code that joins a Telegram user to a client: single use, valid for 7 days."""
    valid_for, name = timedelta(days=days), bot.removeprefix("@")
    if everybody:
        if client or csv is None or not name:
            fail(f"Say {ALL}, without a client. The links need the name of your bot.", code=2)
        _link_all(csv, name, valid_for, overwrite=overwrite)
        return
    if not client or csv is not None or overwrite:
        fail(f"Name a client, or say {ALL}.", code=2)
    code, expires_at = with_core(
        lambda core: core.actions.issue_link_code(client, by=actor(), valid_for=valid_for)
    )
    typer.echo(code)
    typer.echo(
        f"For client {client}, until {expires_at:%Y-%m-%d %H:%M} UTC. They send /link {code} to "
        f"the bot, or open https://t.me/{name or 'YOUR_BOT'}?start=c_{code}",
        err=True,
    )


def _link_all(path: Path, bot: str, valid_for: timedelta, *, overwrite: bool) -> None:
    """Write the codes; a file that cannot be written is found before any code is made."""
    with new_file(path, overwrite=overwrite) as file:
        codes = with_core(
            lambda core: core.actions.issue_missing_codes(by=actor(), valid_for=valid_for)
        )
        write_codes(file, codes, bot)
    n = len(codes)
    typer.echo(f"{n} {'code' if n == 1 else 'codes'} for clients without a user: {path}")


def links(client: ClientArgument) -> None:
    """List the Telegram users of a client: since when, and what they may do."""
    users = with_core(lambda core: core.actions.list_links(client)).users
    if not users:
        typer.echo(f"Nobody is linked to client {client}.")
        return
    print_table(("user", "name", "since", "rights"), map(_row, users))


def unlink(
    client: ClientArgument,
    user: Annotated[
        int, typer.Argument(help="The user's number in `panelik links`.", min=1, max=2**63 - 1)
    ],
) -> None:
    """End a user's access to a client; the user is told."""

    async def end(core: Core) -> AccountUser:
        return await core.actions.end_link(client, user, by=actor())

    ended = with_core(end)
    typer.echo(f"User {ended.user_id} has no access to client {client} any more.")


def _row(user: AccountUser) -> tuple[str, ...]:
    rights = "owner" if user.is_owner else f"{user.rights}"
    return str(user.user_id), user.name, f"{user.linked_at:%Y-%m-%d %H:%M} UTC", rights
