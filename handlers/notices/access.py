"""Messages about who has access to an account."""

from typing import assert_never

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.views.account import ClientInfo
from billing.views.notices.access import (
    AccessEnded,
    AccessNotice,
    AccountClosed,
    CodeNotMailed,
    OwnershipReceived,
    RightsChanged,
    UserJoined,
)
from handlers.account.access_screens import NAME_LIMIT, rights_explained, rights_of
from handlers.buttons import (
    AskEmail,
    AskLinkCode,
    AskRemoveUser,
    OpenAccess,
    OpenHelp,
    OpenHome,
    OpenServices,
    SendFreshCode,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import account_name
from locales.translator import Translator

ACCOUNT_LIMIT = 60


def access_notice(
    t: Translator, notice: AccessNotice, client: ClientInfo | None, allowed: Allowed
) -> Screen:
    """The message of a notice; `client` is whose account it is about."""
    account = account_name(client) if client else None
    match notice:
        case UserJoined():
            return _joined(t, notice, client, allowed)
        case RightsChanged():
            title = t("🔐 <b>Your rights have changed.</b>")
            rights = t("Rights: {rights}", rights=rights_of(t, notice.rights))
            return Screen(lines(title, account, "", rights), (_to_list(t),))
        case OwnershipReceived():
            title = t("🔐 <b>You are the owner of this account now.</b>")
            can = t("You can invite people, unlink them and give rights.")
            return Screen(lines(title, account, "", can), (_to_list(t),))
        case AccessEnded():
            return _ended(t, notice)
        case CodeNotMailed():
            return _not_mailed(t, SendFreshCode() if notice.is_proof else AskEmail())
        case AccountClosed():
            return _closed(t, account) if notice.is_closed else _open_again(t, account)
        case _:
            assert_never(notice)


def _joined(
    t: Translator, notice: UserJoined, client: ClientInfo | None, allowed: Allowed
) -> Screen:
    name = shortened(notice.name, NAME_LIMIT)
    return Screen(
        lines(
            t("👤 <b>{name} now has access to your account.</b>", name=name)
            if name
            else t("👤 <b>Somebody new has access to your account.</b>"),
            account_name(client) if client else None,
            "",
            rights_explained(t, notice.rights),
            t("Not you, and nobody you know? Unlink them."),
        ),
        (*_unlink_rows(t, notice, client, allowed), _to_list(t)),
    )


def _ended(t: Translator, notice: AccessEnded) -> Screen:
    return Screen(
        lines(
            t(
                "🔐 <b>You have no access to the account of {name} any more.</b>",
                name=shortened(notice.account, ACCOUNT_LIMIT),
            ),
            "",
            t("If that is a mistake, ask its owner for an invitation, or us for a code."),
        ),
        (
            (Button(t.plain("I have a code"), AskLinkCode()),),
            (Button(t.plain("Menu"), OpenHome()),),
        ),
    )


def _not_mailed(t: Translator, again: Payload) -> Screen:
    return Screen(
        lines(
            t("📧 <b>We could not send you an e-mail.</b>"),
            "",
            t(
                "It does not work on our side just now. Please try again later, or ask us for a "
                "code: it does the same."
            ),
        ),
        (
            (Button(t.plain("Try again"), again),),
            (Button(t.plain("I have a code"), AskLinkCode()),),
        ),
    )


def _closed(t: Translator, account: Markup | str | None) -> Screen:
    return Screen(
        lines(
            t("⛔ <b>This account is closed to orders and payments.</b>"),
            account,
            "",
            t("You still see its services and proformas. To use it again, please contact us."),
        ),
        ((Button(t.plain("Services"), OpenServices()), Button(t.plain("Help"), OpenHelp())),),
    )


def _open_again(t: Translator, account: Markup | str | None) -> Screen:
    title = t("✅ <b>This account is open again.</b>")
    can = t("You can order and pay as before.")
    menu = Button(t.plain("Menu"), OpenHome(), Style.PRIMARY)
    return Screen(lines(title, account, "", can), ((menu,),))


def _unlink_rows(
    t: Translator, notice: UserJoined, client: ClientInfo | None, allowed: Allowed
) -> tuple[Row, ...]:
    """The way to remove the newcomer, for users with all rights; others ask one of them."""
    if client is None or allowed.is_limited:
        return ()
    ask = AskRemoveUser(notice.user_id, client.id)
    return ((Button(t.plain("Not you? Unlink"), ask, Style.DANGER),),)


def _to_list(t: Translator) -> Row:
    return (Button(t.plain("Who has access"), OpenAccess()),)
