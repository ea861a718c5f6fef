"""`panelik tasks`: what has to be done after payments, and saying that it is done."""

from collections.abc import Sequence
from typing import Annotated

import typer

from billing.rules.errors import NotFoundError
from billing.rules.work import WorkKind
from billing.views.tasks import FinishedTask, ListedTask
from bot.app import Core
from bot.commands.output.as_json import JsonOption, print_items
from bot.commands.output.list_fields import task_fields
from bot.commands.output.sentences import sentence
from bot.commands.output.tables import PageOption, print_page
from bot.commands.session import actor, fail, with_core

app = typer.Typer(
    help="What has to be done after payments: list it, or say that it is done.",
    invoke_without_command=True,
)

NumbersArgument = Annotated[
    list[int], typer.Argument(help="The numbers in the list.", min=1, max=2**63 - 1)
]

KINDS = {
    WorkKind.ORDER: "set up a product",
    WorkKind.ADDON: "set up an add-on",
    WorkKind.RENEWAL: "carry out a renewal",
    WorkKind.REACTIVATION: "switch on again",
    WorkKind.CANCELLATION: "end the service",
}


@app.callback()
def list_tasks(
    context: typer.Context,
    page: PageOption = 1,
    done_too: Annotated[
        bool, typer.Option("--all", help="Also those that are done, the newest first.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """What has to be done after payments: list it, or say that it is done."""
    if context.invoked_subcommand is not None:
        return
    listed = with_core(lambda core: core.actions.list_tasks(page, done_too=done_too))
    if as_json:
        print_items(listed, task_fields)
        return
    if not listed:
        typer.echo("There were no tasks yet." if done_too else "There is nothing to do.")
        return
    last = ("done",) if done_too else ()
    head = ("no.", "to do", "client", "service", "proforma", "since", *last)
    print_page(head, listed, lambda one: _row(one, done_too=done_too))


@app.command("done")
def done(numbers: NumbersArgument) -> None:
    """Say that tasks are done. Nothing else changes by that: no status, no date."""
    missing = []
    for finished in with_core(lambda core: _finish(core, numbers)):
        if isinstance(finished, NotFoundError):
            missing.append(sentence(finished))
        else:
            typer.echo(_result(finished))
    if missing:
        fail("\n".join(missing))


async def _finish(core: Core, numbers: Sequence[int]) -> list[FinishedTask | NotFoundError]:
    """Finish each; a number that is not there keeps none of the others from it."""
    results: list[FinishedTask | NotFoundError] = []
    for number in dict.fromkeys(numbers):
        try:
            results.append(await core.actions.finish_task(number, by=actor()))
        except NotFoundError as error:
            results.append(error)
    return results


def _result(finished: FinishedTask) -> str:
    task = finished.task
    result = "done"
    if finished.was_done:
        when = f"{task.done_at:%Y-%m-%d %H:%M} UTC"
        result = f"was done already, {when} by {task.done_by}"
    line = f"Task {task.id}, {task.title}, {KINDS[task.kind]}: {result}."
    if finished.order_waits:
        line += f" The order still waits: `panelik orders accept {task.service_id}`."
    return line


def _row(listed: ListedTask, *, done_too: bool) -> tuple[str, ...]:
    task = listed.task
    row = (
        str(task.id),
        KINDS[task.kind] + (f" on {task.due_on}" if task.due_on else ""),
        f"{listed.client_ref} {listed.client_name}",
        task.title,
        task.number,
        f"{task.opened_at:%Y-%m-%d}",
    )
    if not done_too:
        return row
    return (*row, f"{task.done_at:%Y-%m-%d} {task.done_by}" if task.done_at else "")
