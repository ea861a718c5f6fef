"""Messages to the operator about the connected panel: whether it answers, what failed in it."""

from billing.views.account import ClientInfo
from billing.views.notices.panel import (
    PanelAnswers,
    PanelAway,
    ServiceInTrouble,
)
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.subject import client_line, service_name
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


def service_in_trouble(
    t: Translator, notice: ServiceInTrouble, client: ClientInfo | None
) -> Screen:
    """A service whose set-up or renewal has failed there, or whose status nobody knows."""
    return Screen(
        lines(
            t("⚠️ <b>A service needs you in the panel</b>"),
            "",
            client_line(t, client),
            service_name(t, notice.service),
            t("Order in the panel: {number}", number=notice.ref),
            t("The panel says: {error}", error=notice.trouble),
            "",
            t("Please look at it in the panel. Until then it cannot be relied on."),
        )
    )
