"""What lies outside: time, payment providers, chats, e-mail."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from billing.ports.outbox import Outgoing
from billing.rules.money import Money
from billing.rules.payments.charges import Charge
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.payment import Payment
from billing.rules.reach import ClosedChat, Unreachable
from billing.rules.shop.catalog import Catalog
from billing.views.payments import PaymentStart
from billing.views.pictures import Drawn
from billing.views.reminders.digests import Digest

Draw = Callable[[Drawn], Awaitable[bytes]]
"""Draws a picture; its PNG."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""


class PaymentGateway(Protocol):
    """An adapter to a payment provider; knows nothing of Telegram or the database."""

    @property
    def code(self) -> str:
        """Its name in rows: bank, telegram."""

    @property
    def number(self) -> int:
        """Its number in buttons; never reused, and never 1, which stands for credit alone."""

    def offers(self, amount: Money, catalog: Catalog) -> bool:
        """Whether it can take this amount."""

    async def start(self, invoice: Invoice, payment: Payment, catalog: Catalog) -> PaymentStart:
        """How the client pays; called with no transaction open."""


class NoticeReader(Protocol):
    """Reads what a provider writes of money; knows nothing of the database."""

    def read(self, event_id: str, body: str) -> Charge:
        """What a notice says; of one that says nothing usable as much as there is."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message: sent as `message_id`, refused for good, or to be tried again.

    `retry_after` in seconds; None together with no message id means it was refused for good.
    `unreachable` says why its user cannot be written to, `closed` why the operator's chat cannot.
    `answered` is False where nobody answered at all.
    """

    message_id: int | None = None
    retry_after: float | None = None
    unreachable: Unreachable | None = None
    closed: ClosedChat | None = None
    answered: bool = True


class Notifier(Protocol):
    """Reminders and notifications out to chats; called with no transaction open."""

    async def digest(self, digest: Digest) -> Delivery:
        """Send a reminder."""

    async def notify(self, outgoing: Outgoing) -> Delivery:
        """Send a notification."""


@dataclass(frozen=True, slots=True)
class CodeMail:
    """A code for the one who reads the mail of an address.

    It links an account; or, where somebody's name is `asked_by`, it lets this user of the account
    pay and cancel ("": a user whose name is not known).
    """

    address: str
    code: str
    language: str
    valid_for: timedelta
    asked_by: str | None = None


class MailResult(Enum):
    """The server took the mail, refused this one for good or for now, or takes none at all."""

    SENT = "sent"
    REFUSED = "refused"
    REFUSED_NOW = "refused_now"
    FAILED = "failed"


class Mailer(Protocol):
    """E-mail; called with no transaction open. It never raises for what a mail server does."""

    async def send_code(self, mail: CodeMail) -> MailResult:
        """Send a code."""

    async def try_server(self) -> MailResult:
        """Do the same up to the mail itself: SENT if the server would take one."""
