"""`panelik updates`: updates whose handling failed, and the decisions about them."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from billing.ports.inbox import EventState, StuckEvent
from bot.commands.output.as_json import JsonOption, Record, only_lists, print_items
from bot.commands.output.tables import PageOption, print_page
from bot.commands.session import actor, with_core

app = typer.Typer(
    help="Updates from Telegram that could not be handled: list them, retry or drop one.",
    invoke_without_command=True,
)

NumberArgument = Annotated[
    int, typer.Argument(help="The number in the list.", min=1, max=2**63 - 1)
]

KINDS = {
    "message": "message",
    "callback_query": "tap",
    "pre_checkout_query": "question before a payment",
    "my_chat_member": "blocked or unblocked",
}


@app.callback()
def updates(context: typer.Context, page: PageOption = 1, as_json: JsonOption = False) -> None:
    """Updates from Telegram that could not be handled: list them, retry or drop one."""
    if context.invoked_subcommand is not None:
        only_lists(as_json)
        return
    _list(page, as_json)


@app.command("list")
def list_updates(page: PageOption = 1, as_json: JsonOption = False) -> None:
    """List them, the oldest first."""
    _list(page, as_json)


@app.command("retry")
def retry(number: NumberArgument) -> None:
    """Have it handled again by the running bot, after its cause is mended."""
    with_core(lambda core: core.actions.retry_stuck(number, by=actor()))
    typer.echo(f"No. {number}: the running bot tries again within a few seconds.")


@app.command("drop")
def drop(number: NumberArgument) -> None:
    """Take it off the list and forget what is in it."""
    with_core(lambda core: core.actions.drop_stuck(number, by=actor()))
    typer.echo(f"No. {number}: dropped.")


def _list(page: int, as_json: bool) -> None:
    stuck = with_core(lambda core: core.actions.list_stuck(page))
    if as_json:
        print_items(stuck, _fields)
    elif not stuck:
        typer.echo("Every update was handled.")
    else:
        print_page(("no.", "since", "what", "user", "failed", "why"), stuck, _row)


def _row(stuck: StuckEvent) -> tuple[str, ...]:
    what, user = _subject(stuck)
    return (
        str(stuck.id),
        f"{stuck.received_at:%Y-%m-%d %H:%M} UTC",
        what,
        str(user or ""),
        str(stuck.attempts),
        stuck.error,
    )


def _fields(stuck: StuckEvent) -> Record:
    what, user = _subject(stuck)
    return {
        "number": stuck.id,
        "received_at": stuck.received_at,
        "what": what,
        "user": user,
        "failures": stuck.attempts,
        "error": stuck.error,
    }


def _subject(stuck: StuckEvent) -> tuple[str, int | None]:
    """Say what an update is and whose, without what they wrote."""
    try:
        update = json.loads(stuck.body)
    except ValueError:
        update = {}
    name, part = next(
        ((name, part) for name, part in update.items() if isinstance(part, Mapping)), ("", {})
    )
    sender: Any = part.get("from")
    user = sender.get("id") if isinstance(sender, Mapping) else None
    if stuck.state is EventState.NOT_BOOKED:
        return "money", user
    return KINDS.get(name, name or "unreadable"), user
