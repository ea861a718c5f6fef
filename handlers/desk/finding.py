"""/find: a client, a service or a proforma among all clients."""

from handlers.buttons import AskFind
from handlers.chat.conversation.context import Context
from handlers.desk import hits

WORDS = "desk.words"
"""The step that waits for what to find."""


async def find(ctx: Context) -> None:
    """/find, with the words or without."""
    words = " ".join(ctx.args or ())
    await (typed(ctx, words) if words else ask_again(ctx))


async def ask_find(ctx: Context, _: AskFind) -> None:
    """Ask for words, after a tap."""
    await ask_again(ctx)


async def ask_again(ctx: Context) -> None:
    """Ask for words."""
    await ctx.ask(WORDS, hits.ask_words(ctx.t))


async def typed(ctx: Context, text: str) -> None:
    """Search; a single hit opens, and after none the next words may be typed."""
    found = await ctx.actions.find_anywhere(text)
    only = hits.only_hit(found)
    if only is not None:
        await ctx.open(only)
    elif len(found):
        await ctx.show(hits.hits(ctx.t, found))
    else:
        await ctx.ask(WORDS, hits.nothing(ctx.t, found))
