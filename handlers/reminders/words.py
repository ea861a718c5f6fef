"""What a reminder says of a service or a proforma, and of the wish to hear less."""

from datetime import date

from markupsafe import Markup

from billing.rules.reminders.preferences import Pause
from billing.views.reminders.digests import Digest, DigestItem, DigestProforma
from handlers.chat.screens.errors import reason
from handlers.chat.screens.widgets import lines
from handlers.chat.screens.wording import facts, overdue_since, placed_title, soon
from locales.labels import date_or_unknown, price_or_unknown
from locales.text import Plain
from locales.translator import Translator

NOT_OFFERED = Plain("·")
"""On a button that keeps a place in a calendar or among hours, with nothing to choose."""

NEAR_DAYS = 180
"""A day so near needs no year."""


def item_entry(
    t: Translator, item: DigestItem, number: int, *, soon_days: int, tells_pause: bool
) -> Markup:
    """One service: what it is, when it is due, what it costs, what to know."""
    title = Markup("{}. {}").format(number, placed_title(t, item))
    if item.done:
        return lines(title, facts(_what_became(t, item)))
    price = Markup("<b>{}</b>").format(price_or_unknown(t, item.gross))
    pause = pause_line(t, item.pause) if item.pause is not None and tells_pause else None
    return lines(
        title,
        facts(when(t, item.planned_for, item.days_left, soon_days), price),
        _hint(t, item),
        facts(pause) if pause is not None else None,
    )


def _what_became(t: Translator, item: DigestItem) -> Markup | Plain:
    due = item.service.next_due_date
    if item.is_renewed and due is not None:
        return t("✅ renewed until <b>{date}</b>", date=t.date(due))
    if item.service.has_unknown_due_date:
        return date_or_unknown(t, None)
    return reason(t, item.refusal or "not_renewable")


def when(t: Translator, due: date, days_left: int, soon_days: int) -> Markup:
    """A due date and how far it is from today, marked if that is soon or over."""
    if days_left < 0:
        return overdue_since(t, due, -days_left)
    when = t("{date} (<b>{days}</b>)", date=t.date(due), days=t.in_days(days_left))
    return soon(when) if days_left <= soon_days else when


def _hint(t: Translator, item: DigestItem) -> Markup | None:
    if item.invoice is not None:
        number, left = item.invoice.number, t.money(item.invoice.balance)
        return facts(t("🧾 proforma {number} waits: {left} to pay", number=number, left=left))
    if item.refusal is not None:
        params = {"opens_on": item.opens_on, "parent": item.parent_name}
        return facts(reason(t, item.refusal, params))
    if item.service.suspended_for is not None:
        return facts(t("🟠 suspended: pay, and it is switched on again"))
    return None


def proforma_entry(t: Translator, proforma: DigestProforma, soon_days: int) -> Markup:
    """An unpaid proforma: what is left to pay, and until when."""
    title = t("🧾 <b>Proforma {number}</b>", number=proforma.number)
    if proforma.done:
        return lines(title, facts(t("✅ nothing is left to do")))
    amount = Markup("<b>{}</b>").format(t.money(proforma.balance))
    last_day = t(
        "last day: {date} (<b>{days}</b>)",
        date=t.date(proforma.expires_on),
        days=t.in_days(proforma.days_left),
    )
    return lines(
        title,
        facts(t("waits for payment: {amount}", amount=amount)),
        facts(soon(last_day) if proforma.days_left <= soon_days else last_day),
    )


def pause_line(t: Translator, pause: Pause) -> Markup:
    """How long nothing is said of a service."""
    if pause.until is None:
        return t("🔕 no reminders")
    if pause.remind:
        return t("🔔 again on {date}", date=t.date(pause.until))
    return t("🔕 quiet until it is due")


def snoozed_until(digest: Digest) -> date | None:
    """The day on which the reader wants to hear of all that is still due in it, if there is one.

    What they do not want to hear of at all does not count.
    """
    pauses = [item.pause for item in digest.to_snooze]
    heard = {pause for pause in pauses if pause is None or pause.until is not None}
    days = {pause.until if pause and pause.remind else None for pause in heard}
    return days.pop() if len(days) == 1 else None


def day_of(t: Translator, day: date, today: date) -> Plain:
    """A day to come; with its year where that might not be clear."""
    return t.weekday_date(day) if (day - today).days < NEAR_DAYS else t.date(day)
