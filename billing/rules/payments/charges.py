"""Charges: what a provider's notice says of money, and why some of it fits nothing.

A notice comes from outside and may say anything. Nothing is guessed here: what is missing stays
missing, and what cannot be booked keeps its reason.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from billing.rules.money import EXPONENTS, MAX_MINOR, Money
from billing.rules.payments.payload import NamedPayment

LONGEST_CHARGE_ID = 255
"""Characters of a provider's key under which a payment can be booked."""

LONGEST_EVENT_ID = 200

PAID, REFUNDED = "paid", "refunded"
"""Kinds of notices; together with the charge they make a notice's key."""

_PRINTABLE = re.compile(r"[!-~]+")


class Misfit(StrEnum):
    """Why money that came fits nothing; the operator decides what becomes of it.

    The last five were booked, and became unplaced because the client has no credit with us: more
    than was due, for a lapsed invoice, for one that lapsed later, for a line that could not be
    carried out, for an order that was rejected.
    """

    UNREADABLE = "unreadable"
    REFUNDED = "refunded"
    NOT_PRIVATE = "not_private"
    BAD_CHARGE_ID = "bad_charge_id"
    BAD_AMOUNT = "bad_amount"
    UNKNOWN_PAYLOAD = "unknown_payload"
    UNKNOWN_PAYMENT = "unknown_payment"
    OTHER_CURRENCY = "other_currency"
    STRANGER = "stranger"
    NOT_BOOKED = "not_booked"
    REFUSED_BY_PANEL = "refused_by_panel"
    SURPLUS = "surplus"
    LATE = "late"
    RELEASED = "released"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Charge:
    """Money that a provider says it has taken, as far as the notice can be read.

    `source` is the gateway's code, `event_id` the notice's key. `amount` is in minor units and,
    like `currency`, as the provider states it. `payment_id` is the payment it is for,
    `named_payment` what the payload says of it. `language` is that of the payer's app.
    """

    source: str
    event_id: str
    charge_id: str = ""
    amount: int | None = None
    currency: str = ""
    payload: str = ""
    payment_id: int | None = None
    named_payment: NamedPayment | None = None
    user_id: int | None = None
    language: str = ""
    is_readable: bool = True
    is_private: bool = True
    is_refund: bool = False

    @property
    def number(self) -> str:
        """The proforma's number that the payload names; "" where it names none."""
        return self.named_payment.invoice_number if self.named_payment else ""

    @property
    def money(self) -> Money | None:
        """The amount, if it is more than nothing and in a currency that can be billed."""
        amount = self.amount
        if self.currency not in EXPONENTS or amount is None or not 0 < amount <= MAX_MINOR:
            return None
        return Money(amount, self.currency)

    @property
    def stated(self) -> str:
        """The amount for people: "59.00 PLN"; in minor units where the currency is not known."""
        if self.money is not None:
            return str(self.money)
        return "" if self.amount is None else f"{self.amount} {self.currency}".strip()


def misfit_of(charge: Charge) -> Misfit | None:
    """What is wrong with a charge by itself, whatever the database knows."""
    if charge.is_refund:
        return Misfit.REFUNDED
    if not charge.is_readable:
        return Misfit.UNREADABLE
    if not charge.is_private:
        return Misfit.NOT_PRIVATE
    if not 0 < len(charge.charge_id) <= LONGEST_CHARGE_ID:
        return Misfit.BAD_CHARGE_ID
    if charge.payment_id is None:
        return Misfit.UNKNOWN_PAYLOAD
    if charge.amount is None or not 0 < charge.amount <= MAX_MINOR:
        return Misfit.BAD_AMOUNT
    if charge.money is None:
        return Misfit.OTHER_CURRENCY
    return None


def event_id_of(kind: str, charge_id: str, body: str) -> str:
    """The key of a notice: the provider's own where it fits a key, else a hash of it.

    Where there is none at all, the notice is known by its whole body.
    """
    if len(charge_id) <= LONGEST_EVENT_ID and _PRINTABLE.fullmatch(charge_id):
        return f"{kind}:{charge_id}"
    return f"{kind}:sha256:{sha256((charge_id or body).encode()).hexdigest()}"
