"""A service in words: its price, its due date, its status and what to do about it."""

from datetime import date, timedelta

from markupsafe import Markup

from billing.rules.cycles import CycleUnit
from billing.rules.money import Money
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.quotes import Taxation, price_line
from handlers.chat.screens.wording import overdue_since, soon
from locales.labels import (
    date_or_unknown,
    price_or_unknown,
    price_per_cycle,
    short_price_per_cycle,
    status_with_sign,
)
from locales.text import Plain
from locales.translator import Translator

OVERDUE = "⚠️"
NEAR = timedelta(days=180)
"""A date so close needs no year."""


def recurring_price(t: Translator, service: Service, taxation: Taxation) -> Plain:
    """What each period costs with tax; for what is paid once, what it cost."""
    return price_per_cycle(t, gross_price(service, taxation), service.cycle)


def list_price(t: Translator, service: Service, taxation: Taxation) -> Plain:
    """The same, short enough for one line with status and due date."""
    return short_price_per_cycle(t, gross_price(service, taxation), service.cycle)


def gross_price(service: Service, taxation: Taxation) -> Money | None:
    """What a period costs with tax, or what was paid once; None if it is not known yet."""
    once = service.cycle.unit is CycleUnit.ONE_TIME
    return _gross(service.first_amount if once else service.amount, taxation)


def first_price(t: Translator, service: Service, taxation: Taxation) -> Plain:
    """The gross price of the first period."""
    return price_or_unknown(t, _gross(service.first_amount, taxation))


def _gross(base: Money | None, taxation: Taxation) -> Money | None:
    return None if base is None else price_line(base, taxation).gross


def due_date(t: Translator, service: Service, today: date, soon_days: int) -> Markup | None:
    """The due date, marked if overdue or soon, or that it is not known; None if there is none.

    The date of a free service is shown unmarked, until it has passed.
    """
    if service.has_unknown_due_date:
        return Markup.escape(date_or_unknown(t, None))
    due = _day_to_show(service, today)
    if due is None:
        return None
    day, days = t.date(due), (due - today).days
    if service.costs_nothing or not service.is_owed():
        return Markup.escape(day)
    if days < 0:
        return overdue_since(t, due, -days)
    when = t("{date} ({days})", date=day, days=unbroken(t.in_days(days)))
    return soon(when) if days <= soon_days else when


def near_payment(t: Translator, service: Service, today: date, soon_days: int) -> Markup | None:
    """The same in few words, for a line with other facts."""
    if service.has_unknown_due_date:
        return Markup.escape(date_or_unknown(t, None))
    due = _day_to_show(service, today)
    if due is None:
        return None
    day = t.day(due) if abs(due - today) <= NEAR else t.date(due)
    match due_sign(service, today, soon_days):
        case "":
            return Markup.escape(day)
        case sign:
            return Markup("{} {}").format(sign, day)


def _day_to_show(service: Service, today: date) -> date | None:
    """The next due date of a service that has not ended; of a free one until it has passed."""
    due = service.next_due_date
    if due is None or not service.is_live or (service.costs_nothing and due < today):
        return None
    return due


def due_sign(service: Service, today: date, soon_days: int) -> str:
    """⚠️ if something is overdue, ⏳ if it is due soon, else nothing."""
    owed_on = service.owed_on
    if owed_on is None:
        return ""
    days = (owed_on - today).days
    if days < 0:
        return OVERDUE
    return "⏳" if days <= soon_days else ""


def ending(t: Translator, ends_on: date | None) -> Markup:
    """That it ends with its period, and when, if that is known."""
    if ends_on is None:
        return t("🔚 ends with its period")
    return t("🔚 ends on {date}", date=t.date(ends_on))


def status_of(t: Translator, service: Service) -> Plain:
    """The status with its sign, on one line."""
    return unbroken(status_with_sign(t, service.status))


def unbroken(text: Plain) -> Plain:
    """Words without a line break between them."""
    return Plain(text.replace(" ", "\N{NO-BREAK SPACE}"))


def what_now(t: Translator, service: Service) -> Markup | None:
    """The meaning of a status for the client, and what they can do."""
    match service.status:
        case ServiceStatus.PENDING:
            return t("We are setting it up; you will be told here when it is ready.")
        case ServiceStatus.SUSPENDED:
            return _why_suspended(t, service)
        case ServiceStatus.FRAUD:
            return t("It is blocked. Please contact us.")
        case ServiceStatus.TERMINATED:
            return t("It has ended and cannot be renewed.")
        case ServiceStatus.CANCELLED:
            return t("It is cancelled and cannot be renewed.")
        case ServiceStatus.COMPLETED:
            return t("It is done; there is nothing more to pay.")
        case ServiceStatus.ACTIVE:
            return None


def _why_suspended(t: Translator, service: Service) -> Markup:
    match service.suspended_for:
        case SuspendedFor.NON_PAYMENT:
            return t("Suspended because it was not paid for. Renew it, and it works again.")
        case SuspendedFor.ABUSE:
            return t("Suspended because it broke our terms. Contact us to clear it up.")
        case _:
            return t("We have suspended it. Contact us to learn why.")


def needs_contact(service: Service) -> bool:
    """Whether only the company can help."""
    suspended = service.status is ServiceStatus.SUSPENDED and not service.is_owed()
    return suspended or service.status is ServiceStatus.FRAUD
