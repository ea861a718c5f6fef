"""The users of an account and their rights, and what is stored of a code."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from billing.rules.access.rights import AccountUsers, Rights
from billing.views.access import UnlinkedClient


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

    async def unlinked(self) -> tuple[UnlinkedClient, ...]:
        """The clients without any user, by the company's own id."""
