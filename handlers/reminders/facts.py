"""What a notification carries, in words: facts are kept as text and may be of an older version."""

from datetime import date

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.rules.errors import InvalidInputError
from billing.rules.invoices import InvoiceStatus
from billing.rules.money import Money
from handlers.cart.words import named
from locales.text import Plain
from locales.translator import Translator


def text_of(told: Outgoing, name: str) -> str:
    """A fact as text; empty when it is absent."""
    return str(told.facts.get(name, ""))


def number_of(told: Outgoing, name: str) -> int:
    """A fact that is a row's number; 0 when it is absent."""
    value = told.facts.get(name)
    return value if isinstance(value, int) else 0


def amount_of(told: Outgoing, name: str) -> Money | None:
    """An amount as actions write it ("12.00 PLN"); None when there is none."""
    amount, _, currency = text_of(told, name).partition(" ")
    try:
        return Money.parse(amount, currency) or None
    except InvalidInputError:
        return None


def money_of(t: Translator, told: Outgoing, name: str) -> Plain | None:
    """An amount as the language writes it; None when there is none."""
    amount = amount_of(told, name)
    return None if amount is None else t.money(amount)


def date_of(t: Translator, told: Outgoing, name: str) -> Plain | None:
    """A date as the language writes it; None when there is none."""
    try:
        return t.date(date.fromisoformat(text_of(told, name)))
    except ValueError:
        return None


def title_of(t: Translator, told: Outgoing) -> Markup:
    """The service a message is about, with its domain."""
    return named(t, text_of(told, "name"), text_of(told, "domain"))


def status_of(told: Outgoing) -> InvoiceStatus:
    """The state that a proforma was in; expired when it is absent."""
    try:
        return InvoiceStatus(text_of(told, "status"))
    except ValueError:
        return InvoiceStatus.EXPIRED
