"""What the operator is told in their chat, with the commands that act on it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.rules.reach import ClosedChat
from billing.views.account import Reach
from handlers.chat.screen import Screen
from handlers.chat.widgets import lines, shortened
from handlers.payments.late_screens import what_lapsed, why_closed
from handlers.reminders.commands import command, with_commands
from handlers.reminders.facts import (
    amount_of,
    date_of,
    money_of,
    number_of,
    status_of,
    text_of,
    title_of,
)
from handlers.reminders.summary import summary
from handlers.reminders.unplaced import unplaced
from handlers.reminders.wrong_codes import wrong_codes
from locales.text import Plain
from locales.translator import Translator

CLIENT_LIMIT = 80
REASON_LIMIT = 600


def event(t: Translator, told: Outgoing) -> Screen:
    """The message for an event; of one that is not known, all there is."""
    return EVENTS.get(text_of(told, "event"), short)(t, told)


def short(t: Translator, told: Outgoing) -> Screen:
    """What is sent when a message cannot be drawn: the bare facts."""
    facts = (f"{name}: {value}" for name, value in told.facts.items())
    return Screen(lines(t("<b>This needs a look</b>"), "", shortened("\n".join(facts), 3000)))


def _order(t: Translator, told: Outgoing) -> Screen:
    order = str(number_of(told, "service_id"))
    return with_commands(
        lines(
            t("🛒 <b>New order {order}, paid</b>", order=order),
            "",
            title_of(t, told),
            _client(t, told),
            _proforma(t, told),
        ),
        (t.plain("Accept"), command("orders", "accept", order)),
        (t.plain("Reject"), command("orders", "reject", order)),
    )


def _cancellation(t: Translator, told: Outgoing) -> Screen:
    request = str(number_of(told, "id"))
    why = text_of(told, "reason")
    at_end = text_of(told, "when") == "period_end"
    return with_commands(
        lines(
            t("✂️ <b>Cancellation asked for, request {request}</b>", request=request),
            "",
            title_of(t, told),
            _client(t, told),
            t("When: at the end of the period") if at_end else t("When: now"),
            t("Reason: {reason}", reason=shortened(why, REASON_LIMIT)) if why else None,
        ),
        (t.plain("Accept"), command("cancellations", "accept", request)),
        (t.plain("Reject"), command("cancellations", "reject", request)),
    )


def _withdrawn(t: Translator, told: Outgoing) -> Screen:
    request = str(number_of(told, "id"))
    title = title_of(t, told) if text_of(told, "name") else None
    return with_commands(
        lines(
            t("✂️ <b>Cancellation withdrawn, request {request}</b>", request=request),
            "",
            title,
            _client(t, told),
            t("The service goes on. There is nothing to do."),
        ),
        (t.plain("Other requests"), command("cancellations")),
    )


def _surplus(t: Translator, told: Outgoing) -> Screen:
    return with_commands(
        lines(
            t("💳 <b>Paid too much: {amount}</b>", amount=_amount(t, told)),
            "",
            _client(t, told),
            t("Proforma {number}", number=text_of(told, "number")),
            t("It is the client's credit now."),
        ),
        *_take_back(t, told),
    )


def _late(t: Translator, told: Outgoing) -> Screen:
    lapsed: tuple[Markup, ...] = (why_closed(t, status_of(told), text_of(told, "number")),)
    if told.invoice is not None:
        lapsed = what_lapsed(t, told.invoice)
    return with_commands(
        lines(
            t("💳 <b>Came too late: {amount}</b>", amount=_amount(t, told)),
            "",
            _client(t, told),
            *lapsed,
            t("It is the client's credit now."),
            _told(t, told),
        ),
        *_take_back(t, told),
    )


def _told(t: Translator, told: Outgoing) -> Markup:
    if text_of(told, "reach") in (Reach.NOBODY_LINKED, Reach.UNREACHABLE):
        return t("⚠️ Nobody reads the bot for this client: please tell them yourself.")
    return t("The client is told and can use it at once.")


def _credited(t: Translator, told: Outgoing) -> Screen:
    return with_commands(
        lines(
            t("⚠️ <b>Paid, but could not be carried out</b>"),
            "",
            title_of(t, told),
            _client(t, told),
            _proforma(t, told),
            t("The service has ended or cannot have it any more. The price is credit now."),
        ),
        *_take_back(t, told),
    )


def _renewed_after_move(t: Translator, told: Outgoing) -> Screen:
    due = date_of(t, told, "due_date")
    return Screen(
        lines(
            t("⚠️ <b>Renewed, but its due date had moved</b>"),
            "",
            title_of(t, told),
            _client(t, told),
            _proforma(t, told),
            t("Next due date now: {date}", date=due) if due else None,
            t("It changed between the proforma and the payment: please check that it is right."),
        )
    )


def _waited(t: Translator, told: Outgoing) -> Screen:
    n, why, oldest = number_of(told, "n"), CLOSED.get(text_of(told, "why")), _oldest(t, told)
    count = t.n("<b>{n} message waited for you</b>", "<b>{n} messages waited for you</b>", n)
    return Screen(
        lines(
            Markup("📬 {}").format(count),
            "",
            t("The oldest one: {instant}", instant=oldest) if oldest else None,
            why(t) if why else None,
            t("What you still need follows now."),
        )
    )


def _oldest(t: Translator, told: Outgoing) -> Plain | None:
    try:
        return t.instant(datetime.fromisoformat(text_of(told, "oldest")))
    except ValueError:
        return None


CLOSED: Mapping[str, Callable[[Translator], Markup]] = {
    ClosedChat.NOT_SET: lambda t: t("No chat was set for them."),
    ClosedChat.REMOVED: lambda t: t("We were removed from this chat, or blocked in it."),
    ClosedChat.MAY_NOT_WRITE: lambda t: t("We were not allowed to write here."),
    ClosedChat.TOPIC_CLOSED: lambda t: t("The topic was closed."),
    ClosedChat.NOT_FOUND: lambda t: t("This chat could not be found."),
}
"""Why messages had to wait."""


def _client(t: Translator, told: Outgoing) -> Markup | None:
    client = told.client
    who = f"{client.ref} · {client.name}" if client else text_of(told, "client")
    return t("Client: {client}", client=shortened(who, CLIENT_LIMIT)) if who else None


def _proforma(t: Translator, told: Outgoing) -> Markup:
    number, amount = text_of(told, "number"), money_of(t, told, "amount")
    if not amount:
        return t("Proforma {number}", number=number)
    return t("Proforma {number} · {amount}", number=number, amount=amount)


def _amount(t: Translator, told: Outgoing) -> Plain:
    return money_of(t, told, "amount") or Plain()


def _take_back(t: Translator, told: Outgoing) -> tuple[tuple[Plain, str], ...]:
    """How the credit is taken away again, should the money be sent back."""
    amount = amount_of(told, "amount")
    if told.client is None or amount is None:
        return ()
    line = command("credit", "--", told.client.ref, str(-amount.decimal))
    return ((t.plain("If you send it back"), line),)


EVENTS: Mapping[str, Callable[[Translator, Outgoing], Screen]] = {
    "order": _order,
    "cancellation": _cancellation,
    "withdrawn": _withdrawn,
    "surplus": _surplus,
    "late": _late,
    "credited": _credited,
    "renewed_after_move": _renewed_after_move,
    "summary": summary,
    "unplaced": unplaced,
    "wrong_codes": wrong_codes,
    "waited": _waited,
}
"""A screen for every event that actions tell the operator of."""
