"""What a search finds in the catalogue, and what is a question rather than a search."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from billing.rules.folding import fold
from billing.rules.names import search_words
from billing.rules.shop.catalog import Catalog, HelpTopic, Product, ProductKind, Texts

SHORTEST = 2
"""Fewer letters would find nearly everything that is on offer."""

MOST_WORDS = 4
"""A text of more words is a question."""


@dataclass(frozen=True, slots=True)
class CatalogHits:
    """The products, add-ons and help topics that a search finds, in the catalogue's order."""

    products: tuple[Product, ...] = ()
    addons: tuple[Product, ...] = ()
    topics: tuple[HelpTopic, ...] = ()

    def __len__(self) -> int:
        return len(self.products) + len(self.addons) + len(self.topics)


def is_question(text: str) -> bool:
    """Whether a text asks something: it has a question mark or more than four words."""
    return "?" in text or len(text.split()) > MOST_WORDS


def find_by_name(catalog: Catalog, text: str, currency: str | None) -> CatalogHits:
    """What bears every word of the text in a name or title, in whatever language.

    `currency` is that of the reader's prices; None where nothing can be ordered.
    """
    return _find(
        catalog,
        text,
        currency,
        of_product=lambda p: [p.name],
        of_topic=lambda topic: [topic.title],
    )


def find_by_description(catalog: Catalog, text: str, currency: str | None) -> CatalogHits:
    """The same in names, descriptions, features and guides."""
    return _find(
        catalog, text, currency,
        of_product=lambda p: [p.name, p.description, _joined(p.features)],
        of_topic=lambda topic: [topic.title, topic.body],
    )  # fmt: skip


def _joined(features: Mapping[str, Sequence[str]]) -> Texts:
    return {language: "\n".join(lines) for language, lines in features.items()}


def _find(
    catalog: Catalog,
    text: str,
    currency: str | None,
    *,
    of_product: Callable[[Product], Iterable[Texts]],
    of_topic: Callable[[HelpTopic], Iterable[Texts]],
) -> CatalogHits:
    words = tuple(map(fold, search_words(text)))
    if max(map(len, words), default=0) < SHORTEST:
        return CatalogHits()

    def offered(kind: ProductKind) -> tuple[Product, ...]:
        every = catalog.offered(kind, currency) if currency else ()
        return tuple(product for product in every if _has(words, of_product(product)))

    topics = tuple(topic for topic in catalog.topics if _has(words, of_topic(topic)))
    return CatalogHits(offered(ProductKind.PRODUCT), offered(ProductKind.ADDON), topics)


def _has(words: Iterable[str], texts: Iterable[Texts]) -> bool:
    """Whether the texts of one language, taken together, have every word."""
    by_language: dict[str, str] = {}
    for each in texts:
        for language, text in each.items():
            by_language[language] = f"{by_language.get(language, '')}\n{fold(text)}"
    return any(all(word in text for word in words) for text in by_language.values())
