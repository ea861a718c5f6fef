"""Where sources and catalogues are, and how catalogue files are written.

Files are replaced in one step and under a lock on their folder, so that several people and
programs may add translations to one checkout at the same time.
"""

import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from locales.catalogues import DOMAIN

SOURCE_FOLDERS = ("billing", "bot", "handlers", "locales")

HEADER = """\
# {title}
msgid ""
msgstr ""
"Project-Id-Version: panelik\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout: sources, one template and a catalogue per language."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where the catalogues live."""
        return self.root / "locales"

    @property
    def template(self) -> Path:
        """The template: every message, no translation."""
        return self.folder / f"{DOMAIN}.pot"

    def catalogue(self, language: str) -> Path:
        """The catalogue of a language, whether it exists or not."""
        return self.folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"

    def languages(self) -> list[str]:
        """The languages that have a catalogue."""
        found = self.folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")
        return sorted(path.parents[1].name for path in found)

    def sources(self) -> list[Path]:
        """Every Python file that may speak, in a stable order."""
        found = (path for name in SOURCE_FOLDERS for path in (self.root / name).rglob("*.py"))
        return sorted(found)

    def name(self, path: Path) -> str:
        """A path as people and catalogues write it: relative, with slashes."""
        return path.relative_to(self.root).as_posix()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the catalogues for oneself; waits until they are free."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def load(path: Path, language: str | None = None) -> Catalog:
    """Read a catalogue or template; an empty one when the file is not there."""
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def render(catalogue: Catalog, header: str) -> str:
    """A catalogue as text. The header carries no dates: they only make branches conflict."""
    body = io.BytesIO()
    write_po(
        body, catalogue, width=99, omit_header=True, ignore_obsolete=True, include_lineno=False
    )
    return f"{header.rstrip()}\n\n{body.getvalue().decode()}".rstrip() + "\n"


def header_for(path: Path, language: str | None) -> str:
    """The header a file has, or a new one: translation platforms keep their own fields there."""
    if path.exists() and path.stat().st_size:
        return path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    if language is None:
        return HEADER.format(title="Every message of Panelik. Made by `make messages`.")
    locale = Locale.parse(language)
    forms = Catalog(locale=locale).plural_forms
    return (
        HEADER.format(title=f"{locale.english_name} messages of Panelik.")
        + f'"Language: {language}\\n"\n"Plural-Forms: {forms}\\n"\n'
    )


def replace(path: Path, text: str) -> bool:
    """Write a file in one step; False when it already says just that."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return True
