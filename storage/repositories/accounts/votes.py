"""Votes on whether a help topic was useful: one per user, which can change."""

from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, case, cast, func, select

from storage.engines.connection import Connection
from storage.statements import upsert
from storage.tables.accounts import votes

_USEFUL = cast(votes.c.useful, Integer)
_TALLY = select(
    func.coalesce(func.sum(_USEFUL), 0),
    func.count(),
    func.max(case((votes.c.user_id == bindparam("user_id"), _USEFUL))),
).where(votes.c.topic_id == bindparam("topic_id"))


@dataclass(frozen=True, slots=True)
class SqlVotes:
    """Rows of votes."""

    connection: Connection

    async def vote(self, user_id: int, topic_id: str, *, useful: bool) -> None:
        """Cast or change a vote."""
        cast_vote = upsert(votes, self.connection).values(
            topic_id=topic_id, user_id=user_id, useful=useful
        )
        await self.connection.execute(
            cast_vote.on_conflict_do_update(
                index_elements=["topic_id", "user_id"], set_={"useful": useful}
            )
        )

    async def tally(self, user_id: int, topic_id: str) -> tuple[int, int, bool | None]:
        """Useful votes, all votes, this user's own."""
        rows = await self.connection.execute(_TALLY, {"user_id": user_id, "topic_id": topic_id})
        useful, all_votes, mine = rows.one()
        return useful, all_votes, None if mine is None else bool(mine)
