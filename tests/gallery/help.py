"""Samples of help."""

from collections.abc import Callable

from billing.rules.shop.catalog import Catalog, HelpTopic
from billing.views.help import HelpPage
from handlers.chat.screens.company_texts import CompanyText
from handlers.chat.screens.screen import Screen
from handlers.help import screens
from locales.translator import Translator
from tests.make import catalog, company, topic

CONTACT = "https://hosting.example/contact"
BRACKETS = "Wpisz <adres> & hasło w pliku „.htaccess”: 100 % prawdy. " * 200
OWN = company(
    contact_url=CONTACT,
    terms={"pl": "Płaci się z góry.\n\n1. Za okres.", "en": "Paid in advance.\n\n1. Per cycle."},
    privacy={"en": "We keep little."},
    payment_support={"en": "Write to pay@hosting.example."},
)


def helped(count: int, **changes: object) -> Catalog:
    """So many topics."""
    topics = tuple(topic(id=f"t{n}", number=n, **changes) for n in range(1, count + 1))
    return catalog(company=OWN, topics=topics)


def voted(
    useful: int = 0, votes: int = 0, *, mine: bool | None = None, about: HelpTopic | None = None
) -> HelpPage:
    """A topic and how it was rated."""
    return HelpPage(OWN, about or topic(), useful, votes, mine)


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "help": lambda t: screens.topics(t, helped(6)),
    "help, nothing there": lambda t: screens.topics(t, catalog()),
    "help, many pages": lambda t: screens.topics(t, helped(50, title={"en": "How to " * 20}), 3),
    "topic, no votes": lambda t: screens.topic(t, voted()),
    "topic, one vote": lambda t: screens.topic(t, voted(1, 1, mine=True)),
    "topic, many votes": lambda t: screens.topic(t, voted(5, 7, mine=False)),
    "topic, long": lambda t: screens.topic(t, voted(2, 22, about=topic(body={"en": BRACKETS}))),
    "topic, only emoji": lambda t: screens.topic(t, voted(about=topic(body={"en": "🌬" * 3000}))),
    "terms": lambda t: screens.company_text(t, catalog(company=OWN), CompanyText.TERMS),
    "privacy": lambda t: screens.company_text(t, catalog(company=OWN), CompanyText.PRIVACY),
    "payment help, missing": lambda t: screens.company_text(
        t, catalog(company=company(contact_url=CONTACT)), CompanyText.PAYMENT_SUPPORT
    ),
    "terms, long, no contact": lambda t: screens.company_text(
        t, catalog(company=company(terms={"en": BRACKETS})), CompanyText.TERMS
    ),
}
