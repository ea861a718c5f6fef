"""The e-mail with the code that links an account."""

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


def code_mail(t: Translator, company: str, code: str, *, minutes: int) -> MailWords:
    """The words of the e-mail; the company's name is that of its sender."""
    shown = Markup("<b>{}</b>").format(f"{code[:3]} {code[3:]}")
    paragraphs = (
        t("Your code: {code}", code=shown),
        t("Type it in the chat with {company} in Telegram. It links your account there.",
          company=company),
        t.n(
            "It works for {n} minute. If you have asked for several, only the newest works.",
            "It works for {n} minutes. If you have asked for several, only the newest works.",
            minutes,
        ),
        t(
            "You have not asked for it? Then somebody has typed your address. Without the code "
            "they see nothing: tell it to nobody, and delete this e-mail."
        ),
        Markup("{}").format(company),
    )  # fmt: skip
    body = Markup("\n").join(Markup("<p>{}</p>").format(part) for part in paragraphs)
    head = Markup('<!doctype html>\n<html lang="{}"><meta charset="utf-8"><body>\n').format(
        t.language
    )
    return MailWords(
        subject=t.plain("{code} is your code for {company}", code=code, company=company),
        text="\n\n".join(t.text(part) for part in paragraphs) + "\n",
        html=f"{head}{body}\n</body></html>\n",
    )
