"""Linking by e-mail."""

from billing.views.access import ProvenAccount
from handlers.account import email_screens as screens
from handlers.account.handlers import confirm
from handlers.buttons import AskEmail, AskLinkCode, ChooseProvenAccount
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_text
from handlers.chat.screens.codec import StaleButton

EMAIL, EMAIL_CODE = "account.email", "account.email_code"

OFFERED = "account.offered"
"""The key in the draft of the hashes of the accounts to choose from."""


async def open_email(ctx: Context, _: AskEmail) -> None:
    """Ask for the address, after a tap."""
    await ask_email(ctx)


async def ask_email(ctx: Context) -> None:
    """Ask for the address, also after text without one."""
    if not ctx.deps.config.links_by_email:
        raise StaleButton("there is no mail server any more", back=AskLinkCode())
    await ctx.ask(EMAIL, screens.ask_email(ctx.t))


async def email_typed(ctx: Context, text: str) -> None:
    """Queue a code for the typed address."""
    await ctx.actions.request_email_code(ctx.visitor.user_id, text, ctx.t.language)
    await ask_code(ctx)


async def ask_code(ctx: Context) -> None:
    """Ask for the code of the e-mail, also after a wrong one."""
    linked = ctx.visitor.client is not None
    await ctx.ask(EMAIL_CODE, screens.ask_code(ctx.t, linked=linked))


async def code_typed(ctx: Context, text: str) -> None:
    """Show the account that a code opens, or ask which."""
    accounts = await ctx.actions.check_email_code(ctx.visitor.user_id, text)
    if len(accounts) == 1:
        await confirm(ctx, accounts[0])
        return
    number = await ctx.begin({OFFERED: [one.code_hash for one in accounts]})
    await ctx.show(screens.which_account(ctx.t, accounts, number))


async def choose(ctx: Context, tapped: ChooseProvenAccount) -> None:
    """Show the chosen one of several accounts."""
    try:
        offered = (await ctx.draft(tapped.draft)).get(OFFERED)
        hashed = as_text(offered[tapped.place] if isinstance(offered, list) else None)
    except (StaleButton, IndexError) as error:
        raise StaleButton("no such account is offered", back=AskLinkCode()) from error
    preview = await ctx.actions.preview_link(ctx.visitor.user_id, hashed)
    await confirm(ctx, ProvenAccount(preview, hashed))
