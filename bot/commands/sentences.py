"""Billing's refusals for the operator's eyes; clients read theirs from the catalogues."""

from billing.rules.errors import BillingError

SENTENCES = {
    "no_such_client": 'There is no client "{ref}". The id is the one in clients.csv.',
    "no_such_invoice": 'There is no proforma "{number}". Its number looks like PRO-202611-00001.',
    "no_such_order": "No order {id} is waiting. `panelik orders` lists those that are.",
    "no_such_cancellation": "No request {id} is waiting. `panelik cancellations` lists them.",
    "already_decided": "Request {id} has been decided already (it is {status}).",
    "bad_amount": '"{text}" is not an amount. Write it with a point, like 123.45.',
    "too_many_decimals": '"{text}" has more than {digits} decimals.',
    "amount_too_large": '"{text}" is larger than any amount we accept.',
    "insufficient_credit": "The client's credit does not cover that; nothing was changed.",
    "invoice_closed": (
        "Proforma {number} is {status}. Say how much came, and that becomes the client's credit."
    ),
    "try_again": "Something else changed at the same moment. Try again.",
}


def sentence(error: BillingError) -> str:
    """The refusal in words; the bare code where nothing better is known."""
    template = SENTENCES.get(error.code)
    return template.format(**error.params) if template else f"Refused: {error}"
