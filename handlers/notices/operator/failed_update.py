"""An update that could not be handled, for the operator."""

from billing.views.notices.operator import UpdateFailed
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.operator.commands import command, with_commands
from locales.translator import Translator


def failed_update(t: Translator, failed: UpdateFailed) -> Screen:
    """What the log calls it, and what can be done."""
    number = str(failed.number)
    return with_commands(
        lines(
            t("🛠 <b>Something did not work, no. {number}</b>", number=number),
            "",
            t("We could not answer somebody who wrote to the bot or tapped a button."),
            t("In the log: {error}", error=failed.error),
            "",
            t(
                "You hear of the same error once an hour at most. Once its cause is mended, let "
                "the bot try again."
            ),
        ),
        (t.plain("See all"), command("updates")),
        (t.plain("Try again"), command("updates", "retry", number)),
        (t.plain("Drop it"), command("updates", "drop", number)),
    )
