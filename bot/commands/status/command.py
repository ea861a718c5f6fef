"""`panelik status`: what runs on the database, what waits in it, and what is wrong."""

from collections.abc import Iterable
from datetime import datetime

import typer

from billing.ports.inbox import EventState
from bot.app import Core
from bot.commands.output.as_json import JsonOption, print_json
from bot.commands.output.sentences import count_of
from bot.commands.output.tables import print_table
from bot.commands.session import fail, with_core
from bot.commands.status.fields import status_fields
from bot.commands.status.problems import problems
from bot.commands.status.words import age
from bot.metrics.beat import is_running, last_ticks
from storage.numbers import PATIENCE, Numbers, Queue
from storage.processes import Process
from storage.tables.states import SendState

STUCK_WORDS = {
    EventState.FAILED: "Updates whose handling failed",
    EventState.NOT_BOOKED: "Payments that could not be booked",
}


def status(as_json: JsonOption = False) -> None:
    """Show what runs and what waits; exit 1 if something is wrong."""
    try:
        numbers, tick_seconds = with_core(_read, any_terms=True, any_owner=True)
    except TimeoutError:
        fail(f"The database did not answer within {PATIENCE:.0f} s.")
    wrong = problems(numbers, tick_seconds=tick_seconds)
    if as_json:
        print_json(status_fields(numbers, wrong))
    else:
        _print(numbers, wrong)
    if wrong:
        raise typer.Exit(1)


async def _read(core: Core) -> tuple[Numbers, int]:
    return await core.numbers(), core.settings.tick_seconds


def _print(numbers: Numbers, wrong: Iterable[str]) -> None:
    _print_processes(numbers)
    typer.echo()
    _print_queues(numbers)
    typer.echo()
    for line in _lines(numbers):
        typer.echo(line)
    typer.echo()
    _print_ticks(numbers)
    typer.echo()
    sentences = tuple(wrong)
    for sentence in sentences:
        typer.echo(f"! {sentence}")
    if not sentences:
        typer.echo("Nothing is wrong.")


def _print_processes(numbers: Numbers) -> None:
    running = [process for process in numbers.processes if is_running(process, numbers.at)]
    if not running:
        typer.echo("No process runs.")
        return
    head = ("process", "version", "runs for", "does", "updates", "failed", "last update")
    print_table(head, (_process_row(process, numbers) for process in running))


def _process_row(process: Process, numbers: Numbers) -> tuple[str, ...]:
    leases = [
        lease.name.partition(" ")[0]
        for lease in numbers.leases
        if lease.owner == process.name and lease.left
    ]
    facts = process.facts
    return (
        process.name,
        process.version,
        age(process.started_at, numbers.at),
        " ".join(leases) or "-",
        str(facts.updates),
        str(facts.failures),
        _ago(facts.last_update_at, numbers.at),
    )


def _print_queues(numbers: Numbers) -> None:
    queues = {
        "messages": numbers.outbox,
        "money to book": numbers.inbox,
        "to handle again": numbers.again,
        "reminders": numbers.digests,
    }
    head = ("queue", "waiting", "due", "oldest", "late for")
    print_table(head, (_queue_row(name, queue, numbers.at) for name, queue in queues.items()))


def _queue_row(name: str, queue: Queue, now: datetime) -> tuple[str, ...]:
    return (
        name,
        str(queue.waiting),
        str(queue.due),
        age(queue.oldest_at, now) if queue.oldest_at else "-",
        age(queue.due_since, now) if queue.due_since else "-",
    )


def _lines(numbers: Numbers) -> Iterable[str]:
    day = numbers.digests_of_day
    reminders = [f"{day[state]} {state.value}" for state in SendState if day.get(state)]
    yield f"Reminders of today: {', '.join(reminders) or 'none'}."
    payments = [f"{number} {state.value}" for state, number in numbers.payments.items()]
    yield f"Payments begun in a day: {', '.join(sorted(payments)) or 'none'}."
    if numbers.panel_calls:
        calls = [f"{number} {state.value}" for state, number in numbers.panel_calls.items()]
        yield f"Panel calls that are not over: {', '.join(sorted(calls))}."
    if read_at := numbers.panel.changes_read_at:
        yield f"The panel is known as of {age(read_at, numbers.at)} ago."
    for lease in numbers.leases:
        task, left = lease.name.partition(" ")[0], f"{lease.left.total_seconds():.0f} s left"
        since = age(lease.taken_at, numbers.at)
        yield f"{task}: {lease.owner}, for {since}, {left if lease.left else 'ended'}."
    for state, what in STUCK_WORDS.items():
        backlog = numbers.stuck[state]
        if backlog.oldest_at:
            yield f"{what}: {backlog.number}, the oldest for {age(backlog.oldest_at, numbers.at)}."
    if numbers.unplaced:
        yield f"Unplaced money: {count_of(numbers.unplaced, 'payment')}."


def _print_ticks(numbers: Numbers) -> None:
    ticks = last_ticks(numbers.processes).items()
    if ticks:
        print_table(("tick", "last done"), ((n, _ago(at, numbers.at)) for n, at in ticks))


def _ago(moment: datetime | None, now: datetime) -> str:
    return "never" if moment is None else f"{age(moment, now)} ago"
