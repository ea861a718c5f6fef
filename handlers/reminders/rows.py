"""The buttons under a reminder: what is needed at once, then the ways out."""

from billing.views.reminders.digests import Digest, DigestItem, DigestProforma
from handlers.buttons import (
    AddFromDigest,
    OpenCart,
    OpenCheckout,
    OpenDigest,
    OpenInvoice,
    OpenNotNow,
    OpenReminders,
    OpenRenewals,
    OpenService,
    OpenServices,
    PayFromDigest,
    RemoveFromDigest,
    UnmuteFromDigest,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Style
from handlers.chat.screens.widgets import shortened
from handlers.chat.screens.wording import button_name, payment_label
from handlers.reminders.words import snoozed_until
from handlers.services.offer import offer_rows
from locales.labels import sum_of
from locales.text import Plain
from locales.translator import Translator

MOST = 12
"""So many services are listed; a longer digest leads to the list of renewals."""

MOST_PROFORMAS = 4
ACCOUNT_LIMIT = 40


def digest_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    """Every service with its button, then all at once, then paying."""
    numbered_items = enumerate(what.items[:MOST], start=1)
    more = len(what.items) > MOST
    see_all = Button(t.plain("Show all to renew"), OpenRenewals(0, Origin.REMINDER))
    return (
        *(_item_row(t, what, item, number) for number, item in numbered_items if not item.done),
        *_add_all_row(t, what),
        *_pay_these_row(t, what),
        *(((see_all,),) if more else ()),
        *(_proforma_row(t, one) for one in what.unpaid[:MOST_PROFORMAS]),
        *_pay_rows(t, what),
        *_not_now_row(t, what),
        *offer_rows(t, what.offer, what.offered),
        (
            Button(t.plain("Services"), OpenServices()),
            Button(t.plain("🔔 Reminders"), OpenReminders(Origin.REMINDER)),
        ),
    )


def switch_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    """The other buttons speak of the account the user acts for, so first they change over."""
    name = shortened(what.account, ACCOUNT_LIMIT)
    label = t.plain("Go to account {name}", name=name)
    return ((Button(label, OpenDigest(what.id, what.client_id), Style.PRIMARY),),)


def _item_row(t: Translator, what: Digest, item: DigestItem, number: int) -> Row:
    service = item.service.id
    page = Button(
        Plain(f"{number} · {button_name(item.service)}"), OpenService(service, Origin.REMINDER)
    )
    if item.invoice is not None:
        finish = OpenInvoice(item.invoice.id, origin=Origin.REMINDER)
        return (page, Button(t.plain("Finish payment"), finish, Style.SUCCESS))
    if item.in_cart:
        remove = RemoveFromDigest(what.id, what.client_id, service)
        return (page, Button(t.plain("✓ In cart"), remove))
    if item.can_add:
        add = AddFromDigest(what.id, what.client_id, service)
        return (page, Button(t.plain("Add to cart"), add, Style.PRIMARY))
    return (page,)


def _pay_these_row(t: Translator, what: Digest) -> tuple[Row, ...]:
    """Pay exactly what this names; the cart's own button does where it holds just that."""
    if not what.payable or what.is_whole_cart:
        return ()
    amount = sum_of(t, what.payable_total)
    pay = PayFromDigest(what.id, what.client_id)
    return ((Button(t.plain("Pay · {amount}", amount=amount), pay, Style.SUCCESS),),)


def _add_all_row(t: Translator, what: Digest) -> tuple[Row, ...]:
    if what.to_add < 2:
        return ()
    label = t.plain("Add all to the cart ({n})", n=what.to_add)
    return ((Button(label, AddFromDigest(what.id, what.client_id), Style.PRIMARY),),)


def _proforma_row(t: Translator, proforma: DigestProforma) -> Row:
    label = t.plain("Finish payment · {name}", name=t.money(proforma.balance))
    finish = OpenInvoice(proforma.id, origin=Origin.REMINDER)
    return (Button(label, finish, Style.SUCCESS),)


def _pay_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    if not what.cart_lines:
        return ()
    pay = payment_label(t, what.cart_total)
    cart = t.plain("Cart ({n})", n=what.cart_lines)
    return (
        (Button(pay, OpenCheckout(origin=Origin.REMINDER), Style.SUCCESS),),
        (Button(cart, OpenCart(origin=Origin.REMINDER)),),
    )


def _not_now_row(t: Translator, what: Digest) -> tuple[Row, ...]:
    if not what.to_snooze:
        return ()
    if snoozed_until(what) is not None:
        undo = UnmuteFromDigest(what.id, what.client_id)
        return ((Button(t.plain("Remind me as before"), undo),),)
    return ((Button(t.plain("🔕 Not now"), OpenNotNow(what.id, what.client_id)),),)
