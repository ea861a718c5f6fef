"""A connected panel: what it is asked and told, and what it answers."""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from billing.ports.panel import Capabilities
from billing.rules.panel.panel_calls import PanelCall, Verb
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import Order
from billing.rules.payments.payment import Payment
from billing.rules.services.service import Service
from billing.views.account import ClientInfo
from billing.views.panel import (
    PanelAccount,
    PanelCatalogue,
    PanelChanges,
    PanelClient,
    PanelFinding,
    Snapshot,
)
from billing.views.services import Cancellation


@dataclass(frozen=True, slots=True)
class CallSubject:
    """A call with everything it names, as it was read before anything was asked.

    `services` are those that the order's lines are about, by their ids here; `products` what the
    panel calls the products of its lines, by our names for them. `made` is what the calls that
    placed the order have made there: their refs by their steps, in turn.
    """

    call: PanelCall
    client: ClientInfo
    order: Order | None = None
    invoice: Invoice | None = None
    payment: Payment | None = None
    cancellation: Cancellation | None = None
    services: Mapping[int, Service] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NextCall:
    """The write that follows in a chain: its step, and what this one has made."""

    step: str
    ref: str


@dataclass(frozen=True, slots=True)
class Done:
    """It is done there; `ref` is what it has made, `then` what has to follow.

    `lines` are those of an order that this write has placed, by their numbers in the cart.
    `trouble` is what the operator has to see to although it is done, in the panel's words: what
    was paid for and not carried out.
    """

    ref: str = ""
    then: NextCall | None = None
    lines: tuple[int, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done and will not be; `code` says why. It ends what else waits of an order."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it was done; `error` is a short word for the log."""

    error: str = ""


@dataclass(frozen=True, slots=True)
class NotSent(Unknown):
    """It was certainly not sent, so that it was not done."""


@dataclass(frozen=True, slots=True)
class NeverHappened:
    """It was not done, and the panel will not do it by itself any more."""


class PanelUnreachableError(Exception):
    """The panel did not answer, as happens; the text says no more than what for the log.

    `reason` is a short word for it, if there is one. `is_unsent`: it was to be told something, and
    that has certainly not been sent.
    """

    reason: str = ""
    is_unsent: bool = False


class PanelBusyError(PanelUnreachableError):
    """It was not asked, or has sent us away: too many calls of late. It is there, and alive."""


class ConnectedPanel(Protocol):
    """A panel outside. Its methods are called with no transaction open.

    An error that one of them raises means that it could not be asked: of a read it is tried again,
    of a write the outcome is unknown. Of PanelUnreachableError the log has one line.
    """

    @property
    def name(self) -> str:
        """Its kind, as `PANELIK_PANEL` names it."""

    async def identity(self) -> str:
        """What tells it apart from others of its kind: its address with an oldest id there.

        PanelUnreachableError while it cannot be asked.
        """

    @property
    def capabilities(self) -> Capabilities:
        """What can be done through it."""

    def first_step(self, verb: Verb) -> str:
        """The step with which a purchase of several writes begins; "" where there is only one."""

    def by_hand(self, subject: CallSubject, ref: str) -> Done:
        """What is done, and what follows, where the operator has done a call in the panel.

        `ref` is the number that they say it has there.
        """

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """What it means that a call is given up: it is refused, with that code.

        Where something was made for its order before, it is what has to follow: taking that back.
        """

    async def prepare(self, subject: CallSubject) -> str:
        """Read what is needed to find out later whether the call was carried out."""

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:
        """Write, once. The error of what was certainly not sent has `is_unsent`."""

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:
        """Read whether a call was carried out whose answer is not known."""

    async def refresh(self, client: ClientInfo) -> Snapshot:
        """Read what a client has."""

    async def changes(self, cursor: str) -> PanelChanges:
        """Read what has changed since a cursor; "" gives the newest cursor, and no changes."""

    def everything(self, refs: Collection[str] | None = None) -> AsyncIterator[PanelAccount]:
        """Read clients with what they have, all or those of these refs, in pages.

        A ref that the panel does not know is left out.
        """

    def clients(self) -> AsyncIterator[PanelClient]:
        """Read who the clients are, all of them, in pages."""

    async def catalogue(self) -> PanelCatalogue:
        """Read what is offered, with prices and cycles."""

    async def find_clients(self, email: str) -> tuple[PanelClient, ...]:
        """Find the clients with an address, whatever its case."""

    async def client(self, ref: str) -> PanelClient | None:
        """Read one client; None for a ref that the panel does not know."""

    async def check(self) -> tuple[PanelFinding, ...]:
        """See what works and what is missing: address, token, permissions, version, clock.

        Raises nothing: a panel that does not answer is a finding.
        """
