"""Samples of what goes out unasked: notices to clients, messages to the operator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import cycle
from typing import Any

from billing.ports.outbox import Outgoing
from billing.rules.access.rights import Rights
from billing.rules.allowed import EVERYTHING, LOOK_ONLY, NOTHING
from billing.rules.panel.panel_calls import Verb
from billing.rules.panel.refusals import CallRefusal
from billing.rules.panel.unread_rows import RowKind
from billing.rules.payments.charges import Misfit
from billing.rules.payments.invoices import InvoiceStatus, Outcome
from billing.rules.payments.orders import OrderState
from billing.rules.payments.superseded import Superseded
from billing.rules.reach import ClosedChat
from billing.rules.reminders.stages import ReminderReason
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Quote
from billing.rules.work import WorkKind
from billing.views.account import Reach
from billing.views.desk import CompanyStanding, Tally, ToDo
from billing.views.notices.access import (
    AccessEnded,
    AccountClosed,
    CodeNotMailed,
    OwnershipReceived,
    RightsChanged,
    UserJoined,
)
from billing.views.notices.money import (
    BalanceNotUsed,
    CreditChanged,
    InvoiceApplied,
    InvoiceClosed,
    InvoiceExpired,
    MoneyCameLate,
    MoneyToCredit,
    OrderAnswered,
    PartPaid,
    PaymentArrived,
    PaymentCredited,
    PaymentSetAside,
    Receipt,
    ReminderUpdate,
    SurplusSetAside,
)
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
    LineUndelivered,
    MessagesWaited,
    OrderPaid,
    Overpaid,
    PaidTooLate,
    ReminderSummary,
    RenewedAfterMove,
    UnplacedPayment,
    UnreachableClients,
    UpdateFailed,
    WrongCodes,
)
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
    PanelAnswers,
    PanelAway,
    PanelRowsUnread,
    PanelRowUnread,
    ServiceInTrouble,
    ServicesMovedAway,
)
from billing.views.notices.services import (
    CancellationAccepted,
    CancellationNews,
    CancellationRejected,
    CancellationTakenBack,
    NamedService,
    OrderAccepted,
    OrderRejected,
    ServiceCancelled,
    ServicesMoved,
)
from billing.views.notices.work import OpenedTask, ProformaPaid, TasksOpened
from billing.views.reminders.reports import DigestCounts
from billing.views.services import CancelWhen
from handlers.chat.screens.screen import Screen
from handlers.notices import client
from handlers.notices.operator import messages as operator
from locales.translator import Translator
from tests.gallery.reminders import AGENCY, CLIENT
from tests.make import TODAY, invoice, money, quote

SERVICE = NamedService(12, "Hosting Start", "anna.example")
NUMBER, GROSS = "PRO-2026-0005", money("35.67")
ENDS = date(2026, 4, 10)

RECEIPT = Receipt(5, NUMBER)
PART_PAID = PartPaid(5, NUMBER, GROSS, money("12.00"))
TO_CREDIT = MoneyToCredit(NUMBER, GROSS)
SURPLUS = SurplusSetAside(NUMBER, GROSS)
LATE = MoneyCameLate(5, NUMBER, GROSS, InvoiceStatus.EXPIRED)
EXPIRED = InvoiceExpired(5, NUMBER, money("0.00"))
CLOSED = InvoiceClosed(
    NUMBER, Superseded.PAID, SERVICE, money("0.00"), due_date=ENDS, more=1, others=2
)
CREDIT_ADDED = CreditChanged(money("50.00"), money("85.67"), "Sorry & <3")
ARRIVED = PaymentArrived("35.67 PLN", GROSS, "pl")
SET_ASIDE = PaymentSetAside("35.67 PLN", GROSS, "pl")
CREDITED = PaymentCredited(GROSS)
ACCEPTED = OrderAccepted(SERVICE, ENDS)
REJECTED = OrderRejected(SERVICE, NUMBER, money("120.00"))
CANCELLATION_ACCEPTED = CancellationAccepted(SERVICE, CancelWhen.PERIOD_END, ENDS)
CANCELLATION_REJECTED = CancellationRejected(SERVICE, "<umowa & rok> " * 40)
CANCELLATION_NEWS = CancellationNews(SERVICE, CancelWhen.PERIOD_END, ENDS)
TAKEN_BACK = CancellationTakenBack(SERVICE)
CANCELLED = ServiceCancelled(SERVICE)

ORDER = OrderPaid(1, SERVICE, NUMBER, GROSS)
UNDELIVERED = LineUndelivered(1, SERVICE, NUMBER, GROSS)
AFTER_MOVE = RenewedAfterMove(1, SERVICE, NUMBER, GROSS, ENDS)
REQUESTED = CancellationRequested(1, 3, SERVICE, CancelWhen.PERIOD_END, "<za drogo & wolno> " * 60)
WITHDRAWN = CancellationWithdrawn(1, 3)
OVERPAID = Overpaid(1, NUMBER, GROSS)
TOO_LATE = PaidTooLate(1, 5, NUMBER, GROSS, InvoiceStatus.EXPIRED, Reach.REACHED)
UNPLACED = UnplacedPayment(
    7, Misfit.STRANGER, "100 XTR", charge_id="<charge>" * 20, payload="p1:7 & more",
    number=NUMBER, user_id=1001, client_id=1,
)  # fmt: skip
STANDING = CompanyStanding(
    waiting=Tally(22, (money("40.00", "EUR"), money("1234.50"))),
    expiring=Tally(1, (money("35.67"),)),
    overdue=Tally(7, (money("948.00"),), unpriced=2),
    long_overdue=Tally(2, unpriced=2),
    todo=ToDo(orders=2, cancellations=1, unplaced=1, calls=5, unreachable=12, tasks=3),
)
SUMMARY = ReminderSummary(
    ENDS,
    DigestCounts(sent=1250, deferred=22, waiting=5, void=3, undeliverable=1, failed=1),
    UnreachableClients(
        12, 5, (money("40.00", "EUR"), money("1234.50")),
        {
            ReminderReason.NOBODY_LINKED: 5, ReminderReason.NEVER_STARTED: 4,
            ReminderReason.BLOCKED: 2, ReminderReason.DEACTIVATED: 1,
        },
    ),
    Tally(3, (money("24.00", "EUR"), money("1234.50"))),
    STANDING,
)  # fmt: skip
JOINED = UserJoined(1004, "Ola <b>", Rights.PAY)
RIGHTS = RightsChanged(Rights.LOOK)
OWNERSHIP = OwnershipReceived()
ENDED = AccessEnded("Anna Nowak", "pl")
NOT_MAILED = CodeNotMailed("pl")
APPLIED = InvoiceApplied(5, NUMBER)
NOT_USED = BalanceNotUsed(5, NUMBER)
PLACED = OrderAnswered(
    3, OrderState.PLACED, GROSS, invoiced=GROSS, left=GROSS, count=1, first_invoice_id=5
)
CALL = CallNeedsYou(
    1, 7, Verb.RECORD_PAYMENT, is_refused=True, error="<invoice & gone>", number=NUMBER,
    amount=GROSS,
)  # fmt: skip
TROUBLE = NotCarriedOut(1, 7, Verb.RECORD_PAYMENT, "#13 <Hosting>: no active service", NUMBER)
NO_ANSWER = replace(CALL, is_refused=False, error="TimeoutError")
WRONG_CODES = WrongCodes(37, 12)
PAID = ProformaPaid(1, 5, NUMBER, GROSS, GROSS, "bank")
TASK = OpenedTask(7, WorkKind.REACTIVATION, SERVICE)
TASKS = TasksOpened(1, NUMBER, (TASK,))
SEVERAL = tuple(
    OpenedTask(7 + number, kind, NamedService(12 + number, "Hosting <Start>", "anna.example"))
    for number, kind in enumerate(WorkKind)
)
LONG_NAME = NamedService(0, "Hosting & " * 40, "bardzo-" * 30 + "długa.example")
FAILED_UPDATE = UpdateFailed(3, "A1B2C3 OperationalError")
MOVED = ServicesMoved((SERVICE, *(NamedService(n, f"Hosting {n}", "") for n in range(6))))
MOVED_AWAY = ServicesMovedAway(1, "c<7>", (SERVICE,))
IN_TROUBLE = ServiceInTrouble(1, SERVICE, "13", "failed_renew")
AWAY = PanelAway(datetime(2026, 4, 10, 8, 15, tzinfo=UTC))
ANSWERS = PanelAnswers(AWAY.since, datetime(2026, 4, 10, 9, 45, tzinfo=UTC))
ROW = PanelRowUnread(RowKind.INVOICE, "12", "total", "7")
ROWS = PanelRowsUnread(20)
ACCOUNT_CLOSED, ACCOUNT_OPEN = AccountClosed(is_closed=True), AccountClosed(is_closed=False)
WAITED = MessagesWaited(ClosedChat.REMOVED, 12, datetime(2026, 4, 10, 8, 15, tzinfo=UTC))

ORDERED = quote(kind=LineKind.PRODUCT, service_id=None)

NOTICES: tuple[Notice, ...] = (
    RECEIPT, PART_PAID, TO_CREDIT, SURPLUS, LATE, EXPIRED, CLOSED, CREDIT_ADDED, ARRIVED,
    SET_ASIDE, CREDITED, ACCEPTED, REJECTED, CANCELLATION_ACCEPTED, CANCELLATION_REJECTED,
    CANCELLATION_NEWS, TAKEN_BACK, CANCELLED,
    CANCELLED, JOINED, RIGHTS, OWNERSHIP, ENDED, NOT_MAILED,
    ORDER, UNDELIVERED, AFTER_MOVE, REQUESTED, WITHDRAWN, OVERPAID, TOO_LATE, UNPLACED, SUMMARY,
    WRONG_CODES, WAITED, FAILED_UPDATE, APPLIED, NOT_USED, PLACED, CALL, TROUBLE,
    ReminderUpdate(5), PAID, TASKS, MOVED, MOVED_AWAY, IN_TROUBLE, AWAY, ANSWERS, ACCOUNT_CLOSED,
    ROW, ROWS,
)  # fmt: skip
"""One of every kind."""


def _about(call: CallNeedsYou, verb: Verb) -> CallNeedsYou:
    """The same about another call; only a payment has an amount and a proforma."""
    if verb is call.verb:
        return call
    return replace(call, verb=verb, number="", amount=None)


def to_client(notice: Notice | UnreadableNotice, **changes: Any) -> Outgoing:
    """A notice on its way to one of Anna's users."""
    outgoing = Outgoing(
        id=1, user_id=1001, notice=notice, languages=("pl",), timezone="Europe/Warsaw",
        attempts=1, client_id=1, client=CLIENT, allowed=EVERYTHING,
    )  # fmt: skip
    return replace(outgoing, **changes)


