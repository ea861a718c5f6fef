"""Samples of linking, the settings and leaving."""

from collections.abc import Callable
from dataclasses import replace

from billing.rules.allowed import EVERYTHING, NOTHING
from billing.views.account import Account, LinkPreview, Visitor
from handlers.account import choices, screens
from handlers.chat.screens.screen import Screen
from locales.translator import Translator
from locales.zone_places import MAIN_ZONES
from locales.zone_reading import MOST
from tests.gallery.menu import CLIENT, LONG
from tests.make import NOW

MINE = LinkPreview(CLIENT.id, CLIENT.ref, CLIENT.name)
OTHER = LinkPreview(2, "C-1003", "Pracownia Zegarów, Marta Zielińska")
LONG_ONE = LinkPreview(2**40, "R" * 64, LONG)
VISITOR = Visitor(1001, CLIENT, linked=1)
LONG_CLIENT = replace(CLIENT, id=2**40, ref="R" * 64, name=LONG)

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "ask for a code": screens.ask_code,
    "confirm the link": lambda t: screens.confirm_link(t, MINE, 7, EVERYTHING),
    "confirm the link, long name": lambda t: screens.confirm_link(t, LONG_ONE, 2**40, EVERYTHING),
    "confirm the link, nothing allowed": lambda t: screens.confirm_link(t, MINE, 7, NOTHING),
    "acting for": lambda t: screens.acting_for(t, CLIENT),
    "acting for, another language": lambda t: screens.acting_for(t, CLIENT, other_language="pl"),
    "settings": lambda t: choices.settings(t, Account(VISITOR, (MINE,)), NOW),
    "settings, own choices": lambda t: choices.settings(
        t,
        Account(
            replace(VISITOR, language="pl", timezone="Europe/London", linked=2),
            (MINE, OTHER),
        ),
        NOW,
    ),
    "settings, many accounts": lambda t: choices.settings(
        t,
        Account(
            Visitor(1, LONG_CLIENT, linked=60),
            tuple(replace(LONG_ONE, client_id=2**40 + n) for n in range(60)),
        ),
        NOW,
    ),
    "settings of a visitor": lambda t: choices.settings(t, Account(Visitor(1004), ()), NOW),
    "languages": lambda t: choices.languages(t, None),
    "languages, chosen": lambda t: choices.languages(t, "pl"),
    "time zones": lambda t: choices.zones(t, None, NOW),
    "time zones, chosen": lambda t: choices.zones(t, "Europe/London", NOW),
    "which time zone": lambda t: choices.which_zone(
        t, ("Europe/Moscow", "America/New_York", "Etc/GMT-2", "UTC"), 7, NOW
    ),
    "which time zone, many": lambda t: choices.which_zone(t, MAIN_ZONES[:MOST], 2**62, NOW),
    "ask to unlink": lambda t: screens.ask_unlink(t, CLIENT),
    "unlinked": screens.link_removed,
}
