"""Samples of a search through everything."""

from collections.abc import Callable

from billing.rules.services.service import Service
from billing.rules.shop.search import CatalogHits
from billing.views.search import SearchHits
from handlers.buttons import OpenCart
from handlers.chat.screens.screen import Screen
from handlers.search import screens
from locales.translator import Translator
from tests.gallery.orders import BACKUP, SETUP, SSL, wordy
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import catalog, company, service, topic


def found(*services: Service, text: str = "vps", others: CatalogHits | None = None) -> SearchHits:
    """These services and other hits."""
    hits = CatalogHits() if others is None else others
    known = catalog(*hits.products, *hits.addons)
    return SearchHits(text, known, services, len(services), hits)


SOME = CatalogHits((SETUP,), (SSL, BACKUP), (topic(),))
MANY = CatalogHits(
    tuple(wordy(n) for n in range(10, 19)), tuple(wordy(n) for n in range(20, 29)), ()
)
LONG = tuple(service(id=n, name=LONG_NAME, domain=LONG_DOMAIN) for n in range(1, 6))
CONTACT = company(contact_url="https://example.org/contact")
QUESTION = "Dlaczego <moja> strona od wczoraj działa tak wolno & co z tym zrobić?"

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "search, several kinds": lambda t: screens.hits(t, found(service(), others=SOME)),
    "search, only others": lambda t: screens.hits(t, found(others=SOME)),
    "search, long names": lambda t: screens.hits(t, found(*LONG, text=QUESTION, others=MANY)),
    "search, a visitor": lambda t: screens.hits(t, found(others=SOME), visitor=True),
    "search, nothing allowed": lambda t: screens.hits(
        t, found(service(), others=CatalogHits((), (), (topic(),)))
    ),
    "search, also a button": lambda t: screens.hits(
        t, found(service(name="Koszyk")), word=screens.word_row("koszyk", OpenCart())
    ),
    "search, a question": lambda t: screens.no_answer(t, QUESTION, CONTACT),
    "search, a question and no contact": lambda t: screens.no_answer(t, QUESTION, company()),
}
