"""The summary of a day's reminders, for the operator."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.rules.reminders import ReminderReason
from billing.views.notices.operator import ReminderSummary, UnreachableClients
from billing.views.reminder_reports import DigestCounts
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.commands import command, with_commands
from locales.labels import price_or_unknown
from locales.translator import Translator


def summary(t: Translator, day: ReminderSummary) -> Screen:
    """What was sent and what was not, and what is at risk with whom nothing reaches."""
    title = t("📮 <b>Reminders of {date}</b>", date=t.date(day.day))
    body = lines(title, "", *_outcomes(t, day.digests))
    if day.unreachable is None:
        return Screen(body)
    return with_commands(
        lines(body, "", *_unreachable(t, day.unreachable)),
        (t.plain("Who they are"), command("reminders", "undeliverable")),
    )


def _outcomes(t: Translator, digests: DigestCounts) -> Iterator[Markup]:
    yield t.n("✅ {n} reminder sent", "✅ {n} reminders sent", digests.sent)
    if n := digests.deferred:
        yield t.n("⏸ {n} reminder was put off", "⏸ {n} reminders were put off", n)
    if n := digests.waiting:
        yield t.n("🕓 {n} reminder still waits", "🕓 {n} reminders still wait", n)
    if n := digests.void:
        yield t.n("➖ {n} reminder was not needed", "➖ {n} reminders were not needed", n)
    if n := digests.undeliverable + digests.failed:
        yield t.n("⚠️ {n} reminder not delivered", "⚠️ {n} reminders not delivered", n)


def _unreachable(t: Translator, clients: UnreachableClients) -> Iterator[Markup]:
    yield t.n(
        "🚫 <b>{n} client cannot be reached</b>",
        "🚫 <b>{n} clients cannot be reached</b>",
        clients.count,
    )
    for reason, words in REASONS.items():
        if n := clients.reasons.get(reason):
            yield words(t, n)
    services = clients.services
    yield t.n(
        "{n} service is due soon or overdue", "{n} services are due soon or overdue", services
    )
    amounts = " · ".join(t.money(amount) for amount in clients.at_risk)
    yield t("At risk: <b>{amounts}</b>", amounts=amounts or price_or_unknown(t, None))
    if amounts and (n := clients.unpriced):
        yield t.n("and {n} price not known yet", "and {n} prices not known yet", n)


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
