"""Help, for everybody: topics, votes, the company's texts."""

from handlers.buttons import OpenCompanyText, OpenHelp, OpenTopic, VoteTopic
from handlers.chat.conversation.context import Context
from handlers.chat.screens.company_texts import CompanyText
from handlers.help import screens


async def help_(ctx: Context) -> None:
    """/help."""
    await open_help(ctx, OpenHelp())


async def open_help(ctx: Context, tapped: OpenHelp) -> None:
    """The topics."""
    catalog = await ctx.actions.show_catalog()
    await ctx.show(screens.topics(ctx.t, catalog, tapped.page))


async def open_topic(ctx: Context, tapped: OpenTopic) -> None:
    """One topic."""
    help_page = await ctx.actions.show_help(ctx.visitor.user_id, tapped.topic)
    await ctx.show(screens.topic(ctx.t, help_page, tapped.page))


async def vote(ctx: Context, tapped: VoteTopic) -> None:
    """Cast or change the vote."""
    help_page = await ctx.actions.vote(ctx.visitor.user_id, tapped.topic, useful=tapped.useful)
    note = ctx.t.plain("Thank you for your vote.")
    await ctx.show(screens.topic(ctx.t, help_page, tapped.page), note)


async def open_text(ctx: Context, tapped: OpenCompanyText) -> None:
    """One of the company's texts."""
    catalog = await ctx.actions.show_catalog()
    await ctx.show(screens.company_text(ctx.t, catalog, tapped.which))


async def terms(ctx: Context) -> None:
    """/terms."""
    await open_text(ctx, OpenCompanyText(CompanyText.TERMS))


async def privacy(ctx: Context) -> None:
    """/privacy."""
    await open_text(ctx, OpenCompanyText(CompanyText.PRIVACY))


async def payment_support(ctx: Context) -> None:
    """/paysupport, which Telegram requires of every bot that takes payments."""
    await open_text(ctx, OpenCompanyText(CompanyText.PAYMENT_SUPPORT))
