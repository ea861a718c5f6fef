"""Clients, users, link codes and votes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from billing.ports.access import NewCode, UsedCode
from billing.rules.access.rights import Rights
from billing.rules.money import Money
from billing.rules.payments.payment import CreditMovement, CreditReason
from billing.rules.reach import Unreachable
from billing.views.account import ClientInfo, LinkPreview, Reach, Visitor


class Clients(Protocol):
    """Clients and their credit."""

    async def get(self, client_id: int) -> ClientInfo | None:
        """One client."""

    async def by_ref(self, ref: str) -> ClientInfo | None:
        """One client by the company's own id."""

    async def move_credit(
        self,
        client_id: int,
        amount: Money,
        *,
        reason: CreditReason,
        at: datetime,
        invoice_number: str = "",
    ) -> Money:
        """Add a signed amount and note it; InsufficientCreditError below zero, nothing changed."""

    async def movements(
        self, client_id: int, *, limit: int, offset: int
    ) -> tuple[CreditMovement, ...]:
        """The credit's history, newest first."""


class Users(Protocol):
    """Telegram users and the clients they are linked to."""

    async def visitor(self, user_id: int) -> Visitor:
        """The user with their current client, in one statement; unknown users are visitors too."""

    async def linked_clients(self, user_id: int) -> tuple[LinkPreview, ...]:
        """The clients this user may act for."""

    async def reach(self, client_id: int) -> Reach:
        """Whether any user of a client can be written to."""

    async def link(
        self,
        user_id: int,
        client_id: int,
        *,
        at: datetime,
        rights: Rights = Rights.EVERYTHING,
        name: str = "",
        proves: bool = True,
    ) -> Visitor:
        """Join a user to a client and make it their current one: the visitor then.

        The first user of a client is its owner and has all rights. Again changes of a link only
        when it was proved that the account is theirs, which it does where it `proves`.
        """

    async def prove(self, user_id: int, client_id: int, *, at: datetime) -> Visitor:
        """Note that a user has proved that a client's account is theirs; the visitor then."""

    async def unlink(self, user_id: int, client_id: int) -> Visitor:
        """Leave a client: the visitor then; another linked one, if any, becomes current."""

    async def switch(self, user_id: int, client_id: int) -> Visitor | None:
        """Make a linked client the current one: the visitor then; None if it is not linked."""

    async def set_language(self, user_id: int, language: str | None) -> None:
        """The user's own choice, None to follow the client's."""

    async def set_timezone(self, user_id: int, timezone: str | None) -> None:
        """The user's own choice, None to follow the client's."""

    async def set_unreachable(self, user_id: int, why: Unreachable | None) -> None:
        """Why the user cannot be written to; None when they can. Of a stranger nothing is kept."""


class LinkCodes(Protocol):
    """One-time codes; only hashes are stored."""

    async def invitations(self, client_id: int, *, now: datetime) -> int:
        """How many invitations of a client's owner are open."""

    async def withdraw_invitations(self, client_id: int) -> None:
        """End the open invitations of a client."""

    async def add(self, codes: Sequence[NewCode]) -> None:
        """Store fresh codes."""

    async def add_absent(self, codes: Sequence[NewCode]) -> None:
        """Store codes that follow from something else; those that are there stay as they are."""

    async def find(self, code_hash: str, *, now: datetime) -> LinkPreview | None:
        """The account of an unused, unexpired code."""

    async def use(self, code_hash: str, user_id: int, *, now: datetime) -> UsedCode | None:
        """Consume a code once and return its client and what it lets its user do.

        None if it is used, expired, unknown, or of somebody who may not invite any more.
        """

    async def used_by(self, code_hash: str, user_id: int) -> int | None:
        """The client this very user joined with this code before: a repeated confirmation."""

    async def failures(self, user_id: int, *, since: datetime) -> int:
        """Wrong guesses of a user since then; nobody else counts theirs until this is over."""

    async def record_failure(self, user_id: int, *, at: datetime) -> None:
        """Note a wrong guess."""

    async def wrong_guesses(self, *, since: datetime, until: datetime) -> tuple[int, int]:
        """How many there were in that time, and by how many users."""

    async def prune(self, *, expired_before: datetime, now: datetime, limit: int) -> int:
        """Delete codes that expired before then and guesses that no limit counts; how many."""


class Strangers(Protocol):
    """What is kept of people who have not been here for long."""

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete conversations last used before a day, and who they were; how many.

        Of a user with no client and no other conversation nothing is left, no vote either.
        """


class Votes(Protocol):
    """Whether a help topic was useful: one changeable vote per user."""

    async def vote(self, user_id: int, topic_id: str, *, useful: bool) -> None:
        """Cast or change."""

    async def tally(self, user_id: int, topic_id: str) -> tuple[int, int, bool | None]:
        """Useful votes, all votes, this user's own."""
