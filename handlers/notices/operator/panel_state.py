"""Messages to the operator about whether the connected panel answers."""

from billing.views.notices.operator import PanelAnswers, PanelAway
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from locales.translator import Translator


def panel_away(t: Translator, notice: PanelAway) -> Screen:
    """It has not answered for some time."""
    return Screen(
        lines(
            t("🔌 <b>The panel does not answer</b>"),
            "",
            t("Since: {instant}", instant=t.instant(notice.since)),
            t("Clients see what we last read of it, and cannot order or pay."),
            t("We go on asking, and tell you when it answers again."),
        )
    )


def panel_answers(t: Translator, notice: PanelAnswers) -> Screen:
    """It answers again."""
    return Screen(
        lines(
            t("✅ <b>The panel answers again</b>"),
            "",
            t(
                "It did not from {since} to {until}.",
                since=t.instant(notice.since),
                until=t.instant(notice.until),
            ),
        )
    )
