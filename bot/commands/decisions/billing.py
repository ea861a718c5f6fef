"""`panelik orders, cancellations, proformas, paid, credit`: what waits for the operator."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.views.account import Recipient
from billing.views.operator import DecidedOrder, PendingOrder, UnpaidProforma
from billing.views.page import Page
from billing.views.payments import PaymentResult
from billing.views.services import Cancellation
from bot.app import Core
from bot.commands.arguments import ClientArgument
from bot.commands.decisions.booked import booking_line, recipient_line
from bot.commands.decisions.operator_chat import waiting_messages
from bot.commands.output.as_json import JsonOption, only_lists, print_items
from bot.commands.output.list_fields import cancellation_fields, order_fields, proforma_fields
from bot.commands.output.tables import PageOption, print_page, print_place, print_table
from bot.commands.session import actor, fail, with_core


class Decision(StrEnum):
    """The operator's decision about an order or a request to cancel."""

    ACCEPT = "accept"
    REJECT = "reject"


DecisionArgument = Annotated[Decision | None, typer.Argument(help="accept or reject; none lists.")]
NumberArgument = Annotated[
    int | None, typer.Argument(help="The number in the list.", min=1, max=2**63 - 1)
]

ReasonOption = Annotated[
    str, typer.Option(help="Why you reject it: the client reads it word for word.")
]


