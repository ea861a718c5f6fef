"""The alarm of many wrong link codes, for the operator."""

from billing.views.notices.operator import WrongCodes
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines
from locales.translator import Translator


def wrong_codes(t: Translator, codes: WrongCodes) -> Screen:
    """How many there were, what they can do and what they cannot."""
    guesses, users = codes.guesses, codes.users
    return Screen(
        lines(
            t("🚨 <b>Many wrong link codes</b>"),
            "",
            t.n("{n} wrong code in the last hour", "{n} wrong codes in the last hour", guesses),
            t.n("From {n} Telegram account", "From {n} Telegram accounts", users),
            "",
            t(
                "Somebody may be guessing. After five wrong codes an account has to wait for an "
                "hour; nobody else is held up, and real codes still work. There are too many "
                "possible codes to find one by guessing."
            ),
            "",
            t("If you have just sent out codes, check that they arrived whole."),
        )
    )
