"""Staff look at a client; billing keeps who has looked."""

from handlers.buttons import (
    OpenClientCard,
    OpenClientInvoice,
    OpenClientInvoices,
    OpenClientService,
    OpenClientServices,
)
from handlers.chat.conversation.context import Context
from handlers.desk import client_card, seen
from locales.text import Plain


async def open_card(ctx: Context, tapped: OpenClientCard) -> None:
    """The client's card."""
    card = await ctx.actions.show_client_card(tapped.client, by=ctx.actor)
    await ctx.show(client_card.client_card(ctx.t, card))


async def open_services(ctx: Context, tapped: OpenClientServices) -> None:
    """Their services."""
    listed = await ctx.actions.list_client_services(tapped.client, tapped.page, by=ctx.actor)
    await ctx.show(client_card.services(ctx.t, listed))


async def open_invoices(ctx: Context, tapped: OpenClientInvoices) -> None:
    """Their proformas."""
    listed = await ctx.actions.list_client_invoices(
        tapped.client, tapped.page, is_past=tapped.past, by=ctx.actor
    )
    await ctx.show(client_card.invoices(ctx.t, listed))


async def open_service(ctx: Context, tapped: OpenClientService) -> None:
    """A service as they see it."""
    await show_service(ctx, tapped)


async def open_invoice(ctx: Context, tapped: OpenClientInvoice) -> None:
    """A proforma as they see it."""
    await show_invoice(ctx, tapped)


async def show_service(ctx: Context, place: OpenClientService, note: Plain | None = None) -> None:
    """The same with a note of what was done."""
    page = await ctx.actions.show_client_service(
        place.client, place.service, ctx.t.language, by=ctx.actor
    )
    await ctx.show(seen.service(ctx.t, page, place), note)


async def show_invoice(ctx: Context, place: OpenClientInvoice, note: Plain | None = None) -> None:
    """The same with a note of what was done."""
    page = await ctx.actions.show_client_invoice(place.client, place.invoice, by=ctx.actor)
    await ctx.show(seen.invoice(ctx.t, page, place), note)
