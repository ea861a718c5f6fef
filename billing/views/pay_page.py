"""The page on the web from which a client goes on to pay."""

from dataclasses import dataclass

from billing.rules.payments.invoices import Invoice


@dataclass(frozen=True, slots=True)
class PayPage:
    """An invoice as its page on the web shows it, in the `language` of its client.

    `address` is the panel's page where it is paid, "" while it cannot be. `is_closed` where the
    company has closed the account of its client.
    """

    invoice: Invoice
    company: str
    language: str
    is_being_withdrawn: bool = False
    is_being_paid: bool = False
    is_closed: bool = False
    address: str = ""
