"""A connected panel in memory, with the habits of real ones.

It repeats nothing by itself and recognises nothing that comes twice: a write that is carried out
twice has two effects. What it answers can be slow, lost, or wrong.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count, repeat
from typing import Any, ClassVar

from billing.ports.connected import (
    CallSubject,
    Done,
    NeverHappened,
    NextCall,
    PanelBusyError,
    PanelUnreachableError,
    Refused,
    Unknown,
)
from billing.ports.panel import Capabilities
from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import add_cycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import Verb
from billing.rules.panel.unread_rows import UnreadRow
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import Service, ServiceKind, ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Catalog, NameKind, text_in
from billing.rules.shop.quotes import Amounts, Quote
from billing.views.account import ClientInfo
from billing.views.panel import (
    PanelAccount,
    PanelCatalogue,
    PanelChanges,
    PanelClient,
    PanelFinding,
    PanelProduct,
    SeenInvoice,
    SeenLine,
    SeenService,
    Snapshot,
)
from billing.views.services import CancelWhen

Ref = tuple[ServiceKind, str]

PRICE = Amounts(Money(2900, "PLN"), Money(667, "PLN"), Money(3567, "PLN"))
"""What it asks for where nobody has said a price."""

PAGES = "https://panel.example/invoice"
"""Where its invoices can be paid, if it has pages for that."""

OUTSIDE = Capabilities(EVERYTHING, sweeps=False, credit=False, deferred=True)


class Trouble(StrEnum):
    """What goes wrong with one question to the panel."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    """Nobody answers, and nothing happens."""
    NOT_SENT = "not_sent"
    """Nobody listens, so that nothing is sent."""
    BUSY = "busy"
    """It takes no more calls for now, and nothing happens."""
    ANSWER_LOST = "answer_lost"
    """It is done, and the answer is lost."""
    UNCLEAR = "unclear"
    """It is done, and the answer says nothing."""


@dataclass(slots=True)
class Bill:
    """An invoice of the panel: what it asks for, what came, what it is about."""

    ref: str
    order_ref: str
    lines: tuple[SeenLine, ...]
    cycles: dict[Ref, Quote]
    gross: Money
    created_at: datetime
    status: InvoiceStatus = InvoiceStatus.UNPAID
    paid: int = 0
    number: str = ""
    """Where it is another than by its ref."""
    address: str = ""


@dataclass(slots=True)
class Account:
    """What one client has in the panel."""

    services: dict[Ref, SeenService] = field(default_factory=dict)
    bills: list[Bill] = field(default_factory=list)
    payments: list[tuple[str, str, int]] = field(default_factory=list)
    """Each payment that was recorded: the invoice, its key, minor units."""
    placed: list[tuple[str, int]] = field(default_factory=list)
    """Each line that was placed: the order here, the number of the cart's line."""
    renewed: list[tuple[Ref, date]] = field(default_factory=list)
    """Each period that was applied: the service and the date it began from."""
    withdrawn: list[str] = field(default_factory=list)
    leaving: set[Ref] = field(default_factory=set)
    balance: int = 0
    added: list[tuple[int, int]] = field(default_factory=list)
    """Each amount that was put on the balance: the call, minor units."""
    refusal: str = ""
    """The code with which everything is refused: a client who is closed, or merged."""
    client: PanelClient | None = None
    """Who it is, where that matters."""
    unread: tuple[UnreadRow, ...] = ()
    """Rows of theirs that cannot be read."""

    def shown(self, ref: str) -> PanelClient:
        """The client as the panel shows them."""
        client = self.client or PanelClient(ref, f"Client {ref}", "", "PLN")
        return replace(client, is_closed=bool(self.refusal))


