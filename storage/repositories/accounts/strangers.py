"""Abandoned conversations, and users of whom nothing else is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, tuple_

from storage.engines.connection import Connection
from storage.tables.accounts import links, users, votes
from storage.tables.running import conversations

_KEY = (conversations.c.user_id, conversations.c.chat_id, conversations.c.bot_id)


@dataclass(frozen=True, slots=True)
class SqlStrangers:
    """Rows of conversations, and of users and votes that depend on them."""

    connection: Connection

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete conversations last used before a day, and unknown users; how many."""
        old = select(*_KEY).where(conversations.c.used_on < before).limit(limit)
        deleted = await self.connection.execute(
            delete(conversations)
            .where(tuple_(*_KEY).in_(old.with_for_update(skip_locked=True)))
            .returning(conversations.c.user_id)
        )
        user_ids = deleted.scalars().all()
        if user_ids:
            await self._forget_strangers(sorted(set(user_ids)))
        return len(user_ids)

    async def _forget_strangers(self, user_ids: Collection[int]) -> None:
        """Delete the users among these without a link and without another conversation."""
        linked_users = select(links.c.user_id).where(links.c.user_id.in_(user_ids))
        talking = select(conversations.c.user_id).where(conversations.c.user_id.in_(user_ids))
        users_to_keep = set((await self.connection.execute(linked_users.union(talking))).scalars())
        strangers = [user_id for user_id in user_ids if user_id not in users_to_keep]
        if not strangers:
            return
        await self.connection.execute(delete(votes).where(votes.c.user_id.in_(strangers)))
        still_unlinked = ~select(links.c.user_id).where(links.c.user_id == users.c.id).exists()
        await self.connection.execute(
            delete(users).where(
                users.c.id.in_(strangers), users.c.client_id.is_(None), still_unlinked
            )
        )
