"""Where sources and catalogues are, and how catalogue files are read and written.

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

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from locales.catalogues import DOMAIN

SOURCE_FOLDERS = ("billing", "bot", "handlers", "locales")


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout: sources, one template and a catalogue per language."""

    root: Path

    @property
    def template(self) -> Path:
        """The template: every message, no translation."""
        return self.root / "locales" / f"{DOMAIN}.pot"

    def catalogue(self, language: str) -> Path:
        """The catalogue of a language, whether it exists or not."""
        return self.root / "locales" / language / "LC_MESSAGES" / f"{DOMAIN}.po"

    def languages(self) -> list[str]:
        """The languages that have a catalogue."""
        return sorted(path.parts[-3] for path in self.root.glob(f"locales/*/*/{DOMAIN}.po"))

    def sources(self) -> dict[str, Path]:
        """Every Python file that may hold messages, by its name in messages and catalogues."""
        paths = (path for name in SOURCE_FOLDERS for path in (self.root / name).rglob("*.py"))
        return {self.name(path): path for path in sorted(paths)}

    def name(self, path: Path) -> str:
        """A path as people and catalogues write it: relative, with slashes."""
        return path.relative_to(self.root).as_posix()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the catalogues for oneself; waits until they are free."""
        handle = os.open(self.template.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def load(path: Path, language: str | None = None) -> Catalog:
    """Read a catalogue or template; a new one when the file is missing or empty."""
    if _has_text(path):
        return read_po(io.BytesIO(path.read_bytes()), locale=language, domain=DOMAIN)
    return new_catalogue(language)


def new_catalogue(language: str | None = None) -> Catalog:
    """A catalogue or template without messages."""
    comment = "# Messages of Panelik. Collected by `make messages`."
    return Catalog(language, DOMAIN, comment, project="Panelik", version="0.1", fuzzy=False)


def _has_text(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def render(path: Path, catalogue: Catalog) -> str:
    """The text of a catalogue's file.

    A header that is there stays: translation platforms keep their own fields in it, and dates
    that change would only make branches conflict.
    """
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=99, ignore_obsolete=True, include_lineno=False)
    header, messages = buffer.getvalue().decode().split("\n\n", 1)
    if _has_text(path):
        header = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    return f"{header.rstrip()}\n\n{messages}".rstrip() + "\n"


def save(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue's file in one step; False when it is up to date."""
    text = render(path, catalogue)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    draft = path.with_suffix(f".{os.getpid()}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return True
