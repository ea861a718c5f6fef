"""Leases: a task that only one process may do at a time, such as polling Telegram.

A lease is a row with an owner and an end; it is free when there is none or its end has passed.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, or_, select

from storage.engine import Engines
from storage.statements import upsert
from storage.tables.running import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has a task in hand, since when, and until when unless it is renewed."""

    name: str
    owner: str
    taken_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Leases:
    """Leases by name; each call is a transaction of its own. An owner is one running process."""

    engines: Engines

    async def acquire(self, name: str, owner: str, *, now: datetime, until: datetime) -> bool:
        """Take a free lease, keep one's own for longer; False while another has it."""
        async with self.engines.writer.begin() as connection:
            taken = upsert(leases, connection).values(
                name=name, owner=owner, taken_at=now, expires_at=until
            )
            result = await connection.execute(
                taken.on_conflict_do_update(
                    index_elements=["name"],
                    set_={
                        "owner": owner,
                        "taken_at": case((leases.c.owner == owner, leases.c.taken_at), else_=now),
                        "expires_at": until,
                    },
                    where=or_(leases.c.expires_at <= now, leases.c.owner == owner),
                ).returning(leases.c.name)
            )
            return result.scalar() is not None

    async def release(self, name: str, owner: str) -> None:
        """Give one's own lease back; another's stays."""
        async with self.engines.writer.begin() as connection:
            await connection.execute(
                delete(leases).where(leases.c.name == name, leases.c.owner == owner)
            )

    async def holder(self, name: str) -> Lease | None:
        """Who took it last, for a clear message; it may have expired."""
        async with self.engines.single.connect() as connection:
            row = (await connection.execute(select(leases).where(leases.c.name == name))).first()
        return Lease(*row) if row else None
