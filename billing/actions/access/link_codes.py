"""Codes that link a user to an account: made by the operator, or by an owner who invites."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.actions.access.from_panel import PanelClients
from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.ports.access import NewCode
from billing.rules.access.link_codes import ALPHABET, CODE_LENGTH, hash_code
from billing.rules.access.rights import INVITATION_FOR, AccountUsers, Rights, check_invite
from billing.rules.audit import Actor, Audited
from billing.rules.errors import InvalidInputError
from billing.views.access import AccessList, Invitation, IssuedCode
from billing.views.account import ClientInfo

VALID_FOR = timedelta(days=7)
"""How long a code of the operator is valid unless they say otherwise."""

LONGEST = timedelta(days=90)


def make_code() -> str:
    """A new code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@dataclass(frozen=True, slots=True)
class IssueLinkCode:
    """Make a one-time code for a client; the operator hands it over."""

    env: Environment
    there: PanelClients

    async def __call__(
        self, client_ref: str, *, by: Actor, valid_for: timedelta = VALID_FOR
    ) -> tuple[str, datetime]:
        """The code and when it expires; NotFoundError for an unknown client.

        A client who is not known here is looked up in a connected panel; PanelUnreachableError if
        that does not answer.
        """
        code, now = make_code(), self.env.now()
        expires_at = now + _checked(valid_for)
        await self.there.meet(client_ref)
        async with self.env.work.writing() as uow:
            client = await find_client(uow, client_ref)
            await uow.link_codes.add([NewCode(hash_code(code), client.id, expires_at)])
            await uow.audit.add(by, Audited.ISSUE_LINK_CODE, client.ref, at=now)
            await uow.commit()
        return code, expires_at


@dataclass(frozen=True, slots=True)
class IssueMissingCodes:
    """Make a code for each client without a user, for a mailing."""

    env: Environment
    there: PanelClients

    async def __call__(
        self, *, by: Actor, valid_for: timedelta = VALID_FOR
    ) -> Sequence[IssuedCode]:
        """The codes with whose they are; codes that were made before stay valid.

        With a connected panel these are all its clients, except those who may buy nothing there;
        PanelUnreachableError if it does not answer.
        """
        now = self.env.now()
        expires_at = now + _checked(valid_for)
        await self.there.meet_all()
        async with self.env.work.writing() as uow:
            issued = [
                IssuedCode(client, make_code(), expires_at)
                for client in await uow.access.unlinked()
            ]
            await uow.link_codes.add(
                [NewCode(hash_code(one.code), one.client.id, expires_at) for one in issued]
            )
            for one in issued:
                await uow.audit.add(by, Audited.ISSUE_LINK_CODE, one.client.ref, at=now)
            await uow.commit()
        return issued


def _checked(valid_for: timedelta) -> timedelta:
    if not timedelta() < valid_for <= LONGEST:
        raise InvalidInputError("bad_validity", days=LONGEST.days)
    return valid_for


@dataclass(frozen=True, slots=True)
class Invite:
    """Make a code for one more user of an account, for its owner."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int, rights: Rights) -> Invitation:
        """The code, which works once and for a day, and gives these rights.

        NotAllowedError for a user who is not the owner, where the company has switched
        invitations off, and while as many as may be are open.
        """
        code, now = make_code(), self.env.now()
        expires_at = now + INVITATION_FOR
        async with self.env.work.writing(client.id) as uow:
            users = await uow.access.users(client.id)
            invitations = await uow.link_codes.invitations(client.id, now=now)
            is_on = self.env.terms.invitations
            check_invite(users, user_id, invitations=invitations, is_on=is_on)
            new = NewCode(hash_code(code), client.id, expires_at, rights, invited_by=user_id)
            await uow.link_codes.add([new])
            await uow.commit()
        return Invitation(code, expires_at, rights)


@dataclass(frozen=True, slots=True)
class WithdrawInvitations:
    """End the open invitations of an account."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int) -> AccessList:
        """Who has access; NotAllowedError for a user who is not the owner."""
        async with self.env.work.writing(client.id) as uow:
            users = await uow.access.users(client.id)
            users.check_owner(user_id)
            await uow.link_codes.withdraw_invitations(client.id)
            await uow.commit()
        return access_list(self.env, users, user_id, invitations=0)


def access_list(
    env: Environment, users: AccountUsers, user_id: int, *, invitations: int
) -> AccessList:
    """The users of an account for one of them; NotFoundError for a user without access."""
    return AccessList(users, users.get(user_id), invitations, env.terms.invitations, now=env.now())
