"""Messages to the operator about the connected panel: whether it answers, what failed in it."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.rules.panel.unread_rows import RowKind
from billing.views.account import ClientInfo
from billing.views.notices.panel import (
    PanelAnswers,
    PanelAway,
    PanelRowsUnread,
    PanelRowUnread,
    ServiceInTrouble,
)
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.subject import client_line, service_name
from locales.translator import Translator


def of_state(
    t: Translator, notice: PanelAway | PanelAnswers | PanelRowUnread | PanelRowsUnread
) -> Screen:
    """A message about the panel as a whole."""
    match notice:
        case PanelAway():
            return panel_away(t, notice)
        case PanelAnswers():
            return panel_answers(t, notice)
        case PanelRowUnread():
            return row_unread(t, notice)
        case PanelRowsUnread():
            return rows_unread(t, notice)


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


def row_unread(t: Translator, notice: PanelRowUnread) -> Screen:
    """A row there that cannot be read: which, where, and what becomes of it meanwhile."""
    client = notice.client_ref
    return Screen(
        lines(
            t("⚠️ <b>A row of the panel cannot be read</b>"),
            "",
            ROWS[notice.kind](t, notice.number or "?"),
            t("Field: {field}", field=notice.field) if notice.field else None,
            t("Client in the panel: {number}", number=client) if client else None,
            "",
            _meanwhile(t, notice),
            t("Please look at it in the panel and correct it. We read it again then."),
        )
    )


def _meanwhile(t: Translator, notice: PanelRowUnread) -> Markup:
    if notice.client_ref:
        return t(
            "The client sees what we last read, with its time. Orders, some cancellations and the "
            "balance have to wait. Nobody else is affected."
        )
    if notice.kind is RowKind.PRODUCT:
        return t("It is offered as we last read it, or not at all.")
    return t("It is left out, and everything else is read. Nothing is removed because of it.")


def rows_unread(t: Translator, notice: PanelRowsUnread) -> Screen:
    """So many clients wait that it is hardly a row of one of them."""
    return Screen(
        lines(
            t("⚠️ <b>Rows of many clients cannot be read in the panel</b>"),
            "",
            t("Clients: more than {number}", number=notice.clients),
            t("Has the panel been updated? Then Panelik may need an update, too."),
            t("How to see them: {command}", command="panelik status"),
        )
    )


ROWS: Mapping[RowKind, Callable[[Translator, str], Markup]] = {
    RowKind.ORDER: lambda t, number: t("Order in the panel: {number}", number=number),
    RowKind.INVOICE: lambda t, number: t("Invoice in the panel: {number}", number=number),
    RowKind.CLIENT: lambda t, number: t("Client in the panel: {number}", number=number),
    RowKind.PRODUCT: lambda t, number: t("Product in the panel: {number}", number=number),
    RowKind.ACTIVITY: lambda t, number: t("Line of the activity log: {number}", number=number),
}
