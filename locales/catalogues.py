"""The message catalogues, read once per process.

An installed package carries compiled `.mo` files only. In a checkout the `.po` files are compiled
in memory unless a `.mo` is newer, so translating needs no build step.
"""

import gettext
import io
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from babel import Locale

from locales.negotiation import DEFAULT, choose, fallbacks

DOMAIN = "bot"


def _folder(language: str) -> Traversable:
    return resources.files("locales") / language / "LC_MESSAGES"


@cache
def available_languages() -> tuple[str, ...]:
    """The codes of all languages: English needs no catalogue, its texts are the message ids."""
    found = {
        entry.name
        for entry in resources.files("locales").iterdir()
        if entry.is_dir() and _source(entry.name) is not None
    }
    return tuple(sorted(found | {DEFAULT}))


@cache
def language_name(language: str) -> str:
    """Return the language's own name, as in a list of languages: "Polski", "English"."""
    own = Locale.parse(language).get_display_name() or language
    return own[0].upper() + own[1:]


def language_number(language: str) -> int:
    """Return a number for a language's code that stays the same when languages are added.

    Buttons carry only numbers.
    """
    return int("".join(char for char in language.lower() if char.isalnum()), 36)


def negotiate(*wanted: str | None) -> str:
    """Return the best available language for wishes in order of weight, else English.

    Pass the user's own choice, then the client's language, then Telegram's `language_code`.
    """
    return choose(wanted, available_languages())


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return a language's catalogue with its fallbacks, or one that returns the message ids."""
    chain = [_read(code) for code in fallbacks(language, available_languages())]
    for broader in chain[1:]:
        chain[0].add_fallback(broader)
    return chain[0] if chain else gettext.NullTranslations()


@cache
def formatting_locale(language: str) -> Locale:
    """The locale for dates and numbers; plain "en" means international English, not American."""
    return Locale.parse("en_GB" if language == "en" else language)


def _read(language: str) -> gettext.NullTranslations:
    source = _source(language)
    if source is None:
        return gettext.NullTranslations()
    if source.name.endswith(".mo"):
        return gettext.GNUTranslations(io.BytesIO(source.read_bytes()))
    return compiled(source.read_bytes(), language)


def compiled(po: bytes, language: str) -> gettext.GNUTranslations:
    """Compile the text of a `.po` file in memory."""
    # An installed package has no such files, and a process does without these modules.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    mo = io.BytesIO()
    write_mo(mo, read_po(io.BytesIO(po), locale=language, domain=DOMAIN))
    mo.seek(0)
    return gettext.GNUTranslations(mo)


def _source(language: str) -> Traversable | None:
    po, mo = (_folder(language) / f"{DOMAIN}{suffix}" for suffix in (".po", ".mo"))
    if not mo.is_file():
        return po if po.is_file() else None
    return po if po.is_file() and not _newer(mo, po) else mo


def _newer(mo: Traversable, po: Traversable) -> bool:
    if isinstance(mo, Path) and isinstance(po, Path):
        return mo.stat().st_mtime >= po.stat().st_mtime
    return True
