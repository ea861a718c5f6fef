"""`python -m locales.tool`: the work of `make messages` and of the translation checks.

update, translate, missing, add, compile, check; docs are in each command's help.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from locales.tool.messages import is_translated, missing, update
from locales.tool.project import Project, load, messages_of
from locales.tool.review import check
from locales.tool.translations import compile_all, merge, read

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
project = Project(Path(__file__).resolve().parents[2])

Language = Annotated[str, typer.Option(help="Code of the catalogue, such as pl.")]


@app.command("update")
def update_command() -> None:
    """Extract every message and bring the template and all catalogues up to date."""
    with project.locked():
        _update()
    for language in project.languages():
        catalogue = load(project.catalogue(language), language)
        waiting = sum(not is_translated(message) for message in messages_of(catalogue))
        typer.echo(f"{language}: {len(catalogue)} messages, {waiting} to translate")


@app.command("translate")
def translate_command(file: Path, language: Language = "pl") -> None:
    """Update, then take translations from FILE: a JSON object or a .po fragment.

    The object maps a message to its translation, or a plural's first message to a list of forms.
    """
    with project.locked():
        _update()
        count, faults = merge(project, language, read(file, language))
    typer.echo(f"{language}: {count} translations changed")
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        raise typer.Exit(1)


@app.command("missing")
def missing_command(
    within: Annotated[str, typer.Argument(help="Only files below this, as handlers/cart.")] = "",
    language: Language = "pl",
) -> None:
    """Print what is not translated as JSON, ready to be filled in for `translate`."""
    with project.locked():
        _update()
    messages = missing(project, language, within)
    typer.echo(json.dumps(messages, ensure_ascii=False, indent=1))


@app.command("add")
def add_command(language: str) -> None:
    """Start the catalogue of a new language."""
    with project.locked():
        path = project.catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        _update()


@app.command("compile")
def compile_command() -> None:
    """Compile every catalogue to a .mo file beside it."""
    for path in compile_all(project):
        typer.echo(project.name(path))


@app.command("check")
def check_command() -> None:
    """Fail, with a line for each fault, unless every catalogue is complete and right."""
    faults = check(project)
    for fault in faults:
        typer.echo(fault, err=True)
    if faults:
        typer.echo(f"{len(faults)} faults in translations", err=True)
        raise typer.Exit(1)
    typer.echo(f"Translations are complete: {', '.join(project.languages())}")


def _update() -> None:
    changed, broken = update(project)
    for name in changed:
        typer.echo(f"updated {name}", err=True)
    for name in broken:
        typer.echo(f"{name} cannot be read now; its known messages are kept", err=True)


if __name__ == "__main__":
    app()
