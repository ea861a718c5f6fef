"""Who is talking: linking a Telegram user to a client, and the user's own choices."""

from dataclasses import dataclass, replace
from datetime import timedelta

from billing.actions.access.guesses import check_guesses
from billing.actions.access.successor import promote_and_tell
from billing.actions.environment import Environment
from billing.ports.outbox import Notification
from billing.ports.work import UnitOfWork
from billing.rules.access.rights import first_name
from billing.rules.errors import LinkCodeError, NotFoundError
from billing.rules.reach import Unreachable
from billing.rules.reminders.hours import first_moment
from billing.views.account import Account, ClientInfo, LinkPreview, Visitor
from billing.views.notices.access import UserJoined


@dataclass(frozen=True, slots=True)
class Identify:
    """Find out who a Telegram user is: one statement, on every update."""

    env: Environment

    async def __call__(self, user_id: int) -> Visitor:
        """The visitor; unknown users are visitors without a client."""
        async with self.env.work.reading() as uow:
            return await uow.users.visitor(user_id)


@dataclass(frozen=True, slots=True)
class PreviewLink:
    """Look at the account of a code before joining it; wrong guesses are counted."""

    env: Environment

    async def __call__(self, user_id: int, code_hash: str) -> LinkPreview:
        """The account; LinkCodeError for a wrong code or the sixth wrong guess in an hour.

        A code that this very user has used is no guess: a link is easily tapped twice.
        """
        now = self.env.now()
        async with self.env.work.writing() as uow:
            await check_guesses(uow, user_id, now=now)
            link_preview = await uow.link_codes.find(code_hash, now=now)
            if link_preview is None:
                if await uow.link_codes.used_by(code_hash, user_id) is not None:
                    raise LinkCodeError("code_used_before")
                await uow.link_codes.record_failure(user_id, at=now)
                await uow.commit()
                raise LinkCodeError
        return link_preview


@dataclass(frozen=True, slots=True)
class ConfirmLink:
    """Join the account of a code; confirming again changes nothing."""

    env: Environment

    async def __call__(
        self, user_id: int, code_hash: str, *, language: str | None = None, name: str = ""
    ) -> Visitor:
        """Use up the code and return the visitor; LinkCodeError if it is no good any more.

        The user keeps the `language` they have read until now if the client's is another one.
        `name` is the user's first name, kept for the other users of the account, who are told.
        """
        now = self.env.now()
        async with self.env.work.writing() as uow:
            joined = await uow.link_codes.use(code_hash, user_id, now=now)
            if joined is None:
                if await uow.link_codes.used_by(code_hash, user_id) is None:
                    raise LinkCodeError
                return await uow.users.visitor(user_id)
            client_id, rights = joined.client_id, joined.rights
            await uow.lock_client(client_id)
            name = first_name(name)
            # An invitation proves nothing: the chat that made it may be in wrong hands by now.
            visitor = await uow.users.link(
                user_id, client_id, at=now, rights=rights, name=name,
                proves=not joined.is_invitation,
            )  # fmt: skip
            news = Notification(
                f"joined:{code_hash}",
                UserJoined(user_id, name, rights),
                client_id=client_id,
                not_user=user_id,
            )
            await uow.outbox.add_for_users(news, at=now)
            if language and _would_change(visitor, language):
                await uow.users.set_language(user_id, language)
                visitor = replace(visitor, language=language)
            await uow.commit()
        return visitor


def _would_change(visitor: Visitor, language: str) -> bool:
    """Whether the account would change the language of somebody who has chosen none."""
    client = visitor.client
    return visitor.language is None and client is not None and client.language != language


@dataclass(frozen=True, slots=True)
class Unlink:
    """Leave the current client's account."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int) -> Visitor:
        """Leave and return the visitor as they are then.

        When the owner leaves, whoever has been linked longest becomes the owner and is told.
        """
        async with self.env.work.writing(client.id) as uow:
            visitor = await uow.users.unlink(user_id, client.id)
            await promote_and_tell(uow, client.id, at=self.env.now())
            await uow.commit()
        return visitor


@dataclass(frozen=True, slots=True)
class SwitchClient:
    """Act for another client this user is linked to."""

    env: Environment

    async def __call__(self, user_id: int, client_id: int) -> Visitor:
        """Switch and return the visitor; NotFoundError if they are not linked to it."""
        async with self.env.work.writing() as uow:
            visitor = await uow.users.switch(user_id, client_id)
            if visitor is None:
                raise NotFoundError
            await uow.commit()
        return visitor


@dataclass(frozen=True, slots=True)
class ShowAccount:
    """What the settings screen shows."""

    env: Environment

    async def __call__(self, visitor: Visitor) -> Account:
        """Read the linked clients."""
        async with self.env.work.reading() as uow:
            return Account(visitor, await uow.users.linked_clients(visitor.user_id))


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """The user's own language; None follows the client's, then Telegram's."""

    env: Environment

    async def __call__(self, visitor: Visitor, language: str | None) -> Visitor:
        """Store and return the visitor with it."""
        async with self.env.work.writing() as uow:
            await uow.users.set_language(visitor.user_id, language)
            await uow.commit()
        return replace(visitor, language=language)


@dataclass(frozen=True, slots=True)
class ChooseTimezone:
    """The user's own time zone; None follows the client's."""

    env: Environment

    async def __call__(self, visitor: Visitor, timezone: str | None) -> Visitor:
        """Store and return the visitor with it; the caller has checked the name."""
        async with self.env.work.writing() as uow:
            await uow.users.set_timezone(visitor.user_id, timezone)
            await uow.commit()
        return replace(visitor, timezone=timezone)


@dataclass(frozen=True, slots=True)
class NoteBlocked:
    """The user has blocked the bot or come back: nothing is sent to them meanwhile."""

    env: Environment

    async def __call__(self, user_id: int, *, blocked: bool) -> None:
        """Store it; what they were not sent in the last days waits again once they are back."""
        async with self.env.work.writing() as uow:
            await uow.users.set_unreachable(user_id, Unreachable.BLOCKED if blocked else None)
            if not blocked:
                await self._revive(uow, user_id)
            await uow.commit()

    async def _revive(self, uow: UnitOfWork, user_id: int) -> None:
        """Reminders, and the rest that would have been sent, of as many days as are caught up."""
        today, now = self.env.today(), self.env.now()
        policy = (await uow.catalogs.current()).policy.reminders
        since = today - timedelta(days=policy.catch_up_days)
        # On a day that is still to be planned it must not take the place of that day's message.
        day = today if await uow.reminders.is_planned(today) else None
        await uow.digests.revive(user_id, since=since, day=day, now=now)
        begins = first_moment(since, self.env.terms.timezone)
        await uow.outbox.revive(user_id, since=begins, now=now)
