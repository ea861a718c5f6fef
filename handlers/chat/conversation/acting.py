"""For which client a tap acts: some messages are about another one than the current."""

from handlers.chat.conversation.context import Context


async def act_for(ctx: Context, client: int | None) -> None:
    """Change over to the client a message is about; its other buttons act for that one."""
    if client is None or client == ctx.client.id:
        return
    ctx.set_visitor(await ctx.actions.switch_client(ctx.visitor.user_id, client))
    ctx.pending_note = ctx.t.plain("Now you act for {name}.", name=ctx.client.name)
