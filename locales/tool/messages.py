"""From source files to the template, and from the template to each catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file

from locales.catalogues import DOMAIN
from locales.negotiation import DEFAULT
from locales.tool.calls import KEYWORDS, calls
from locales.tool.project import Project, header_for, load, render, replace

Id = str | tuple[str, str]
"""A message id: the text, or (one, many) of a plural."""

Entry = tuple[str, Id, tuple[str, ...]]
"""One place where a message is said: file, id, comments for translators."""


def identity(message: Message) -> Id:
    """The id of a message in one of its two shapes."""
    if isinstance(message.id, str):
        return message.id
    return message.id[0], message.id[1]


def key(message: Message) -> str:
    """What a message is looked up by: its text, for a plural the first one."""
    found = identity(message)
    return found if isinstance(found, str) else found[0]


def texts(message: Id) -> tuple[str, ...]:
    """The source texts of a message: one, or one and many."""
    return (message,) if isinstance(message, str) else message


def forms(message: Message) -> tuple[str, ...]:
    """The translation of a message, a text per plural form; one text without plurals."""
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ())


def said(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def extracted(project: Project) -> tuple[list[Entry], list[str]]:
    """What all sources say, and the files that could not be read.

    A file in the middle of somebody's edit keeps the messages that the template has for it.
    """
    entries: list[Entry] = []
    broken: list[str] = []
    for path in project.sources():
        where = project.name(path)
        try:
            calls(path, where)
        except SyntaxError:
            broken.append(where)
        else:
            entries.extend(_entries(path, where))
    return entries + _remembered(project, broken), broken


def _entries(path: Path, where: str) -> Iterator[Entry]:
    for _line, message, comments, _context in extract_from_file(
        "python", path, keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        yield where, _id(message), tuple(comments)


def _id(message: str | tuple[str, ...]) -> Id:
    return message if isinstance(message, str) else (message[0], message[1])


def _remembered(project: Project, broken: Iterable[str]) -> list[Entry]:
    kept = set(broken)
    return [
        (where, identity(message), tuple(message.auto_comments))
        for message in said(load(project.template))
        for where, _line in message.locations
        if where in kept
    ]


def template(entries: Iterable[Entry]) -> Catalog:
    """One entry per message, by file and text, so that moving code changes nothing."""
    catalogue = Catalog(domain=DOMAIN, fuzzy=False)
    for where, message, comments in sorted(entries, key=lambda entry: (entry[0], texts(entry[1]))):
        catalogue.add(message, locations=[(where, 0)], auto_comments=comments)
    return catalogue


def merged(source: Catalog, old: Catalog, language: str) -> Catalog:
    """The template's messages with the translations that are known; English is the ids."""
    catalogue = Catalog(locale=language, domain=DOMAIN, fuzzy=False)
    for message in said(source):
        known = old.get(key(message))
        if known is not None and identity(known) != identity(message):
            known = None
        added = catalogue.add(
            message.id,
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=known.user_comments if known else (),
        )
        translation = _translation(message, known, language, catalogue.num_plurals)
        added.string = translation if message.pluralizable else translation[0]
        if known is not None and known.fuzzy:
            added.flags.add("fuzzy")
    return catalogue


def _translation(
    message: Message, known: Message | None, language: str, count: int
) -> tuple[str, ...]:
    if language == DEFAULT:
        return texts(identity(message))
    if known is not None and forms(known):
        return forms(known)
    return ("",) * (count if message.pluralizable else 1)


def update(project: Project) -> tuple[list[str], list[str]]:
    """Bring template and catalogues up to date: (files changed, sources that could not be read).

    Call it with the project locked.
    """
    entries, broken = extracted(project)
    source = template(entries)
    changed = []
    if replace(project.template, render(source, header_for(project.template, None))):
        changed.append(project.name(project.template))
    for language in project.languages():
        path = project.catalogue(language)
        catalogue = merged(source, load(path, language), language)
        if replace(path, render(catalogue, header_for(path, language))):
            changed.append(project.name(path))
    return changed, broken


def translated(message: Message) -> bool:
    """Whether every form of a message has a translation."""
    return bool(forms(message)) and all(forms(message))


def untranslated(project: Project, language: str, within: str = "") -> Mapping[str, object]:
    """Messages without a translation, ready to be filled in: id to "" or to a list of forms."""
    catalogue = load(project.catalogue(language), language)
    return {
        key(message): [""] * catalogue.num_plurals if message.pluralizable else ""
        for message in said(catalogue)
        if not translated(message)
        and any(where.startswith(within) for where, _line in message.locations)
    }
