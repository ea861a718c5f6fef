"""What the person who did something about a matter is told."""

from handlers.chat.conversation.context import Context
from handlers.staff import deeds
from handlers.staff.outcomes import outcome
from handlers.staff.screens import ShownMatter
from locales.text import Plain


async def result(ctx: Context, shown: ShownMatter, done: deeds.Done) -> tuple[Plain, bool]:
    """What came of it, and whether the person has to confirm that they read it."""
    t = ctx.operator_t
    what = outcome(t, shown.standing, shown.today) or t.plain("Done.")
    if not done.is_new:
        last = shown.standing.last
        is_own = last is not None and last.actor == ctx.actor
        return t.plain("Decided already: {outcome}", outcome=what), not is_own
    if await deeds.is_reached(ctx, done):
        return what, False
    untold = t.plain("⚠️ Nobody reads the bot for this client: please tell them yourself.")
    return Plain(f"{what}\n{untold}"), True
