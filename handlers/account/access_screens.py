"""Who has access to an account, invitations, rights, ownership and removal."""

from collections.abc import Sequence

from markupsafe import Markup

from billing.rules.access import MOST_INVITATIONS, AccountUser, Rights
from billing.views.access import AccessList, Invitation
from billing.views.account import ClientInfo
from handlers.buttons import (
    AskHandOver,
    AskInvite,
    AskRemoveUser,
    ChangeRights,
    HandOver,
    Invite,
    OpenAccess,
    OpenAccountUser,
    OpenSettings,
    RemoveUser,
    WithdrawInvitations,
)
from handlers.chat.screens.screen import Button, Copy, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, rows_of, shortened
from handlers.chat.screens.wording import account_name, facts
from locales.text import Plain
from locales.translator import Translator

NAME_LIMIT = 30
MOST_USERS = 30
"""Most users shown of an account; no account is known to have more."""


def rights_of(t: Translator, rights: Rights) -> Plain:
    """What a user of an account may do, as a part of a line or a button."""
    match rights:
        case Rights.EVERYTHING:
            return t.plain("everything")
        case Rights.PAY:
            return t.plain("pay only")
        case Rights.LOOK:
            return t.plain("look only")


def rights_explained(t: Translator, rights: Rights) -> Markup:
    """The same as a sentence."""
    match rights:
        case Rights.EVERYTHING:
            return t("They can order, renew, pay, rename and ask to cancel.")
        case Rights.PAY:
            return t(
                "They can see everything, renew services and pay. They cannot order anything."
            )
        case Rights.LOOK:
            return t("They can see everything and change nothing.")


def access_list(t: Translator, client: ClientInfo, access: AccessList) -> Screen:
    """Everybody who has access to the account, and what the user may change about that."""
    shown = access.users.users[:MOST_USERS]
    more = len(access.users.users) - len(shown)
    return Screen(
        lines(
            t("🔐 <b>Who has access</b>"),
            account_name(client),
            "",
            *(_entry(t, access, user, number) for number, user in enumerate(shown, start=1)),
            t.n("… and {n} more", "… and {n} more", more) if more else None,
            *_open_invitations(t, access),
        ),
        (
            *_user_rows(t, client, access, shown),
            *_invite_rows(t, access),
            (back(t, OpenSettings()),),
        ),
    )


def _entry(t: Translator, access: AccessList, user: AccountUser, number: int) -> Markup:
    name = Markup("<b>{}</b>").format(name_of(t, access, user))
    since = t.plain("since {date}", date=t.date(user.linked_at.astimezone(t.zone).date()))
    what = t.plain("owner") if user.is_owner else rights_of(t, user.rights)
    return lines(Markup("{}. {}").format(number, name), facts(what, since))


def name_of(t: Translator, access: AccessList, user: AccountUser) -> Plain:
    """A user by the name with which they joined, else by their place in the list."""
    name = shortened(user.name, NAME_LIMIT)
    if user.user_id == access.me.user_id:
        return t.plain("{name} (you)", name=name) if name else t.plain("You")
    if name:
        return name
    return t.plain("Person {n}", n=access.users.users.index(user) + 1)


def _open_invitations(t: Translator, access: AccessList) -> tuple[str | Markup, ...]:
    n = access.invitations
    if not n or not access.me.is_owner:
        return ()
    return ("", t.n("{n} invitation is open.", "{n} invitations are open.", n))


def _user_rows(
    t: Translator, client: ClientInfo, access: AccessList, users: Sequence[AccountUser]
) -> tuple[Row, ...]:
    """A button for each user about whom something can be changed."""
    return rows_of(
        (
            Button(name_of(t, access, user), OpenAccountUser(user.user_id, client.id))
            for user in users
            if user is not access.me and (access.me.is_owner or access.may_remove(user))
        ),
        2,
    )


def _invite_rows(t: Translator, access: AccessList) -> tuple[Row, ...]:
    if not access.me.is_owner:
        return ()
    can_invite = access.can_invite and access.invitations < MOST_INVITATIONS
    invite = (Button(t.plain("➕ Invite somebody"), AskInvite(), Style.PRIMARY),)
    withdraw = (Button(t.plain("Withdraw invitations"), WithdrawInvitations()),)
    return (
        *((invite,) if can_invite else ()),
        *((withdraw,) if access.invitations else ()),
    )


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


def rows_of_rights(
    t: Translator,
    payloads: dict[Rights, Invite] | dict[Rights, ChangeRights],
    chosen: Rights | None = None,
) -> Row:
    """A button for each kind of rights; the present one is marked."""
    return tuple(
        Button(
            Plain(f"✓ {rights_of(t, rights)}") if rights is chosen else rights_of(t, rights),
            payload,
        )
        for rights, payload in payloads.items()
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


def account_user(
    t: Translator, client: ClientInfo, access: AccessList, user: AccountUser
) -> Screen:
    """Another user: their rights, and what can be changed."""
    name, place = name_of(t, access, user), (user.user_id, client.id)
    since = t.date(user.linked_at.astimezone(t.zone).date())
    rights_row: tuple[Row, ...] = ()
    hand_over: tuple[Row, ...] = ()
    if access.me.is_owner:
        payloads = {rights: ChangeRights(*place, rights) for rights in Rights}
        rights_row = (rows_of_rights(t, payloads, user.rights),)
        hand_over = ((Button(t.plain("Make them the owner"), AskHandOver(*place)),),)
    remove: tuple[Row, ...] = ()
    if access.may_remove(user):
        unlink = Button(t.plain("Unlink {name}", name=name), AskRemoveUser(*place), Style.DANGER)
        remove = ((unlink,),)
    return Screen(
        lines(
            t("👤 <b>{name}</b>", name=name),
            account_name(client),
            "",
            t("Has had access since {date}", date=since),
            rights_explained(t, user.rights),
        ),
        (*rights_row, *hand_over, *remove, (back(t, OpenAccess()),)),
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
