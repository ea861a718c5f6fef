"""The updates of stored services in a load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from sqlalchemy import RowMapping, bindparam, update

from billing.ports.loading import Replacing, Restated
from billing.rules.loading.differences import ServiceRow
from billing.rules.loading.loaded_state import Difference
from storage.engines.connection import Connection
from storage.repositories.loading.loaded_states import Verdict, judge
from storage.repositories.loading.loading_rows import described_anew
from storage.tables.services import services


@dataclass(frozen=True, slots=True)
class Update:
    """A stored service and its row in the folder."""

    ref: str
    number: int
    client_id: int
    described: Mapping[str, Any]
    verdict: Verdict

    @classmethod
    def of(cls, row: ServiceRow, stored: RowMapping, replacing: Replacing) -> Self:
        """The changes that a row makes to the service; `described` is empty if there are none."""
        described, verdict = described_anew(row, stored), judge(row, stored, replacing)
        return cls(row.ref, stored["id"], stored["client_id"], described, verdict)

    @property
    def columns(self) -> Mapping[str, Any]:
        """The columns to write."""
        return {**self.described, **self.verdict.columns}

    @property
    def is_visible(self) -> bool:
        """Whether a client or the operator sees a difference."""
        return bool(self.described) or self.verdict.is_taken

    @property
    def is_kept_sale(self) -> bool:
        """Whether the service keeps a state that was made here."""
        return self.verdict.is_left and self.verdict.difference is Difference.SOLD_HERE

    @property
    def restated(self) -> Restated | None:
        """The service if its billing state changes, else None."""
        return Restated(self.client_id, self.number) if self.verdict.is_taken else None


async def update_services(connection: Connection, updates: Sequence[Update]) -> None:
    """Write the updates, with one statement for all that change the same columns."""
    rows = [(one.columns, one.number) for one in updates]
    rows.sort(key=lambda row: sorted(row[0]))
    statement = update(services).where(services.c.id == bindparam("number"))
    for names, alike in groupby(rows, key=lambda row: sorted(row[0])):
        if names:
            changed = [{"number": number} | dict(columns) for columns, number in alike]
            await connection.execute(statement, changed)
