"""Notices about who has access to an account."""

from dataclasses import dataclass
from typing import ClassVar

from billing.rules.access.rights import Rights


@dataclass(frozen=True, slots=True)
class UserJoined:
    """Somebody was linked to the account; for its other users. `name` "" where none is known."""

    topic: ClassVar[str] = "user_joined"
    user_id: int
    name: str
    rights: Rights


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """The owner gave the user other rights."""

    topic: ClassVar[str] = "rights_changed"
    rights: Rights


@dataclass(frozen=True, slots=True)
class OwnershipReceived:
    """The user is the owner of the account from now on."""

    topic: ClassVar[str] = "ownership_received"


@dataclass(frozen=True, slots=True)
class AccessEnded:
    """The user was removed from an account; they are not linked to it any more.

    `account` is the client's name, `language` the client's.
    """

    topic: ClassVar[str] = "access_ended"
    account: str
    language: str


@dataclass(frozen=True, slots=True)
class CodeNotMailed:
    """A code that the user has asked for could not be sent by e-mail; `language` is theirs.

    `is_proof`: it was to prove that the account is theirs, not to link one.
    """

    topic: ClassVar[str] = "code_not_mailed"
    language: str
    is_proof: bool = False


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """The company has closed the account to new orders and payments, or opened it again."""

    topic: ClassVar[str] = "account_closed"
    is_closed: bool


AccessNotice = (
    UserJoined | RightsChanged | OwnershipReceived | AccessEnded | CodeNotMailed | AccountClosed
)
