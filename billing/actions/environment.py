"""What every action stands on: the database, the clock and the company's terms."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from billing.ports.outside import Clock
from billing.ports.panel import Capabilities
from billing.ports.work import UnitOfWork, Work
from billing.rules.allowed import Allowed
from billing.rules.errors import BillingError, FreshCodeNeededError, NotAllowedError
from billing.rules.money import Money
from billing.rules.payments.invoices import NUMBER_DIGITS, Born, Invoice
from billing.rules.payments.pay_links import PayPages, is_web_address
from billing.rules.shop.quotes import Taxation
from billing.views.account import ClientInfo


@dataclass(frozen=True, slots=True)
class Terms:
    """The company's settings that billing needs; `tax_rate` in basis points.

    `invitations` lets the owner of an account invite others to it. With `tell_payments` the
    operator's chat is told of each proforma that is paid. Whoever proved longer ago than
    `fresh_code_after` that an account is theirs does so again before they pay or cancel.
    """

    timezone: ZoneInfo
    currency: str
    tax_rate: int
    prices_include_tax: bool
    invitations: bool = True
    tell_payments: bool = True
    fresh_code_after: timedelta | None = None


def random_digits() -> int:
    """The digits at the end of an invoice's number, which nobody can guess."""
    return secrets.randbelow(10**NUMBER_DIGITS)


@dataclass(frozen=True, slots=True)
class Environment:
    """Handed to each action; `today` is the company's day, the only one billing knows.

    `capabilities` are the panel's; `make_actions` puts them in. `link_secret` is what the
    operator's own site signs links with, "" where it makes none. `pay_pages` are our own web
    pages that lead to a panel's invoices.
    """

    work: Work
    clock: Clock
    terms: Terms
    digits: Callable[[], int] = random_digits
    capabilities: Capabilities = field(default_factory=Capabilities)
    link_secret: str = field(default="", repr=False)
    pay_pages: PayPages = field(default_factory=PayPages)

    def allowed(self, client: ClientInfo | None) -> Allowed:
        """What both the panel and the rights of who acts for the client allow.

        Without a client, what the panel allows.
        """
        by_panel = self.capabilities.allowed
        return by_panel & client.rights if client else by_panel

    def credit_of(self, client: ClientInfo) -> Money | None:
        """The credit that the client can pay with; None where clients have none with us."""
        return client.credit if self.capabilities.credit else None

    def credit_for(self, client: ClientInfo, invoice: Invoice) -> Money | None:
        """The same, as far as it can pay an invoice: not one that a panel has made.

        The panel knows nothing of that credit, and would go on asking for the money.
        """
        return None if invoice.born is Born.PANEL else self.credit_of(client)

    def balance_of(self, client: ClientInfo) -> Money | None:
        """What can pay from the client's balance in the panel; None for none, or not known."""
        return client.balance if self.capabilities.pays_balance else None

    async def check_panel_answers(self, uow: UnitOfWork, client: ClientInfo) -> None:
        """BillingError("panel_away") while the connected panel does not answer: ask it nothing.

        "account_unread" while a row of the client there cannot be read: no write could be read
        back.
        """
        if not self.capabilities.deferred:
            return
        if (await uow.panel_state.get()).is_away:
            raise BillingError("panel_away")
        if client.sight.is_unread:
            raise BillingError("account_unread")

    def pay_address(self, client: ClientInfo, invoice: Invoice) -> str:
        """Where the client's open invoice is paid on the web; "" where it is not, or not by them.

        That is our own page, which leads to the panel's and shows the truth afterwards, else the
        panel's. Whoever is shown it can pay: screens take away other buttons, but no address.
        """
        is_there = self.capabilities.pays_there and is_web_address(invoice.address)
        if not (invoice.is_open and is_there and self.allowed(client).pay):
            return ""
        return self.pay_pages.address_of(invoice) or invoice.address

    def needs_fresh_code(self, client: ClientInfo) -> bool:
        """Whether the user has to prove once more that the account of the client is theirs."""
        longest = self.terms.fresh_code_after
        if longest is None:
            return False
        return client.proved_at is None or self.now() - client.proved_at > longest

    def check_fresh(self, client: ClientInfo) -> None:
        """FreshCodeNeededError if the user has to prove that the account is theirs."""
        if self.needs_fresh_code(client):
            raise FreshCodeNeededError

    def check_pays(self, client: ClientInfo) -> None:
        """The same, and NotAllowedError for a user who may not pay."""
        self.allowed(client).check_pay()
        self.check_fresh(client)

    @property
    def panel_decides(self) -> bool:
        """Whether a connected panel owns services and products, and decides about them itself."""
        return not self.capabilities.sweeps

    def check_decides_here(self) -> None:
        """NotAllowedError if a connected panel decides about services."""
        if self.panel_decides:
            raise NotAllowedError("panel_decides")

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The company's date."""
        return self.day_of(self.now())

    def day_of(self, instant: datetime) -> date:
        """The company's date at an instant."""
        return instant.astimezone(self.terms.timezone).date()

    def zone(self, name: str) -> ZoneInfo:
        """A time zone by its name, the company's where there is none of that name."""
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            return self.terms.timezone

    def taxation(self, client: ClientInfo | None) -> Taxation:
        """The client's own tax rate or the company's default (also for the public)."""
        return self.taxation_at(client.tax_rate if client else None)

    def taxation_at(self, own: int | None) -> Taxation:
        """The same for a rate in basis points that may be somebody's own."""
        rate = self.terms.tax_rate if own is None else own
        return Taxation(rate, included=self.terms.prices_include_tax)
