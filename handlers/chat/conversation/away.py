"""Questions that are not asked while a connected panel does not answer."""

from handlers.chat.conversation.context import Context


def check_panel_answers(ctx: Context) -> None:
    """Raise BillingError("panel_away") before a question whose yes would be refused."""
    ctx.visitor.check_panel_reads()
