"""Linking, unlinking and switching accounts."""

from datetime import UTC, datetime, timedelta

from billing.ports.conversations import Json
from billing.rules.access.deep_links import CodeLink, SignedLink, pasted_link
from billing.rules.access.link_codes import code_in, hash_code
from billing.rules.errors import BillingError, InvalidInputError
from billing.views.access import ProvenAccount
from handlers.account import screens
from handlers.buttons import (
    AskLinkCode,
    AskUnlink,
    ConfirmLink,
    OpenSettings,
    SwitchClient,
    Unlink,
)
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_text
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from locales.catalogues import negotiate

CODE = "account.code"
"""The step that asks for a code, and the key in the draft of the hash of one."""

FOLLOWED = "account.followed"
"""The key in the view of the link that a visitor followed: its payload, and when."""

FOLLOWED_FOR = timedelta(days=1)


async def link(ctx: Context) -> None:
    """/link with a code, a link or a sentence around one; without a code it asks for one."""
    if ctx.args:
        await preview(ctx, _link_in(" ".join(ctx.args)))
    else:
        await ask_code(ctx)


async def preview(ctx: Context, link: CodeLink | SignedLink) -> None:
    """Show the account of a code or signed link; ask for a code if it is not valid."""
    try:
        await _preview(ctx, link)
    except BillingError as error:
        ctx.pending_note = sentence(ctx.t, error)
        await ask_code(ctx)


async def open_link(ctx: Context, _: AskLinkCode) -> None:
    """Ask for a code, after a tap."""
    await ask_code(ctx)


async def ask_code(ctx: Context) -> None:
    """Ask for a code, also after a wrong one."""
    linked = ctx.visitor.client is not None
    by_email = ctx.deps.config.links_by_email
    await ctx.ask(CODE, screens.ask_code(ctx.t, linked=linked, by_email=by_email))


async def code_typed(ctx: Context, text: str) -> None:
    """Show the account of a typed code."""
    await _preview(ctx, _link_in(text))


async def _preview(ctx: Context, link: CodeLink | SignedLink) -> None:
    """Show the account that a link opens; text without a code is no guess."""
    user_id = ctx.visitor.user_id
    if isinstance(link, SignedLink):
        await confirm(ctx, await ctx.actions.accept_signed_link(user_id, link.payload))
        return
    if link.code is None:
        raise InvalidInputError("no_code")
    hashed = hash_code(link.code)
    await confirm(ctx, ProvenAccount(await ctx.actions.preview_link(user_id, hashed), hashed))


async def confirm(ctx: Context, proven: ProvenAccount) -> None:
    """Ask whether that is the account to be linked. The draft keeps only the hash of a code."""
    number = await ctx.begin({CODE: proven.code_hash})
    allowed = await ctx.actions.show_allowed(None)
    await ctx.show(screens.confirm_link(ctx.t, proven.preview, number, allowed))


def _link_in(text: str) -> CodeLink | SignedLink:
    """The code in a typed answer, or what a pasted link says."""
    link = pasted_link(text)
    if isinstance(link, CodeLink | SignedLink):
        return link
    return CodeLink(code_in(text, is_asked=True))


async def confirm_link(ctx: Context, tapped: ConfirmLink) -> None:
    """Link the user to the account that was shown."""
    draft = await ctx.draft(tapped.draft)
    code = as_text(draft.get(CODE))
    visitor = await ctx.actions.confirm_link(
        ctx.visitor.user_id, code, language=ctx.t.language, name=ctx.user.first_name or ""
    )
    ctx.set_visitor(visitor)
    of_account = negotiate(ctx.client.language, ctx.t.language)
    other = of_account if of_account != ctx.t.language else None
    followed = is_recent((await ctx.view()).get(FOLLOWED), ctx.now)
    screen = screens.acting_for(ctx.t, ctx.client, other_language=other, followed=followed)
    await ctx.show(screen, ctx.t.plain("Linked."))


def is_recent(followed: Json, now: datetime) -> bool:
    """Whether a visitor followed a link not long ago."""
    if not isinstance(followed, list) or not isinstance(followed[-1], int):
        return False
    return now - datetime.fromtimestamp(followed[-1], UTC) < FOLLOWED_FOR


async def switch(ctx: Context, tapped: SwitchClient) -> None:
    """Act for another linked account."""
    ctx.set_visitor(await ctx.actions.switch_client(ctx.visitor.user_id, tapped.client))
    await ctx.show(screens.acting_for(ctx.t, ctx.client), ctx.t.plain("Switched."))


async def unlink(ctx: Context) -> None:
    """/unlink: ask for confirmation."""
    await ctx.show(screens.ask_unlink(ctx.t, ctx.client))


async def ask_unlink(ctx: Context, _: AskUnlink) -> None:
    """Ask for confirmation, after a tap."""
    await unlink(ctx)


async def leave(ctx: Context, tapped: Unlink) -> None:
    """End the link that was asked about, even if a double tap has made another one current."""
    if ctx.client.id != tapped.client:
        raise StaleButton("another account is current", back=OpenSettings())
    visitor = await ctx.actions.unlink(ctx.client, ctx.visitor.user_id)
    ctx.set_visitor(visitor)
    note = ctx.t.plain("Unlinked.")
    if visitor.client is None:
        await ctx.show(screens.link_removed(ctx.t), note)
    else:
        await ctx.show(screens.acting_for(ctx.t, visitor.client), note)
