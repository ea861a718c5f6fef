"""Questions that are not asked while a connected panel does not answer."""

from billing.rules.errors import BillingError
from handlers.chat.conversation.context import Context


def check_panel_answers(ctx: Context) -> None:
    """Raise BillingError("panel_away") before a question whose yes would be refused."""
    if ctx.visitor.panel.is_away:
        raise BillingError("panel_away")
