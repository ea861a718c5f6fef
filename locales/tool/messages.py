"""From source files to the template, and from the template to each catalogue."""

import ast
from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir

from locales.tool.calls import KEYWORDS
from locales.tool.project import SOURCE_FOLDERS, Project, load, messages_of, new_catalogue, save


def texts(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The texts of a message's id (one, or one and many) or of its translation."""
    return (value,) if isinstance(value, str) else tuple(value or ())


def is_translated(message: Message) -> bool:
    """Whether every form of a message has a translation."""
    forms = texts(message.string)
    return bool(forms) and all(forms)


def extract(project: Project) -> tuple[Catalog, list[str]]:
    """A template of what all sources say, and the files that cannot be read.

    A file in the middle of an edit keeps the messages that the old template has for it. Messages
    are ordered by file and text, so that moving code changes nothing.
    """
    broken = [name for name, path in project.sources().items() if not _is_python(path)]
    entries = [
        (name, texts(message.id), message.auto_comments)
        for message in messages_of(load(project.template))
        for name, _line in message.locations
        if name in broken
    ]
    for name, _line, message, comments, _context in extract_from_dir(
        project.root,
        method_map=[
            *((name, "ignore") for name in broken),
            *((f"{folder}/**.py", "python") for folder in SOURCE_FOLDERS),
        ],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda path: project.name(Path(path)).startswith(SOURCE_FOLDERS),
    ):
        entries.append((name, texts(message), comments))
    template = new_catalogue()
    for name, message, comments in sorted(entries):
        key = message if len(message) > 1 else message[0]
        template.add(key, locations=[(name, 0)], auto_comments=comments)
    return template, broken


def _is_python(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except SyntaxError:
        return False
    return True


def update(project: Project) -> tuple[list[str], list[str]]:
    """Bring template and catalogues up to date: (files changed, sources that cannot be read).

    Call it with the project locked.
    """
    template, broken = extract(project)
    changed = [project.template] if save(project.template, template) else []
    for language in project.languages():
        path = project.catalogue(language)
        catalogue = load(path, language)
        _update(catalogue, load(project.template))
        if save(path, catalogue):
            changed.append(path)
    return [project.name(path) for path in changed], broken


def _update(catalogue: Catalog, template: Catalog) -> None:
    """Bring a catalogue up to date; a plural with another second text is a new message.

    Babel compares the first text only.
    """
    for message in list(messages_of(catalogue)):
        wanted = template.get(message.id)
        if wanted is not None and wanted.id != message.id:
            catalogue.delete(message.id)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)


def missing(project: Project, language: str, within: str = "") -> Mapping[str, object]:
    """Messages without a translation, ready to be filled in: id to "" or to a list of forms."""
    catalogue = load(project.catalogue(language), language)
    return {
        texts(message.id)[0]: [""] * catalogue.num_plurals if message.pluralizable else ""
        for message in messages_of(catalogue)
        if not is_translated(message)
        and any(name.startswith(within) for name, _line in message.locations)
    }
