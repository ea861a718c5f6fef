"""The message of any notice to the operator, with the commands that act on it."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import assert_never

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.rules.reach import ClosedChat
from billing.views.account import ClientInfo
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
    ClientMatter,
    LineUndelivered,
    MessagesWaited,
    OrderPaid,
    Overpaid,
    PaidTooLate,
    ReminderSummary,
    RenewedAfterMove,
    UnplacedPayment,
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
from billing.views.notices.work import ProformaPaid, TasksOpened
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.moved import services_moved_away
from handlers.notices.operator.commands import OperatorMessage, for_operator, for_staff
from handlers.notices.operator.failed_update import failed_update
from handlers.notices.operator.money import late_payment, surplus
from handlers.notices.operator.orders import cancellation, paid_line, withdrawal
from handlers.notices.operator.paid import proforma_paid
from handlers.notices.operator.panel_state import of_state, service_in_trouble
from handlers.notices.operator.summary import summary
from handlers.notices.operator.tasks import tasks_opened
from handlers.notices.operator.unplaced import unplaced_payment
from handlers.notices.operator.wrong_codes import wrong_codes
from handlers.notices.panel import of_call
from locales.translator import Translator


def operator_notice(t: Translator, outgoing: Outgoing, *, staffed: bool = False) -> Screen:
    """The message of a notice; of one that cannot be read, all there is.

    With `staffed` there are people who may act by buttons; without, commands are copied.
    """
    message = operator_message(t, outgoing)
    if isinstance(message, Screen):
        return message
    if not staffed:
        return for_operator(message)
    client = outgoing.client
    return for_staff(t, message, outgoing.id, client.id if client else None)


def operator_message(t: Translator, outgoing: Outgoing) -> OperatorMessage | Screen:
    """The text of a notice and what can be done about it."""
    notice = outgoing.notice
    if isinstance(notice, ClientMatter):
        return _client_matter(t, notice, outgoing)
    match notice:
        case ReminderSummary():
            return summary(t, notice)
        case WrongCodes():
            return wrong_codes(t, notice)
        case MessagesWaited():
            return _waited(t, notice)
        case UpdateFailed():
            return failed_update(t, notice)
        case PanelAway() | PanelAnswers() | PanelRowUnread() | PanelRowsUnread():
            return of_state(t, notice)
        case _:
            return short(t, outgoing)


def short(t: Translator, outgoing: Outgoing) -> Screen:
    """What is sent when a message cannot be drawn: the bare facts."""
    notice = outgoing.notice
    facts = (f"{field.name}: {getattr(notice, field.name)}" for field in fields(notice))
    text = shortened("\n".join((f"topic: {notice.topic}", *facts)), 3000)
    return Screen(lines(t("<b>This needs a look</b>"), "", text))


def _client_matter(
    t: Translator, notice: ClientMatter, outgoing: Outgoing
) -> OperatorMessage | Screen:
    client = outgoing.client
    match notice:
        case OrderPaid() | LineUndelivered() | RenewedAfterMove():
            return paid_line(t, notice, client)
        case CancellationRequested():
            return cancellation(t, notice, client)
        case CancellationWithdrawn():
            return withdrawal(t, notice, client)
        case Overpaid():
            return surplus(t, notice, client)
        case PaidTooLate():
            return late_payment(t, notice, client, outgoing.invoice)
        case UnplacedPayment():
            return unplaced_payment(t, notice, client)
        case CallNeedsYou() | NotCarriedOut() | ServicesMovedAway() | ServiceInTrouble():
            return _of_panel(t, notice, client)
        case ProformaPaid() | TasksOpened():
            return _of_payment(t, notice, outgoing)
        case _:
            assert_never(notice)


def _of_panel(
    t: Translator,
    notice: CallNeedsYou | NotCarriedOut | ServicesMovedAway | ServiceInTrouble,
    client: ClientInfo | None,
) -> OperatorMessage | Screen:
    if isinstance(notice, ServicesMovedAway):
        return services_moved_away(t, notice, client)
    if isinstance(notice, ServiceInTrouble):
        return service_in_trouble(t, notice, client)
    return of_call(t, notice, client)


def _of_payment(
    t: Translator, notice: ProformaPaid | TasksOpened, outgoing: Outgoing
) -> OperatorMessage | Screen:
    if isinstance(notice, ProformaPaid):
        return proforma_paid(t, notice, outgoing.client, outgoing.invoice)
    return tasks_opened(t, notice, outgoing.client)


def _waited(t: Translator, waited: MessagesWaited) -> Screen:
    n, oldest = waited.count, waited.oldest
    count = t.n("<b>{n} message waited for you</b>", "<b>{n} messages waited for you</b>", n)
    return Screen(
        lines(
            Markup("📬 {}").format(count),
            "",
            t("The oldest one: {instant}", instant=t.instant(oldest)) if oldest else None,
            CLOSED[waited.why](t),
            t("What you still need follows now."),
        )
    )


CLOSED: Mapping[ClosedChat, Callable[[Translator], Markup]] = {
    ClosedChat.NOT_SET: lambda t: t("No chat was set for them."),
    ClosedChat.REMOVED: lambda t: t("We were removed from this chat, or blocked in it."),
    ClosedChat.MAY_NOT_WRITE: lambda t: t("We were not allowed to write here."),
    ClosedChat.TOPIC_CLOSED: lambda t: t("The topic was closed."),
    ClosedChat.NOT_FOUND: lambda t: t("This chat could not be found."),
}
"""Why messages had to wait."""
