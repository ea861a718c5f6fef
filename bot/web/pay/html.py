"""The page from which a client goes on to where a proforma is paid, as HTML.

It names the company, the proforma, its amount and its state, and nobody.
"""

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from billing.views.pay_page import PayPage
from handlers.payments.words import state_of
from locales.text import Plain
from locales.translator import Translator

_STYLE = Markup(
    ":root{color-scheme:light dark}"
    "body{font:17px/1.5 system-ui,sans-serif;margin:0;padding:32px 20px;display:flex;"
    "justify-content:center;background:#f2f3f5;color:#17191c}"
    "main{width:100%;max-width:400px;box-sizing:border-box;background:#fff;border-radius:14px;"
    "padding:24px;overflow-wrap:anywhere}"
    "h1{font-size:20px;line-height:1.3;margin:0 0 16px}"
    "p{margin:0 0 12px}"
    ".sum{font-size:30px;line-height:1.2;font-weight:600;margin:0 0 16px}"
    ".quiet{color:#5d646d;font-size:15px;margin:16px 0 0}"
    "button{font:inherit;font-weight:600;width:100%;min-height:52px;padding:8px 12px;border:0;"
    "border-radius:12px;background:#1268b3;color:#fff;cursor:pointer}"
    "@media(prefers-color-scheme:dark){body{background:#101214;color:#eceef0}"
    "main{background:#1b1e22}.quiet{color:#a3abb4}button{background:#1f74bf}}"
)

STYLE_HASH = f"sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}"
"""What the browser is told of the style: nothing else may style the page."""

_LAYOUT = Markup(
    "<!doctype html>\n"
    '<html lang="{language}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    '<meta name="robots" content="noindex">'
    "<title>{title}</title><style>{style}</style></head>"
    "<body><main>{body}</main></body></html>\n"
)


def pay_page(t: Translator, page: PayPage) -> Markup:
    """The page of one proforma: what is to be paid with the way there, or what became of it."""
    title = t.plain("Proforma {number}", number=page.invoice.number)
    body = Markup("").join(
        (
            Markup("<p>{}</p>").format(page.company),
            Markup("<h1>{}</h1>").format(title),
            Markup('<p class="sum">{}</p>').format(_amount(t, page)),
            Markup("<p>{}</p>").format(state_of(t, page.invoice.status)),
            _way(t, page),
        )
    )
    return _page(t, title, body)


def no_page(t: Translator) -> Markup:
    """The page of an address that leads nowhere."""
    return _message(
        t,
        t.plain("This page does not exist"),
        t.plain("Please open the proforma again in Telegram."),
    )


def busy_page(t: Translator) -> Markup:
    """The page while an answer is not possible."""
    return _message(
        t, t.plain("This does not work just now"), t.plain("Please try again in a moment.")
    )


def _amount(t: Translator, page: PayPage) -> Plain:
    """What is left to pay of an open one, else what it asked for."""
    invoice = page.invoice
    return t.money(invoice.balance if invoice.is_open else invoice.gross)


def _way(t: Translator, page: PayPage) -> Markup:
    """The button that leads to the panel; else what stands against paying, and the way back."""
    leave = _quiet(t.plain("You can close this page and go back to Telegram."))
    if page.is_being_withdrawn:
        words = t.plain("🕓 Its order is being withdrawn. Please do not pay.")
        return Markup("<p>{}</p>").format(words) + leave
    if page.is_being_paid:
        words = t.plain("🕓 It is being paid from your balance. Please do not pay.")
        return Markup("<p>{}</p>").format(words) + leave
    if page.is_closed and page.invoice.is_open:
        words = t.plain("This account is closed to orders and payments. Please contact us.")
        return Markup("<p>{}</p>").format(words) + leave
    if not page.address:
        return leave
    pay = t.plain("Go on to payment")
    return Markup('<form method="post"><button>{}</button></form>').format(pay) + _quiet(
        t.plain("You pay on our panel's page. Afterwards we show here what has arrived.")
    )


def _quiet(words: Plain) -> Markup:
    return Markup('<p class="quiet">{}</p>').format(words)


def _message(t: Translator, title: Plain, words: Plain) -> Markup:
    return _page(t, title, Markup("<h1>{}</h1><p>{}</p>").format(title, words))


def _page(t: Translator, title: Plain, body: Markup) -> Markup:
    return _LAYOUT.format(language=t.language, title=title, style=_STYLE, body=body)
