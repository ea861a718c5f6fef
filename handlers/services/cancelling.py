"""Requests to cancel a service: when, why, confirmation; and their withdrawal."""

from billing.actions.services.cancel import REASON_MAX
from billing.ports.conversations import Draft
from billing.rules.errors import InvalidInputError
from billing.views.services import CancelWhen
from handlers.buttons import (
    AskCancellation,
    AskCancelReason,
    OpenService,
    RequestCancellation,
    SkipCancelReason,
    WithdrawCancellation,
)
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_text
from handlers.chat.screens.codec import StaleButton
from handlers.services import changes
from handlers.services.drafts import as_draft, place_of
from handlers.services.handlers import find_page

REASON = "services.reason"


async def ask(ctx: Context, tapped: AskCancellation) -> None:
    """Ask when to cancel."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    found = await find_page(ctx, place)
    found.allowed.check_cancel()
    if found.only_panel_ends:
        ctx.visitor.check_panel_reads()
    await ctx.show(changes.ask_when(ctx.t, found, place))


async def ask_reason(ctx: Context, tapped: AskCancelReason) -> None:
    """Ask for the reason."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    found = await find_page(ctx, place)
    found.allowed.check_cancel()
    if tapped.when in found.ended_by_panel:
        ctx.visitor.check_panel_reads()
    draft = as_draft(place) | {"services.when": str(tapped.when), "services.reason": ""}
    number = await ctx.begin(draft)
    await ctx.ask(REASON, changes.ask_reason(ctx.t, number, place))


async def ask_reason_again(ctx: Context) -> None:
    """Ask for the reason again, after an answer that is too long."""
    (await ctx.actions.show_allowed(ctx.client)).check_cancel()
    draft = await ctx.draft()
    number = await ctx.begin(draft)
    await ctx.ask(REASON, changes.ask_reason(ctx.t, number, place_of(draft)))


async def reason_typed(ctx: Context, text: str) -> None:
    """Take the reason, and ask for confirmation."""
    if len(text.strip()) > REASON_MAX:
        raise InvalidInputError("reason_too_long", limit=REASON_MAX)
    draft = {**await ctx.draft(), "services.reason": text.strip()}
    await _confirm(ctx, draft, await ctx.begin(draft))


async def skip_reason(ctx: Context, tapped: SkipCancelReason) -> None:
    """Ask for confirmation without a reason."""
    await _confirm(ctx, await ctx.draft(tapped.draft), tapped.draft)


async def request(ctx: Context, tapped: RequestCancellation) -> None:
    """Send the request to the company."""
    draft = await ctx.draft(tapped.draft)
    place = place_of(draft)
    cancellation = await ctx.actions.request_cancellation(
        ctx.client,
        place.service,
        when=_when(draft),
        reason=as_text(draft.get("services.reason")),
        user_id=ctx.talk.user_id,
    )
    found = await find_page(ctx, place)
    at_once = cancellation.when is CancelWhen.NOW and CancelWhen.NOW in found.ended_by_panel
    await ctx.show(changes.cancellation_requested(ctx.t, cancellation, place, at_once=at_once))


async def withdraw(ctx: Context, tapped: WithdrawCancellation) -> None:
    """Withdraw the request."""
    place = OpenService(tapped.service, tapped.origin, tapped.inside)
    there_was_one = await ctx.actions.withdraw_cancellation(
        ctx.client, tapped.service, user_id=ctx.talk.user_id
    )
    await ctx.show(changes.cancellation_withdrawn(ctx.t, there_was_one=there_was_one, place=place))


async def _confirm(ctx: Context, draft: Draft, number: int) -> None:
    place = place_of(draft)
    service_page = await find_page(ctx, place)
    service_page.allowed.check_cancel()
    reason = as_text(draft.get("services.reason"))
    await ctx.show(
        changes.confirm(ctx.t, service_page, _when(draft), reason, draft=number, place=place)
    )


def _when(draft: Draft) -> CancelWhen:
    when = as_text(draft.get("services.when"))
    if when not in set(CancelWhen):
        raise StaleButton("the draft says something else")
    return CancelWhen(when)
