"""What staff decide: a proforma is paid, an order or a request to cancel is accepted or not."""

from billing.rules.errors import BillingError
from billing.views.desk import SeenInvoice, SeenService, Waiting
from handlers.buttons import (
    AskMarkPaid,
    AskOrderDecision,
    AskRequestDecision,
    DecideOrder,
    DecideRequest,
    MarkPaid,
    OpenClientInvoice,
    OpenClientService,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import reason, sentence
from handlers.desk import questions, seen
from handlers.desk.looking import show_invoice, show_service


async def ask_mark_paid(ctx: Context, tapped: AskMarkPaid) -> None:
    """Ask, with the amount; what is not open any more is shown as it stands."""
    page = await _invoice(ctx, tapped.client, tapped.invoice)
    if page.page.invoice.is_open:
        await ctx.show(questions.mark_paid(ctx.t, page, tapped))
        return
    place = OpenClientInvoice(tapped.client, tapped.invoice, source=tapped.source)
    await ctx.show(seen.invoice(ctx.t, page, place), reason(ctx.t, "invoice_closed"))


async def mark_paid(ctx: Context, tapped: MarkPaid) -> None:
    """Record the balance that was confirmed; twice counts once."""
    place = OpenClientInvoice(tapped.client, tapped.invoice, source=tapped.source)
    try:
        result = await ctx.actions.mark_paid(
            tapped.client, tapped.invoice, seal=tapped.seal, by=ctx.actor
        )
    except BillingError as error:
        await show_invoice(ctx, place, sentence(ctx.t, error))
    else:
        await show_invoice(ctx, place, questions.recorded(ctx.t, result))


async def ask_order(ctx: Context, tapped: AskOrderDecision) -> None:
    """Ask before an order is decided."""
    page = await _service(ctx, tapped.client, tapped.service)
    if page.order_waits:
        await ctx.show(questions.order(ctx.t, page, accept=tapped.accept))
        return
    place = OpenClientService(tapped.client, tapped.service, Waiting.ORDERS)
    await ctx.show(seen.service(ctx.t, page, place), reason(ctx.t, "no_such_order"))


async def decide_order(ctx: Context, tapped: DecideOrder) -> None:
    """Accept or reject an order; decided twice it stays as it was decided first."""
    place = OpenClientService(tapped.client, tapped.service, Waiting.ORDERS)
    try:
        decided = await ctx.actions.decide_order(
            tapped.service, accept=tapped.accept, by=ctx.actor
        )
    except BillingError as error:
        note = sentence(ctx.t, error)
    else:
        title = decided.service.full_title
        note = questions.decided_order(ctx.t, title, accept=tapped.accept)
    await show_service(ctx, place, note)


async def ask_request(ctx: Context, tapped: AskRequestDecision) -> None:
    """Ask before a request to cancel is decided."""
    page = await _service(ctx, tapped.client, tapped.service)
    if page.request is not None:
        await ctx.show(questions.request(ctx.t, page, page.request, accept=tapped.accept))
        return
    place = OpenClientService(tapped.client, tapped.service, Waiting.CANCELLATIONS)
    await ctx.show(seen.service(ctx.t, page, place), reason(ctx.t, "no_such_cancellation"))


async def decide_request(ctx: Context, tapped: DecideRequest) -> None:
    """Accept or reject a request to cancel."""
    place = OpenClientService(tapped.client, tapped.service, Waiting.CANCELLATIONS)
    try:
        await ctx.actions.decide_cancellation(tapped.request, accept=tapped.accept, by=ctx.actor)
    except BillingError as error:
        note = sentence(ctx.t, error)
    else:
        accepted = ctx.t.plain("The cancellation is accepted.")
        rejected = ctx.t.plain("The cancellation is rejected.")
        note = accepted if tapped.accept else rejected
    await show_service(ctx, place, note)


async def _invoice(ctx: Context, client: int, invoice: int) -> SeenInvoice:
    return await ctx.actions.show_client_invoice(client, invoice, by=ctx.actor)


async def _service(ctx: Context, client: int, service: int) -> SeenService:
    return await ctx.actions.show_client_service(client, service, ctx.t.language, by=ctx.actor)
