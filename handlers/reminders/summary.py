"""The summary of a day's reminders, for the operator."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.rules.errors import InvalidInputError
from billing.rules.money import Money
from billing.rules.reminders import ReminderReason
from handlers.chat.screen import Screen
from handlers.chat.widgets import lines
from handlers.reminders.commands import command, with_commands
from handlers.reminders.facts import date_of, number_of, text_of
from locales.translator import Translator


def summary(t: Translator, told: Outgoing) -> Screen:
    """What was sent and what was not, and what is at risk with whom nothing reaches."""
    title = t("📮 <b>Reminders of {date}</b>", date=date_of(t, told, "day") or "")
    body = lines(title, "", *_outcomes(t, told), *_lost(t, told))
    if not number_of(told, "clients"):
        return Screen(body)
    return with_commands(
        body,
        (t.plain("Who they are"), command("reminders", "undeliverable")),
    )


def _outcomes(t: Translator, told: Outgoing) -> Iterator[Markup]:
    n = number_of(told, "sent")
    yield t.n("✅ {n} reminder sent", "✅ {n} reminders sent", n)
    if n := number_of(told, "deferred"):
        yield t.n("⏸ {n} reminder was put off", "⏸ {n} reminders were put off", n)
    if n := number_of(told, "waiting"):
        yield t.n("⏳ {n} reminder still waits", "⏳ {n} reminders still wait", n)
    if n := number_of(told, "void"):
        yield t.n("➖ {n} reminder was not needed", "➖ {n} reminders were not needed", n)
    if n := number_of(told, "undeliverable") + number_of(told, "failed"):
        yield t.n("⚠️ {n} reminder not delivered", "⚠️ {n} reminders not delivered", n)


def _lost(t: Translator, told: Outgoing) -> Iterator[Markup | str]:
    n = number_of(told, "clients")
    if not n:
        return
    yield ""
    yield t.n(
        "🚫 <b>{n} client cannot be reached</b>", "🚫 <b>{n} clients cannot be reached</b>", n
    )
    for reason, words in REASONS.items():
        if n := number_of(told, f"lost_{reason}"):
            yield words(t, n)
    n = number_of(told, "services")
    yield t.n("{n} service is due soon or overdue", "{n} services are due soon or overdue", n)
    amounts = " · ".join(t.money(amount) for amount in _at_risk(told))
    yield t("At risk: <b>{amounts}</b>", amounts=amounts)


REASONS: Mapping[ReminderReason, Callable[[Translator, int], Markup]] = {
    ReminderReason.NOBODY_LINKED: lambda t, n: t.n(
        "· {n} has no linked user", "· {n} have no linked user", n
    ),
    ReminderReason.NEVER_STARTED: lambda t, n: t.n(
        "· {n} never pressed Start", "· {n} never pressed Start", n
    ),
    ReminderReason.BLOCKED: lambda t, n: t.n(
        "· {n} has blocked the bot", "· {n} have blocked the bot", n
    ),
    ReminderReason.DEACTIVATED: lambda t, n: t.n(
        "· {n} has a deactivated account", "· {n} have a deactivated account", n
    ),
}
"""How many of them for each reason."""


def _at_risk(told: Outgoing) -> Iterator[Money]:
    """The amounts, one for each currency."""
    for part in text_of(told, "at_risk").split(", "):
        amount, _, currency = part.partition(" ")
        try:
            yield Money.parse(amount, currency)
        except InvalidInputError:
            continue