def to_operator(notice: Notice | UnreadableNotice, **changes: Any) -> Outgoing:
    """A notice on its way to the operator's chat, with the client it is about."""
    return to_client(notice, **{"user_id": None, "client_id": None, **changes})


def receipt() -> Outgoing:
    """A receipt with its invoice."""
    paid = invoice(status=InvoiceStatus.PAID)
    done = replace(
        paid.lines[0], outcome=Outcome.RENEWED, due_date=TODAY + timedelta(days=43), service_id=1
    )
    return to_client(RECEIPT, invoice=replace(paid, lines=(done,)))


def late(status: InvoiceStatus = InvoiceStatus.EXPIRED, *quotes: Quote) -> Outgoing:
    """Money for a proforma that was closed, with the proforma."""
    return to_client(replace(LATE, status=status), invoice=invoice(*quotes, status=status))


def _client(notice: Notice | UnreadableNotice, t: Translator) -> Screen:
    return client.client_notice(t, to_client(notice))


def _operator(notice: Notice | UnreadableNotice, t: Translator) -> Screen:
    return operator.operator_notice(t, to_operator(notice))


CLIENTS: dict[str, Notice | UnreadableNotice] = {
    "receipt, in short": RECEIPT,
    "order accepted": ACCEPTED,
    "order accepted, one-time": replace(ACCEPTED, due_date=None),
    "order rejected": REJECTED,
    "order rejected, with a reason": replace(REJECTED, reason="<domena & zajęta> " * 40),
    "order rejected, nothing paid": replace(REJECTED, number="", credited=None),
    "cancellation accepted": CANCELLATION_ACCEPTED,
    "cancellation accepted, now": replace(CANCELLATION_ACCEPTED, when=CancelWhen.NOW),
    "cancellation rejected": CANCELLATION_REJECTED,
    "cancellation rejected without a reason": CancellationRejected(SERVICE),
    "cancellation of another user": CANCELLATION_NEWS,
    "cancellation of another user, now": replace(CANCELLATION_NEWS, when=CancelWhen.NOW),
    "cancellation of another user, the panel ends it": replace(
        CANCELLATION_NEWS, when=CancelWhen.NOW, ends_it=True, can_withdraw=False
    ),
    "cancellation of another user, no date": replace(CANCELLATION_NEWS, effective_on=None),
    "cancellation taken back": TAKEN_BACK,
    "cancelled": CANCELLED,
    "part paid": PART_PAID,
    "money to credit": TO_CREDIT,
    "surplus, no credit": SURPLUS,
    "money came late, proforma gone, no credit": replace(LATE, is_credit=False),
    "proforma expired, no credit": replace(EXPIRED, released=money("10.00"), is_credit=False),
    "proforma closed, no credit": replace(CLOSED, released=money("10.00"), is_credit=False),
    "order rejected, no credit": replace(REJECTED, is_credit=False),
    "money came late, proforma gone": replace(LATE, status=InvoiceStatus.CANCELLED),
    "credit added": CREDIT_ADDED,
    "credit taken back": CreditChanged(money("-50.00"), money("0.00")),
    "proforma expired": EXPIRED,
    "proforma expired, credit back": replace(EXPIRED, released=money("10.00")),
    "proforma closed": CLOSED,
    "proforma closed, ended": InvoiceClosed(NUMBER, Superseded.ENDED, SERVICE, money("10.00")),
    "payment arrived": ARRIVED,
    "payment set aside": SET_ASIDE,
    "payment set aside, unreadable": PaymentSetAside("", None, "pl"),
    "payment set aside, in stars": PaymentSetAside("100 XTR", None, "pl"),
    "payment credited": CREDITED,
    "everything is done": APPLIED,
    "not paid from the balance": NOT_USED,
    "added to the balance": replace(CREDITED, is_credit=False),
    "order placed": PLACED,
    "order placed, three proformas": replace(PLACED, count=3),
    "order placed, another amount": replace(PLACED, invoiced=money("40.00"), left=money("40.00")),
    "order placed, balance used": replace(PLACED, left=money("5.67")),
    "order placed, all from the balance": replace(PLACED, left=money("0.00")),
    "order placed, dearer, balance used": replace(
        PLACED, invoiced=money("40.00"), left=money("5.67")
    ),
    "order placed, no proforma yet": replace(
        PLACED, invoiced=money("0.00"), left=money("0.00"), count=0
    ),
    "order not withdrawn": replace(PLACED, refusal="too_late"),
    **{f"order, {state}": replace(PLACED, state=state) for state in OrderState},
    "user joined": JOINED,
    **{f"user joined, {rights}": UserJoined(2**52, "", rights) for rights in Rights},
    **{f"rights changed, {rights}": RightsChanged(rights) for rights in Rights},
    "ownership received": OWNERSHIP,
    "access ended": ENDED,
    "code not mailed": NOT_MAILED,
    "services moved": MOVED,
    "a service moved": ServicesMoved((SERVICE,)),
    "account closed": ACCOUNT_CLOSED,
    "account open again": ACCOUNT_OPEN,
    "unreadable": UnreadableNotice("something_new", "{}"),
}
OPERATORS: dict[str, Notice | UnreadableNotice] = {
    "order": ORDER,
    "order, nothing paid": replace(ORDER, amount=money("0.00")),
    "cancellation": REQUESTED,
    "cancellation now": replace(REQUESTED, when=CancelWhen.NOW, reason=""),
    "cancellation, a task": replace(REQUESTED, reason="", effective_on=ENDS, task_id=12),
    "cancellation, the panel ends it": replace(
        REQUESTED, when=CancelWhen.NOW, reason="", effective_on=TODAY, ends_it=True
    ),
    "withdrawn": WITHDRAWN,
    "overpaid": OVERPAID,
    "undelivered, no credit": replace(UNDELIVERED, is_credit=False),
    "late, nobody told": replace(
        TOO_LATE, status=InvoiceStatus.CANCELLED, reach=Reach.UNREACHABLE
    ),
    "undelivered": UNDELIVERED,
    "renewed after move": AFTER_MOVE,
    "messages waited": WAITED,
    "a message waited": MessagesWaited(ClosedChat.NOT_SET, 1),
    "summary": SUMMARY,
    "summary of one": ReminderSummary(
        ENDS,
        DigestCounts(sent=1, deferred=1, waiting=1, void=1, undeliverable=1),
        UnreachableClients(
            1, 1, (money("40.00", "EUR"), money("1234.50")), {ReminderReason.BLOCKED: 1}
        ),
    ),
    "summary, all is well": ReminderSummary(ENDS, DigestCounts(sent=12)),
    **{f"unplaced, {reason}": replace(UNPLACED, misfit=reason) for reason in Misfit},
    **{
        f"unplaced, {reason}, no credit": replace(
            UNPLACED, misfit=reason, can_credit=False, reach=reach
        )
        for reason, reach in zip(Misfit, cycle((None, *Reach)), strict=False)
    },
    "wrong codes": WRONG_CODES,
    **{
        f"paid, {gateway or 'credit'}": replace(PAID, gateway=gateway)
        for gateway in ("", "bank", "telegram", "another")
    },
    "paid, the last part": replace(PAID, last=money("5.67")),
    **{f"task, {kind}": replace(TASKS, tasks=(replace(TASK, kind=kind),)) for kind in WorkKind},
    "tasks": replace(TASKS, tasks=SEVERAL),
    "tasks, more than are named": replace(
        TASKS, tasks=tuple(replace(TASK, task_id=n, service=LONG_NAME) for n in range(1, 43))
    ),
    "an update that failed": FAILED_UPDATE,
    "services moved away": MOVED_AWAY,
    "service in trouble": IN_TROUBLE,
    "service in trouble, an unknown word": replace(
        IN_TROUBLE, service=LONG_NAME, trouble="on <hold> since yesterday"
    ),
    "panel away": AWAY,
    "panel answers": ANSWERS,
    **{
        f"{kind} of the panel that cannot be read": replace(ROW, kind=kind, client_ref="")
        for kind in RowKind
    },
    "row of a client that cannot be read": ROW,
    "row without a number": replace(ROW, number="", field=""),
    "rows of many that cannot be read": ROWS,
    **{f"call refused, {verb}": _about(CALL, verb) for verb in Verb},
    **{f"call not answered, {verb}": _about(NO_ANSWER, verb) for verb in Verb},
    **{f"call refused, {code}": replace(CALL, error=code) for code in CallRefusal},
    "not carried out": TROUBLE,
    "not carried out, of no proforma": replace(TROUBLE, verb=Verb.PAY_BALANCE, number=""),
    "call sent in vain": replace(CALL, error="never_happened"),
    "call without an answer in time": replace(NO_ANSWER, error="timed_out"),
    "call given up": replace(_about(CALL, Verb.PLACE_ORDER), error="dropped"),
    "unreadable": UnreadableNotice("something_new", '{"name": "<Hosting>"}'),
}

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "receipt": lambda t: client.client_notice(t, receipt()),
    "money came late": lambda t: client.client_notice(t, late()),
    "notice of another account": lambda t: client.client_notice(
        t, replace(receipt(), is_elsewhere=True, client=AGENCY)
    ),
    "money came late, no credit": lambda t: client.client_notice(
        t, replace(late(), notice=replace(LATE, is_credit=False))
    ),
    "money came late, nothing allowed": lambda t: client.client_notice(
        t, replace(late(InvoiceStatus.EXPIRED, ORDERED), allowed=NOTHING)
    ),
    "order rejected, nothing allowed": lambda t: client.client_notice(
        t, to_client(REJECTED, allowed=NOTHING)
    ),
    "cancelled, nothing allowed": lambda t: client.client_notice(
        t, to_client(CANCELLED, allowed=NOTHING)
    ),
    "proforma expired, nothing allowed": lambda t: client.client_notice(
        t, to_client(EXPIRED, allowed=NOTHING)
    ),
    "part paid, all by now": lambda t: client.all_paid(t, to_client(PART_PAID), PART_PAID),
    "user joined, look only": lambda t: client.client_notice(
        t, to_client(JOINED, allowed=LOOK_ONLY)
    ),
    "receipt, look only": lambda t: client.client_notice(t, replace(late(), allowed=LOOK_ONLY)),
    "notice, in need": client.short,
    **{name: partial(_client, notice) for name, notice in CLIENTS.items()},
    "operator, late": lambda t: operator.operator_notice(
        t, to_operator(TOO_LATE, invoice=late().invoice)
    ),
    "operator, paid": lambda t: operator.operator_notice(
        t, to_operator(PAID, invoice=late().invoice)
    ),
    "operator, paid, many lines": lambda t: operator.operator_notice(
        t, to_operator(PAID, invoice=invoice(*(quote() for _ in range(40))))
    ),
    "operator, in need": lambda t: operator.short(t, to_operator(ORDER)),
    **{f"operator, {name}": partial(_operator, notice) for name, notice in OPERATORS.items()},
}
