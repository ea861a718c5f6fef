"""`panelik calls`: what a connected panel is owed and has not done, and the decisions about it."""

from typing import Annotated

import typer

from billing.rules.panel.panel_calls import CallState, Verb
from billing.views.panel import ListedCall
from bot.commands.output.as_json import JsonOption, print_items
from bot.commands.output.list_fields import call_fields
from bot.commands.output.tables import PageOption, print_page
from bot.commands.session import actor, with_core

app = typer.Typer(
    help="Writes that your panel is owed: list them, or say what becomes of one.",
    invoke_without_command=True,
)

NumberArgument = Annotated[
    int, typer.Argument(help="The number in the list.", min=1, max=2**63 - 1)
]

VERBS = {
    Verb.PLACE_ORDER: "place an order",
    Verb.WITHDRAW_ORDER: "withdraw an order",
    Verb.RECORD_PAYMENT: "record a payment",
    Verb.CANCEL_SERVICE: "cancel a service",
    Verb.KEEP_SERVICE: "take a request to cancel back",
    Verb.PAY_BALANCE: "pay from the balance",
    Verb.ADD_BALANCE: "add to the balance",
}

STATES = {
    CallState.WAITING: "waits",
    CallState.SENDING: "is being sent",
    CallState.DONE: "done, to be read back",
    CallState.REFUSED: "refused",
    CallState.UNKNOWN: "outcome not known",
}


@app.callback()
def list_calls(context: typer.Context, page: PageOption = 1, as_json: JsonOption = False) -> None:
    """Writes that your panel is owed: list them, or say what becomes of one."""
    if context.invoked_subcommand is not None:
        return
    waiting = with_core(lambda core: core.actions.list_calls(page))
    if as_json:
        print_items(waiting, call_fields)
        return
    if not waiting:
        typer.echo("Your panel is owed nothing.")
        return
    head = ("no.", "since", "what", "client", "proforma", "amount", "state", "why")
    print_page(head, waiting, _row)


@app.command("retry")
def retry(number: NumberArgument) -> None:
    """Ask again: first whether it was done after all, and only if it was not, send it."""
    with_core(lambda core: core.actions.retry_call(number, by=actor()))
    typer.echo(f"No. {number}: the running bot asks again within a few seconds.")


@app.command("done")
def done(
    number: NumberArgument,
    ref: Annotated[str, typer.Argument(help="The number that it has in your panel.")],
) -> None:
    """You have done it in your panel yourself."""
    with_core(lambda core: core.actions.finish_call(number, ref, by=actor()))
    typer.echo(f"No. {number}: counted as done; the running bot reads what has changed.")


@app.command("drop")
def drop(number: NumberArgument) -> None:
    """Give it up. Money that came for it goes to the list of unplaced money."""
    call = with_core(lambda core: core.actions.drop_call(number, by=actor()))
    typer.echo(f"No. {number}: given up.")
    if call.amount:
        typer.echo(f"{call.amount} of {call.client_ref} waits in `panelik unplaced`.")


def _row(listed: ListedCall) -> tuple[str, ...]:
    call = listed.call
    return (
        str(call.id),
        f"{call.created_at:%Y-%m-%d %H:%M} UTC",
        VERBS[call.verb],
        listed.client_ref,
        listed.invoice_number,
        str(listed.amount) if listed.amount else "",
        STATES[call.state],
        call.error,
    )
