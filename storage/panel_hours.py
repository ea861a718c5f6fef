"""The calls of an hour to a connected panel: how many of them processes have been given.

A process asks for some at a time and makes them without asking again, so that the row is written
seldom and nothing is locked while the panel is called. What a killed process had not made yet is
lost for the rest of the hour: too few are made rather than too many.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, or_, update

from billing.ports.panel_hours import CallsGiven
from storage.engines.engine import Engines
from storage.leases import shared_time
from storage.statements import upsert
from storage.tables.running import ONLY_ROW, panel_hours

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class PanelHours:
    """The one row; each call is a transaction of its own.

    On PostgreSQL the time is the database's. An hour never lasts longer than one from now,
    whichever clock began it.
    """

    engines: Engines

    async def give(self, calls: int, *, most: int, now: datetime) -> CallsGiven:
        """Give so many calls of this hour, or fewer so that all have at most `most` of it."""
        h = panel_hours.c
        async with self.engines.writer.begin() as connection:
            moment = shared_time(connection, now)
            statement = upsert(panel_hours, connection).values(
                id=ONLY_ROW, began_at=moment, given=0
            )
            is_over = h.began_at <= shared_time(connection, now, later=-HOUR)
            is_ahead = h.began_at > moment
            # Whoever is first locks the row; another process waits here until it is told.
            hour = statement.on_conflict_do_update(
                index_elements=["id"],
                set_={
                    "began_at": case((or_(is_over, is_ahead), moment), else_=h.began_at),
                    "given": case((is_over, 0), else_=h.given),
                },
            ).returning(h.began_at, h.given, moment.label("moment"))
            row = (await connection.execute(hour)).one()
            given = max(min(calls, most - row.given), 0)
            if given:
                more = update(panel_hours).where(h.id == ONLY_ROW).values(given=h.given + given)
                await connection.execute(more)
        left = row.began_at + HOUR - row.moment
        return CallsGiven(given, row.given, left.total_seconds())
