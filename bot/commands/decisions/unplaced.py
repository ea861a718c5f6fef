"""`panelik unplaced`: money that came and fits nothing, and the decisions about it."""

from typing import Annotated

import typer

from billing.ports.inbox import EventState, UnplacedMoney
from billing.rules.money import EXPONENTS, Money
from billing.rules.payments.charges import Misfit
from bot.commands.arguments import ClientArgument
from bot.commands.output.as_json import JsonOption, print_items
from bot.commands.output.list_fields import unplaced_fields
from bot.commands.output.tables import PageOption, print_page
from bot.commands.session import actor, fail, with_core

REFERENCE_LIMIT = 60
"""Most characters of a charge's id in the table: one that cannot be read may be of any length."""

app = typer.Typer(
    help="Money that came and fits nothing: list it, or say what becomes of it.",
    invoke_without_command=True,
)

NumberArgument = Annotated[
    int, typer.Argument(help="The number in the list.", min=1, max=2**63 - 1)
]

REASONS = {
    Misfit.UNREADABLE: "cannot be read",
    Misfit.REFUNDED: "given back by Telegram",
    Misfit.NOT_PRIVATE: "paid in a group or channel",
    Misfit.BAD_CHARGE_ID: "charge number missing or too long",
    Misfit.BAD_AMOUNT: "amount missing or senseless",
    Misfit.UNKNOWN_PAYLOAD: "not an invoice of this bot",
    Misfit.UNKNOWN_PAYMENT: "no such payment here",
    Misfit.OTHER_CURRENCY: "another currency than the proforma's",
    Misfit.STRANGER: "payer not linked to the client",
    Misfit.REFUSED_BY_PANEL: "the panel did not take it",
    Misfit.NOT_BOOKED: "not booked: failed three times, see the log",
    Misfit.SURPLUS: "more than was due",
    Misfit.LATE: "for a proforma that had lapsed",
    Misfit.RELEASED: "part of a proforma that was not paid in full",
    Misfit.UNDELIVERED: "for what could not be carried out",
    Misfit.REJECTED: "for an order that was rejected",
}


@app.callback()
def list_unplaced(
    context: typer.Context, page: PageOption = 1, as_json: JsonOption = False
) -> None:
    """Money that came and fits nothing: list it, or say what becomes of it."""
    if context.invoked_subcommand is not None:
        return
    waiting = with_core(lambda core: core.actions.list_unplaced(page))
    if as_json:
        print_items(waiting, unplaced_fields)
        return
    if not waiting:
        typer.echo("No money waits for your decision.")
        return
    head = ("no.", "came", "amount", "why", "charge", "payload", "Telegram user")
    print_page(head, waiting, _row)


@app.command("close")
def close(
    number: NumberArgument,
    note: Annotated[str, typer.Option(help="What was done with the money, for later.")],
) -> None:
    """Take it off the list: it was sent back, or settled in some other way."""
    money = with_core(lambda core: core.actions.close_unplaced(number, note, by=actor()))
    typer.echo(f"No. {number}, {stated(money)}: closed.")


@app.command("credit")
def credit(
    number: NumberArgument,
    client: ClientArgument,
) -> None:
    """Make it a client's credit, if it is in the client's currency. The client is told.

    Beside a panel that keeps the balance, it is added there.
    """
    who, amount, now = with_core(
        lambda core: core.actions.credit_unplaced(number, client, by=actor())
    )
    if now is None:
        typer.echo(
            f"No. {number}: {amount} goes to the balance of {who.ref} {who.name} in your panel. "
            "The client is told once it is there; until then it is in `panelik calls`. Should the "
            "panel refuse, the money is in this list again."
        )
        return
    typer.echo(
        f"No. {number}: {amount} is credit of {who.ref} {who.name}, who has {now} now. "
        "The client is told."
    )


@app.command("book")
def book(number: NumberArgument) -> None:
    """Try once more to book what failed three times, after its cause is mended."""
    state = with_core(lambda core: core.actions.book_again(number, by=actor()))
    if state is EventState.BOOKED:
        typer.echo(f"No. {number}: booked. The client is told.")
    elif state is EventState.UNPLACED:
        typer.echo(f"No. {number}: it fits nothing; the list says why.")
    else:
        fail(f"No. {number}: not booked this time either; the log above says why.")


def stated(money: UnplacedMoney) -> str:
    """Return the amount for people, or in minor units if the currency is not known."""
    if money.amount is None:
        return "an unknown amount"
    if money.currency in EXPONENTS:
        return str(Money(money.amount, money.currency))
    return f"{money.amount} {money.currency}".strip()


def _row(money: UnplacedMoney) -> tuple[str, ...]:
    reference = money.reference
    if len(reference) > REFERENCE_LIMIT:
        reference = f"{reference[:REFERENCE_LIMIT]}…"
    return (
        str(money.id),
        f"{money.received_at:%Y-%m-%d %H:%M} UTC",
        stated(money),
        REASONS[money.reason],
        reference,
        money.payload,
        str(money.user_id or ""),
    )
