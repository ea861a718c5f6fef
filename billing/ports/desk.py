"""What is counted and searched over all clients, for staff."""

from datetime import date, datetime
from typing import Protocol

from billing.views.desk import FoundClient, FoundInvoice, FoundService, OverdueGroup, Tally, ToDo
from billing.views.page import Part
from billing.views.seen_client import ClientFigures


class Desk(Protocol):
    """Counts and sums over all clients; as many statements however many those are."""

    async def money(
        self, *, since: datetime, until: datetime, lapses_by: date
    ) -> tuple[Tally, Tally, Tally]:
        """What came in that time; the open proformas; those of them that lapse by that day.

        One statement. An open proforma counts with what is left to pay.
        """

    async def overdue(self, *, today: date, long_before: date) -> tuple[OverdueGroup, ...]:
        """Services past their due date that go on; `is_long` those due before the other day."""

    async def todo(self, *, earliest: date, latest: date) -> ToDo:
        """How much waits for staff; the unreachable are those who owe something in that window."""

    async def unreachable(
        self, part: Part, *, earliest: date, latest: date
    ) -> tuple[FoundClient, ...]:
        """The clients whom no reminder reaches, of those who owe something in that window."""

    async def client(self, client_id: int) -> ClientFigures:
        """Whether a client can be told something, and their services by status."""


class DeskSearch(Protocol):
    """Searches over all clients, one statement each."""

    async def clients(self, text: str, *, limit: int) -> tuple[FoundClient, ...]:
        """By the words in id, name or e-mail, or by the Telegram id of a user."""

    async def services(self, text: str, *, limit: int) -> tuple[FoundService, ...]:
        """By the words in name or domain, add-ons left out."""

    async def invoices(self, number: str, *, limit: int) -> tuple[FoundInvoice, ...]:
        """By the beginning of the number, in whatever case."""
