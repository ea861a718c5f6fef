"""Taking translations in from a file, and compiling catalogues."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.mofile import write_mo

from locales.tool.messages import forms, identity, key, said, translated
from locales.tool.project import Project, header_for, load, render, replace
from locales.tool.review import translation_faults

Translations = Mapping[str, tuple[str, ...]]
"""A message (a plural's first) to its translation: one text, or one per plural form."""


def read(file: Path, language: str) -> Translations:
    """Read a JSON object or a `.po` fragment; empty translations are passed over."""
    if file.suffix == ".po":
        return {
            key(message): forms(message)
            for message in said(load(file, language))
            if translated(message)
        }
    found = json.loads(file.read_text(encoding="utf-8"))
    texts = {key: [value] if isinstance(value, str) else value for key, value in found.items()}
    return {key: tuple(value) for key, value in texts.items() if all(value)}


def merge(project: Project, language: str, wanted: Translations) -> tuple[int, list[str]]:
    """Put right translations into a catalogue: (how many changed, what was refused and why).

    Call it with the project locked.
    """
    path = project.catalogue(language)
    catalogue = load(path, language)
    changed, faults = 0, []
    for text, texts in wanted.items():
        message = catalogue.get(text)
        if message is None:
            faults.append(f"no source file says {text!r}")
            continue
        count = catalogue.num_plurals if message.pluralizable else 1
        wrong = [] if len(texts) == count else [f"needs {count} forms: {text!r}"]
        wrong = wrong or list(translation_faults(identity(message), texts))
        faults.extend(wrong)
        if not wrong and (forms(message) != texts or message.fuzzy):
            message.string = texts if message.pluralizable else texts[0]
            message.flags.discard("fuzzy")
            changed += 1
    replace(path, render(catalogue, header_for(path, language)))
    return changed, faults


def compile_all(project: Project) -> Iterator[Path]:
    """Write the `.mo` file of every language, yielding each."""
    for language in project.languages():
        path = project.catalogue(language)
        target = path.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, load(path, language))
        yield target
