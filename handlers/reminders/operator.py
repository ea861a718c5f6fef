"""What the operator is told in his chat, with the commands that act on it."""

from collections.abc import Callable, Mapping
from shlex import join

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from handlers.chat.check import COPY_LIMIT
from handlers.chat.screen import Button, Copy, Row, Screen
from handlers.chat.widgets import lines, shortened
from handlers.reminders.facts import amount_of, date_of, money_of, number_of, text_of, title_of
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
    return _with_commands(
        lines(
            t("🛒 <b>New order {order}, paid</b>", order=order),
            "",
            title_of(t, told),
            _client(t, told),
            _proforma(t, told),
        ),
        (t.plain("Accept"), _command("orders", "accept", order)),
        (t.plain("Reject"), _command("orders", "reject", order)),
    )


def _cancellation(t: Translator, told: Outgoing) -> Screen:
    request = str(number_of(told, "id"))
    why = text_of(told, "reason")
    at_end = text_of(told, "when") == "period_end"
    return _with_commands(
        lines(
            t("✂️ <b>Cancellation asked for, request {request}</b>", request=request),
            "",
            title_of(t, told),
            _client(t, told),
            t("When: at the end of the period") if at_end else t("When: now"),
            t("Reason: {reason}", reason=shortened(why, REASON_LIMIT)) if why else None,
        ),
        (t.plain("Accept"), _command("cancellations", "accept", request)),
        (t.plain("Reject"), _command("cancellations", "reject", request)),
    )


def _withdrawn(t: Translator, told: Outgoing) -> Screen:
    request = str(number_of(told, "id"))
    title = title_of(t, told) if text_of(told, "name") else None
    return _with_commands(
        lines(
            t("✂️ <b>Cancellation withdrawn, request {request}</b>", request=request),
            "",
            title,
            _client(t, told),
            t("The service goes on. There is nothing to do."),
        ),
        (t.plain("Other requests"), _command("cancellations")),
    )


def _surplus(t: Translator, told: Outgoing) -> Screen:
    return _with_commands(
        lines(
            t("💳 <b>Paid too much: {amount}</b>", amount=_amount(t, told)),
            "",
            _client(t, told),
            t("Proforma {number}", number=text_of(told, "number")),
            t("It is the client's credit now."),
        ),
        *_take_back(t, told),
    )


def _wrong_currency(t: Translator, told: Outgoing) -> Screen:
    return Screen(
        lines(
            t("⚠️ <b>Paid in another currency: {amount}</b>", amount=_amount(t, told)),
            "",
            _client(t, told),
            t("Proforma {number}", number=text_of(told, "number")),
            t("The payment is kept, but counts for nothing. Please settle it with the client."),
        )
    )


def _credited(t: Translator, told: Outgoing) -> Screen:
    return _with_commands(
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
    command = _command("credit", "--", told.client.ref, str(-amount.decimal))
    return ((t.plain("If you send it back"), command),)


def _command(*words: str) -> str:
    return join(("panelik", *words))


def _with_commands(text: Markup, *commands: tuple[Plain, str]) -> Screen:
    """The text with the commands below it, each with a button that copies it."""
    shown = (Markup("{}: <code>{}</code>").format(label, command) for label, command in commands)
    row: Row = tuple(
        Button(Plain(f"📋 {label}"), Copy(command))
        for label, command in commands
        if len(command) <= COPY_LIMIT
    )
    return Screen(lines(text, "", *shown) if commands else text, (row,) if row else ())


EVENTS: Mapping[str, Callable[[Translator, Outgoing], Screen]] = {
    "order": _order,
    "cancellation": _cancellation,
    "withdrawn": _withdrawn,
    "surplus": _surplus,
    "wrong_currency": _wrong_currency,
    "credited": _credited,
    "renewed_after_move": _renewed_after_move,
}
"""A screen for every event that actions tell the operator of."""
