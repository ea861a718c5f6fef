"""What a search finds of several kinds, and the answer to a question without a hit."""

from collections.abc import Sequence

from billing.rules.services.service import Service
from billing.rules.shop.catalog import Company, HelpTopic, Product, text_in
from billing.views.search import SearchHits
from handlers.buttons import (
    OpenHelp,
    OpenHome,
    OpenService,
    OpenServices,
    OpenTopic,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen, Style, Url
from handlers.chat.screens.widgets import back, lines, name_with_domain, shortened
from handlers.menu.catalogue import join_rows
from handlers.search.only_hit import payload_of
from locales.text import Plain
from locales.translator import Translator

TEXT_LIMIT = 40
LABEL_LIMIT = 44
NAME_LIMIT, SHORT_NAME = LABEL_LIMIT - 2, 12
"""So much of a name stands beside its domain, after the sign."""

EACH = 4
"""Most buttons of a kind; more are counted only."""


def hits(
    t: Translator, found: SearchHits, *, visitor: bool = False, word: Row | None = None
) -> Screen:
    """What was found of each kind, services first.

    `word` is the row of a button that has the same name, where the text is one.
    """
    products, addons = found.others.products, found.others.addons
    topics = found.others.topics
    return Screen(
        lines(
            t("🔎 <b>Search: “{text}”</b>", text=shortened(found.text, TEXT_LIMIT)),
            "",
            _count(t.plain("📦 Services: {n}", n=found.service_count), found.service_count),
            _count(t.plain("🏷 To order: {n}", n=len(products)), len(products)),
            _count(t.plain("🧩 Add-ons: {n}", n=len(addons)), len(addons)),
            _count(t.plain("❓ Help: {n}", n=len(topics)), len(topics)),
            t("<i>More words find less.</i>") if _is_cut(found) else None,
        ),
        (
            *((word,) if word else ()),
            *_service_rows(t, found),
            *(
                _row("🏷", _name(t, p), payload_of(found.catalog, p, visitor))
                for p in products[:EACH]
            ),
            *(
                _row("🧩", _name(t, p), payload_of(found.catalog, p, visitor))
                for p in addons[:EACH]
            ),
            *(_row("❓", _title(t, topic), OpenTopic(topic.number)) for topic in topics[:EACH]),
            *(join_rows(t, found.catalog.company) if visitor else ()),
            (back(t, OpenHome()),),
        ),
    )


def _count(line: Plain, count: int) -> Plain | None:
    return line if count else None


def _is_cut(found: SearchHits) -> bool:
    others = found.others
    kinds: tuple[Sequence[object], ...] = (others.products, others.addons, others.topics)
    return any(len(kind) > EACH for kind in kinds)


def _service_rows(t: Translator, found: SearchHits) -> tuple[Row, ...]:
    rows = [
        _row("📦", service_name(service), OpenService(service.id)) for service in found.services
    ]
    if found.service_count > 1:
        label = t.plain("All services found ({n})", n=found.service_count)
        rows.append((Button(label, OpenServices()),))
    return tuple(rows)


def _row(sign: str, name: str, payload: Payload) -> Row:
    return (Button(shortened(f"{sign} {name}", LABEL_LIMIT), payload),)


def word_row(word: str, payload: Payload) -> Row:
    """The row of the button that a typed word stands for."""
    return (Button(shortened(word[:1].upper() + word[1:], LABEL_LIMIT), payload, Style.PRIMARY),)


def service_name(service: Service) -> Plain:
    """A service with its domain."""
    return name_with_domain(service.title, service.domain, NAME_LIMIT, least=SHORT_NAME)


def _name(t: Translator, product: Product) -> str:
    return text_in(product.name, (t.language,)) or product.id


def _title(t: Translator, topic: HelpTopic) -> str:
    return text_in(topic.title, (t.language,)) or topic.id


def no_answer(t: Translator, text: str, company: Company) -> Screen:
    """The answer to a question without a hit: help, and a contact."""
    contact: tuple[Row, ...] = ()
    advice = t("Perhaps one of our guides has the answer.")
    if company.contact_url:
        contact = ((Button(t.plain("Contact us"), Url(company.contact_url)),),)
        advice = t(
            "Perhaps one of our guides has the answer. Or write to us, we are glad to help."
        )
    return Screen(
        lines(
            t("🔎 <b>“{text}”</b>", text=shortened(text, TEXT_LIMIT)),
            "",
            t("We found nothing that has all these words."),
            advice,
        ),
        ((Button(t.plain("Help"), OpenHelp()),), *contact, (back(t, OpenHome()),)),
    )
