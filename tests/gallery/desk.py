"""Samples of the desk: what waits, lists, a client's card, questions, a search."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from billing.rules.allowed import LOOK_ONLY
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.tasks import Task
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.work import WorkKind
from billing.views.account import Reach
from billing.views.desk import (
    CompanyStanding,
    Desk,
    DeskHits,
    FoundClient,
    FoundInvoice,
    FoundService,
    Tally,
    Waiting,
    WaitingItem,
    WaitingList,
    WaitingMoney,
    WaitingRequest,
)
from billing.views.home import LeftToPay
from billing.views.operator import PendingOrder, UnpaidProforma
from billing.views.panel import ListedCall
from billing.views.payments import InvoicePage, InvoiceSummary
from billing.views.seen_client import (
    ClientCard,
    ClientFigures,
    ClientInvoices,
    ClientServices,
    SeenInvoice,
    SeenService,
)
from billing.views.services import Cancellation, CancellationStatus, CancelWhen
from billing.views.tasks import ListedTask
from handlers.buttons import OpenClientInvoice, OpenClientService
from handlers.chat.screens.screen import Screen
from handlers.desk import client_card, hits, lists, screens, seen
from locales.translator import Translator
from tests.gallery.menu import CLIENT, LONG
from tests.gallery.notices import STANDING
from tests.gallery.payments import BUYER, SELLER
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.gallery.services import shown
from tests.make import NOW, TODAY, invoice, money, owned_addon, service

DESK = Desk(Tally(3, (money("24.00", "EUR"), money("1234.50"))), STANDING)
QUIET = Desk(Tally(), CompanyStanding())
WHO = FoundClient(1, "C-1001", LONG)
PLACE = OpenClientService(1, 1)
LONG_CLIENT = replace(CLIENT, name=LONG, ref="C" * 64)

ORDERED = service(status=ServiceStatus.PENDING, next_due_date=None)
NAMED_LONG = service(name=LONG_NAME, domain=LONG_DOMAIN)
UNPRICED = service(amount=None, first_amount=None, next_due_date=None, due_date_known=False)
REQUEST = Cancellation(
    4, 1, 1, CancelWhen.PERIOD_END, "<za drogo & wolno> " * 20, CancellationStatus.REQUESTED,
    NOW, TODAY,
)  # fmt: skip
AT_ONCE = replace(REQUEST, when=CancelWhen.NOW, reason="")
UNDATED = replace(REQUEST, effective_on=None)

ORDER = PendingOrder(ORDERED, "C-1001", LONG, "PRO-202603-00001-7391", money("35.67"))
LOADED = PendingOrder(NAMED_LONG, "C-1001", "Anna Nowak", "", None)
UNPAID = UnpaidProforma(
    "PRO-202603-00001-7391", "C-1001", LONG, money("35.67"), money("12.00"), TODAY, 5, 1
)
MONEY = WaitingMoney(7, "100 XTR", None, "<charge>" * 40, NOW)
CALL = ListedCall(
    PanelCall(7, 1, Verb.RECORD_PAYMENT, CallState.REFUSED, NOW, NOW), "C-1001",
    "PRO-202603-00001-7391", money("35.67"),
)  # fmt: skip
TASK = Task(
    7, 1, WorkKind.REACTIVATION, 1, 3, LONG_NAME, LONG_DOMAIN, "PRO-202603-00001-7391", NOW
)
ITEMS: dict[Waiting, tuple[WaitingItem, ...]] = {
    Waiting.ORDERS: (ORDER, LOADED),
    Waiting.CANCELLATIONS: tuple(
        WaitingRequest(one, NAMED_LONG, "C-1001") for one in (REQUEST, AT_ONCE, UNDATED)
    ),
    Waiting.PROFORMAS: (UNPAID, replace(UNPAID, expires_on=None)),
    Waiting.UNPLACED: (MONEY, replace(MONEY, amount=money("35.67"))),
    Waiting.CALLS: (CALL, replace(CALL, invoice_number="", amount=money("0"))),
    Waiting.UNREACHABLE: (WHO,),
    Waiting.TASKS: (ListedTask(TASK, "C-1001", LONG), ListedTask(TASK, "C-1", "Anna Nowak")),
}

CARD = ClientCard(
    CLIENT,
    ClientFigures(Reach.REACHED, {ServiceStatus.ACTIVE: 1250, ServiceStatus.FRAUD: 1}),
    3,
    LeftToPay(22, money("1234.50"), 5),
    money("60.00"),
)
BILL = InvoicePage(invoice(), (), TODAY, money("60.00"), SELLER, BUYER)
SUMMARY = InvoiceSummary(
    5, "PRO-202603-00001-7391", InvoiceStatus.UNPAID, money("35.67"), money("23.67"), NOW, TODAY
)
HITS = DeskHits(
    LONG, (WHO,) * 5, (FoundService(NAMED_LONG, WHO),) * 5,
    (FoundInvoice(5, "PRO-202603-00001-7391", WHO),) * 5, is_cut=True,
)  # fmt: skip


def looked_at(*addons: Service, owned: Service | None = None, **changes: Any) -> SeenService:
    """A service as a client sees it who may do nothing."""
    page = shown(owned, *addons, allowed=LOOK_ONLY, can_order_addons=False, **changes)
    return SeenService(CLIENT, page, decides_here=True)


def waiting(kind: Waiting) -> Callable[[Translator], Screen]:
    """A list with another page before and after it."""
    listed = WaitingList(kind, ITEMS[kind], 1, has_next=True)
    return lambda t: lists.waiting(t, listed)


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "desk": lambda t: screens.desk(t, DESK, is_client=True),
    "desk, nothing waits": lambda t: screens.desk(t, QUIET, is_client=False),
    **{f"list, {kind}": waiting(kind) for kind in Waiting},
    "list, empty": lambda t: lists.waiting(
        t, WaitingList(Waiting.UNPLACED, (), 0, has_next=False)
    ),
    "card": lambda t: client_card.client_card(t, CARD),
    "card, in the operator's chat": lambda t: client_card.in_operator_chat(
        t, replace(CARD, proformas=(SUMMARY,))
    ),
    "card, in the operator's chat, several proformas": lambda t: client_card.in_operator_chat(
        t, replace(CARD, proformas=(SUMMARY, replace(SUMMARY, id=6)))
    ),
    "card, of nothing": lambda t: client_card.client_card(
        t,
        ClientCard(LONG_CLIENT, ClientFigures(Reach.NOBODY_LINKED, {}), 0, LeftToPay(), None),
    ),
    "card, unreachable": lambda t: client_card.client_card(
        t, replace(CARD, figures=replace(CARD.figures, reach=Reach.UNREACHABLE))
    ),
    "services": lambda t: client_card.services(
        t, ClientServices(LONG_CLIENT, (service(), NAMED_LONG), 1, has_next=True)
    ),
    "services, none": lambda t: client_card.services(
        t, ClientServices(CLIENT, (), 0, has_next=False)
    ),
    "proformas": lambda t: client_card.invoices(
        t, ClientInvoices(CLIENT, (SUMMARY,) * 8, is_past=False, page=1, has_next=True)
    ),
    "proformas, none": lambda t: client_card.invoices(
        t, ClientInvoices(CLIENT, (), is_past=True, page=0, has_next=False)
    ),
    "service": lambda t: seen.service(t, looked_at(owned_addon()), PLACE),
    "service, price and date unknown": lambda t: seen.service(t, looked_at(owned=UNPRICED), PLACE),
    "service, an add-on": lambda t: seen.service(
        t, looked_at(owned=owned_addon(), parent=service()), PLACE
    ),
    "service, an order": lambda t: seen.service(
        t, looked_at(owned=ORDERED), replace(PLACE, source=Waiting.ORDERS)
    ),
    "service, a request": lambda t: seen.service(
        t, looked_at(cancellation=REQUEST), replace(PLACE, source=Waiting.CANCELLATIONS)
    ),
    "proforma": lambda t: seen.invoice(t, SeenInvoice(CLIENT, BILL), OpenClientInvoice(1, 1)),
    "find, words": hits.ask_words,
    "find, nothing": lambda t: hits.nothing(t, DeskHits(LONG)),
    "find, several": lambda t: hits.hits(t, HITS),
}
