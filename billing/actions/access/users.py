"""Who has access to an account: the list, rights, ownership, removal."""

from dataclasses import dataclass, replace

from billing.actions.access.link_codes import access_list
from billing.actions.access.successor import promote_and_tell, tell_owner
from billing.actions.environment import Environment
from billing.actions.find_client import find_client
from billing.ports.outbox import Notification
from billing.rules.access.rights import AccountUser, AccountUsers, Rights
from billing.rules.audit import Actor, Audited
from billing.rules.errors import NotFoundError
from billing.views.access import AccessList
from billing.views.account import ClientInfo
from billing.views.notices.access import AccessEnded, RightsChanged


@dataclass(frozen=True, slots=True)
class ShowAccess:
    """Who has access to an account, for one of its users."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int) -> AccessList:
        """Read the list; NotFoundError for a user without access."""
        async with self.env.work.reading() as uow:
            users = await uow.access.users(client.id)
            invitations = await uow.link_codes.invitations(client.id, now=self.env.now())
        return access_list(self.env, users, user_id, invitations=invitations)


@dataclass(frozen=True, slots=True)
class ChangeRights:
    """Give another user other rights; they are told."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, user_id: int, other_id: int, rights: Rights
    ) -> AccessList:
        """Who has access then; NotAllowedError for a user who is not the owner."""
        now = self.env.now()
        async with self.env.work.writing(client.id) as uow:
            users = await uow.access.users(client.id)
            other = users.other(user_id, other_id)
            if other.rights is not rights:
                await uow.access.set_rights(client.id, other_id, rights)
                key = f"rights:{client.id}:{other_id}:{now.isoformat()}"
                news = Notification(
                    key, RightsChanged(rights), client_id=client.id, user_id=other_id
                )
                await uow.outbox.add([news], at=now)
                users = _with(users, replace(other, rights=rights))
            await uow.commit()
        return access_list(self.env, users, user_id, invitations=0)


@dataclass(frozen=True, slots=True)
class HandOver:
    """Make another user the owner; they are told."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int, other_id: int) -> AccountUser:
        """The new owner; NotAllowedError for a user who is not the owner.

        A second time it changes nothing.
        """
        now = self.env.now()
        async with self.env.work.writing(client.id) as uow:
            users = await uow.access.users(client.id)
            other, me = users.get(other_id), users.get(user_id)
            if other.is_owner and me is not other:
                return other
            users.other(user_id, other_id)
            await uow.access.hand_over(client.id, other_id)
            await uow.outbox.add([tell_owner(client.id, other_id, at=now)], at=now)
            await uow.commit()
        return replace(other, is_owner=True, rights=Rights.EVERYTHING)


@dataclass(frozen=True, slots=True)
class RemoveUser:
    """End another user's access; they are told, and asked and reminded of nothing any more."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int, other_id: int) -> AccountUser:
        """Who was removed.

        NotFoundError if they have no access (any more), NotAllowedError for a user who may not
        remove them.
        """
        now = self.env.now()
        async with self.env.work.writing(client.id) as uow:
            users = await uow.access.remove(client.id, other_id, by=user_id)
            # What is refused is not committed.
            other = users.removable(user_id, other_id, now=now)
            await uow.outbox.add([_access_ended(client, other)], at=now)
            await uow.commit()
        return other


@dataclass(frozen=True, slots=True)
class ListLinks:
    """The users of a client, for the operator."""

    env: Environment

    async def __call__(self, client_ref: str) -> AccountUsers:
        """Read them; NotFoundError for an unknown client."""
        async with self.env.work.reading() as uow:
            client = await find_client(uow, client_ref)
            return await uow.access.users(client.id)


@dataclass(frozen=True, slots=True)
class EndLink:
    """End a user's access to a client, for the operator; the user is told."""

    env: Environment

    async def __call__(self, client_ref: str, user_id: int, *, by: Actor) -> AccountUser:
        """Who was removed; NotFoundError for an unknown client or a user without access.

        Of an owner, the account goes to the user who has been linked longest.
        """
        now = self.env.now()
        async with self.env.work.writing() as uow:
            client = await find_client(uow, client_ref)
            await uow.lock_client(client.id)
            user = (await uow.access.remove(client.id, user_id, by=user_id)).find(user_id)
            if user is None:
                raise NotFoundError("no_such_link", ref=client_ref, user=user_id)
            await uow.outbox.add([_access_ended(client, user)], at=now)
            await promote_and_tell(uow, client.id, at=now)
            await uow.audit.add(by, Audited.END_LINK, client.ref, at=now, note=f"user {user_id}")
            await uow.commit()
        return user


def _access_ended(client: ClientInfo, user: AccountUser) -> Notification:
    key = f"access_ended:{client.id}:{user.linked_at.isoformat()}"
    news = AccessEnded(client.name, client.language)
    return Notification(key, news, user_id=user.user_id)


def _with(users: AccountUsers, changed: AccountUser) -> AccountUsers:
    return AccountUsers(
        tuple(changed if one.user_id == changed.user_id else one for one in users.users)
    )
