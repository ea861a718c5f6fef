"""What a client is told of their orders and of their requests to cancel."""

from typing import assert_never

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.views.notices.services import (
    CancellationAccepted,
    CancellationNews,
    CancellationRejected,
    CancellationTakenBack,
    NamedService,
    OrderAccepted,
    OrderRejected,
    ServiceCancelled,
    ServiceNotice,
    ServicesMoved,
)
from billing.views.services import CancelWhen
from handlers.buttons import (
    OpenCredit,
    OpenHelp,
    OpenOrder,
    OpenServices,
    WithdrawCancellation,
)
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.moved import services_moved
from handlers.notices.subject import service_name, service_rows, we_decide
from locales.translator import Translator

REASON_LIMIT = 700
"""More than a reason may have."""


def service_notice(t: Translator, notice: ServiceNotice, allowed: Allowed) -> Screen:
    """What became of an order or of a request to cancel."""
    match notice:
        case OrderAccepted():
            return _accepted(t, notice)
        case OrderRejected():
            return _rejected(t, notice, allowed)
        case CancellationAccepted():
            return _cancellation_accepted(t, notice)
        case CancellationRejected():
            return _cancellation_rejected(t, notice)
        case CancellationNews():
            return _cancellation_news(t, notice, allowed)
        case CancellationTakenBack():
            return _taken_back(t, notice.service)
        case ServiceCancelled():
            return _cancelled(t, notice.service, allowed)
        case ServicesMoved():
            return services_moved(t, notice)
        case _:
            assert_never(notice)


def _accepted(t: Translator, order: OrderAccepted) -> Screen:
    due = order.due_date
    return Screen(
        lines(
            t("✅ <b>Your order is ready</b>"),
            "",
            service_name(t, order.service),
            t("Active, paid until {date}", date=t.date(due)) if due else t("Active"),
        ),
        service_rows(t, order.service),
    )


def _rejected(t: Translator, order: OrderRejected, allowed: Allowed) -> Screen:
    credited, number = order.credited, order.number
    credit = Button(t.plain("Credit history"), OpenCredit())
    return Screen(
        lines(
            t("❌ <b>Your order could not be accepted</b>"),
            "",
            service_name(t, order.service),
            t("Proforma {number}", number=number) if number else None,
            _our_reason(t, order.reason),
            _paid_back(t, order),
        ),
        (
            *(((credit,),) if credited and order.is_credit else ()),
            (*_new_order(t, allowed), Button(t.plain("Help"), OpenHelp())),
        ),
    )


def _paid_back(t: Translator, order: OrderRejected) -> Markup | None:
    if not order.credited:
        return None
    if order.is_credit:
        return t("{amount} is on your account as credit.", amount=t.money(order.credited))
    return we_decide(t, order.credited)


def _cancellation_accepted(t: Translator, request: CancellationAccepted) -> Screen:
    ends = request.effective_on
    when = t("It ends on <b>{date}</b>.", date=t.date(ends)) if ends else None
    if request.when is CancelWhen.PERIOD_END and ends is None:
        when = t("It ends at the end of its period; we do not know that day yet.")
    if request.when is CancelWhen.NOW:
        when = t("It has ended now.")
    service = service_name(t, request.service)
    return Screen(
        lines(t("✅ <b>Your cancellation is accepted</b>"), "", service, when),
        service_rows(t, request.service),
    )


def _cancellation_rejected(t: Translator, rejection: CancellationRejected) -> Screen:
    return Screen(
        lines(
            t("❌ <b>Your cancellation could not be accepted</b>"),
            "",
            service_name(t, rejection.service),
            _our_reason(t, rejection.reason),
            t("The service goes on as before."),
        ),
        (*service_rows(t, rejection.service), (Button(t.plain("Help"), OpenHelp()),)),
    )


def _our_reason(t: Translator, reason: str) -> Markup | None:
    if not reason:
        return None
    return t("Our reason: {reason}", reason=shortened(reason, REASON_LIMIT))


def _cancellation_news(t: Translator, news: CancellationNews, allowed: Allowed) -> Screen:
    """A request of another user; any user of the account may withdraw it."""
    undo = Button(t.plain("Withdraw it"), WithdrawCancellation(news.service.id))
    return Screen(
        lines(
            t("✂️ <b>Another user of your account wants to cancel a service</b>"),
            "",
            service_name(t, news.service),
            _would_end(t, news),
            "",
            t("We will let you know here as soon as it is done.")
            if news.ends_it
            else t("We will answer here. Until then everything works as before."),
        ),
        (
            *(((undo,),) if allowed.cancel and news.can_withdraw else ()),
            *service_rows(t, news.service),
        ),
    )


def _would_end(t: Translator, news: CancellationNews) -> Markup:
    if news.when is CancelWhen.NOW and news.ends_it:
        return t("It ends at once.")
    if news.when is CancelWhen.NOW:
        return t("It ends as soon as we accept the request.")
    if news.effective_on is None:
        return t("It ends at the end of its period; we do not know that day yet.")
    return t("It ends on <b>{date}</b>.", date=t.date(news.effective_on))


def _taken_back(t: Translator, service: NamedService) -> Screen:
    return Screen(
        lines(
            t("✅ <b>Another user of your account has withdrawn the cancellation</b>"),
            "",
            service_name(t, service),
            t("The service goes on as before."),
        ),
        service_rows(t, service),
    )


def _cancelled(t: Translator, service: NamedService, allowed: Allowed) -> Screen:
    return Screen(
        lines(t("✅ <b>Cancelled as you asked</b>"), "", service_name(t, service)),
        ((Button(t.plain("Services"), OpenServices()), *_new_order(t, allowed)),),
    )


def _new_order(t: Translator, allowed: Allowed) -> Row:
    return (Button(t.plain("Place a new order"), OpenOrder()),) if allowed.order else ()
