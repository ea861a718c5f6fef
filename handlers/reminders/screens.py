"""The digest: what is due, most urgent first, with the buttons to act at once."""

from markupsafe import Markup

from billing.views.reminders import Digest, DigestItem
from handlers.buttons import (
    AddFromDigest,
    OpenCart,
    OpenCheckout,
    OpenDigest,
    OpenInvoice,
    OpenRenewals,
    OpenService,
    OpenServices,
    OpenSettings,
    RemoveFromDigest,
)
from handlers.cart.words import button_name, facts, service_title
from handlers.chat.errors import reason
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines, shortened
from locales.text import Plain
from locales.translator import Translator

MOST = 12
"""So many services are listed; a longer digest leads to the list of renewals."""

ACCOUNT_LIMIT = 40


def digest(t: Translator, what: Digest) -> Screen:
    """The message itself; drawn anew with every tap on it."""
    shown = what.items[:MOST]
    left = len(what.items) - len(shown)
    return Screen(
        lines(
            *_heading(t, what),
            "",
            *(_item(t, item, number) for number, item in enumerate(shown, start=1)),
            t.n("… and {n} more", "… and {n} more", left) if left else None,
            *_total(t, what),
            *_in_cart(t, what),
        ),
        _switch_rows(t, what) if what.account else _rows(t, what),
    )


def short(t: Translator) -> Screen:
    """What is sent when a digest cannot be drawn."""
    return Screen(
        t("⏰ <b>Some of your services are due soon.</b>"),
        (
            (Button(t.plain("Renew services"), OpenRenewals(), Style.PRIMARY),),
            (Button(t.plain("Services"), OpenServices()),),
        ),
    )


def _heading(t: Translator, what: Digest) -> tuple[Markup, ...]:
    if not what.account:
        return (_title(t, what),)
    name = shortened(what.account, ACCOUNT_LIMIT)
    return (_title(t, what), t("Account: {name}", name=name))


def _title(t: Translator, what: Digest) -> Markup:
    n = len(what.due)
    late = sum(item.days_left < 0 for item in what.due)
    if not n:
        return t("⏰ ✅ <b>Everything here is taken care of</b>")
    if late == n:
        return t.n("⏰ <b>{n} payment is overdue</b>", "⏰ <b>{n} payments are overdue</b>", n)
    if late:
        return t.n("⏰ <b>{n} payment is waiting</b>", "⏰ <b>{n} payments are waiting</b>", n)
    return t.n("⏰ <b>{n} payment is coming up</b>", "⏰ <b>{n} payments are coming up</b>", n)


def _item(t: Translator, item: DigestItem, number: int) -> Markup:
    title = Markup("{}. {}").format(number, service_title(t, item.service, item.parent_name))
    if item.done:
        return lines(title, facts(_what_became(t, item)))
    price = Markup("<b>{}</b>").format(t.money(item.gross))
    return lines(title, facts(_when(t, item), price), _hint(t, item))


def _what_became(t: Translator, item: DigestItem) -> Markup | Plain:
    due = item.service.next_due_date
    if item.is_renewed and due is not None:
        return t("✅ renewed until <b>{date}</b>", date=t.date(due))
    return reason(t, item.refusal or "not_renewable")


def _when(t: Translator, item: DigestItem) -> Markup:
    day = t.date(item.planned_for)
    if item.days_left < 0:
        late = t.n("{n} day overdue", "{n} days overdue", -item.days_left)
        return t("⚠️ {date} (<b>{late}</b>)", date=day, late=late)
    return t("⏳ {date} (<b>{days}</b>)", date=day, days=t.in_days(item.days_left))


def _hint(t: Translator, item: DigestItem) -> Markup | None:
    if item.invoice is not None:
        number, left = item.invoice.number, t.money(item.invoice.balance)
        return facts(t("🧾 proforma {number} waits: {left} to pay", number=number, left=left))
    if item.refusal is not None:
        return facts(reason(t, item.refusal, {"opens_on": item.opens_on}))
    if item.service.suspended_for is not None:
        return facts(t("🟠 suspended: pay, and it is switched on again"))
    return None


def _total(t: Translator, what: Digest) -> tuple[str | Markup, ...]:
    if not what.due:
        return ()
    total = t.money(what.total)
    if what.tax_rate:
        rate = t.percent(what.tax_rate)
        return ("", t("Total: <b>{total}</b> (with {rate} tax)", total=total, rate=rate))
    return ("", t("Total: <b>{total}</b>", total=total)) if len(what.due) > 1 else ()


def _in_cart(t: Translator, what: Digest) -> tuple[Markup, ...]:
    if not what.cart_lines:
        return ()
    total = Markup("<b>{}</b>").format(t.money(what.cart_total))
    return (
        t.n(
            "🛒 {n} item in the cart: {total}",
            "🛒 {n} items in the cart: {total}",
            what.cart_lines,
            total=total,
        ),
    )


def _rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    shown = enumerate(what.items[:MOST], start=1)
    more = len(what.items) > MOST
    see_all = Button(t.plain("Show all to renew"), OpenRenewals(0, Origin.REMINDER))
    return (
        *(_item_row(t, what, item, number) for number, item in shown if not item.done),
        *_add_all_row(t, what),
        *(((see_all,),) if more else ()),
        *_pay_rows(t, what),
        (
            Button(t.plain("Services"), OpenServices()),
            Button(t.plain("Settings"), OpenSettings()),
        ),
    )


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


def _add_all_row(t: Translator, what: Digest) -> tuple[Row, ...]:
    if what.to_add < 2:
        return ()
    label = t.plain("Add all to the cart ({n})", n=what.to_add)
    return ((Button(label, AddFromDigest(what.id, what.client_id), Style.PRIMARY),),)


def _pay_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    if not what.cart_lines:
        return ()
    pay = t.plain("Payment · {total}", total=t.money(what.cart_total))
    cart = t.plain("Cart ({n})", n=what.cart_lines)
    return (
        (Button(pay, OpenCheckout(origin=Origin.REMINDER), Style.SUCCESS),),
        (Button(cart, OpenCart(origin=Origin.REMINDER)),),
    )


def _switch_rows(t: Translator, what: Digest) -> tuple[Row, ...]:
    """The other buttons speak of the account the user acts for, so first he changes over."""
    name = shortened(what.account, ACCOUNT_LIMIT)
    label = t.plain("Go to account {name}", name=name)
    return ((Button(label, OpenDigest(what.id, what.client_id), Style.PRIMARY),),)
