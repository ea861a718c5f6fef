"""Samples of linking, the settings and leaving."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from billing.rules.access.emails import masked
from billing.rules.access.rights import (
    MOST_INVITATIONS,
    NAME_MAX,
    AccountUser,
    AccountUsers,
    Rights,
)
from billing.rules.allowed import EVERYTHING, NOTHING
from billing.views.access import AccessList, Invitation, ProvenAccount
from billing.views.account import Account, LinkPreview, Visitor
from handlers.account import (
    access_questions,
    access_screens,
    choices,
    email_screens,
    fresh_screens,
    screens,
)
from handlers.buttons import OpenCart
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

ME = AccountUser(1001, "Anna", NOW - timedelta(days=90), Rights.EVERYTHING, is_owner=True)
OTHER_USER = AccountUser(
    1002, "Piotr <b>", NOW - timedelta(days=2), Rights.EVERYTHING, is_owner=False
)
NAMELESS = AccountUser(1003, "", NOW - timedelta(hours=1), Rights.LOOK, is_owner=False)
MANY_USERS = (
    replace(ME, name="W" * NAME_MAX),
    *(replace(OTHER_USER, user_id=2**52 + n, name="W" * NAME_MAX) for n in range(40)),
)


def access(*users: AccountUser) -> AccessList:
    """Who has access, as the first of them sees it."""
    all_users = users or (ME, OTHER_USER, NAMELESS)
    return AccessList(AccountUsers(all_users), all_users[0], 2, can_invite=True, now=NOW)


def _user(t: Translator, user: AccountUser) -> Screen:
    return access_screens.account_user(t, CLIENT, access(), user)


SEVERAL = (ProvenAccount(MINE, "a" * 64), ProvenAccount(OTHER, "b" * 64))
MANY_PROVEN = (ProvenAccount(LONG_ONE, "c" * 64),) * 60

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "ask for a code": screens.ask_code,
    "ask for a code, by e-mail": lambda t: screens.ask_code(t, by_email=True),
    "ask for an address": email_screens.ask_email,
    "ask for the code of an e-mail": email_screens.ask_code,
    "ask for a fresh code": lambda t: fresh_screens.ask(t, "a…k@chmurnik.example", OpenCart()),
    "ask for a fresh code, long address": lambda t: fresh_screens.ask(
        t, masked(f"{'ł' * 64}@{'w' * 180}.example"), OpenCart()
    ),
    "a fresh code, no address": lambda t: fresh_screens.no_address(t, OpenCart()),
    "confirm a link to a closed account": lambda t: screens.confirm_link(
        t, replace(MINE, is_closed=True), 7, EVERYTHING
    ),
    "which account": lambda t: email_screens.which_account(t, SEVERAL, 7),
    "which account, many": lambda t: email_screens.which_account(t, MANY_PROVEN, 2**62),
    "confirm the link": lambda t: screens.confirm_link(t, MINE, 7, EVERYTHING),
    "confirm the link, long name": lambda t: screens.confirm_link(t, LONG_ONE, 2**40, EVERYTHING),
    "confirm the link, nothing allowed": lambda t: screens.confirm_link(t, MINE, 7, NOTHING),
    "acting for": lambda t: screens.acting_for(t, CLIENT),
    "acting for, another language": lambda t: screens.acting_for(t, CLIENT, other_language="pl"),
    "acting for, after a link": lambda t: screens.acting_for(t, CLIENT, followed=True),
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
    "who has access": lambda t: access_screens.access_list(t, CLIENT, access()),
    "who has access, alone": lambda t: access_screens.access_list(t, CLIENT, access(ME)),
    "who has access, not the owner": lambda t: access_screens.access_list(
        t, CLIENT, replace(access(ME, OTHER_USER), me=OTHER_USER)
    ),
    "who has access, many": lambda t: access_screens.access_list(
        t,
        LONG_CLIENT,
        replace(access(*MANY_USERS), invitations=MOST_INVITATIONS),
    ),
    "invite": lambda t: access_questions.ask_invite(t, CLIENT),
    "invited": lambda t: access_questions.invited(
        t, Invitation("ABCD2345", NOW + timedelta(days=1), Rights.PAY), "chmurnik_bot"
    ),
    **{
        f"user of the account, {user.rights}": partial(_user, user=user)
        for user in (OTHER_USER, NAMELESS)
    },
    "user of the account, to another user": lambda t: access_screens.account_user(
        t, CLIENT, replace(access(), me=OTHER_USER), NAMELESS
    ),
    "ask to hand over": lambda t: access_questions.ask_hand_over(t, CLIENT, access(), OTHER_USER),
    "handed over": lambda t: access_questions.handed_over(t, CLIENT),
    "ask to remove": lambda t: access_questions.ask_remove(t, CLIENT, access(), NAMELESS),
    "removed": lambda t: access_questions.removed(t, CLIENT, OTHER_USER),
    "removed, no name": lambda t: access_questions.removed(t, CLIENT, NAMELESS),
    "confirm the link, look only": lambda t: screens.confirm_link(
        t, replace(MINE, rights=Rights.LOOK), 7, EVERYTHING
    ),
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
