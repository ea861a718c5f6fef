"""A matter with the message that tells of it, as it is to be drawn."""

from billing.views.staff import MatterId, MatterKind
from handlers.chat.conversation.context import Context
from handlers.staff.screens import ShownMatter


async def read(
    ctx: Context, matter: MatterId, notice_id: int, on_page_of: int | None = None
) -> ShownMatter:
    """Read how it stands; NotFoundError if there never was such a matter."""
    standing = await ctx.actions.show_standing(matter)
    if matter.kind is MatterKind.PROFORMA:
        bill = await ctx.actions.show_bill(matter.number)
        return ShownMatter(
            matter, notice_id, standing, ctx.today, bill=bill, on_page_of=on_page_of
        )
    outgoing = await ctx.actions.read_message(notice_id) if notice_id else None
    return ShownMatter(matter, notice_id, standing, ctx.today, outgoing, on_page_of=on_page_of)