def orders(
    decision: DecisionArgument = None,
    number: NumberArgument = None,
    page: PageOption = 1,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """List orders that wait for you, or accept or reject one."""
    _check_reason(reason, decision)
    if decision is None:
        waiting, messages = with_core(lambda core: _orders(core, page))
        if as_json:
            print_items(waiting, order_fields)
        else:
            _list_orders(waiting)
        if messages:
            typer.echo(messages, err=as_json)
        return
    only_lists(as_json)
    order_number = _number(number)
    accept = decision is Decision.ACCEPT

    async def decide(core: Core) -> tuple[DecidedOrder, Recipient]:
        decided = await core.actions.decide_order(
            order_number, accept=accept, by=actor(), reason=reason
        )
        return decided, await core.actions.find_recipient(decided.service.client_id)

    decided, whose = with_core(decide)
    service = decided.service
    due = f", next due on {service.next_due_date}" if service.next_due_date else ""
    result = f"active{due}" if accept else _rejected(decided)
    order = f"Order {order_number}, {service.title} {service.domain}"
    typer.echo(f"{order}: {result}. {recipient_line(whose)}")


def _rejected(decided: DecidedOrder) -> str:
    if decided.credited is None:
        return "rejected, nothing was paid for it here"
    if not decided.is_credit:
        waits = "wait for your decision (`panelik unplaced`)"
        return f"rejected, the {decided.credited} paid for it {waits}"
    return f"rejected, the {decided.credited} paid for it are the client's credit now"


async def _orders(core: Core, page: int) -> tuple[Page[PendingOrder], str | None]:
    return await core.actions.list_orders(page), await waiting_messages(core)


def _list_orders(waiting: Page[PendingOrder]) -> None:
    if not waiting:
        typer.echo("No orders wait.")
        return
    head = ("no.", "client", "order", "cycle", "proforma", "paid")
    print_table(head, [row for order in waiting for row in _order_rows(order)])
    print_place(waiting)


def _order_rows(order: PendingOrder) -> Iterator[tuple[str, ...]]:
    """Yield the order, then a row for each add-on that is decided with it."""
    yield (
        str(order.service.id),
        f"{order.client_ref} {order.client_name}",
        order.service.full_title,
        str(order.service.cycle),
        order.invoice_number or "(loaded)",
        str(order.gross or "-"),
    )
    for addon in order.addons:
        is_paid_apart = addon.invoice_number != order.invoice_number
        proforma = addon.invoice_number if is_paid_apart else ""
        of_it = str(addon.gross or "-") if is_paid_apart else f"of it {addon.gross or '-'}"
        title = f"+ {addon.service.full_title}"
        yield "", "", title, str(addon.service.cycle), proforma, of_it


def cancellations(
    decision: DecisionArgument = None,
    number: NumberArgument = None,
    page: PageOption = 1,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """List requests to cancel that wait for you, or accept or reject one."""
    _check_reason(reason, decision)
    if decision is None:
        waiting = with_core(lambda core: core.actions.list_cancellations(page))
        if as_json:
            print_items(waiting, cancellation_fields)
        else:
            _list_cancellations(waiting)
        return
    only_lists(as_json)
    request_number = _number(number)
    accept = decision is Decision.ACCEPT

    async def decide(core: Core) -> tuple[Cancellation, Recipient]:
        cancellation = await core.actions.decide_cancellation(
            request_number, accept=accept, by=actor(), reason=reason
        )
        return cancellation, await core.actions.find_recipient(cancellation.client_id)

    request, whose = with_core(decide)
    result = f"accepted, ends {_end_of(request)}" if accept else "rejected"
    typer.echo(f"Request {request_number}: {result}. {recipient_line(whose)}")


def _list_cancellations(waiting: Page[tuple[Cancellation, Service, str]]) -> None:
    if not waiting:
        typer.echo("No requests to cancel wait.")
        return
    head = ("no.", "client", "service", "when", "would end on", "reason")
    print_page(head, waiting, _cancellation_row)


def _cancellation_row(one: tuple[Cancellation, Service, str]) -> tuple[str, ...]:
    cancellation, service, ref = one
    title = service.full_title
    return (
        str(cancellation.id), ref, title, str(cancellation.when),
        _end_of(cancellation).removeprefix("on "), cancellation.reason,
    )  # fmt: skip


def _end_of(cancellation: Cancellation) -> str:
    if cancellation.is_undated:
        return "with its period, on a day not known yet"
    return f"on {cancellation.effective_on}"


def proformas(page: PageOption = 1, as_json: JsonOption = False) -> None:
    """List the proformas that wait to be paid."""
    unpaid = with_core(lambda core: core.actions.list_proformas(page))
    if as_json:
        print_items(unpaid, proforma_fields)
        return
    if not unpaid:
        typer.echo("No proformas wait to be paid.")
        return
    head = ("proforma", "client", "amount", "paid by now", "lapses after")
    print_page(head, unpaid, _proforma_row)


def _proforma_row(one: UnpaidProforma) -> tuple[str, ...]:
    client = f"{one.client_ref} {one.client_name}"
    return one.number, client, str(one.gross), str(one.paid), str(one.expires_on)


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

    async def record(core: Core) -> tuple[PaymentResult, Recipient]:
        result = await core.actions.record_transfer(
            invoice, amount, by=actor(), reference=reference, again=again, also=also
        )
        return result, await core.actions.find_recipient(result.invoice.client_id)

    result, whose = with_core(record)
    typer.echo(booking_line(result, whose, has_reference=reference is not None))


def credit(
    client: ClientArgument,
    amount: Annotated[str, typer.Argument(help="Like 50.00; with a minus to take it back.")],
    note: Annotated[str, typer.Option(help="A sentence that the client reads with it.")] = "",
) -> None:
    """Give a client credit, or take it back with an amount like -50.00. The client is told."""

    async def adjust(core: Core) -> tuple[Money, Recipient]:
        who, now = await core.actions.adjust_credit(client, amount, by=actor(), note=note)
        return now, await core.actions.find_recipient(who.id)

    now, whose = with_core(adjust)
    typer.echo(
        f"{whose.client.ref} {whose.client.name}: credit is {now} now. {recipient_line(whose)}"
    )


def _check_reason(reason: str, decision: Decision | None) -> None:
    if reason and decision is not Decision.REJECT:
        fail("--reason says why you reject it: give it with `reject`.", code=2)


def _number(number: int | None) -> int:
    if number is None:
        fail("Which one? Give its number from the list.", code=2)
    return number
