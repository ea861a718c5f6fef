"""The users of an account and their rights, and what is stored of a code."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from billing.rules.access.rights import AccountUsers, Rights
from billing.views.access import AccountOfEmail, UnlinkedClient


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code to be stored: its hash, whose account it links, and what its user may do then.

    `invited_by` is the owner who made it, None for the operator: it links only as long as they
    are the owner.
    """

    code_hash: str
    client_id: int
    expires_at: datetime
    rights: Rights = Rights.EVERYTHING
    invited_by: int | None = None


@dataclass(frozen=True, slots=True)
class UsedCode:
    """Whose account a code links, what its user may do, and whether somebody has invited them."""

    client_id: int
    rights: Rights
    is_invitation: bool = False


@dataclass(frozen=True, slots=True)
class EmailCode:
    """A code that somebody has asked for by e-mail; of the code only a hash, None before it goes.

    `email` is the address as they typed it, whether or not a client has it. `attempts` counts how
    often it was tried to send it, this time included. With a `client_id` the code proves that the
    account of this client is the user's, and goes to the client's own address.
    """

    id: int
    user_id: int
    email: str
    language: str
    code_hash: str | None
    asked_at: datetime
    expires_at: datetime
    attempts: int
    client_id: int | None = None


class EmailCodeResult(StrEnum):
    """What became of a code: sent (or its address is nobody's), refused for good, given up."""

    SENT = "sent"
    REFUSED = "undeliverable"
    GIVEN_UP = "failed"


@dataclass(frozen=True, slots=True)
class EmailCodeCounts:
    """How many codes were asked for: by a user, for an address, in all."""

    by_user: int
    for_email: int
    in_all: int


class Access(Protocol):
    """Who has access to an account. What changes it locks the client first."""

    async def users(self, client_id: int) -> AccountUsers:
        """The users of a client."""

    async def set_rights(self, client_id: int, user_id: int, rights: Rights) -> None:
        """Give a user of a client other rights."""

    async def hand_over(self, client_id: int, user_id: int) -> None:
        """Make a user of a client its owner, with all rights, in place of the present one."""

    async def promote(self, client_id: int) -> int | None:
        """Where there is no owner, make the one of the longest-linked user; return them."""

    async def remove(self, client_id: int, user_id: int, *, by: int) -> AccountUsers:
        """End a link from outside, with what its user was being asked for.

        Return the user as they were, and the one who removes them if they are linked; nobody
        where there was no link. Whether they may is for the caller to say, before the commit.
        """

    async def with_email(self, email: str) -> tuple[AccountOfEmail, ...]:
        """The clients with an address, by the company's own id; `email` as by `email_key`."""

    async def address_of(self, client_id: int) -> str:
        """The e-mail address of a client, "" where there is none."""

    async def unlinked(self) -> tuple[UnlinkedClient, ...]:
        """The clients without any user who may buy something, by the company's own id."""


class EmailCodes(Protocol):
    """Codes by e-mail: those who want one, and the queue of what is to be sent."""

    async def count(self, user_id: int, email: str, *, since: datetime) -> EmailCodeCounts:
        """How many were asked for since then to link; nobody else counts until this is over.

        Those that could not be sent do not count.
        """

    async def count_for(self, user_id: int, client_id: int, *, since: datetime) -> EmailCodeCounts:
        """The same of those that prove whose the account of a client is."""

    async def newest(
        self, user_id: int, *, now: datetime, client_id: int | None = None
    ) -> EmailCode | None:
        """What the user has asked for last, unless it has expired or could not be sent.

        With a client, of the codes that prove that this account is theirs; else of those that
        link.
        """

    async def add(
        self,
        user_id: int,
        email: str,
        language: str,
        *,
        at: datetime,
        expires_at: datetime,
        client_id: int | None = None,
    ) -> None:
        """Put a code into the queue; it is made when it is sent."""

    async def has_due(self, now: datetime) -> bool:
        """Whether a code is to be sent by now."""

    async def claim(self, now: datetime, *, lease_until: datetime) -> EmailCode | None:
        """Take one that is due, for one lease."""

    async def set_code(self, row_id: int, code_hash: str, *, expires_at: datetime) -> None:
        """Let a code be the right one, in place of any before it."""

    async def finish(self, row_id: int, result: EmailCodeResult) -> None:
        """It is not to be sent (again)."""

    async def defer(self, row_id: int, *, until: datetime) -> None:
        """Try again later."""

    async def prune(self, *, before: datetime, limit: int) -> int:
        """Delete those that were asked for before then; how many."""
