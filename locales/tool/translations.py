"""Taking translations in from a file, and compiling catalogues."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.mofile import write_mo

from locales.tool.messages import is_translated, texts
from locales.tool.project import Project, load, messages_of, save
from locales.tool.review import translation_faults

Translations = Mapping[str, tuple[str, ...]]
"""A message (a plural's first) to its translation: one text, or one per plural form."""


def read(file: Path, language: str) -> Translations:
    """Read a JSON object or a `.po` fragment; empty translations are passed over."""
    if file.suffix == ".po":
        messages = filter(is_translated, messages_of(load(file, language)))
        return {texts(message.id)[0]: texts(message.string) for message in messages}
    pairs = json.loads(file.read_text(encoding="utf-8")).items()
    return {text: texts(value) for text, value in pairs if all(texts(value))}


def merge(project: Project, language: str, wanted: Translations) -> tuple[int, list[str]]:
    """Put right translations into a catalogue: (how many changed, what was refused and why).

    Call it with the project locked.
    """
    path = project.catalogue(language)
    catalogue = load(path, language)
    changed, faults = 0, []
    for text, forms in wanted.items():
        message = catalogue.get(text)
        if message is None:
            faults.append(f"no source file says {text!r}")
            continue
        count = catalogue.num_plurals if message.pluralizable else 1
        wrong = [] if len(forms) == count else [f"needs {count} forms: {text!r}"]
        wrong = wrong or list(translation_faults(texts(message.id), forms))
        faults.extend(wrong)
        if not wrong and (texts(message.string) != forms or message.fuzzy):
            message.string = forms if message.pluralizable else forms[0]
            message.flags.discard("fuzzy")
            changed += 1
    save(path, catalogue)
    return changed, faults


def compile_all(project: Project) -> Iterator[Path]:
    """Write the `.mo` file of every language, yielding each."""
    for language in project.languages():
        path = project.catalogue(language)
        target = path.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, load(path, language))
        yield target
