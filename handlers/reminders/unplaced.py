"""Money on its way: what its payer reads, and what the operator reads of money that fits nothing.

Nobody who has paid is asked to pay again.
"""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.ports.outbox import Outgoing, Topic
from billing.rules.charges import Misfit
from handlers.buttons import OpenCredit, OpenHelp, OpenRenewals, OpenServices
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Screen
from handlers.chat.widgets import lines, shortened
from handlers.reminders.commands import command, with_commands
from handlers.reminders.facts import money_of, number_of, text_of
from locales.text import Plain
from locales.translator import Translator

CLIENT_LIMIT = 80
PROVIDERS_LIMIT = 100
"""Characters of what a provider wrote; what is longer would push the commands off the screen."""


def arrived(t: Translator, told: Outgoing) -> Screen:
    """What the payer reads while their money is kept and not booked yet."""
    return Screen(
        lines(
            _arrived(t, told),
            "",
            t("It is being booked. We will let you know here as soon as it is done."),
            t("You need not do anything."),
        ),
        (
            (
                Button(t.plain("Services"), OpenServices()),
                Button(t.plain("Help"), OpenHelp()),
            ),
        ),
    )


def put_aside(t: Translator, told: Outgoing) -> Screen:
    """What the payer reads of money that fits nothing."""
    return Screen(
        lines(
            _arrived(t, told),
            "",
            t("We could not match it to a proforma, so we will look at it ourselves."),
            t("Please do not pay again: nothing is lost, and we will get back to you."),
        ),
        ((Button(t.plain("Help"), OpenHelp()),),),
    )


def credited(t: Translator, told: Outgoing) -> Screen:
    """What a client reads when money that fitted nothing became their credit."""
    return Screen(
        lines(
            t("💳 <b>Your payment is on your account as credit</b>"),
            "",
            t("{amount} was added. You can pay with it.", amount=_amount(t, told)),
        ),
        (
            (Button(t.plain("Credit history"), OpenCredit()),),
            (Button(t.plain("Renew services"), OpenRenewals(0, Origin.HOME)),),
        ),
    )


def unplaced(t: Translator, told: Outgoing) -> Screen:
    """What the operator reads: what came, why it fits nothing, and what to do."""
    number, reason = str(number_of(told, "id")), text_of(told, "misfit")
    amount = _amount(t, told)
    return with_commands(
        lines(
            t("⚠️ <b>Unmatched payment no. {number}</b>", number=number),
            "",
            WHY.get(reason, _unknown)(t),
            "",
            t("Amount: <b>{amount}</b>", amount=amount) if amount else None,
            _client(t, told),
            *_facts(t, told),
        ),
        *_ways(t, told, number, reason),
    )


def _ways(
    t: Translator, told: Outgoing, number: str, reason: str
) -> tuple[tuple[Plain, str], ...]:
    """The commands that make sense for that reason."""
    client = told.client.ref if told.client else "CLIENT"
    credit = t.plain("Make it credit"), command("unplaced", "credit", number, client)
    again = t.plain("Book it again"), command("unplaced", "book", number)
    note = t.plain("what you did")
    close = t.plain("Settled otherwise"), command("unplaced", "close", number, "--note", note)
    if reason == Misfit.NOT_BOOKED:
        return again, credit, close
    return (close,) if reason in NO_CREDIT else (credit, close)


def _facts(t: Translator, told: Outgoing) -> tuple[Markup | None, ...]:
    number, user = text_of(told, "number"), number_of(told, "user")
    reference, payload = text_of(told, "reference"), text_of(told, "payload")
    return (
        t("Proforma {number}", number=number) if number else None,
        t("Telegram user: {user}", user=str(user)) if user else None,
        t("Charge: {charge}", charge=shortened(reference, PROVIDERS_LIMIT)) if reference else None,
        t("Invoice payload: {payload}", payload=shortened(payload, PROVIDERS_LIMIT))
        if payload
        else None,
    )


def _arrived(t: Translator, told: Outgoing) -> Markup:
    amount = _amount(t, told)
    if not amount:
        return t("💳 <b>Your payment has arrived</b>")
    return t("💳 <b>Your payment of {amount} has arrived</b>", amount=amount)


def _amount(t: Translator, told: Outgoing) -> Plain:
    """As the language writes it; as the provider states it where the currency is not known."""
    return money_of(t, told, "amount") or Plain(text_of(told, "amount"))


def _client(t: Translator, told: Outgoing) -> Markup | None:
    if told.client is None:
        return None
    who = f"{told.client.ref} · {told.client.name}"
    return t("Client: {client}", client=shortened(who, CLIENT_LIMIT))


def _unknown(t: Translator) -> Markup:
    return t("It could not be booked.")


NO_CREDIT = frozenset({Misfit.REFUNDED, Misfit.OTHER_CURRENCY, Misfit.UNREADABLE})
"""Where credit is refused: it went back, has another currency, or nobody knows how much it is."""

WHY: Mapping[str, Callable[[Translator], Markup]] = {
    Misfit.UNREADABLE: lambda t: t(
        "The notice cannot be read. Look for the payment at your payment provider and ask who "
        "has paid."
    ),
    Misfit.REFUNDED: lambda t: t(
        "Telegram says that this payment was given back. If it had been booked, take back what "
        "was paid with it."
    ),
    Misfit.NOT_PRIVATE: lambda t: t(
        "It was paid in a group or channel, where the bot sells nothing. Ask who has paid and "
        "what for."
    ),
    Misfit.BAD_CHARGE_ID: lambda t: t(
        "Its charge number is missing or too long, so it cannot be told from another payment."
    ),
    Misfit.BAD_AMOUNT: lambda t: t(
        "The amount is missing or makes no sense. Look it up at your payment provider."
    ),
    Misfit.UNKNOWN_PAYLOAD: lambda t: t("It was paid for an invoice that this bot did not make."),
    Misfit.UNKNOWN_PAYMENT: lambda t: t(
        "There is no such payment here. Was an older copy of the database restored?"
    ),
    Misfit.OTHER_CURRENCY: lambda t: t(
        "It came in another currency than the proforma's. Send it back, or agree on an amount "
        "with the client and give that as credit."
    ),
    Misfit.STRANGER: lambda t: t(
        "It was paid by somebody who is not linked to the proforma's client."
    ),
    Misfit.NOT_BOOKED: lambda t: t(
        "It was tried three times and failed; the log says why. The client knows that it has "
        "arrived."
    ),
}
"""What happened and what to look at, for every reason."""

NOTICES: Mapping[Topic, Callable[[Translator, Outgoing], Screen]] = {
    Topic.PAYMENT_ARRIVED: arrived,
    Topic.PAYMENT_UNPLACED: put_aside,
    Topic.PAYMENT_CREDITED: credited,
}
"""A screen for every topic of this module."""
