"""Who has access to an account, as its users and the operator see it."""

from dataclasses import dataclass
from datetime import datetime

from billing.rules.access.rights import AccountUser, AccountUsers, Rights, check_invite, may_remove
from billing.views.account import LinkPreview


@dataclass(frozen=True, slots=True)
class AccessList:
    """The users of an account, for one of them (`me`).

    `invitations` are open; `can_invite` where the company lets owners invite. `now` is when the
    list was read.
    """

    users: AccountUsers
    me: AccountUser
    invitations: int
    can_invite: bool
    now: datetime

    def check_invite(self) -> None:
        """NotAllowedError unless the user who looks may invite somebody now."""
        check_invite(
            self.users, self.me.user_id, invitations=self.invitations, is_on=self.can_invite
        )

    def may_remove(self, user: AccountUser) -> bool:
        """Whether the user who looks may remove another one."""
        return may_remove(self.me, user, now=self.now)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code for one more user of an account."""

    code: str
    expires_at: datetime
    rights: Rights


@dataclass(frozen=True, slots=True)
class UnlinkedClient:
    """A client whom no user is linked to, as a mailing needs them."""

    id: int
    ref: str
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code of the operator, and the client whose account it links."""

    client: UnlinkedClient
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountOfEmail:
    """A client with a certain e-mail address; `email` is written as the company knows it."""

    preview: LinkPreview
    email: str


@dataclass(frozen=True, slots=True)
class ProvenAccount:
    """An account that a right code from an e-mail opens, and the hash of a link code for it."""

    preview: LinkPreview
    code_hash: str
