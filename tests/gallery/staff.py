"""Samples of the operator's chat: messages with buttons, what became of them, a client's card."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from billing.ports.outbox import Outgoing
from billing.rules.audit import Audited, AuditEntry, staff_actor
from billing.rules.payments.charges import Misfit
from billing.views.notices.notice import Notice
from billing.views.payments import InvoiceSummary
from billing.views.staff import MatterId, MatterKind, MatterState, OpenBill, Standing
from handlers.chat.screens.screen import Screen
from handlers.notices.operator import messages as operator
from handlers.staff import screens
from handlers.staff.screens import ShownMatter
from locales.translator import Translator
from tests.gallery import notices
from tests.gallery.menu import CLIENT
from tests.make import NOW, TODAY, invoice, money

OLGA = staff_actor(1009, "Olga <b>& spółka o bardzo długiej nazwie, która się nie mieści")
EARLIER = datetime(2026, 1, 3, 16, 44, tzinfo=UTC)

ORDER = MatterId(MatterKind.ORDER, notices.SERVICE.id)
REQUEST = MatterId(MatterKind.CANCELLATION, 3)
CALL = MatterId(MatterKind.CALL, 7)
TASKS = MatterId(MatterKind.TASKS, notices.TASK.task_id)
PROFORMA = MatterId(MatterKind.PROFORMA, 1)
WAITING = Standing(MatterState.WAITING)
BILL = OpenBill(invoice(), CLIENT)
PART_PAID = OpenBill(invoice(paid=money("10.00")), CLIENT)

TOLD: dict[str, Notice] = {
    "order": notices.ORDER,
    "cancellation": notices.REQUESTED,
    "withdrawn": notices.WITHDRAWN,
    "overpaid": notices.OVERPAID,
    "undelivered": notices.UNDELIVERED,
    "unmatched payment": notices.UNPLACED,
    "not booked": replace(notices.UNPLACED, misfit=Misfit.NOT_BOOKED),
    "call": notices.CALL,
    "call without an answer": notices.NO_ANSWER,
    "tasks": notices.TASKS,
    "summary": notices.SUMMARY,
}


def did(action: Audited, at: datetime = NOW) -> Standing:
    """Decided by somebody with a long name."""
    return Standing(MatterState.DECIDED, AuditEntry(at, OLGA, action, "subject"))


def shown(
    matter: MatterId, standing: Standing = WAITING, notice: Notice | None = None
) -> ShownMatter:
    """A matter with the message that told of it."""
    outgoing: Outgoing | None = notices.to_operator(notice) if notice else None
    return ShownMatter(matter, 1, standing, TODAY, outgoing)


def bill(standing: Standing = WAITING, of: OpenBill = BILL) -> ShownMatter:
    """A proforma of a client."""
    return ShownMatter(PROFORMA, 0, standing, TODAY, bill=of)


def proforma(number: int) -> InvoiceSummary:
    """An open one."""
    return InvoiceSummary(
        number, f"PRO-202601-0000{number}-7391", "unpaid", money("1234567.00"),
        money("1234567.00"), NOW, TODAY,
    )  # fmt: skip


MATTERS: dict[str, ShownMatter] = {
    "order accepted": shown(ORDER, did(Audited.ACCEPT_ORDER), notices.ORDER),
    "order rejected on another day": shown(
        ORDER, did(Audited.REJECT_ORDER, EARLIER), notices.ORDER
    ),
    "order accepted, message forgotten": shown(ORDER, did(Audited.ACCEPT_ORDER)),
    "order waits, message forgotten": shown(ORDER),
    "order, nobody knows why": shown(ORDER, Standing(MatterState.OVER), notices.ORDER),
    "request accepted": shown(REQUEST, did(Audited.ACCEPT_CANCELLATION), notices.REQUESTED),
    "request rejected": shown(REQUEST, did(Audited.REJECT_CANCELLATION), notices.REQUESTED),
    "request withdrawn": shown(REQUEST, Standing(MatterState.WITHDRAWN), notices.REQUESTED),
    "call asked again": shown(
        CALL, replace(did(Audited.RETRY_CALL), state=MatterState.WAITING), notices.CALL
    ),
    "call done": shown(CALL, did(Audited.FINISH_CALL)),
    "call given up": shown(CALL, did(Audited.DROP_CALL), notices.CALL),
    "task done": shown(TASKS, did(Audited.FINISH_TASK), notices.TASKS),
    "task done, message forgotten": shown(TASKS, did(Audited.FINISH_TASK)),
    "payment settled": shown(MatterId(MatterKind.UNPLACED, 7), did(Audited.CLOSE_UNPLACED)),
    "payment made credit": shown(
        MatterId(MatterKind.UNPLACED, 7), did(Audited.CREDIT_UNPLACED), notices.UNPLACED
    ),
    "payment booked again": shown(MatterId(MatterKind.UNPLACED, 7), did(Audited.BOOK_UNPLACED)),
    "proforma": bill(),
    "proforma, part paid": bill(of=PART_PAID),
    "proforma, marked as paid": bill(did(Audited.RECORD_TRANSFER)),
    "proforma, paid": bill(Standing(MatterState.PAID)),
    "proforma, lapsed": bill(Standing(MatterState.OVER)),
}


def _told(notice: Notice, t: Translator) -> Screen:
    return operator.operator_notice(t, notices.to_operator(notice), staffed=True)


def _matter(made: ShownMatter, t: Translator) -> Screen:
    return screens.matter(t, made)


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    **{f"told, {name}": partial(_told, notice) for name, notice in TOLD.items()},
    **{name: partial(_matter, made) for name, made in MATTERS.items()},
    "reason?": lambda t: screens.ask_reason(t, shown(ORDER, notice=notices.ORDER), OLGA.person),
    "reason? in reply": lambda t: Screen(screens.question(t, 1009, OLGA.person)),
    "give up?": lambda t: screens.ask_give_up(t, shown(CALL, notice=notices.CALL)),
    "paid?": lambda t: screens.ask_paid(t, bill(), BILL),
    "paid? a part is": lambda t: screens.ask_paid(t, bill(of=PART_PAID), PART_PAID),
    "order, on its page": lambda t: screens.matter(
        t, replace(shown(ORDER, did(Audited.REJECT_ORDER)), on_page_of=1)
    ),
}
