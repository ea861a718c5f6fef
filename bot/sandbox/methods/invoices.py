"""Invoices, checked the way Telegram checks them."""

from bot.sandbox.errors import Json, bad_request

STARS = "XTR"
TITLE_CHARACTERS = 32
DESCRIPTION_CHARACTERS = 255
PAYLOAD_BYTES = 128

# Smallest and largest total in minor units. Telegram keeps them near 1 and 10 000 US dollars and
# moves them with the rates (core.telegram.org/bots/payments/currencies.json); a live bot reads
# that file, here the round figures do.
BOUNDS = {
    "CZK": (2_300, 23_000_000),
    "EUR": (90, 900_000),
    "GBP": (80, 800_000),
    "HUF": (36_000, 360_000_000),
    "PLN": (375, 3_754_502),
    "SEK": (1_000, 10_000_000),
    "UAH": (4_000, 40_000_000),
    "USD": (100, 1_000_000),
    STARS: (1, 10_000),
}


def check_invoice(params: Json) -> int:
    """Return the total in minor units; raises a 400 for what Telegram would refuse."""
    _check_text(params["title"], TITLE_CHARACTERS, "INVOICE_TITLE_INVALID")
    _check_text(params["description"], DESCRIPTION_CHARACTERS, "INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(params["payload"].encode()) <= PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    currency = params["currency"]
    if currency not in BOUNDS:
        raise bad_request("CURRENCY_INVALID")
    prices = params["prices"]
    total = _total(prices)
    if currency == STARS:
        if params.get("provider_token"):
            raise bad_request("PAYMENT_PROVIDER_INVALID: Stars take no provider token")
        if len(prices) != 1:
            raise bad_request("STARS_INVOICE_INVALID: Stars take exactly one price")
    elif not params.get("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    least, most = BOUNDS[currency]
    if not least <= total <= most:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total


def _check_text(text: str, limit: int, error: str) -> None:
    if not 1 <= len(text.strip()) <= limit:
        raise bad_request(error)


def _total(prices: object) -> int:
    if not isinstance(prices, list):
        raise bad_request("expected an Array of labeled prices")
    if not prices:
        raise bad_request("there must be at least one price")
    return sum(map(_amount, prices))


def _amount(price: object) -> int:
    if not isinstance(price, dict):
        raise bad_request("can't parse labeled price: LabeledPrice must be an Object")
    if not price.get("label"):
        raise bad_request("can't parse labeled price: LabeledPrice label must be non-empty")
    amount = price.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise bad_request('can\'t parse labeled price: Field "amount" must be of type Number')
    return amount
