"""Linking by e-mail: the questions for the address, for the code, and for the account."""

from collections.abc import Sequence

from billing.rules.access.emails import VALID_FOR
from billing.views.access import ProvenAccount
from handlers.buttons import AskEmail, AskLinkCode, ChooseProvenAccount, OpenHome, OpenSettings
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import back, cancel, lines, rows_of, shortened
from locales.translator import Translator

NAME_LIMIT = 40
REF_LIMIT = 16
MOST_ACCOUNTS = 40
"""Most accounts shown as buttons; no address is known to have more."""


def ask_email(t: Translator) -> Screen:
    """The question for the address."""
    return Screen(
        lines(
            t("📧 <b>Link your account by e-mail</b>"),
            "",
            t("Type the e-mail address that we have of you. We will send a code to it."),
        ),
        ((back(t, AskLinkCode()),),),
    )


def ask_code(t: Translator, *, linked: bool = False) -> Screen:
    """The question for the code; it is the same whether or not an e-mail goes out."""
    minutes = int(VALID_FOR.total_seconds()) // 60
    leave = OpenSettings() if linked else OpenHome()
    return Screen(
        lines(
            t("📧 <b>Look at your e-mail</b>"),
            "",
            t(
                "If that is the address of one of our clients, a code with six digits is on its "
                "way to it. Type it here."
            ),
            "",
            t.n("The code works for {n} minute.", "The code works for {n} minutes.", minutes),
            t("<i>Nothing there after a while? Look among spam, or try another address.</i>"),
        ),
        ((Button(t.plain("Another address"), AskEmail()), cancel(t, leave)),),
    )


def which_account(t: Translator, accounts: Sequence[ProvenAccount], draft: int) -> Screen:
    """The accounts that a code opens, when there are several."""
    buttons = (
        Button(
            t.plain(
                "{name} ({ref})",
                name=shortened(one.preview.name, NAME_LIMIT),
                ref=shortened(one.preview.ref, REF_LIMIT),
            ),
            ChooseProvenAccount(draft, place),
        )
        for place, one in enumerate(accounts[:MOST_ACCOUNTS])
    )
    return Screen(
        lines(
            t("🔑 <b>Which account is it?</b>"),
            "",
            t("Several accounts have this address. You can link the others later."),
        ),
        (*rows_of(buttons, 1), (cancel(t, OpenHome()),)),
    )
