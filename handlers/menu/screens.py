"""The greeting and the menu, for clients and for visitors without an account."""

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.rules.shop.catalog import Company, text_in
from billing.views.account import ClientInfo
from billing.views.home import Home
from handlers.buttons import (
    AskEmail,
    AskLinkCode,
    OpenAddons,
    OpenCart,
    OpenCatalogue,
    OpenCosts,
    OpenHelp,
    OpenHome,
    OpenInvoices,
    OpenLanguages,
    OpenOrder,
    OpenRenewals,
    OpenServices,
    OpenSettings,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style, Url
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import account_name
from handlers.menu import due
from locales.translator import Translator

ABOUT_LIMIT = 1500
NAME_LIMIT = 60


def home(t: Translator, client: ClientInfo, overview: Home) -> Screen:
    """The first screen of a client: what needs attention, and the menu."""
    return Screen(
        lines(
            t("🏠 <b>{company}</b>", company=shortened(overview.company.name, NAME_LIMIT)),
            None if overview.payments else "",
            t("Hello!"),
            t("Account: {account}", account=account_name(client)),
            t("⛔ This account is closed to orders and payments. Please contact us.")
            if client.is_closed
            else None,
            *due.summary(t, overview),
            *_hint(t, overview),
        ),
        (*due.pay_rows(t, overview), *menu_rows(t, overview)),
        is_of_panel=True,
    )


def late(t: Translator, anew: Payload) -> Screen:
    """The screen for an answer that came after its question was forgotten."""
    return Screen(
        lines(
            t("⌛ <b>Your answer came too late</b>"),
            "",
            t("We wait a day for an answer. That question is over, and nothing was changed."),
        ),
        (
            (Button(t.plain("Start again"), anew, Style.PRIMARY),),
            (Button(t.plain("Menu"), OpenHome()),),
        ),
    )


def _hint(t: Translator, overview: Home) -> tuple[str | Markup, ...]:
    """How to go on; where payments are named, there is no room for it on a phone's screen."""
    if overview.payments:
        return ()
    return (
        "",
        t("<i>Choose from the menu, or type part of a service's name or domain.</i>"),
    )


def menu_rows(t: Translator, overview: Home) -> tuple[Row, ...]:
    """Every topic, two in a row where their names are short."""
    cart, unpaid = t.plain("Cart"), t.plain("Payments and proformas")
    if n := overview.cart_lines:
        cart = t.plain("Cart ({n})", n=n)
    if n := overview.left_to_pay.count:
        unpaid = t.plain("Payments and proformas ({n})", n=n)
    return (
        (
            Button(t.plain("Services"), OpenServices(), Style.PRIMARY),
            Button(t.plain("Renew services"), OpenRenewals(origin=Origin.HOME)),
        ),
        *(_order_rows(t) if overview.allowed.order else ()),
        (Button(unpaid, OpenInvoices()),),
        (Button(cart, OpenCart()), Button(t.plain("Settings"), OpenSettings())),
        (Button(t.plain("Costs"), OpenCosts()), Button(t.plain("Help"), OpenHelp())),
    )


def _order_rows(t: Translator) -> tuple[Row, ...]:
    return (
        (Button(t.plain("Place a new order"), OpenOrder(origin=Origin.HOME)),),
        (Button(t.plain("Browse available add-ons"), OpenAddons(origin=Origin.HOME)),),
    )


def welcome(
    t: Translator, company: Company, allowed: Allowed, *, by_email: bool = False
) -> Screen:
    """The first screen of a visitor: whose bot this is, what it does, how to link or sign up."""
    about = text_in(company.about, (t.language,)).strip()
    return Screen(
        lines(
            t("👋 <b>{company}</b>", company=shortened(company.name, NAME_LIMIT)),
            *(("", shortened(about, ABOUT_LIMIT)) if about else ()),
            "",
            _what_it_does(t, allowed),
            "",
            t("<b>Already our client?</b>"),
            t("Link your account by e-mail: we send a code to the address that we have of you.")
            if by_email
            else None,
            t(
                "Ask us for a one-time code and send it like this: "
                "<code>/link CODE</code>. A link with the code does the same."
            ),
            *_join(t, company),
        ),
        (
            *((_by_email(t),) if by_email else ()),
            (Button(t.plain("I have a code"), AskLinkCode(), Style.PRIMARY),),
            (Button(t.plain("Our offer and prices"), OpenCatalogue()),),
            *_join_row(t, company),
            (Button(t.plain("Help"), OpenHelp()), Button(t.plain("Language"), OpenLanguages())),
        ),
    )


def _by_email(t: Translator) -> Row:
    return (Button(t.plain("📧 Link by e-mail"), AskEmail(), Style.PRIMARY),)


def _what_it_does(t: Translator, allowed: Allowed) -> Markup:
    if not allowed.order:
        return t(
            "Here you see your services and when they are due, renew and pay for them, "
            "and are reminded in time."
        )
    return t(
        "Here you see your services and when they are due, renew and pay for them, "
        "order add-ons and new services, and are reminded in time."
    )


def _join(t: Translator, company: Company) -> tuple[str | Markup, ...]:
    if company.signup_url is None:
        return ()
    return (
        "",
        t("<b>Not yet?</b>"),
        t("Look at our offer and sign up on our website: the button below leads there."),
    )


def _join_row(t: Translator, company: Company) -> tuple[Row, ...]:
    if company.signup_url is None:
        return ()
    return ((Button(t.plain("Become a client"), Url(company.signup_url)),),)
