"""What a connected panel is owed, one write each, and the invoices that it owns."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from billing.rules.panel.panel_calls import CallState, PanelCall
from billing.rules.payments.invoices import Invoice
from billing.views.page import Part
from billing.views.panel import ListedCall


class PanelCalls(Protocol):
    """Calls; one writer per client, and those of one order or invoice in turn."""

    async def add(self, call: PanelCall) -> PanelCall:
        """Insert; the id is assigned."""

    async def has_due(self, now: datetime) -> bool:
        """Whether anything is to be done by now."""

    async def claim(self, now: datetime, *, until: datetime) -> PanelCall | None:
        """Take the call that has been due for longest until the end of a lease.

        Not one behind another of its order or invoice, nor one of a client of whom another is
        taken, nor one to be sent while another has had an unknown outcome for a short time only.
        """

    async def get(self, number: int) -> PanelCall | None:
        """One of them."""

    async def move(
        self, call: PanelCall, state: CallState, *, due_at: datetime, at: datetime
    ) -> PanelCall | None:
        """Write the call with a new state and give its lease back.

        None if somebody else has moved or taken it since it was read.
        """

    async def send(self, call: PanelCall, *, until: datetime, at: datetime) -> PanelCall | None:
        """The same for a call that is about to be sent: its lease goes on until then."""

    async def open_for_invoice(self, invoice_id: int) -> Sequence[PanelCall]:
        """The open ones about an invoice, oldest first."""

    async def open_for_client(self, client_id: int) -> Sequence[PanelCall]:
        """The open ones of a client, oldest first."""

    async def made(self, client_id: int, order_id: int) -> Mapping[str, str]:
        """What the calls that placed an order have made: their refs by their steps, in turn."""

    async def page(self, part: Part, *, stuck: bool = False) -> tuple[ListedCall, ...]:
        """Open ones of all clients, oldest first; `stuck`: those that need somebody."""


class PanelInvoices(Protocol):
    """Invoices that a panel owns: what we keep is what it last said."""

    async def add(self, made: Sequence[Invoice]) -> Sequence[Invoice]:
        """Insert invoices with their lines, in two statements however many; assign ids.

        CartChangedError if a renewal on one is on another invoice already.
        """

    async def restate(self, invoice: Invoice) -> Invoice:
        """Write an invoice that a panel owns over what is kept of it, with its lines.

        Lines without an id are new and get one, and those that are kept and not named any more go.
        """

    async def of_panel(self, client_id: int) -> tuple[Invoice, ...]:
        """The client's invoices that were born of a panel."""

    async def holders(self, numbers: Collection[str]) -> Mapping[str, str]:
        """The refs of the invoices that bear these numbers, "" for one of our own."""

    async def elsewhere(self, client_id: int, refs: Collection[str]) -> tuple[Invoice, ...]:
        """Those of these that are kept under other clients."""

    async def note_missing(
        self, client_id: int, invoice_ids: Collection[int], *, since: datetime
    ) -> Mapping[int, datetime]:
        """A reading that began then showed all of the client's invoices but these.

        Since when each of them is missing by now.
        """
