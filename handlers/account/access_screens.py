"""Who has access to an account, invitations, rights, ownership and removal."""

from collections.abc import Sequence

from markupsafe import Markup

from billing.rules.access.rights import MOST_INVITATIONS, AccountUser, Rights
from billing.views.access import AccessList
from billing.views.account import ClientInfo
from handlers.buttons import (
    AskHandOver,
    AskInvite,
    AskRemoveUser,
    ChangeRights,
    Invite,
    OpenAccess,
    OpenAccountUser,
    OpenSettings,
    WithdrawInvitations,
)
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, rows_of, shortened
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
