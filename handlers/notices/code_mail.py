"""The e-mail with a code: one that links an account, or that lets its user pay and cancel."""

from dataclasses import dataclass

from markupsafe import Markup

from locales.text import Plain
from locales.translator import Translator


@dataclass(frozen=True, slots=True)
class MailWords:
    """An e-mail: its subject, and the same words as text and as HTML."""

    subject: Plain
    text: str
    html: str


def code_mail(
    t: Translator, company: str, code: str, *, minutes: int, asked_by: str | None = None
) -> MailWords:
    """The words of the e-mail; the company's name is that of its sender.

    The code links an account, unless somebody has asked for it to pay or to cancel.
    """
    shown = Markup("<b>{}</b>").format(f"{code[:3]} {code[3:]}")
    paragraphs = (
        t("Your code: {code}", code=shown),
        _what_for(t, company, asked_by),
        t.n(
            "It works for {n} minute. If you have asked for several, only the newest works.",
            "It works for {n} minutes. If you have asked for several, only the newest works.",
            minutes,
        ),
        _not_asked(t, asked_by),
        Markup("{}").format(company),
    )
    body = Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs)
    head = Markup('<!doctype html>\n<html lang="{}"><meta charset="utf-8"><body>\n').format(
        t.language
    )
    return MailWords(
        subject=t.plain("{code} is your code for {company}", code=code, company=company),
        text="\n\n".join(t.text(part) for part in paragraphs) + "\n",
        html=f"{head}{body}\n</body></html>\n",
    )


def _what_for(t: Translator, company: str, asked_by: str | None) -> Markup:
    if asked_by is None:
        return t(
            "Type it in the chat with {company} in Telegram. It links your account there.",
            company=company,
        )
    if not asked_by:
        return t(
            "Somebody wants to pay or cancel something on your account, in the chat with "
            "{company} in Telegram. They need this code for it.",
            company=company,
        )
    return t(
        "{name} wants to pay or cancel something on your account, in the chat with {company} in "
        "Telegram. They need this code for it.",
        name=asked_by,
        company=company,
    )


def _not_asked(t: Translator, asked_by: str | None) -> Markup:
    if asked_by is None:
        return t(
            "You have not asked for it? Then somebody has typed your address. Without the code "
            "they see nothing: tell it to nobody, and delete this e-mail."
        )
    return t(
        "Was it neither you nor somebody you trust? Then tell the code to nobody, and write to "
        "us: somebody else may use your account in Telegram."
    )
