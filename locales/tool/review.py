"""What can be wrong with a translation, and with the catalogues as a whole."""

import shutil
import subprocess
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

from locales.templates import BadMessageError, placeholders
from locales.tool.calls import Call, read_calls
from locales.tool.markup import html_fault, tags
from locales.tool.messages import extract, is_translated, texts
from locales.tool.project import Project, load, messages_of, render


def translation_faults(
    message: tuple[str, ...], translation: tuple[str, ...], *, is_html: bool | None = None
) -> Iterator[str]:
    """What is wrong with each form of a translation: placeholders, tags, edges, HTML.

    A message is HTML if it has a tag, unless the caller knows more.
    """
    many = message[-1]
    for index, text in enumerate(translation):
        sources = message if index == 0 else (many,)
        label = f"form {index} of {many!r}" if len(message) > 1 else repr(many)
        try:
            fields = placeholders(text)
        except BadMessageError as error:
            yield str(error)
            continue
        if all(fields != placeholders(source) for source in sources):
            yield f"placeholders differ in {label}: {text!r}"
        if all(tags(text) != tags(source) for source in sources):
            yield f"HTML tags differ in {label}: {text!r}"
        if (tags(many) if is_html is None else is_html) and (fault := html_fault(text)):
            yield f"{fault} in {label}: {text!r}"
        if _edges(text) != _edges(many):
            yield f"spaces or line breaks at the ends differ in {label}: {text!r}"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def check(project: Project) -> list[str]:
    """Everything wrong with sources, template and catalogues; empty when all is well."""
    template, _broken = extract(project)
    calls, faults = _calls(project)
    faults.extend(
        f"{call.file}:{call.line}: never extracted: {call.messages[0]!r}"
        for call in calls
        if not _is_extracted(call, template)
    )
    path = project.template
    if not path.exists() or path.read_text(encoding="utf-8") != render(path, template):
        faults.append(f"{project.name(path)}: out of date; run `make messages`")
    html = {text for call in calls if call.name != "plain" for text in call.messages}
    faults.extend(f"{project.name(path)}: {fault}" for fault in _source_faults(template, html))
    for language in project.languages():
        where = project.name(project.catalogue(language))
        for fault in (*_catalogue_faults(project, language, html), *_msgfmt(project, language)):
            faults.append(f"{where}: {fault}")
    return faults


def _calls(project: Project) -> tuple[list[Call], list[str]]:
    calls: list[Call] = []
    faults: list[str] = []
    for name, path in project.sources().items():
        try:
            calls_here, faults_here = read_calls(path, name)
        except SyntaxError as error:
            faults.append(f"{name}: cannot be read: {error}")
        else:
            calls.extend(calls_here)
            faults.extend(faults_here)
    return calls, faults


def _is_extracted(call: Call, template: Catalog) -> bool:
    message = template.get(call.messages[0])
    return (
        message is not None
        and texts(message.id) == call.messages
        and (call.file, 0) in message.locations
    )


def _source_faults(template: Catalog, html: set[str]) -> Iterator[str]:
    """What is wrong with the messages themselves, which are the English texts."""
    for message in messages_of(template):
        sources = texts(message.id)
        yield from translation_faults(sources, sources, is_html=sources[0] in html)


def _catalogue_faults(project: Project, language: str, html: set[str]) -> Iterator[str]:
    catalogue = load(project.catalogue(language), language)
    wanted = {message.id for message in messages_of(load(project.template))}
    present = {message.id for message in messages_of(catalogue)}
    for odd in sorted(map(str, wanted ^ present)):
        yield f"differs from the template; run `make messages`: {odd}"
    for message in messages_of(catalogue):
        yield from _message_faults(message, is_html=texts(message.id)[0] in html)


def _message_faults(message: Message, *, is_html: bool) -> Iterator[str]:
    if message.fuzzy:
        yield f"marked fuzzy: {message.id!r}"
    if is_translated(message):
        yield from translation_faults(texts(message.id), texts(message.string), is_html=is_html)
    else:
        yield f"not translated: {message.id!r}"


def _msgfmt(project: Project, language: str) -> Iterator[str]:
    """What GNU gettext itself finds, where it is installed."""
    program = shutil.which("msgfmt")
    if program is None:
        return
    options = ["--check", "--output-file=/dev/null"]
    run = subprocess.run(  # noqa: S603 - a fixed program on our own file
        [program, *options, str(project.catalogue(language))],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        yield f"msgfmt: {run.stderr.strip()}"