@dataclass(slots=True)
class FakePanel:
    """The panel. `troubles` say what goes wrong with each question, in turn.

    With `in_parts` an order takes a write and an invoice for each of its lines, else one of each.
    `surcharge` is what its invoices ask for beyond what was confirmed, in minor units. One that
    `says_little` names neither prices nor due dates of services. One that `leaves_off` switches no
    suspended service on again.
    """

    today: date
    now: datetime
    accounts: dict[str, Account] = field(default_factory=dict)
    troubles: Iterator[Trouble] = field(default_factory=lambda: repeat(Trouble.NONE))
    in_parts: bool = False
    surcharge: int = 0
    says_little: bool = False
    leaves_off: bool = False
    price: Amounts = PRICE
    spends_balance: bool = False
    refused_lines: frozenset[int] = frozenset()
    changed: list[str] = field(default_factory=list)
    """Refs of clients in the order in which something changed: the change feed."""
    forgotten: int = 0
    """How many of the oldest of these the feed does not have any more."""
    reads: list[str] = field(default_factory=list)
    """What was read of it: "refresh anna", "everything anna", "client anna", "changes"."""
    offers: PanelCatalogue | None = None
    """What it offers; without, it does not answer when it is asked for that."""
    capabilities: Capabilities = OUTSIDE
    read_at: datetime | None = None
    """As of when it shows everything, where that is earlier than it was asked."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # The port

    name: ClassVar[str] = "fake"

    async def identity(self) -> str:
        return "https://panel.example 1"

    def first_step(self, verb: Verb) -> str:
        return "0" if verb is Verb.PLACE_ORDER and self.in_parts else ""

    def by_hand(self, subject: CallSubject, ref: str) -> Done:
        if subject.call.verb is not Verb.PLACE_ORDER:
            return Done(ref)
        return replace(self._done_placing(subject), ref=ref)

    def refuse(
        self,
        subject: CallSubject,  # noqa: ARG002 - the port's
        code: str,
    ) -> Done | Refused:
        return Refused(code)

    async def prepare(self, subject: CallSubject) -> str:
        self._ask()
        account = self.account(subject.client)
        return json.dumps({"placed": len(account.placed), "withdrawn": len(account.withdrawn)})

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:
        trouble = next(self.troubles)
        if trouble is Trouble.UNREACHABLE:
            raise PanelUnreachableError
        if trouble is Trouble.NOT_SENT:
            error = PanelUnreachableError()
            error.is_unsent = True
            raise error
        if trouble is Trouble.BUSY:
            raise PanelBusyError
        answer = self._write(subject)
        if trouble is Trouble.ANSWER_LOST:
            raise PanelUnreachableError
        return Unknown("unclear") if trouble is Trouble.UNCLEAR else answer

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:
        trouble = self._ask()
        if trouble is Trouble.UNCLEAR:
            return Unknown("unclear")
        account, call = self.account(subject.client), subject.call
        match call.verb:
            case Verb.PLACE_ORDER:
                assert subject.order is not None
                mark = json.loads(call.facts)["placed"]
                mine = (str(subject.order.id), self._quotes(subject)[0].line_id)
                if mine not in account.placed[mark:]:
                    return NeverHappened()
                return self._done_placing(subject)
            case Verb.RECORD_PAYMENT:
                assert subject.payment is not None
                keys = [key for _, key, _ in account.payments]
                is_there = str(subject.payment.id) in keys
                return Done(str(subject.payment.id)) if is_there else NeverHappened()
            case Verb.WITHDRAW_ORDER:
                assert subject.order is not None
                is_there = str(subject.order.id) in account.withdrawn
                return Done() if is_there else NeverHappened()
            case Verb.CANCEL_SERVICE | Verb.KEEP_SERVICE:
                is_leaving = self._service_ref(subject) in account.leaving
                is_wanted = call.verb is Verb.CANCEL_SERVICE
                return Done() if is_leaving is is_wanted else NeverHappened()
            case Verb.PAY_BALANCE:
                is_paid = self._bill_of(account, subject).status is InvoiceStatus.PAID
                return Done() if is_paid else NeverHappened()
            case Verb.ADD_BALANCE:
                return Done() if (call.id, call.amount) in account.added else NeverHappened()

    async def refresh(self, client: ClientInfo) -> Snapshot:
        self._ask()
        self.reads.append(f"refresh {client.ref}")
        account = self.accounts.get(client.ref)
        return self._snapshot(account) if account else Snapshot((), (), is_closed=True)

    def _snapshot(self, account: Account) -> Snapshot:
        return Snapshot(
            tuple(self._shown(service) for service in account.services.values()),
            tuple(_seen(bill) for bill in account.bills),
            is_closed=bool(account.refusal),
            balance=Money(account.balance, account.client.currency) if account.client else None,
            unread=account.unread,
        )

    async def changes(self, cursor: str) -> PanelChanges:
        self._ask()
        self.reads.append("changes")
        begin = int(cursor) if cursor else len(self.changed)
        return PanelChanges(
            str(len(self.changed)),
            frozenset(self.changed[begin:]),
            is_complete=begin >= self.forgotten,
        )

    async def everything(self, refs: Collection[str] | None = None) -> AsyncIterator[PanelAccount]:
        for ref, account in list(self.accounts.items()):
            self._ask()
            if refs is None or ref in refs:
                self.reads.append(f"everything {ref}")
                yield PanelAccount(account.shown(ref), self._snapshot(account), self.read_at)

    async def clients(self) -> AsyncIterator[PanelClient]:
        for ref, account in list(self.accounts.items()):
            self._ask()
            yield account.shown(ref)

    async def catalogue(self) -> PanelCatalogue:
        if self.offers is None:
            raise PanelUnreachableError
        return self.offers

    async def find_clients(self, email: str) -> tuple[PanelClient, ...]:
        self._ask()
        known = [account.shown(ref) for ref, account in self.accounts.items()]
        return tuple(one for one in known if one.email.casefold() == email.casefold())

    async def client(self, ref: str) -> PanelClient | None:
        self._ask()
        self.reads.append(f"client {ref}")
        account = self.accounts.get(ref)
        return account.shown(ref) if account else None

    async def check(self) -> tuple[PanelFinding, ...]:
        return ()

    def _shown(self, service: SeenService) -> SeenService:
        if not self.says_little:
            return service
        return replace(service, amount=None, next_due_date=None, due_date_known=False)

    # What happens in it

    def account(self, client: ClientInfo) -> Account:
        return self.accounts.setdefault(client.ref, Account())

    def adopt(self, client: ClientInfo, services: list[Service]) -> None:
        """Take over services that were loaded here."""
        by_id = {one.id: one for one in services}
        for one in services:
            parent = by_id.get(one.parent_id or 0)
            above = (parent.kind, parent.ref) if parent else None
            self.account(client).services[one.kind, one.ref] = SeenService(
                one.kind, one.ref, one.product_id, one.name, one.status, one.cycle, one.amount,
                one.registered_on, one.domain, one.next_due_date,
                suspended_for=one.suspended_for, parent=above,
            )  # fmt: skip

    def changes_service(self, client: str, ref: str, **changes: Any) -> None:
        """Somebody changes a service there, and the feed names its client."""
        for key, service in self.accounts[client].services.items():
            if key[1] == ref:
                self.accounts[client].services[key] = replace(service, **changes)
        self.changed.append(client)

    def moves(self, ref: str, old: str, new: str) -> None:
        """Services of that id belong to another client from now on."""
        theirs = self.accounts[old].services
        for key in [key for key in theirs if key[1] == ref]:
            self.accounts[new].services[key] = theirs.pop(key)
        self.changed += [old, new]

    def bills(self, client: str, *refs: Ref, gross: int = 3567) -> Bill:
        """Staff, or its clock, make an invoice for the renewal of services."""
        account, ref = self.accounts[client], f"B{next(self._numbers)}"
        lines = tuple(
            SeenLine(account.services[one].name, self.price, LineKind.RENEWAL, one) for one in refs
        )
        bill = Bill(ref, "", lines, {}, Money(gross, self.price.gross.currency), self.now)
        bill.address = self._page_of(ref)
        account.bills.append(bill)
        self.changed.append(client)
        return bill

    def _page_of(self, number: str) -> str:
        """Where an invoice can be paid there."""
        return f"{PAGES}/{number}" if self.capabilities.pays_there else ""

    def pays_there(self, account: Account, bill: Bill) -> None:
        """The client pays an invoice in the panel itself."""
        if bill.status is InvoiceStatus.UNPAID:
            self._receive(account, bill, bill.gross.minor - bill.paid)

    def _ask(self) -> Trouble:
        trouble = next(self.troubles)
        if trouble in (Trouble.UNREACHABLE, Trouble.NOT_SENT, Trouble.ANSWER_LOST):
            raise PanelUnreachableError
        if trouble is Trouble.BUSY:
            raise PanelBusyError
        return trouble

    def _write(self, subject: CallSubject) -> Done | Refused | Unknown:
        account, call = self.account(subject.client), subject.call
        if account.refusal:
            return Refused(account.refusal)
        match call.verb:
            case Verb.PLACE_ORDER:
                return self._place(account, subject)
            case Verb.WITHDRAW_ORDER:
                return self._withdraw(account, subject)
            case Verb.RECORD_PAYMENT:
                return self._record(account, subject)
            case Verb.CANCEL_SERVICE:
                self._end(account, subject)
            case Verb.KEEP_SERVICE:
                account.leaving.discard(self._service_ref(subject))
            case Verb.PAY_BALANCE:
                return self._pay_from_balance(account, self._bill_of(account, subject))
            case Verb.ADD_BALANCE:
                account.added.append((call.id, call.amount))
                account.balance += call.amount
        return Done()

    def _end(self, account: Account, subject: CallSubject) -> None:
        """End a service at once, or note that it ends on its last day."""
        ref = self._service_ref(subject)
        account.leaving.add(ref)
        if subject.cancellation is not None and subject.cancellation.when is CancelWhen.NOW:
            account.services[ref] = replace(
                account.services[ref], status=ServiceStatus.CANCELLED, suspended_for=None
            )

    def _place(self, account: Account, subject: CallSubject) -> Done | Refused:
        order, quotes = subject.order, self._quotes(subject)
        assert order is not None
        refused = tuple(quote.line_id for quote in quotes if quote.line_id in self.refused_lines)
        if refused:
            return Refused("out_of_stock")
        account.placed += [(str(order.id), quote.line_id) for quote in quotes]
        self._bill(account, subject, quotes)
        return self._done_placing(subject)

    def _done_placing(self, subject: CallSubject) -> Done:
        order, quotes = subject.order, self._quotes(subject)
        assert order is not None
        ref, placed = f"O{order.id}", tuple(quote.line_id for quote in quotes)
        if not self.in_parts or int(subject.call.step) + 1 == len(order.quotes):
            return Done(ref, lines=placed)
        return Done(ref, NextCall(str(int(subject.call.step) + 1), ref), lines=placed)

    def _quotes(self, subject: CallSubject) -> tuple[Quote, ...]:
        """What this write is about: one line of the order, or all."""
        assert subject.order is not None
        quotes = subject.order.quotes
        return (quotes[int(subject.call.step)],) if self.in_parts else quotes

    def _bill(self, account: Account, subject: CallSubject, quotes: tuple[Quote, ...]) -> None:
        assert subject.order is not None
        lines, about = [], {}
        for quote in quotes:
            ref = self._buy(account, subject, quote)
            about[ref] = quote
            lines.append(SeenLine(quote.name, quote.amounts or self.price, quote.kind, ref))
        currency = subject.client.currency
        if self.surcharge:
            more = Money(self.surcharge, currency)
            lines.append(SeenLine("Fee", Amounts(more, more - more, more)))
        gross = sum((line.amounts.gross.minor for line in lines), 0)
        number = f"B{next(self._numbers)}"
        bill = Bill(
            number, f"O{subject.order.id}", tuple(lines), about, Money(gross, currency), self.now,
            address=self._page_of(number),
        )  # fmt: skip
        account.bills.append(bill)
        if self.spends_balance and account.balance >= gross:
            account.balance -= gross
            self._receive(account, bill, gross)

    def _buy(self, account: Account, subject: CallSubject, quote: Quote) -> Ref:
        """The service that a line is about: a known one, or a new one that waits."""
        if quote.kind is LineKind.RENEWAL:
            service = subject.services[quote.service_id or 0]
            return service.kind, service.ref
        kind = ServiceKind.ADDON if quote.kind is LineKind.ADDON else ServiceKind.SERVICE
        parent: Ref | None = None
        if quote.kind is LineKind.ADDON:
            above = subject.services.get(quote.service_id or 0)
            parent = (above.kind, above.ref) if above else self._last_new(account)
        ref = (kind, f"N{next(self._numbers)}")
        account.services[ref] = SeenService(
            kind, ref[1], quote.product_id, quote.name, ServiceStatus.PENDING, quote.cycle,
            quote.amount, self.today, quote.domain if parent is None else "", parent=parent,
        )  # fmt: skip
        return ref

    def _last_new(self, account: Account) -> Ref:
        return [ref for ref in account.services if ref[0] is ServiceKind.SERVICE][-1]

    def _withdraw(self, account: Account, subject: CallSubject) -> Done | Refused:
        assert subject.order is not None
        bills = [one for one in account.bills if one.order_ref == f"O{subject.order.id}"]
        if any(bill.paid for bill in bills):
            return Refused("paid")
        for bill in bills:
            bill.status = InvoiceStatus.CANCELLED
            for ref, quote in bill.cycles.items():
                if quote.kind is not LineKind.RENEWAL:
                    ended = replace(account.services[ref], status=ServiceStatus.CANCELLED)
                    account.services[ref] = ended
        account.withdrawn.append(str(subject.order.id))
        return Done()

    def _bill_of(self, account: Account, subject: CallSubject) -> Bill:
        assert subject.invoice is not None
        return next(one for one in account.bills if one.ref == subject.invoice.ref)

    def _pay_from_balance(self, account: Account, bill: Bill) -> Done | Refused:
        left = bill.gross.minor - bill.paid
        if bill.status is not InvoiceStatus.UNPAID or account.balance < left:
            return Refused("balance_too_low")
        account.balance -= left
        self._receive(account, bill, left)
        return Done()

    def _record(self, account: Account, subject: CallSubject) -> Done | Refused:
        payment = subject.payment
        assert payment is not None
        bill = self._bill_of(account, subject)
        if bill.status is not InvoiceStatus.UNPAID:
            return Refused("not_unpaid")
        account.payments.append((bill.ref, str(payment.id), subject.call.amount))
        self._receive(account, bill, subject.call.amount)
        return Done(str(payment.id))

    def _receive(self, account: Account, bill: Bill, minor: int) -> None:
        bill.paid += minor
        if bill.paid < bill.gross.minor:
            return
        account.balance += bill.paid - bill.gross.minor
        bill.status = InvoiceStatus.PAID
        for ref, quote in bill.cycles.items():
            self._apply(account, ref, quote)

    def _apply(self, account: Account, ref: Ref, quote: Quote) -> None:
        service = account.services[ref]
        begins = service.next_due_date or self.today
        account.renewed.append((ref, begins))
        due = None
        if quote.cycle.recurring:
            due = add_cycle(begins, anchor_day=begins.day, cycle=quote.cycle)
        service = replace(service, next_due_date=due)
        if service.status is not ServiceStatus.SUSPENDED or not self.leaves_off:
            service = replace(service, status=ServiceStatus.ACTIVE, suspended_for=None)
        account.services[ref] = service

    def _service_ref(self, subject: CallSubject) -> Ref:
        service = subject.services[subject.call.service_id or 0]
        return service.kind, service.ref

    def passes(self, time: timedelta) -> None:
        """The panel's own clock goes on."""
        self.now += time


def offers_of(catalog: Catalog) -> PanelCatalogue:
    """What a panel says that offers what a catalogue does, in English."""
    refs = {one.id: one.ref for one in catalog.products}
    return PanelCatalogue(
        tuple((group.id, text_in(group.name, ())) for group in catalog.groups),
        tuple(
            PanelProduct(
                one.kind, one.ref, text_in(one.name, ()), text_in(one.description, ()),
                one.group, one.prices, tuple(refs[fit] for fit in one.fits),
                one.asks_for is NameKind.DOMAIN, one.offered,
            )
            for one in catalog.products
        ),
    )  # fmt: skip


def _seen(bill: Bill) -> SeenInvoice:
    net = sum((line.amounts.net.minor for line in bill.lines), 0)
    currency = bill.gross.currency
    totals = Amounts(Money(net, currency), Money(bill.gross.minor - net, currency), bill.gross)
    return SeenInvoice(
        bill.ref, bill.number or f"FV-{bill.ref}", bill.status, totals,
        Money(bill.paid, currency), bill.lines, bill.created_at, bill.order_ref, bill.address,
    )  # fmt: skip
