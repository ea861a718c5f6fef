"""Who is talking, and for which client."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from billing.rules.access.rights import Rights
from billing.rules.allowed import Allowed
from billing.rules.errors import BillingError
from billing.rules.money import Money
from billing.rules.panel.panel_state import UNREAD, UNSEEN, PanelState, Sight
from billing.rules.reach import Unreachable


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Who owns services and pays; `tax_rate` in basis points, None for the company's default.

    `tax_id` is the client's number as a tax payer, "" where none was loaded. `rights` are those of
    the user who acts for the client.

    With a connected panel, `sight` says when the client was last read there, `is_closed` that they
    may buy nothing there, and `balance` what stands to their credit, None where it does not say.
    `proved_at` is when the user who acts for the client proved last that the account is theirs.
    """

    id: int
    ref: str
    name: str
    language: str
    timezone: str
    currency: str
    tax_rate: int | None
    credit: Money
    rights: Allowed
    tax_id: str = ""
    sight: Sight = UNSEEN
    is_closed: bool = False
    balance: Money | None = None
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """A Telegram user and the client they act for; `linked` counts the clients they may act for.

    `unreachable` says why they cannot be written to, as far as we know. `panel` is what is known
    of a connected panel: since when it does not answer, and until when its changes were read.
    """

    user_id: int
    client: ClientInfo | None = None
    language: str | None = None
    timezone: str | None = None
    linked: int = 0
    unreachable: Unreachable | None = None
    panel: PanelState = UNREAD

    @property
    def as_of(self) -> datetime | None:
        """Up to when our copy of what the client has is true; None if it was never read."""
        return self.panel.as_of(self.client.sight) if self.client else None

    def check_panel_reads(self) -> None:
        """BillingError("panel_away"), or "account_unread" where a row cannot be read there."""
        if self.panel.is_away:
            raise BillingError("panel_away")
        if self.client is not None and self.client.sight.is_unread:
            raise BillingError("account_unread")


@dataclass(frozen=True, slots=True)
class LinkPreview:
    """An account and the rights of its user: of a code before it links, or of a link.

    `is_closed`: with a connected panel, its client may buy nothing there.
    """

    client_id: int
    ref: str
    name: str
    rights: Rights = Rights.EVERYTHING
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What the settings screen shows."""

    visitor: Visitor
    clients: tuple[LinkPreview, ...]


class Reach(StrEnum):
    """Whether anybody can be told something for a client, and if not, why."""

    REACHED = "reached"
    NOBODY_LINKED = "nobody_linked"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A client, and whether what is sent to them reaches anybody."""

    client: ClientInfo
    reach: Reach
