"""`panelik orders, cancellations, paid, credit`: what waits for the operator."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from billing.views.operator import PendingOrder
from billing.views.payments import PaymentNews, PaymentResult
from billing.views.services import Cancellation
from bot.app import Heart
from bot.commands.operator_chat import waiting_messages
from bot.commands.session import fail, with_heart
from bot.commands.tables import print_table


class Decision(StrEnum):
    """What the operator says to something that waits."""

    ACCEPT = "accept"
    REJECT = "reject"


DecisionArgument = Annotated[Decision | None, typer.Argument(help="accept or reject; none lists.")]
NumberArgument = Annotated[
    int | None, typer.Argument(help="The number in the list.", min=1, max=2**63 - 1)
]


def orders(decision: DecisionArgument = None, number: NumberArgument = None) -> None:
    """List orders that wait for you, or accept or reject one."""
    if decision is None:
        waiting, messages = with_heart(_orders)
        _list_orders(waiting)
        if messages:
            typer.echo(messages)
        return
    wanted = _number(number)
    accept = decision is Decision.ACCEPT
    service = with_heart(lambda heart: heart.actions.decide_order(wanted, accept=accept))
    due = f", next due on {service.next_due_date}" if service.next_due_date else ""
    rejected = "rejected, what was paid for it is the client's credit now"
    done = f"active{due}" if accept else rejected
    typer.echo(f"Order {wanted}, {service.title} {service.domain}: {done}. The client is told.")


async def _orders(heart: Heart) -> tuple[tuple[PendingOrder, ...], str | None]:
    return await heart.actions.list_orders(), await waiting_messages(heart)


def _list_orders(waiting: tuple[PendingOrder, ...]) -> None:
    rows = [
        (
            str(order.service.id),
            f"{order.client_ref} {order.client_name}",
            f"{order.service.title} {order.service.domain}".strip(),
            str(order.service.cycle),
            order.invoice_number or "(loaded)",
            str(order.gross or "-"),
        )
        for order in waiting
    ]
    _print(("no.", "client", "order", "cycle", "proforma", "paid"), rows, "No orders wait.")


def cancellations(decision: DecisionArgument = None, number: NumberArgument = None) -> None:
    """List requests to cancel that wait for you, or accept or reject one."""
    if decision is None:
        _list_cancellations(with_heart(_waiting))
        return
    wanted = _number(number)
    accept = decision is Decision.ACCEPT
    asked = with_heart(lambda heart: heart.actions.decide_cancellation(wanted, accept=accept))
    done = f"accepted, ends on {asked.effective_on}" if accept else "rejected"
    typer.echo(f"Request {wanted}: {done}. The client is told.")


async def _waiting(heart: Heart) -> list[tuple[Cancellation, str, str]]:
    found = await heart.actions.list_cancellations()
    return [(asked, f"{s.title} {s.domain}".strip(), ref) for asked, s, ref in found]


def _list_cancellations(waiting: list[tuple[Cancellation, str, str]]) -> None:
    rows = [
        (str(asked.id), ref, service, str(asked.when), str(asked.effective_on), asked.reason)
        for asked, service, ref in waiting
    ]
    head = ("no.", "client", "service", "when", "would end on", "reason")
    _print(head, rows, "No requests to cancel wait.")


def paid(
    invoice: Annotated[str, typer.Argument(help="The proforma's number, as in the transfer.")],
    amount: Annotated[
        str | None, typer.Argument(help="What came, like 123.45; the whole balance if left out.")
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="The bank's id of the transfer: the same one counts once.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="It really is a second transfer of that amount today.")
    ] = False,
    also: Annotated[
        bool, typer.Option("--also", help="That transfer pays this proforma as well as another.")
    ] = False,
) -> None:
    """Record a bank transfer for a proforma. Recording the same one twice changes nothing."""
    if also and reference is None:
        fail("--also speaks of a transfer with a --reference: give it too.", code=2)
    result = with_heart(
        lambda heart: heart.actions.record_transfer(
            invoice, amount, reference=reference, again=again, also=also
        )
    )
    typer.echo(_told(result))


def _told(result: PaymentResult) -> str:
    number, balance = result.invoice.number, result.invoice.balance
    if result.news is PaymentNews.REPEATED:
        return (
            f"{number}: recorded already, nothing was changed. If this is a second transfer of "
            f"the same amount today, add --again or --reference."
        )
    if result.news is PaymentNews.PART:
        return f"{number}: {result.received} recorded, {balance} still to pay."
    if result.news is PaymentNews.TO_CREDIT:
        state = result.invoice.status
        return f"{number} is {state}: {result.to_credit} became the client's credit."
    extra = f" {result.to_credit} too much became credit." if result.to_credit else ""
    return f"{number}: paid.{extra} The client is told."


def credit(
    client: Annotated[str, typer.Argument(help="The client's id, as in clients.csv.")],
    amount: Annotated[str, typer.Argument(help="Like 50.00; with a minus to take it back.")],
) -> None:
    """Give a client credit, or take it back with an amount like -50.00."""
    who, now = with_heart(lambda heart: heart.actions.adjust_credit(client, amount))
    typer.echo(f"{who.ref} {who.name}: credit is {now} now.")


def _number(number: int | None) -> int:
    if number is None:
        fail("Which one? Give its number from the list.", code=2)
    return number


def _print(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str) -> None:
    if not rows:
        typer.echo(empty)
        return
    print_table(head, rows)
