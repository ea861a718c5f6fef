"""The add-ons that end with a service, and until when they are paid."""

from collections.abc import Iterable

from markupsafe import Markup

from billing.rules.services.service import Service
from handlers.chat.screens.widgets import shortened
from locales.translator import Translator

MOST = 8
NAME_LIMIT = 60


def has_live(addons: Iterable[Service]) -> bool:
    """Whether any is still there."""
    return any(addon.is_live for addon in addons)


def ending_addons(t: Translator, addons: Iterable[Service]) -> tuple[Markup, ...]:
    """A heading and a line for each that is still there; nothing where there is none."""
    live = [addon for addon in addons if addon.is_live]
    if not live:
        return ()
    left = len(live) - MOST
    return (
        t.n("This add-on ends with it:", "These add-ons end with it:", len(live)),
        *(_entry(t, addon) for addon in live[:MOST]),
        *((t.n("… and {n} more", "… and {n} more", left),) if left > 0 else ()),
    )


def _entry(t: Translator, addon: Service) -> Markup:
    name = Markup("<b>{}</b>").format(shortened(addon.title, NAME_LIMIT))
    if addon.owed_on is None:
        return t("• {name}", name=name)
    return t("• {name}, paid until {date}", name=name, date=t.date(addon.owed_on))
