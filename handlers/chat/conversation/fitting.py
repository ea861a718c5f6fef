"""How a screen fits a visitor: in their language, without what would be refused."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.views.account import Visitor
from handlers.chat.screens.away import while_away
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Screen, without_buttons
from handlers.chat.screens.zones import valid_zone
from locales.catalogues import negotiate
from locales.translator import Translator

Kinds = frozenset[type[Payload]]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Payloads for users who may pay, and those that ask a connected panel."""

    paying: Kinds = frozenset()
    asks_panel: Kinds = frozenset()


def for_visitor(
    t: Translator, screen: Screen, visitor: Visitor, hidden: Hidden, *, now: datetime
) -> Screen:
    """The screen as the visitor may use it, and as it is while a panel cannot be read."""
    if visitor.client is None:
        return screen
    if not visitor.client.rights.pay:
        screen = without_buttons(screen, hidden.paying)
    if not (visitor.panel.is_away or visitor.client.sight.is_unread):
        return screen
    return while_away(
        t,
        screen,
        hidden.asks_panel,
        visitor.as_of,
        now=now,
        is_unread=not visitor.panel.is_away,
    )


def translator_of(visitor: Visitor, app_language: str | None, company: ZoneInfo) -> Translator:
    """The visitor's own language and zone, else their client's, else their app's or ours."""
    client = visitor.client
    language = negotiate(visitor.language, client.language if client else None, app_language)
    zones = (visitor.timezone, client.timezone if client else None)
    return Translator(language, valid_zone(*zones, fallback=company))
