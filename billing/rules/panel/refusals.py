"""Why a connected panel does not carry out a call, in codes that every adapter shares."""

from enum import StrEnum


class CallRefusal(StrEnum):
    """The code of a refusal. Adapters may give others, which are shown to the operator as is."""

    BALANCE_TOO_LOW = "balance_too_low"
    CLIENT_CLOSED = "client_closed"
    DEPOSIT = "deposit"
    INVOICE_CLOSED = "invoice_closed"
    INVOICE_PAID = "invoice_paid"
    NAME_NOT_POSSIBLE = "name_not_possible"
    NO_GATEWAY = "no_gateway"
    NO_SUCH_CLIENT = "no_such_client"
    NO_SUCH_INVOICE = "no_such_invoice"
    NO_SUCH_SERVICE = "no_such_service"
    NOT_IN_FULL = "not_in_full"
    NOT_OFFERED = "not_offered"
    NOT_PERMITTED = "not_permitted"
    NOT_POSSIBLE = "not_possible"
    NOT_RENEWABLE = "not_renewable"
    OTHER_GATEWAY = "other_gateway"
    OUT_OF_STOCK = "out_of_stock"
    PERIOD_NOT_OFFERED = "period_not_offered"
    REFUSED_THERE = "refused_there"
