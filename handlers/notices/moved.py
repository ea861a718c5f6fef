"""Services that belong to another account of the company from now on."""

from collections.abc import Sequence

from markupsafe import Markup

from billing.views.account import ClientInfo
from billing.views.notices.panel import ServicesMovedAway
from billing.views.notices.services import NamedService, ServicesMoved
from handlers.buttons import OpenHelp, OpenServices
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.subject import client_line, service_name
from locales.translator import Translator

MOST_NAMED = 5
REF_LIMIT = 64


def services_moved(t: Translator, notice: ServicesMoved) -> Screen:
    """What the users of the old account read."""
    count = len(notice.services)
    return Screen(
        lines(
            t.n(
                "↪️ <b>{n} service has moved to another account</b>",
                "↪️ <b>{n} services have moved to another account</b>",
                count,
            ),
            "",
            *_names(t, notice.services),
            "",
            t("You do not see them here any more, and we send no reminders of them."),
            t("If that is a mistake, please contact us."),
        ),
        ((Button(t.plain("Services"), OpenServices()), Button(t.plain("Help"), OpenHelp())),),
    )


def services_moved_away(
    t: Translator, notice: ServicesMovedAway, client: ClientInfo | None
) -> Screen:
    """What the operator reads."""
    to = shortened(notice.to_ref, REF_LIMIT)
    return Screen(
        lines(
            t("↪️ <b>Services belong to another client of the panel now</b>"),
            "",
            client_line(t, client),
            t("New client: {client}", client=to),
            *_names(t, notice.services),
            "",
            t("Users stay linked as they were. What was in the cart or planned of them is gone."),
        )
    )


def _names(t: Translator, services: Sequence[NamedService]) -> list[Markup]:
    named = [Markup("• {}").format(service_name(t, service)) for service in services[:MOST_NAMED]]
    if more := len(services) - len(named):
        named.append(t.n("and {n} more", "and {n} more", more))
    return named
