"""Matters of the operator's chat: tapped, asked about, decided, and drawn as they stand then."""

import logging

from telegram.error import RetryAfter

from billing.rules.errors import BillingError
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.buttons import AskMatter, DecideMatter, LeaveMatter, PostClientCard
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.screen import Screen
from handlers.desk import client_card
from handlers.staff import deeds, posting, questions, screens
from handlers.staff.outcomes import outcome
from handlers.staff.reading import read
from handlers.staff.results import result
from locales.text import Plain

log = logging.getLogger(__name__)

CARDS = "staff.cards"
"""The key in the view of which message has which card below it, the latest last."""

MOST_CARDS = 20


async def decide(ctx: Context, tapped: DecideMatter) -> None:
    """Do it; whoever comes too late reads what was decided, and by whom."""
    matter = MatterId(tapped.kind, tapped.number)
    decision = deeds.Decision(matter, ctx.actor, seal=tapped.seal)
    try:
        done = await deeds.do(ctx, tapped.deed, decision)
    except BillingError as error:
        shown = await read(ctx, matter, tapped.notice, tapped.client)
        await _show(ctx, shown, sentence(ctx.operator_t, error), alert=True)
        return
    await questions.end(ctx, matter)
    shown = await read(ctx, matter, tapped.notice, tapped.client)
    note, alert = await result(ctx, shown, done)
    await _show(ctx, shown, note, alert=alert)


async def ask(ctx: Context, tapped: AskMatter) -> None:
    """Ask once more before a deed that cannot be taken back."""
    t, matter = ctx.operator_t, MatterId(tapped.kind, tapped.number)
    shown = await read(ctx, matter, tapped.notice, tapped.client)
    if not shown.standing.waits:
        await _show(ctx, shown, outcome(t, shown.standing, shown.today), alert=True)
    elif tapped.deed is Deed.MARK_PAID and shown.bill is not None:
        await _redraw(ctx, screens.ask_paid(t, shown, shown.bill))
    elif tapped.deed is Deed.GIVE_UP and tapped.kind is MatterKind.CALL:
        await _redraw(ctx, screens.ask_give_up(t, shown))
    else:
        raise StaleButton(f"{tapped.deed} is not asked about")


async def leave(ctx: Context, tapped: LeaveMatter) -> None:
    """Decide nothing, and show the message with its buttons again."""
    matter = MatterId(tapped.kind, tapped.number)
    await questions.end(ctx, matter)
    shown = await read(ctx, matter, tapped.notice, tapped.client)
    if shown.bill is not None and shown.page is None:
        await post_client(ctx, PostClientCard(shown.bill.client.id, inside=True))
        return
    await _show(ctx, shown)


async def post_client(ctx: Context, tapped: PostClientCard) -> None:
    """Show a client: in the place of the message, or below it, where the same card is redrawn."""
    t = ctx.operator_t
    card_values = await ctx.actions.show_client_card(tapped.client, by=ctx.actor)
    if not ctx.in_operator_chat:
        await _redraw(ctx, client_card.client_card(t, card_values))
        return
    screen = client_card.in_operator_chat(t, card_values)
    below = ctx.delivery.target
    if tapped.inside or below is None:
        await _redraw(ctx, screen)
        return
    view = await ctx.view()
    cards = view.get(CARDS)
    known = dict(cards) if isinstance(cards, dict) else {}
    card = known.get(str(below))
    if isinstance(card, int) and await posting.edit(ctx, card, screen):
        await ctx.toast(t.plain("The client's card below the message is up to date."))
        return
    known[str(below)] = await posting.post_reply(ctx, screen, below)
    newest = dict(list(known.items())[-MOST_CARDS:])
    step = (await ctx.dialogue.conversation()).step
    await ctx.advance(step=step, view={**view, CARDS: newest})


async def _show(
    ctx: Context, shown: screens.ShownMatter, note: Plain | None = None, *, alert: bool = False
) -> None:
    """The matter as it stands: in its message, or on the page that it is decided on."""
    if shown.page is None:
        await _redraw(ctx, screens.matter(ctx.operator_t, shown), note, alert=alert)
        return
    ctx.pending_note = note
    await ctx.open(shown.page)


async def _redraw(
    ctx: Context, screen: Screen, note: Plain | None = None, *, alert: bool = False
) -> None:
    """Answer the tap and edit its message.

    A group that has had its twenty messages is edited at the next tap: what was done stands.
    """
    try:
        if not await ctx.delivery.answer(note, alert=alert) and note is not None:
            await ctx.delivery.say(note)
        await ctx.delivery.show(screen)
    except RetryAfter as error:
        log.warning("a message of the operator's chat is not edited: %s", error.message)
