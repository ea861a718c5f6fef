"""Help: the topics, one of them with its votes, and the company's own texts."""

from markupsafe import Markup

from billing.rules.shop.catalog import Catalog, Company, HelpTopic, Texts, text_in
from billing.views.help import HelpPage
from handlers.buttons import OpenCompanyText, OpenHelp, OpenHome, OpenTopic, VoteTopic
from handlers.chat.screens.company_texts import CompanyText
from handlers.chat.screens.longtext import fitted
from handlers.chat.screens.screen import Button, Row, Screen, Url
from handlers.chat.screens.widgets import back, lines, number_rows, pager, rows_of, shortened
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 8
TITLE_LIMIT = 100
TEXT_LIMIT = 3300
"""Most characters of a text; the votes and a note about a cut must fit below it."""


def topics(t: Translator, catalog: Catalog, page: int = 0) -> Screen:
    """The numbered topics; below them the contact and the company's texts."""
    company = catalog.company
    pages = max(1, -(-len(catalog.topics) // PAGE_SIZE))
    page = min(page, pages - 1)
    first = page * PAGE_SIZE
    page_topics = catalog.topics[first : first + PAGE_SIZE]
    return Screen(
        lines(t("❓ <b>Help</b>"), "", *_list(t, page_topics, first), *_ask_us(t, company)),
        (
            *number_rows(
                [OpenTopic(topic.number, page) for topic in page_topics], first=first + 1
            ),
            *pager(t, page, pages, OpenHelp),
            *_contact_row(t, company),
            *rows_of(_text_buttons(t, company), 2),
            (back(t, OpenHome()),),
        ),
    )


def _list(
    t: Translator, page_topics: tuple[HelpTopic, ...], first: int
) -> tuple[str | Markup, ...]:
    if not page_topics:
        return (t("There are no guides here yet."),)
    return tuple(
        Markup("{}. {}").format(number, _title(t, topic))
        for number, topic in enumerate(page_topics, start=first + 1)
    )


def _ask_us(t: Translator, company: Company) -> tuple[str | Markup, ...]:
    if not company.contact_url:
        return ()
    return ("", t("<i>Not what you are looking for? Write to us.</i>"))


def _title(t: Translator, topic: HelpTopic) -> Plain:
    return shortened(text_in(topic.title, (t.language,)) or topic.id, TITLE_LIMIT)


def _text_buttons(t: Translator, company: Company) -> tuple[Button, ...]:
    return tuple(
        Button(_name(t, which), OpenCompanyText(which))
        for which in CompanyText
        if _texts(company, which)
    )


def topic(t: Translator, help_page: HelpPage, page: int = 0) -> Screen:
    """One topic; it ends with the question whether it was useful."""
    body = _body(t, help_page.topic.body, help_page.company)
    return Screen(
        lines(
            Markup("❓ <b>{}</b>").format(_title(t, help_page.topic)),
            "",
            *body,
            "",
            t("Was this information helpful?"),
            _small(tally(t, help_page.useful, help_page.votes)),
        ),
        (
            (_vote(help_page, page, useful=True), _vote(help_page, page, useful=False)),
            *_contact_row(t, help_page.company),
            (back(t, OpenHelp(page)),),
        ),
    )


def _vote(help_page: HelpPage, page: int, *, useful: bool) -> Button:
    sign = "👍" if useful else "👎"
    mine = "✓ " if help_page.mine is useful else ""
    return Button(Plain(f"{mine}{sign}"), VoteTopic(help_page.topic.number, useful, page))


def tally(t: Translator, useful: int, votes: int) -> Markup | None:
    """The numbers of useful votes and of all votes, worded as in the company's web panel.

    None when there are votes but no useful ones.
    """
    if not votes:
        return t("Nobody has rated it yet; yours would be the first vote.")
    if not useful:
        return None
    clients = t.n(
        "{n} client found this information helpful",
        "{n} clients found this information helpful",
        useful,
    )
    return Markup("{} ({})").format(clients, t.n("{n} vote", "{n} votes", votes))


def _small(text: Markup | None) -> Markup | None:
    return None if text is None else Markup("<i>{}</i>").format(text)


def company_text(t: Translator, catalog: Catalog, which: CompanyText) -> Screen:
    """Terms, privacy or help with payments in the company's words, if it has any."""
    company = catalog.company
    texts = _texts(company, which)
    missing = (t("This text has not been published here yet."), *_ask_us(t, company))
    return Screen(
        lines(
            Markup("{} <b>{}</b>").format(_sign(which), _name(t, which)),
            "",
            *(_body(t, texts, company) if texts else missing),
        ),
        (*_contact_row(t, company), (back(t, OpenHelp()),)),
    )


def _texts(company: Company, which: CompanyText) -> Texts:
    texts = {
        CompanyText.TERMS: company.terms,
        CompanyText.PRIVACY: company.privacy,
        CompanyText.PAYMENT_SUPPORT: company.payment_support,
    }[which]
    return texts if any(text.strip() for text in texts.values()) else {}


def _name(t: Translator, which: CompanyText) -> Plain:
    match which:
        case CompanyText.TERMS:
            return t.plain("Terms of service")
        case CompanyText.PRIVACY:
            return t.plain("Privacy")
        case CompanyText.PAYMENT_SUPPORT:
            return t.plain("Help with payments")


def _sign(which: CompanyText) -> str:
    return "💳" if which is CompanyText.PAYMENT_SUPPORT else "❓"


def _body(t: Translator, texts: Texts, company: Company) -> tuple[str | Markup, ...]:
    """The operator's text as typed; if it is too long, cut, with a note where to ask."""
    text, cut = fitted(text_in(texts, (t.language,)), TEXT_LIMIT)
    if not cut:
        return (text,)
    if company.contact_url:
        return (text, "", t("<i>The text is longer than a message; ask us for the rest.</i>"))
    return (text, "", t("<i>The text is longer than a message.</i>"))


def _contact_row(t: Translator, company: Company) -> tuple[Row, ...]:
    if not company.contact_url:
        return ()
    return ((Button(t.plain("Contact us"), Url(company.contact_url)),),)
