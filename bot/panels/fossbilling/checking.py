"""What works with this panel and what is missing, in plain English, by reading."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from billing.ports.connected import PanelUnreachableError
from billing.rules.money import EXPONENTS
from billing.rules.shop.quotes import PERCENT, Taxation
from billing.views.panel import PERMISSIONS, FindingState, PanelFinding
from bot.panels.fossbilling.check_words import (
    CALLS,
    FEW_CALLS,
    GUESTS_OUT,
    MACHINE,
    MORE_CALLS,
    NEAR,
    ON_THE_WAY,
    TOKEN,
    span,
)
from bot.panels.fossbilling.errors import NotSentError, RefusedError, UnclearError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.permissions import find_missing
from bot.panels.fossbilling.probe_words import words_of
from bot.panels.fossbilling.values import Row, instant, row, rows, text
from bot.panels.fossbilling.versions import new_version, old_version

OK, OFF, MISSING = FindingState.OK, FindingState.OFF, FindingState.MISSING

_READ: Final = "0.8."
_DRIFT: Final = timedelta(minutes=2)
_RECENT: Final = timedelta(minutes=30)

_TLS: Final = "let PANELIK_PANEL_URL begin with https://."


@dataclass(slots=True)
class Checking:
    """One check; `denied` are the permissions that it found missing, None until it has looked."""

    http: PanelHttp
    zone: ZoneInfo
    now: Callable[[], datetime]
    taxation: Taxation
    denied: frozenset[str] | None = field(default=None, init=False)

    async def findings(self) -> tuple[PanelFinding, ...]:
        """Look at everything, in the order in which it has to be mended; raise nothing."""
        address = await self._try("address", self._address)
        if address.state is MISSING:
            return (address,)
        token = await self._try("token", self._token)
        if token.state is MISSING:
            return (address, token)
        lacking: dict[str, PanelFinding] = {}

        async def permissions() -> tuple[FindingState, str]:
            lacking.update(await find_missing(self.http))
            self.denied = frozenset(lacking)
            return OK, "Everything that is needed is allowed."

        allowed = await self._try(PERMISSIONS, permissions)
        rest = [
            await self._try(about, look)
            for about, look in (
                ("version", self._version),
                ("clock", self._clock),
                ("time zone", self._time_zone),
                ("currencies", self._currencies),
                ("tax", self._tax),
                ("add-ons", self._addons),
                ("pay page", self._pay_page),
                ("calls", self._calls),
            )
        ]
        return (address, token, *(lacking.values() or (allowed,)), *rest)

    async def _try(self, about: str, look: Callable[[], Any]) -> PanelFinding:
        try:
            state, told = await look()
        except RefusedError as error:
            state, told = OFF, f"Not known: the panel refused to say (code {error.code})."
        except (NotSentError, UnclearError) as error:
            if _keeps_guests_out(error):
                return PanelFinding(about, OFF, f"Not known. {GUESTS_OUT}")
            reason = ON_THE_WAY.get(error.reason, f"It did not answer properly ({error.reason}).")
            state, told = MISSING, reason
        except PanelUnreachableError:
            state, told = MISSING, "It did not answer."
        except (LookupError, TypeError, ValueError) as error:
            state, told = OFF, f"Not known: its answer is of another shape ({words_of(error)})."
        return PanelFinding(about, state, told)

    async def _address(self) -> tuple[FindingState, str]:
        try:
            await self.http.read("guest/system/periods")
        except RefusedError as error:
            if error.code not in MACHINE:
                raise
            return MISSING, MACHINE[error.code]
        except NotSentError as error:
            if not _keeps_guests_out(error):
                raise
            return OFF, GUESTS_OUT
        address = self.http.access.address
        if address.startswith("http://") and not _is_near(urlsplit(address).hostname or ""):
            return (
                OFF,
                f"A FOSSBilling answers at {address}, and the key goes there in clear: {_TLS}",
            )
        return OK, f"A FOSSBilling answers at {address}."

    async def _token(self) -> tuple[FindingState, str]:
        try:
            await self.http.read("admin/profile/get")
        except RefusedError as error:
            return MISSING, TOKEN.get(error.code, f"The token is refused (code {error.code}).")
        return OK, "The token is that of an active staff member."

    async def _version(self) -> tuple[FindingState, str]:
        old = await self._old_version()
        if old is not None:
            return OFF, f"{old or 'Older than 0.8, and does not say which'}; {NEAR}"
        try:
            version = await new_version(self.http)
        except RefusedError:
            return OFF, (
                "Not known: only staff with the module system can ask. Panelik was tried with "
                "0.8.5."
            )
        if version.startswith(_READ):
            return OK, f"{version}; Panelik was tried with 0.8.5."
        return OFF, f"{version} is not known to Panelik, which was tried with 0.8.5."

    async def _old_version(self) -> str | None:
        try:
            return await old_version(self.http)
        except (RefusedError, NotSentError):
            return None

    async def _clock(self) -> tuple[FindingState, str]:
        there = self.http.clock_there
        if there is None:
            return OFF, "Not known: the panel's answers have no date."
        apart = abs(there - self.now())
        if apart > _DRIFT:
            return MISSING, (
                f"The panel's clock and this machine's are {span(apart)} apart. Set both by NTP."
            )
        return OK, "The panel's clock and this machine's agree."

    async def _time_zone(self) -> tuple[FindingState, str]:
        """Compare the newest date that the panel has written with its clock."""
        there = self.http.clock_there or self.now()
        newest = await self._newest_date()
        if newest is None:
            return OFF, f"Not known: nothing was written yet. Set to {self.zone.key}."
        ahead = newest - there
        if ahead > _DRIFT:
            return MISSING, (
                f"By {self.zone.key} the panel has written dates {span(ahead)} ahead of its "
                "clock. Set PANELIK_PANEL_TIMEZONE to the time zone in its config.php."
            )
        if -ahead <= _RECENT:
            return OK, f"{self.zone.key}: what the panel has just written is of now."
        return OFF, (
            f"Set to {self.zone.key}; it cannot be proven, since the newest date in the panel is "
            f"{span(-ahead)} old. Compare with the time zone in its config.php."
        )

    async def _newest_date(self) -> datetime | None:
        dates = []
        for call in ("admin/activity/log_get_list", "admin/invoice/get_list"):
            try:
                answer = await self.http.read(call, per_page=1, summary=1)
            except RefusedError:
                continue
            dates += [instant(one.get("created_at"), self.zone) for one in rows(answer["list"])]
        return max((date for date in dates if date is not None), default=None)

    async def _currencies(self) -> tuple[FindingState, str]:
        codes = sorted(row(await self.http.read("guest/currency/get_pairs")))
        unknown = [code for code in codes if code not in EXPONENTS]
        if unknown:
            return OFF, f"Clients with {', '.join(unknown)} see no prices: unknown to Panelik."
        return OK, f"{', '.join(codes)}."

    async def _tax(self) -> tuple[FindingState, str]:
        """Compare the tax of the newest invoice with ours: it is in prices before an invoice."""
        if self.taxation.included:
            return MISSING, (
                "Prices in a FOSSBilling are without tax. Set PANELIK_PRICES_INCLUDE_TAX=false."
            )
        invoice = await self._newest_invoice()
        if invoice is None:
            return OFF, "Not known: there is no invoice yet."
        there = Decimal(text(invoice.get("taxrate")) or 0)
        here = Decimal(self.taxation.rate) / (PERCENT // 100)
        if there != here:
            return OFF, (
                f"The newest invoice has {there.normalize():f} % and PANELIK_TAX_RATE is "
                f"{here.normalize():f}. Sums that are shown before there is an invoice differ "
                "from what is asked for, unless that client is exempt."
            )
        return OK, f"{here.normalize():f} % is added to prices, as on the newest invoice."

    async def _addons(self) -> tuple[FindingState, str]:
        listed = await self.http.read("admin/order/get_list", per_page=500)
        if any(not one.get("group_master") for one in rows(listed["list"])):
            return OK, "The panel lists them with other orders."
        return OFF, (
            "The panel's lists leave them out, so that each service with add-ons costs a call "
            "more. In the panel: Settings, Orders, show add-ons in the list (show_addons)."
        )

    async def _pay_page(self) -> tuple[FindingState, str]:
        invoice = await self._newest_invoice()
        secret = text(invoice.get("hash")) if invoice else ""
        if not secret:
            return OFF, "Not known: there is no invoice yet."
        status, leads_to = await self.http.page(f"/invoice/{secret}")
        if status == 200:
            return OK, "An invoice opens without a login."
        where = "asks for a login" if "login" in leads_to else f"answers {status}"
        return OFF, (
            f"An invoice's page {where}. In the panel: Settings, Invoices, let invoices be opened "
            "by their link (invoice_accessible_from_hash), or clients sign in to pay."
        )

    async def _newest_invoice(self) -> Row | None:
        answer = await self.http.read("admin/invoice/get_list", per_page=1)
        return next(iter(rows(answer["list"])), None)

    async def _calls(self) -> tuple[FindingState, str]:
        """Judge the setting only: nothing that the panel answers says who is in its list."""
        budget = self.http.budget
        told = f"At most {budget.per_hour} an hour, {budget.left} are left."
        return (OFF if budget.per_hour > CALLS else OK), (
            f"{told} {MORE_CALLS if budget.per_hour > CALLS else FEW_CALLS}"
        )


def _keeps_guests_out(error: NotSentError | UnclearError) -> bool:
    return error.reason == "maintenance" and error.call.startswith("guest/")


def _is_near(host: str) -> bool:
    """Whether a host is this machine or in a network of its own, as far as its name says."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host
