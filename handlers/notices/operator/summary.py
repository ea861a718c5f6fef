"""The summary of a day, for the operator: its money, what is to be done, and its reminders."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.rules.reminders.stages import ReminderReason
from billing.views.desk import CompanyStanding, ToDo
from billing.views.notices.operator import (
    ReminderSummary,
    UnreachableClients,
)
from billing.views.reminders.reports import DigestCounts
from handlers.chat.screens.figures import money_lines, paid_line
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from handlers.notices.operator.commands import command, with_commands
from locales.labels import price_or_unknown
from locales.translator import Translator


def summary(t: Translator, day: ReminderSummary) -> Screen:
    """What came and what is owed, what is to be done, what was sent and whom nothing reaches."""
    body = lines(
        t("📊 <b>Summary of {date}</b>", date=t.date(day.day)),
        "",
        *_money(t, day),
        t("<b>Reminders</b>"),
        *_outcomes(t, day.digests),
    )
    if day.unreachable is None:
        return Screen(body)
    return with_commands(
        lines(body, "", *_unreachable(t, day.unreachable)),
        (t.plain("Who they are"), command("reminders", "undeliverable")),
    )


def _money(t: Translator, day: ReminderSummary) -> Iterator[Markup]:
    if not day.paid.count and day.standing is None:
        return
    yield paid_line(t, t("Paid since yesterday evening"), day.paid)
    if day.standing is not None:
        yield from _standing(t, day.standing)
    yield Markup()


def _standing(t: Translator, standing: CompanyStanding) -> Iterator[Markup]:
    yield from money_lines(t, standing)
    todo = standing.todo
    with_lines = [one for one in TO_DO if one[0](todo)]
    if not with_lines:
        return
    yield Markup()
    yield t("<b>What to do</b>")
    for count, words, name in with_lines:
        yield Markup("{}: <code>{}</code>").format(words(t, count(todo)), command(name))


Count = Callable[[ToDo], int]
Words = Callable[[Translator, int], Markup]

TO_DO: tuple[tuple[Count, Words, str], ...] = (
    (
        lambda todo: todo.orders,
        lambda t, n: t.n("· {n} order to accept", "· {n} orders to accept", n),
        "orders",
    ),
    (
        lambda todo: todo.cancellations,
        lambda t, n: t.n("· {n} cancellation request", "· {n} cancellation requests", n),
        "cancellations",
    ),
    (
        lambda todo: todo.tasks,
        lambda t, n: t.n("· {n} task after a payment", "· {n} tasks after payments", n),
        "tasks",
    ),
    (
        lambda todo: todo.unplaced,
        lambda t, n: t.n("· {n} payment that fits nothing", "· {n} payments that fit nothing", n),
        "unplaced",
    ),
    (
        lambda todo: todo.calls,
        lambda t, n: t.n(
            "· {n} write to your panel that needs you",
            "· {n} writes to your panel that need you",
            n,
        ),
        "calls",
    ),
)
"""What waits, in words, with the command that lists it; whom nothing reaches follows apart."""


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
