"""Linking and unlinking an account."""

from markupsafe import Markup

from billing.rules.allowed import Allowed
from billing.views.account import ClientInfo, LinkPreview
from handlers.buttons import (
    AskEmail,
    AskLinkCode,
    ChooseLanguage,
    ConfirmLink,
    OpenFollowedLink,
    OpenHome,
    OpenServices,
    OpenSettings,
    Unlink,
)
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import cancel, lines, shortened
from handlers.chat.screens.wording import account_name
from locales.catalogues import language_name, language_number
from locales.text import Plain
from locales.translator import Translator

NAME_LIMIT = 60


def ask_code(t: Translator, *, linked: bool = False, by_email: bool = False) -> Screen:
    """The question for a link code; users with an account come from its settings.

    `by_email`: there is a mail server, so whoever has no code can get one.
    """
    leave = OpenSettings() if linked else OpenHome()
    return Screen(
        lines(
            t("🔑 <b>Link your account</b>"),
            "",
            t(
                "Type the code that you were given, or paste the link with it. It has 8 letters "
                "and digits and works once."
            ),
            *(("", t("No code? Get one by e-mail.")) if by_email else ()),
        ),
        (*email_rows(t, by_email=by_email), (cancel(t, leave),)),
    )


def email_rows(t: Translator, *, by_email: bool) -> tuple[Row, ...]:
    """The way to link by e-mail, where there is a mail server."""
    return ((Button(t.plain("📧 Link by e-mail"), AskEmail()),),) if by_email else ()


def confirm_link(t: Translator, preview: LinkPreview, draft: int, allowed: Allowed) -> Screen:
    """The account of a code, to be confirmed before linking."""
    return Screen(
        lines(
            t("🔑 <b>Is this your account?</b>"),
            "",
            account_name(preview),
            "",
            _closed(t) if preview.is_closed else None,
            _what_it_allows(t, allowed & preview.rights.allowed),
            t("Its other users will be told that you joined, with your first name."),
        ),
        (
            (Button(t.plain("Yes, link it"), ConfirmLink(draft), Style.SUCCESS),),
            (Button(t.plain("No"), OpenHome()),),
        ),
    )


def _closed(t: Translator) -> Markup:
    return t(
        "⚠️ This account is closed: you can look at it, but order nothing. To open it again, "
        "please contact us."
    )


def _what_it_allows(t: Translator, allowed: Allowed) -> Markup:
    if not allowed.pay:
        return t("Whoever uses this chat will see its services, but can change nothing.")
    if not allowed.order:
        return t("Whoever uses this chat will see its services and can renew and pay.")
    return t("Whoever uses this chat will see its services and can order and pay.")


def acting_for(
    t: Translator,
    client: ClientInfo,
    *,
    other_language: str | None = None,
    followed: bool = False,
) -> Screen:
    """The account that this chat shows from now on, and where to begin.

    `other_language` is that of the account where the user reads another one. `followed`: before,
    the user wanted to open something by a link.
    """
    open_link = (Button(t.plain("Open the link"), OpenFollowedLink(), Style.PRIMARY),)
    name = shortened(client.name, NAME_LIMIT)
    return Screen(
        lines(
            t("✅ <b>This chat shows the account of {name}.</b>", name=name),
            t("Client {ref}", ref=client.ref),
        ),
        (
            *((open_link,) if followed else ()),
            (Button(t.plain("Services"), OpenServices(), Style.PRIMARY),),
            *_language_row(other_language),
            (Button(t.plain("Menu"), OpenHome()), Button(t.plain("Settings"), OpenSettings())),
        ),
    )


def _language_row(code: str | None) -> tuple[Row, ...]:
    """The language by its own name: whoever wants it can read that."""
    if code is None:
        return ()
    label = Plain(f"🌐 {language_name(code)}")
    return ((Button(label, ChooseLanguage(language_number(code))),),)


def ask_unlink(t: Translator, client: ClientInfo) -> Screen:
    """The question whether to unlink the account."""
    return Screen(
        lines(
            t("⚠️ <b>Unlink this account?</b>"),
            "",
            account_name(client),
            "",
            t(
                "This chat will no longer show it, and no reminders will come. Services and "
                "payments stay as they are. To link it again you need a new code."
            ),
        ),
        (
            (Button(t.plain("Yes, unlink"), Unlink(client.id), Style.DANGER),),
            (cancel(t, OpenSettings()),),
        ),
    )


def link_removed(t: Translator) -> Screen:
    """The last account was unlinked."""
    return Screen(
        lines(
            t("✅ <b>The account is unlinked.</b>"),
            "",
            t("This chat shows nobody's services now. A new code links it again."),
        ),
        (
            (Button(t.plain("I have a code"), AskLinkCode()),),
            (Button(t.plain("Menu"), OpenHome()),),
        ),
    )
