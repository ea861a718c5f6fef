"""FOSSBilling as a connected panel; what it is asked is read here, what it writes in `writing`."""

from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, TypeVar
from zoneinfo import ZoneInfo

from billing.ports.connected import (
    CallSubject,
    Done,
    NeverHappened,
    PanelUnreachableError,
    Refused,
    Unknown,
)
from billing.ports.panel import Capabilities
from billing.rules.allowed import Allowed
from billing.rules.panel.panel_calls import Verb
from billing.rules.shop.quotes import Taxation
from billing.views.account import ClientInfo
from billing.views.panel import (
    PanelAccount,
    PanelCatalogue,
    PanelChanges,
    PanelClient,
    PanelFinding,
    Snapshot,
)
from bot.panels.fossbilling.catalogue import read_catalogue
from bot.panels.fossbilling.checking import Checking
from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.feed import Feed
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.reading import Reading
from bot.panels.fossbilling.unread import number_of
from bot.panels.fossbilling.values import id_of, rows, text
from bot.panels.fossbilling.writing import Writing

T = TypeVar("T")

NAME: Final = "fossbilling"

_DENIED_FOR: Final = timedelta(hours=1)
"""How long a feed that we may not read is not asked for again."""

_PAGE: Final = 100

_MAY_ORDER: Final = frozenset({"order.manage", "invoice.manage_invoices"})
_MAY_CANCEL: Final = frozenset({"order.manage"})
_MAY_PAY: Final = frozenset({"invoice.manage_transactions"})


@dataclass(slots=True)
class FossBilling:
    """A FOSSBilling behind `http`, whose dates are in `zone`; `now` is our clock.

    `taxation` is how our settings price what has no invoice yet. Close it in the event loop in
    which it was used.
    """

    http: PanelHttp
    zone: ZoneInfo
    now: Callable[[], datetime]
    taxation: Taxation
    reading: Reading = field(init=False)
    writing: Writing = field(init=False)
    name: ClassVar[str] = NAME
    _denied: frozenset[str] = field(default=frozenset(), init=False)
    _feed_denied_at: datetime | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.reading = Reading(self.http, self.zone, self.now)
        self.writing = Writing(self.reading)

    @property
    def capabilities(self) -> Capabilities:
        """What can be done through it.

        It ends services at once only, and takes no request back. It pays renewals from the
        client's balance by itself. What a check has found to be denied is off.
        """
        orders = _MAY_ORDER.isdisjoint(self._denied)
        cancels = _MAY_CANCEL.isdisjoint(self._denied)
        return Capabilities(
            Allowed(order=orders, cancel=cancels),
            sweeps=False,
            credit=False,
            spends_balance=True,
            deferred=True,
            cancels_now=cancels,
            cancels_at_end=False,
            withdraws_cancellation=False,
            pays_there=True,
            pays_balance=_MAY_PAY.isdisjoint(self._denied),
            tells_changes=self._tells_changes(),
        )

    def _tells_changes(self) -> bool:
        denied_at = self._feed_denied_at
        return denied_at is None or self.now() - denied_at > _DENIED_FOR

    async def identity(self) -> str:
        """Its address with its oldest client and the second in which they were made."""
        return f"{self.http.access.address} {await _reached(self._oldest())}"

    async def _oldest(self) -> str:
        # The list begins with the newest, and its length is true, unlike that of orders. Those of
        # the same second come in any order.
        page = await self.http.read("admin/client/get_list", per_page=_PAGE)
        if int(page["pages"]) > 1:
            last = int(page["pages"])
            page = await self.http.read("admin/client/get_list", per_page=_PAGE, page=last)
        numbered = (one for one in rows(page["list"]) if number_of(one))
        oldest = min(numbered, key=lambda one: id_of(one["id"]), default=None)
        if oldest is None:
            return "-"
        return f"{oldest['id']}@{text(oldest.get('created_at')).replace(' ', 'T')}"

    def first_step(self, verb: Verb) -> str:
        """The step with which a purchase of several writes begins."""
        return self.writing.first_step(verb)

    def by_hand(self, subject: CallSubject, ref: str) -> Done:
        """What follows where the operator has done a call in the panel."""
        return self.writing.by_hand(subject, ref)

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """Give a call up, or take back first what was made before it."""
        return self.writing.refuse(subject, code)

    async def prepare(self, subject: CallSubject) -> str:
        """Read what is needed to find out later whether the call was carried out."""
        return await _reached(self.writing.prepare(subject))

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:
        """Write, once."""
        return await _reached(self.writing.carry_out(subject))

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:
        """Read whether a call was carried out whose answer is not known."""
        return await _reached(self.writing.find_out(subject))

    async def refresh(self, client: ClientInfo) -> Snapshot:
        """Read what a client has; one whom the panel does not know any more has nothing."""
        account = await _reached(self.reading.account(client.ref))
        return account.snapshot if account else Snapshot((), (), is_closed=True)

    async def changes(self, cursor: str) -> PanelChanges:
        """Read the activity log from a cursor on."""
        if not self.capabilities.tells_changes:
            return PanelChanges(cursor, is_complete=False)
        try:
            changes = await Feed(self.reading).changes(cursor)
        except RefusedError as error:
            if not error.is_denied or error.is_locked_out:
                raise PanelUnreachableError(str(error)) from None
            self._feed_denied_at = self.now()
            return PanelChanges(cursor, is_complete=False)
        if not changes.is_complete:
            self.reading.addons.finish()
        return changes

    async def everything(self, refs: Collection[str] | None = None) -> AsyncIterator[PanelAccount]:
        """Read clients with what they have, all or those of these refs, in pages."""
        try:
            async for account in self.reading.everything(refs):
                yield account
        except RefusedError as error:
            raise PanelUnreachableError(str(error)) from None

    async def clients(self) -> AsyncIterator[PanelClient]:
        """Read who the clients are, all of them, in pages."""
        try:
            async for client in self.reading.clients():
                yield client
        except RefusedError as error:
            raise PanelUnreachableError(str(error)) from None

    async def catalogue(self) -> PanelCatalogue:
        """Read what is offered, with prices and cycles."""
        return await _reached(read_catalogue(self.http))

    async def find_clients(self, email: str) -> tuple[PanelClient, ...]:
        """Find the clients with an address, whatever its case."""
        return await _reached(self.reading.find_clients(email))

    async def client(self, ref: str) -> PanelClient | None:
        """Read one client."""
        return await _reached(self.reading.client(ref))

    async def check(self) -> tuple[PanelFinding, ...]:
        """See what works and what is missing; capabilities follow what was found."""
        checking = Checking(self.http, self.zone, self.now, self.taxation)
        findings = await checking.findings()
        if checking.denied is not None:
            self._denied = checking.denied
            self._feed_denied_at = self.now() if "activity.view" in self._denied else None
        return findings

    async def close(self) -> None:
        """Close its connections."""
        await self.http.close()


async def _reached(asked: Coroutine[Any, Any, T]) -> T:
    """What was asked; a token or a permission that is missing is no answer."""
    try:
        return await asked
    except RefusedError as error:
        # Whoever expects a refusal has caught it.
        raise PanelUnreachableError(str(error)) from None
