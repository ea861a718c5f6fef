"""The settings: the current account, language, time zone, reminders."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from billing.views.account import Account
from handlers.buttons import (
    AskLinkCode,
    AskUnlink,
    ChooseLanguage,
    ChooseOfferedZone,
    ChooseZone,
    OpenAccess,
    OpenHome,
    OpenLanguages,
    OpenReminders,
    OpenSettings,
    OpenZones,
    SwitchClient,
)
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, rows_of, shortened
from handlers.chat.screens.wording import account_name
from locales.catalogues import available_languages, language_name, language_number
from locales.text import Plain
from locales.translator import Translator
from locales.zones import CommonZone, is_fixed, zone_city

BUTTON_NAME_LIMIT = 24
REF_LIMIT = 12
MOST_CLIENTS = 40
"""Most accounts shown as buttons; no user is known to have more."""


def settings(t: Translator, account: Account, now: datetime) -> Screen:
    """The settings that the user can choose, and their current account."""
    client = account.visitor.client
    automatic = t.plain("{choice} (automatic)", choice=language_name(t.language))
    language = language_name(t.language) if account.visitor.language else automatic
    return Screen(
        lines(
            t("⚙️ <b>Settings</b>"),
            "",
            t("Account: {account}", account=account_name(client)) if client else None,
            t("Language: {language}", language=language),
            t("Time zone: {zone}, {time} now", zone=_zone_named(t), time=time_there(t, now))
            if client
            else None,
            *_others(t, account),
        ),
        (
            *_own_rows(t, account),
            *_client_rows(t, account),
            _link_row(t, account),
            *_unlink_row(t, account),
            (back(t, OpenHome()),),
        ),
    )


def _own_rows(t: Translator, account: Account) -> tuple[Row, ...]:
    """The user's own choices and who has access; visitors choose only the language."""
    language = Button(t.plain("Language"), OpenLanguages())
    if account.visitor.client is None:
        return ((language,),)
    return (
        (language, Button(t.plain("Time zone"), OpenZones())),
        (Button(t.plain("🔔 Reminders"), OpenReminders()),),
        (Button(t.plain("🔐 Who has access"), OpenAccess()),),
    )


def _link_row(t: Translator, account: Account) -> Row:
    if account.visitor.client is None:
        return (Button(t.plain("I have a code"), AskLinkCode(), Style.PRIMARY),)
    return (Button(t.plain("Link another account"), AskLinkCode()),)


def _zone_named(t: Translator) -> Plain:
    zone = t.zone.key
    city = zone_city(zone, t.language)
    return city if city == zone or is_fixed(zone) else Plain(f"{city} ({zone})")


def _others(t: Translator, account: Account) -> tuple[str | Markup, ...]:
    if len(account.clients) < 2:
        return ()
    return ("", t("Choose below which of your accounts to manage."))


def _client_rows(t: Translator, account: Account) -> tuple[Row, ...]:
    """One button per account if there are several; the current one is marked."""
    if len(account.clients) < 2:
        return ()
    current = account.visitor.client
    return rows_of(
        (
            Button(
                t.plain(
                    "{sign}{name} ({ref})",
                    sign="✓ " if current and client.client_id == current.id else "",
                    name=shortened(client.name, BUTTON_NAME_LIMIT),
                    ref=shortened(client.ref, REF_LIMIT),
                ),
                SwitchClient(client.client_id),
            )
            for client in account.clients[:MOST_CLIENTS]
        ),
        1,
    )


def _unlink_row(t: Translator, account: Account) -> tuple[Row, ...]:
    if account.visitor.client is None:
        return ()
    return ((Button(t.plain("Unlink this account"), AskUnlink(), Style.DANGER),),)


def languages(t: Translator, current: str | None, *, linked: bool = True) -> Screen:
    """Every language by its own name; visitors come here from the greeting."""
    leave = OpenSettings() if linked else OpenHome()
    spoken = (
        _choice(
            Plain(language_name(code)),
            ChooseLanguage(language_number(code)),
            chosen=code == current,
        )
        for code in available_languages()
    )
    automatic = _choice(t.plain("Automatic"), ChooseLanguage(), chosen=current is None)
    return Screen(
        lines(
            t("🌐 <b>Language</b>"),
            "",
            t("<i>Automatic: the language of your account, else the one of your Telegram.</i>"),
        ),
        (*rows_of(spoken, 2), (automatic,), (back(t, leave),)),
    )


def zones(t: Translator, current: str | None, now: datetime) -> Screen:
    """Some time zones as buttons, and the question for any other."""
    common = (
        _choice(zone_city(zone, t.language), ChooseZone(zone), chosen=zone == current)
        for zone in CommonZone
    )
    automatic = _choice(t.plain("Automatic"), ChooseZone(), chosen=current is None)
    return Screen(
        lines(
            t("🕓 <b>Time zone</b>"),
            "",
            t("Now: {zone}, {time}", zone=_zone_named(t), time=time_there(t, now)),
            "",
            t(
                "Choose a city in your time zone, or type the name of another large one, a "
                "country, or a difference such as UTC+2."
            ),
            t("<i>Automatic: the time zone of your account.</i>"),
        ),
        (*rows_of(common, 2), (automatic,), (cancel(t, OpenSettings()),)),
    )


def which_zone(t: Translator, zones: Sequence[str], draft: int, now: datetime) -> Screen:
    """The time zones that a typed place may mean, each with its time of day."""
    buttons = (
        Button(_zone_label(t, zone, now), ChooseOfferedZone(draft, place))
        for place, zone in enumerate(zones)
    )
    return Screen(
        lines(
            t("🕓 <b>Time zone</b>"),
            "",
            t("Which one do you mean? Choose where it is as late now as it is for you."),
            t("<i>Or type the name of another large city.</i>"),
        ),
        (*rows_of(buttons, 2), (back(t, OpenZones()), cancel(t, OpenSettings()))),
    )


def _zone_label(t: Translator, zone: str, now: datetime) -> Plain:
    place, time = zone_city(zone, t.language), time_there(t, now, zone)
    if is_fixed(zone):
        return t.plain("{place} all year · {time}", place=place, time=time)
    return t.plain("{place} · {time}", place=place, time=time)


def time_there(t: Translator, now: datetime, zone: str | None = None) -> Plain:
    """The time of day in a zone, by default the translator's own."""
    there = t.zone if zone is None else ZoneInfo(zone)
    return t.clock(now.astimezone(there).time())


def _choice(label: Plain, action: ChooseLanguage | ChooseZone, *, chosen: bool) -> Button:
    return Button(Plain(f"✓ {label}") if chosen else label, action)
