"""What an invoice of a provider carries to say which payment of ours it is for.

A row's number alone is not enough: a database that is restored from a copy gives it again. So
the whole number of the proforma stands beside it, and both must fit.
"""

import re
from dataclasses import dataclass

from billing.rules.errors import NotFoundError
from billing.rules.payments.invoices import Born, Invoice, lacks_digits

_PAYLOAD = re.compile(r"p2:([0-9]{1,18}):([!-~]{1,32})", re.ASCII)
_OLD_PAYLOAD = re.compile(r"p1:([0-9]{1,18})", re.ASCII)
"""The first version named the payment only."""


@dataclass(frozen=True, slots=True)
class NamedPayment:
    """A payment's id and the number of its proforma; "" in payloads that name none."""

    id: int
    invoice_number: str

    def belongs_to(self, invoice: Invoice) -> bool:
        """Whether this is the proforma that was meant when the payload was written.

        Payloads without a number were only written for numbers without random digits.
        """
        if not self.invoice_number:
            return lacks_digits(invoice.number)
        return lasting_name(invoice) == self.invoice_number


def write_payload(payment_id: int, invoice: Invoice) -> str:
    """The payload for an attempt to pay an invoice; at most 54 bytes."""
    return f"p2:{payment_id}:{lasting_name(invoice)}"


def lasting_name(invoice: Invoice) -> str:
    """What an invoice is called as long as it exists, and no other is.

    Its number; of a panel's invoice the id there: a panel writes numbers anyhow, and anew.
    """
    return f"#{invoice.ref}" if invoice.born is Born.PANEL else invoice.number


def read_payload(payload: str) -> NamedPayment:
    """What a payload names; NotFoundError for one that is not ours."""
    if match := _PAYLOAD.fullmatch(payload):
        return NamedPayment(int(match[1]), match[2])
    if match := _OLD_PAYLOAD.fullmatch(payload):
        return NamedPayment(int(match[1]), "")
    raise NotFoundError("no_such_invoice", payload=payload)
