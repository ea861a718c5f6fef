"""Who has access to a client's account, and what each of its users may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from billing.rules.allowed import EVERYTHING, LOOK_ONLY, PAY_ONLY, Allowed
from billing.rules.errors import NotAllowedError, NotFoundError
from billing.rules.names import visible

NAME_MAX = 64
"""Characters of a user's first name; Telegram takes no longer ones."""

NEWCOMER_FOR = timedelta(hours=24)
"""How long users other than the owner can remove somebody who has joined after them."""

INVITATION_FOR = timedelta(hours=24)
MOST_INVITATIONS = 5
"""Open invitations of an account at a time."""


class Rights(StrEnum):
    """What a link lets its user do.

    `PAY` is to look, to pay proformas and to renew what the account has. All users may leave, and
    choose their own language, time zone and reminders.
    """

    EVERYTHING = "everything"
    PAY = "pay"
    LOOK = "look"

    @property
    def allowed(self) -> Allowed:
        """The same as what actions check."""
        return _ALLOWED[self]


_ALLOWED = {Rights.EVERYTHING: EVERYTHING, Rights.PAY: PAY_ONLY, Rights.LOOK: LOOK_ONLY}


@dataclass(frozen=True, slots=True)
class AccountUser:
    """A user of an account; `name` is their first name in Telegram when they joined, or ""."""

    user_id: int
    name: str
    linked_at: datetime
    rights: Rights
    is_owner: bool


@dataclass(frozen=True, slots=True)
class AccountUsers:
    """The users of an account, those who have been linked longest first."""

    users: Sequence[AccountUser]

    def find(self, user_id: int) -> AccountUser | None:
        """One of them; None if they have no access."""
        return next((user for user in self.users if user.user_id == user_id), None)

    def get(self, user_id: int) -> AccountUser:
        """One of them; NotFoundError if they have no access."""
        user = self.find(user_id)
        if user is None:
            raise NotFoundError("no_such_user")
        return user

    def check_owner(self, user_id: int) -> None:
        """NotAllowedError unless this user is the owner."""
        if not self.get(user_id).is_owner:
            raise NotAllowedError("owner_only")

    def other(self, owner_id: int, user_id: int) -> AccountUser:
        """A user whom the owner may change: any but themselves."""
        self.check_owner(owner_id)
        user = self.get(user_id)
        if user.is_owner:
            raise NotAllowedError("owner_only")
        return user

    def removable(self, by: int, user_id: int, *, now: datetime) -> AccountUser:
        """A user whom another one may remove; NotAllowedError if they may not.

        The owner may remove everybody else. A user with all rights may remove somebody who joined
        after them, within a day: whoever sees a stranger come first can act.
        """
        remover, user = self.get(by), self.get(user_id)
        if not may_remove(remover, user, now=now):
            raise NotAllowedError("owner_only")
        return user


def may_remove(remover: AccountUser, user: AccountUser, *, now: datetime) -> bool:
    """Whether one user of an account may remove another one."""
    if user.is_owner or user.user_id == remover.user_id:
        return False
    if remover.is_owner:
        return True
    is_new = remover.linked_at < user.linked_at and now - user.linked_at < NEWCOMER_FOR
    return remover.rights is Rights.EVERYTHING and is_new


def check_invite(users: AccountUsers, user_id: int, *, invitations: int, is_on: bool) -> None:
    """NotAllowedError unless a user may make one more invitation.

    `invitations` are open; the company has them switched on where `is_on`.
    """
    users.check_owner(user_id)
    if not is_on:
        raise NotAllowedError("no_invitations")
    if invitations >= MOST_INVITATIONS:
        raise NotAllowedError("too_many_invitations", n=MOST_INVITATIONS)


def first_name(name: str) -> str:
    """A user's first name as it is kept with their link."""
    return " ".join(visible(name).split())[:NAME_MAX]
