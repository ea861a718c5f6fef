"""Money that fits nothing: what the operator reads of it and can do."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.rules.payments.charges import Misfit
from billing.views.account import ClientInfo, Reach
from billing.views.notices.operator import UnplacedPayment
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.operator.commands import OperatorMessage, Way, command
from handlers.notices.payments import stated_amount
from handlers.notices.subject import client_line
from locales.translator import Translator

PROVIDERS_LIMIT = 100
"""Characters of what a provider wrote; what is longer would push the commands off the screen."""


def unplaced_payment(
    t: Translator, payment: UnplacedPayment, client: ClientInfo | None
) -> OperatorMessage:
    """What came, why it fits nothing, and what to do."""
    amount = stated_amount(t, payment)
    return OperatorMessage(
        lines(
            _title(t, payment),
            "",
            _why(t, payment),
            "",
            t("Amount: <b>{amount}</b>", amount=amount) if amount else None,
            client_line(t, client),
            *_facts(t, payment),
            *_without_credit(t, payment),
        ),
        _ways(t, payment, client),
        MatterId(MatterKind.UNPLACED, payment.unplaced_id),
    )


def _title(t: Translator, payment: UnplacedPayment) -> Markup:
    number = str(payment.unplaced_id)
    if payment.misfit in GIVEN_BACK:
        return t("⚠️ <b>Money to decide about, no. {number}</b>", number=number)
    return t("⚠️ <b>Unmatched payment no. {number}</b>", number=number)


def _why(t: Translator, payment: UnplacedPayment) -> Markup:
    if payment.misfit is Misfit.OTHER_CURRENCY and not payment.can_credit:
        return t("It came in another currency than the proforma's.")
    return WHY[payment.misfit](t)


def _without_credit(t: Translator, payment: UnplacedPayment) -> tuple[str | Markup, ...]:
    """What to do where the panel keeps the credit, and whether the client knows of the money."""
    if payment.misfit is Misfit.REFUNDED:
        return ()
    advice: tuple[str | Markup, ...] = ()
    if not payment.can_credit:
        advice = (
            "",
            t("Your panel keeps the credit: add it there, or send it back. Then close it here."),
        )
    if payment.reach in {None, Reach.REACHED}:
        return advice
    untold = t("⚠️ Nobody reads the bot for this client: please tell them yourself.")
    return (*(advice or ("",)), untold)


def _ways(t: Translator, payment: UnplacedPayment, client: ClientInfo | None) -> tuple[Way, ...]:
    """The commands that make sense for that reason."""
    number, reason = str(payment.unplaced_id), payment.misfit
    ref = client.ref if client else "CLIENT"
    credit = Way(t.plain("Make it credit"), command("unplaced", "credit", number, ref))
    again = Way(t.plain("Book it again"), command("unplaced", "book", number), Deed.BOOK_AGAIN)
    note = t.plain("what you did")
    close = Way(t.plain("Settled otherwise"), command("unplaced", "close", number, "--note", note))
    can_credit = payment.can_credit and reason not in NO_CREDIT
    if reason is Misfit.NOT_BOOKED:
        return (again, credit, close) if can_credit else (again, close)
    return (credit, close) if can_credit else (close,)


def _facts(t: Translator, payment: UnplacedPayment) -> tuple[Markup | None, ...]:
    number, user = payment.number, payment.user_id
    charge, payload = (
        shortened(text, PROVIDERS_LIMIT) for text in (payment.charge_id, payment.payload)
    )
    return (
        t("Proforma {number}", number=number) if number else None,
        t("Telegram user: {user}", user=str(user)) if user else None,
        t("Charge: {charge}", charge=charge) if charge else None,
        t("Invoice payload: {payload}", payload=payload) if payload else None,
    )


NO_CREDIT = frozenset({Misfit.REFUNDED, Misfit.OTHER_CURRENCY, Misfit.UNREADABLE})
"""Where credit is refused: it went back, has another currency, or nobody knows how much it is."""

GIVEN_BACK = frozenset(
    {Misfit.SURPLUS, Misfit.LATE, Misfit.RELEASED, Misfit.UNDELIVERED, Misfit.REJECTED}
)
"""Money that was booked for a client, and would be their credit if they had any with us."""

WHY: Mapping[Misfit, Callable[[Translator], Markup]] = {
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
    Misfit.REFUSED_BY_PANEL: lambda t: t(
        "The panel did not take it, and you have given its call up. It is in no invoice."
    ),
    Misfit.NOT_BOOKED: lambda t: t(
        "It was tried three times and failed; the log says why. The client knows that it has "
        "arrived."
    ),
    Misfit.SURPLUS: lambda t: t("It is more than was due for the proforma."),
    Misfit.LATE: lambda t: t(
        "It came for a proforma that had expired or was cancelled: nothing in it was renewed or "
        "ordered."
    ),
    Misfit.RELEASED: lambda t: t(
        "It was a part of a proforma's price. The proforma has expired or was closed since."
    ),
    Misfit.UNDELIVERED: lambda t: t(
        "It was paid for something that could not be carried out: the service has ended or cannot "
        "have it any more."
    ),
    Misfit.REJECTED: lambda t: t("It was paid for an order that was rejected."),
}
"""What happened and what to look at, for every reason."""
