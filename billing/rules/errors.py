"""What billing refuses: a code and parameters; sentences live in the catalogues."""

from collections.abc import Mapping


class BillingError(Exception):
    """An expected refusal; `code` names it, `params` fill the sentence a screen makes of it."""

    code = "refused"

    def __init__(self, code: str = "", /, **params: object) -> None:
        self.code = code or type(self).code
        self.params: Mapping[str, object] = params
        super().__init__(f"{self.code} {dict(params)}" if params else self.code)


class NotFoundError(BillingError):
    """The thing does not exist or belongs to somebody else; the two are never told apart."""

    code = "not_found"


class NotRenewableError(BillingError):
    """The service cannot be renewed; `code` is the reason, `opens_on` from when it can."""

    code = "not_renewable"


class NotOfferedError(BillingError):
    """The product, cycle or add-on is not offered (any more) or does not fit."""

    code = "not_offered"


class InvalidInputError(BillingError):
    """Typed or loaded text that is not what was asked for; `code` says what is wrong."""

    code = "invalid_input"


class NotAllowedError(BillingError):
    """The panel or the user's rights do not allow it; `code` says what."""

    code = "not_allowed"


class CartChangedError(BillingError):
    """The cart or its prices are not what the client confirmed."""

    code = "cart_changed"


class EmptyCartError(BillingError):
    """There is nothing to pay."""

    code = "empty_cart"


class AlreadyInvoicedError(BillingError):
    """This renewal or order is on an unpaid invoice already; `invoice_id` names it."""

    code = "already_invoiced"

    @property
    def invoice_id(self) -> int | None:
        """The invoice that leads to it once it is paid."""
        number = self.params.get("invoice_id")
        return number if isinstance(number, int) else None


class InvoiceClosedError(BillingError):
    """The invoice is not unpaid any more; `status` says what it is."""

    code = "invoice_closed"


class InsufficientCreditError(BillingError):
    """The account's credit does not cover the amount."""

    code = "insufficient_credit"


class LinkCodeError(BillingError):
    """A link code that is wrong, used, expired, or one guess too many."""

    code = "wrong_code"


class FreshCodeNeededError(Exception):
    """The user has to prove once more that the account is theirs, by a code sent by e-mail.

    It is no refusal: what was asked for is done after the code.
    """


class DuplicateChargeError(BillingError):
    """The provider's charge is known already: this payment has been recorded."""

    code = "duplicate_charge"
