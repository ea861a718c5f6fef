"""The digest: what is due, most urgent first, with the buttons to act at once."""

from markupsafe import Markup

from billing.views.reminders.digests import Digest
from handlers.buttons import OpenRenewals, OpenServices
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import lines, shortened
from handlers.reminders.rows import (
    ACCOUNT_LIMIT,
    MOST,
    MOST_PROFORMAS,
    digest_rows,
    switch_rows,
)
from handlers.reminders.words import day_of, item_entry, proforma_entry, snoozed_until
from handlers.services.offer import offer_block, offer_preview
from locales.labels import sum_of
from locales.translator import Translator


def digest(t: Translator, what: Digest) -> Screen:
    """The message itself; drawn anew with every tap on it."""
    offer = None if what.account else what.offer
    return Screen(
        lines(
            *_heading(t, what),
            "",
            *_services(t, what),
            *_proformas(t, what),
            *_total(t, what),
            *_as_of(t, what),
            _credit(t, what),
            *_in_cart(t, what),
            *_snoozed(t, what),
            *(("", offer_block(t, offer)) if offer is not None else ()),
        ),
        switch_rows(t, what) if what.account else digest_rows(t, what),
        # Below the text: what is due comes first.
        offer_preview(offer, above=False),
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
    n = len(what.due) + len(what.unpaid)
    late = sum(item.days_left < 0 for item in what.due)
    if not n:
        return t("⏰ ✅ <b>Everything here is taken care of</b>")
    if late == n:
        return t.n("⏰ <b>{n} payment is overdue</b>", "⏰ <b>{n} payments are overdue</b>", n)
    if late or what.unpaid:
        return t.n("⏰ <b>{n} payment is waiting</b>", "⏰ <b>{n} payments are waiting</b>", n)
    return t.n("⏰ <b>{n} payment is coming up</b>", "⏰ <b>{n} payments are coming up</b>", n)


def _services(t: Translator, what: Digest) -> tuple[Markup, ...]:
    first_items = what.items[:MOST]
    left = len(what.items) - len(first_items)
    tells_pause = snoozed_until(what) is None
    entries = (
        item_entry(t, item, number, soon_days=what.soon_days, tells_pause=tells_pause)
        for number, item in enumerate(first_items, start=1)
    )
    more = (t.n("… and {n} more", "… and {n} more", left),) if left else ()
    return (*entries, *more)


def _proformas(t: Translator, what: Digest) -> tuple[str | Markup, ...]:
    first_proformas = what.proformas[:MOST_PROFORMAS]
    left = len(what.proformas) - len(first_proformas)
    more = (t.n("… and {n} more", "… and {n} more", left),) if left else ()
    gap = ("",) if what.items and first_proformas else ()
    return (*gap, *(proforma_entry(t, one, what.soon_days) for one in first_proformas), *more)


def _total(t: Translator, what: Digest) -> tuple[str | Markup, ...]:
    n = len(what.due) + len(what.unpaid)
    if not n or what.as_of is not None:
        return ()
    total = sum_of(t, what.total)
    if what.tax_rate and not what.total.unknown:
        rate = t.percent(what.tax_rate)
        return ("", t("Total: <b>{total}</b> (with {rate} tax)", total=total, rate=rate))
    return ("", t("Total: <b>{total}</b>", total=total)) if n > 1 else ()


def _as_of(t: Translator, what: Digest) -> tuple[str | Markup, ...]:
    """Where the panel was not read for long, what is due may be paid there."""
    if what.as_of is None:
        return ()
    as_of = t.instant(what.as_of)
    known = t("⚠️ As of {instant}: what has happened since, we do not know yet.", instant=as_of)
    return ("", known)


def _credit(t: Translator, what: Digest) -> Markup | None:
    """That there is no need to send money: the client has it here already."""
    if what.covering_credit is None:
        return None
    return t("💳 Your credit covers it: {credit}", credit=t.money(what.covering_credit))


def _in_cart(t: Translator, what: Digest) -> tuple[Markup, ...]:
    if not what.cart_lines:
        return ()
    total = Markup("<b>{}</b>").format(sum_of(t, what.cart_total))
    return (
        t.n(
            "🛒 {n} item in the cart: {total}",
            "🛒 {n} items in the cart: {total}",
            what.cart_lines,
            total=total,
        ),
    )


def _snoozed(t: Translator, what: Digest) -> tuple[str | Markup, ...]:
    until = snoozed_until(what)
    if until is None:
        return ()
    return ("", t("🔔 We will remind you on <b>{day}</b>.", day=day_of(t, until, what.today)))
