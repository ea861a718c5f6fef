"""Inviting somebody to an account, and the questions before access is handed over or ended."""

from markupsafe import Markup

from billing.rules.access.rights import AccountUser, Rights
from billing.views.access import AccessList, Invitation
from billing.views.account import ClientInfo
from handlers.account.access_screens import NAME_LIMIT, name_of, rights_of, rows_of_rights
from handlers.buttons import HandOver, Invite, OpenAccess, OpenAccountUser, RemoveUser
from handlers.chat.screens.screen import Button, Copy, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, shortened
from handlers.chat.screens.wording import account_name
from locales.translator import Translator


def ask_invite(t: Translator, client: ClientInfo) -> Screen:
    """The question what the person who is invited shall be able to do."""
    return Screen(
        lines(
            t("➕ <b>Invite somebody</b>"),
            account_name(client),
            "",
            t("What shall they be able to do?"),
            "",
            *_choices_explained(t),
            "",
            t("You get a link for one person. It works once, for 24 hours."),
        ),
        (
            rows_of_rights(t, {rights: Invite(rights) for rights in Rights}),
            (cancel(t, OpenAccess()),),
        ),
    )


def _choices_explained(t: Translator) -> tuple[Markup, ...]:
    return (
        t("<b>everything</b>: order, renew, pay, rename, ask to cancel"),
        t("<b>pay only</b>: see everything, renew and pay"),
        t("<b>look only</b>: see everything, change nothing"),
    )


def invited(t: Translator, invitation: Invitation, bot: str) -> Screen:
    """The code for the person who is invited, and its link."""
    link = f"https://t.me/{bot}?start=c_{invitation.code}"
    return Screen(
        lines(
            t("✉️ <b>Send this link to the person you invite</b>"),
            "",
            link,
            "",
            t("Or the code: {code}", code=Markup("<code>{}</code>").format(invitation.code)),
            "",
            t("Rights: {rights}", rights=rights_of(t, invitation.rights)),
            t("It works once, until {instant}.", instant=t.instant(invitation.expires_at)),
            t("<i>Whoever has the link gets access, so send it to nobody else.</i>"),
        ),
        (
            (Button(t.plain("Copy link"), Copy(link)),),
            (back(t, OpenAccess()),),
        ),
    )


def ask_hand_over(
    t: Translator, client: ClientInfo, access: AccessList, user: AccountUser
) -> Screen:
    """The question whether another user shall own the account."""
    return Screen(
        lines(
            t("⚠️ <b>Make {name} the owner?</b>", name=name_of(t, access, user)),
            account_name(client),
            "",
            t(
                "They will invite people, unlink them and give rights, and may unlink you too. "
                "You keep access with all rights, but cannot take the ownership back yourself."
            ),
        ),
        (
            (
                Button(
                    t.plain("Yes, make them the owner"),
                    HandOver(user.user_id, client.id),
                    Style.DANGER,
                ),
            ),
            (cancel(t, OpenAccountUser(user.user_id, client.id)),),
        ),
    )


def handed_over(t: Translator, client: ClientInfo) -> Screen:
    """The account has another owner."""
    return Screen(
        lines(
            t("✅ <b>The account has a new owner.</b>"),
            account_name(client),
            "",
            t("We have told them. You still have access."),
        ),
        (_to_list(t),),
    )


def ask_remove(t: Translator, client: ClientInfo, access: AccessList, user: AccountUser) -> Screen:
    """The question whether another user shall lose access."""
    return Screen(
        lines(
            t("⚠️ <b>Unlink {name}?</b>", name=name_of(t, access, user)),
            account_name(client),
            "",
            t(
                "They will no longer see the account and get no reminders of it. We will tell "
                "them. To come back they need a new code."
            ),
        ),
        (
            (Button(t.plain("Yes, unlink"), RemoveUser(user.user_id, client.id), Style.DANGER),),
            (cancel(t, OpenAccess()),),
        ),
    )


def removed(t: Translator, client: ClientInfo, user: AccountUser) -> Screen:
    """Another user has lost access."""
    name = shortened(user.name, NAME_LIMIT)
    return Screen(
        lines(
            t("✅ <b>{name} has no access any more.</b>", name=name)
            if name
            else t("✅ <b>They have no access any more.</b>"),
            account_name(client),
        ),
        (_to_list(t),),
    )


def _to_list(t: Translator) -> Row:
    return (Button(t.plain("Who has access"), OpenAccess()),)
