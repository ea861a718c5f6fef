"""Endings of domains that a product takes: "pl", "com.pl"; a product without any takes all.

A name that fits is one part and one of the endings, as registries sell them. Endings and names
are in lower-case Unicode, the form in which names are kept.
"""

from collections.abc import Sequence


def fits_ending(name: str, endings: Sequence[str]) -> bool:
    """Whether a product with these endings takes the domain."""
    if not endings:
        return True
    stem, dot, ending = name.partition(".")
    return bool(stem and dot) and ending in endings and name not in endings


def has_ending(name: str, endings: Sequence[str]) -> bool:
    """Whether the domain ends in one of them, whatever stands before it."""
    return any(name.endswith(f".{ending}") for ending in endings)


def completed(stem: str, endings: Sequence[str]) -> tuple[str, ...]:
    """The domains that a name typed without its ending may mean."""
    return tuple(f"{stem}.{ending}" for ending in endings)
