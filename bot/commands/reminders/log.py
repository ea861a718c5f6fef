"""The output of `panelik reminders log`: each reminder of a service and its events."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from zoneinfo import ZoneInfo

import typer

from billing.rules.reminders.stages import ReminderReason
from billing.views.reminders.reports import ItemHistory, Sending, ServiceLog
from bot.commands.output.sentences import REASONS, stage_words

Event = tuple[datetime, str]

DECIDED = ("skipped", "undeliverable")
"""States of a reminder that never got into a message."""

ENDS = {"void": "voided"}
"""States of messages that read differently from their names."""


def print_log(log: ServiceLog, zone: ZoneInfo) -> None:
    """Print the reminders, newest due date first, each with its events in order."""
    service, client, history = log.service, log.client, _History(zone)
    name = service.full_title
    typer.echo(f"{service.ref or service.id} · {name} · client {client.ref} {client.name}")
    if service.next_due_date is not None:
        typer.echo(f"Next due on {service.next_due_date}.")
    elif service.has_unknown_due_date:
        typer.echo("Its next due date is not known yet, so no reminder of it is planned.")
    if not log.items:
        typer.echo("No reminder of it was planned yet.")
    for item in log.items:
        typer.echo(f"\nDue {item.due_date}, {stage_words(item.stage)}")
        for moment, what in sorted(history.of(item), key=itemgetter(0)):
            typer.echo(f"    {history.local(moment)}  {what}")


@dataclass(frozen=True, slots=True)
class _History:
    """Puts events into words; times are in the company's zone."""

    zone: ZoneInfo

    def local(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M %Z}"

    def of(self, item: ItemHistory) -> Iterator[Event]:
        """Return the events of one reminder."""
        decided = f"{item.state}{_because(item.reason)}"
        yield item.planned_at, decided if item.state in DECIDED else "planned"
        for sending in item.sendings:
            yield from self._of_message(sending)

    def _of_message(self, sending: Sending) -> Iterator[Event]:
        """Return the events of the message to one user that contained it."""
        to = f"user {sending.user_id}"
        yield sending.planned_at, f"planned for {to}, at {self.local(sending.send_at)}"
        for moment, until, why in sending.deferrals:
            put_off = f"deferred for {to} until {self.local(until)}: {REASONS[why]}"
            yield moment, put_off
        if sending.finished_at is not None:
            yield sending.finished_at, _end(sending, to)


def _end(sending: Sending, to: str) -> str:
    if sending.dropped is not None:
        return f"voided for {to}: {REASONS[sending.dropped]}"
    if sending.message_id is not None:
        return f"sent to {to}, message {sending.message_id}"
    return f"{ENDS.get(sending.state, sending.state)} for {to}{_because(sending.reason)}"


def _because(reason: ReminderReason | None) -> str:
    return "" if reason is None else f": {REASONS[reason]}"
