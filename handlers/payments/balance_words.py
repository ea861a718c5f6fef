"""What an order takes from the client's balance in the panel."""

from markupsafe import Markup

from billing.views.payments import Checkout
from locales.translator import Translator


def balance_used(t: Translator, checkout: Checkout) -> tuple[Markup | str, ...]:
    """What happens by itself as soon as the order is placed, as far as the balance is known.

    It pays each proforma in full or not at all.
    """
    if not checkout.spends_balance:
        return ()
    balance, total = checkout.balance, checkout.quoted_cart.gross.whole
    if balance is None:
        return t("<b>⚠️ Your balance in our panel will be used for this order now.</b>"), ""
    prices = [quote.gross for quote in checkout.quoted_cart.quotes]
    if not balance or all(price is not None and price > balance for price in prices):
        return ()
    if total is not None and total <= balance:
        used = t(
            "<b>⚠️ {amount} of your balance of {balance} will be used for this order now.</b>",
            amount=t.money(total),
            balance=t.money(balance),
        )
        return used, ""
    covers = t(
        "<b>⚠️ What your balance of {balance} covers will be paid from it now.</b>",
        balance=t.money(balance),
    )
    return covers, ""
