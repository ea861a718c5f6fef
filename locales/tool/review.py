"""What can be wrong with a translation, and with the catalogues as a whole."""

import shutil
import subprocess
from collections.abc import Iterator

from babel.messages.catalog import Message

from locales.negotiation import DEFAULT
from locales.templates import BadMessageError, placeholders
from locales.tool.calls import Call, Fault, calls
from locales.tool.markup import html_fault, tags
from locales.tool.messages import (
    Entry,
    Id,
    extracted,
    forms,
    identity,
    said,
    template,
    texts,
    translated,
)
from locales.tool.project import Project, header_for, load, render


def translation_faults(message: Id, translation: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with each form of a translation: placeholders, tags, edges, HTML."""
    one, many = (message, message) if isinstance(message, str) else message
    for index, text in enumerate(translation):
        sources = (one, many) if index == 0 else (many,)
        label = f"form {index} of {many!r}" if isinstance(message, tuple) else repr(many)
        try:
            fields = placeholders(text)
        except BadMessageError as error:
            yield str(error)
            continue
        if all(fields != placeholders(source) for source in sources):
            yield f"placeholders differ in {label}: {text!r}"
        if all(tags(text) != tags(source) for source in sources):
            yield f"HTML tags differ in {label}: {text!r}"
        if tags(many) and (fault := html_fault(text)):
            yield f"{fault} in {label}: {text!r}"
        if _edges(text) != _edges(many):
            yield f"spaces or line breaks at the ends differ in {label}: {text!r}"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def check(project: Project) -> list[Fault]:
    """Everything wrong with sources, template and catalogues; empty when all is well."""
    said_in_code, faults = _calls(project)
    entries, _broken = extracted(project)
    faults.extend(_unextracted(entries, said_in_code))
    expected = render(template(entries), header_for(project.template, None))
    if not project.template.exists() or project.template.read_text(encoding="utf-8") != expected:
        faults.append(Fault(project.name(project.template), "out of date; run `make messages`"))
    html = {text for _where, call in said_in_code if call.is_html for text in call.messages}
    for language in project.languages():
        faults.extend(_catalogue_faults(project, language, html))
        faults.extend(_msgfmt_faults(project, language))
    return faults


def _calls(project: Project) -> tuple[list[tuple[str, Call]], list[Fault]]:
    found: list[tuple[str, Call]] = []
    faults: list[Fault] = []
    for path in project.sources():
        where = project.name(path)
        try:
            here, wrong = calls(path, where)
        except SyntaxError as error:
            faults.append(Fault(where, f"cannot be read: {error}"))
            continue
        found.extend((where, call) for call in here)
        faults.extend(wrong)
    return found, faults


def _unextracted(entries: list[Entry], found: list[tuple[str, Call]]) -> Iterator[Fault]:
    known = {(where, message) for where, message, _comments in entries}
    for where, call in found:
        message: Id = call.messages[0]
        if call.name == "n":
            message = call.messages[0], call.messages[1]
        if (where, message) not in known:
            yield Fault(f"{where}:{call.line}", f"never extracted: {message!r}")


def _catalogue_faults(project: Project, language: str, html: set[str]) -> Iterator[Fault]:
    path = project.catalogue(language)
    where = project.name(path)
    catalogue = load(path, language)
    wanted = {identity(message) for message in said(load(project.template))}
    present = {identity(message) for message in said(catalogue)}
    for odd in sorted(map(str, wanted ^ present)):
        yield Fault(where, f"differs from the template; run `make messages`: {odd}")
    for message in said(catalogue):
        faults = _message_faults(message, catalogue.num_plurals, html)
        yield from (Fault(where, what) for what in faults)
        if language == DEFAULT and forms(message) != texts(identity(message)):
            yield Fault(where, f"English differs from the source: {message.id!r}")


def _message_faults(message: Message, count: int, html: set[str]) -> Iterator[str]:
    if message.fuzzy:
        yield f"marked fuzzy: {message.id!r}"
    if not translated(message):
        yield f"not translated: {message.id!r}"
        return
    if message.pluralizable and len(forms(message)) != count:
        yield f"needs {count} plural forms: {message.id!r}"
    yield from translation_faults(identity(message), forms(message))
    if html.intersection(texts(identity(message))):
        yield from (f"{fault}: {text!r}" for text in forms(message) if (fault := html_fault(text)))


def _msgfmt_faults(project: Project, language: str) -> Iterator[Fault]:
    """What GNU gettext itself finds, where it is installed."""
    program = shutil.which("msgfmt")
    if program is None:
        return
    path = project.catalogue(language)
    options = ["--check", "--output-file=/dev/null"]
    run = subprocess.run(  # noqa: S603 - a fixed program on our own file
        [program, *options, str(path)], capture_output=True, text=True, check=False
    )
    if run.returncode:
        yield Fault(project.name(path), f"msgfmt: {run.stderr.strip()}")
