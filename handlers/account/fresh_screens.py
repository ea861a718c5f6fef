"""The question for a code that proves whose the account is, before paying or cancelling."""

from billing.rules.access.emails import VALID_FOR
from handlers.buttons import AskLinkCode, SendFreshCode
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import back, cancel, lines
from locales.translator import Translator


def ask(t: Translator, address: str, leave: Payload) -> Screen:
    """The question; the `address` is that of the account, with most of it hidden."""
    minutes = int(VALID_FOR.total_seconds()) // 60
    return Screen(
        lines(
            t("🔐 <b>Is it you?</b>"),
            "",
            t(
                "Before you pay or cancel, we ask for a code now and then. It is on its way to "
                "{address}, the address of this account. Type it here, and we go on at once.",
                address=address,
            ),
            "",
            t.n("The code works for {n} minute.", "The code works for {n} minutes.", minutes),
        ),
        ((Button(t.plain("Send another code"), SendFreshCode()), cancel(t, leave)),),
    )


def no_address(t: Translator, leave: Payload) -> Screen:
    """What to do about an account without an address."""
    return Screen(
        lines(
            t("🔐 <b>Is it you?</b>"),
            "",
            t(
                "Before you pay or cancel, we ask for a code now and then, but we have no e-mail "
                "address of this account. Ask us for a code that links it, and type that one."
            ),
        ),
        ((Button(t.plain("I have a code"), AskLinkCode()),), (back(t, leave),)),
    )
