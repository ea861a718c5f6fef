"""The greeting and the ways to go on."""

from handlers.buttons import OpenCart, OpenHelp, OpenInvoices, OpenServices, OpenSettings
from handlers.chat.screen import Button, Screen
from handlers.chat.widgets import lines
from locales.translator import Translator


def home(t: Translator, name: str) -> Screen:
    """What a client sees first."""
    return Screen(
        lines(t("<b>Hello, {name}!</b>", name=name), t("What would you like to do?")),
        (
            (Button(t.plain("Services"), OpenServices()),),
            (
                Button(t.plain("Cart"), OpenCart()),
                Button(t.plain("Payments and proformas"), OpenInvoices()),
            ),
            (Button(t.plain("Settings"), OpenSettings()), Button(t.plain("Help"), OpenHelp())),
        ),
    )


def unlinked(t: Translator) -> Screen:
    """What a visitor sees who has no client yet."""
    return Screen(
        lines(
            t("<b>Hello!</b>"),
            t("Send the code from your client account with /link CODE to see your services here."),
        ),
        ((Button(t.plain("Help"), OpenHelp()),),),
    )
