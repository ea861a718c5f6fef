"""What `panelik reminders preview` prints: who reads what and when, as one reads it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from textwrap import indent
from zoneinfo import ZoneInfo

import typer

from billing.views.reminders.digests import Digest
from billing.views.reminders.preview import ClientPreview, LeftOut, PreviewedMessage
from bot.commands.output.sentences import REASONS, count_of, stage_words
from handlers.reminders import screens
from locales.catalogues import negotiate
from locales.text import Plain, legible
from locales.translator import Translator

INDENT = "    "


@dataclass(slots=True)
class PreviewPrinter:
    """Prints client by client and counts on the way; `zone` is the company's."""

    day: date
    zone: ZoneInfo
    clients: int = 0
    left_out: int = 0
    finished: int = 0
    moments: list[datetime] = field(default_factory=list)
    """The first and the last instant at which something goes out."""
    messages: int = 0

    def print(self, one: ClientPreview) -> None:
        """One client's messages, and what nobody is told of."""
        who = f"{one.client.ref} {one.client.name}"
        self.clients += any(not message.is_finished for message in one.messages)
        for message in one.messages:
            self._message(who, message)
        for item in one.left_out:
            self.left_out += 1
            typer.echo(f"{who} · {_left_out(item)}\n")

    def print_summary(self) -> None:
        """The last lines."""
        if self.finished:
            typer.echo(
                f"{count_of(self.finished, 'message')} of the day went out or ended before."
            )
        if self.left_out:
            typer.echo(f"{count_of(self.left_out, 'reminder')} that nobody gets.")
        if self.messages:
            first, last = (_local(moment, self.zone) for moment in self.moments)
            to = count_of(self.clients, "client")
            when = f"at {first}" if first == last else f"from {first} to {last}"
            typer.echo(f"{count_of(self.messages, 'message')} to {to}, {when}.")
        else:
            typer.echo(f"No message goes out for {self.day}.")
        typer.echo("This was a preview: nothing was sent or written.")

    def _message(self, who: str, message: PreviewedMessage) -> None:
        to = f"{who} · user {message.user_id}"
        if message.sending is not None and message.is_finished:
            self.finished += 1
            typer.echo(f"{to} · {_ended(message, self.zone)}\n")
        elif message.digest is None:
            typer.echo(f"{to} · nothing is left to say\n")
        else:
            self.messages += 1
            self.moments = [
                min((*self.moments, message.at)),
                max((*self.moments, message.at)),
            ]
            digest = message.digest
            language, zone = negotiate(*digest.languages), _zone(digest.timezone, self.zone)
            typer.echo(f"{to} · {language} · {_local(message.at, zone)} ({zone.key})")
            typer.echo(indent(message_text(digest, self.zone), INDENT) + "\n")


def message_text(digest: Digest, company_zone: ZoneInfo) -> str:
    """The message as it is read on a phone: its words, and its buttons in brackets."""
    language, zone = negotiate(*digest.languages), _zone(digest.timezone, company_zone)
    screen = screens.digest(Translator(language, zone), digest)
    rows = (" ".join(f"[{button.label}]" for button in row) for row in screen.rows)
    return legible("\n".join((Plain.of(screen.text), *rows)))


def _ended(message: PreviewedMessage, zone: ZoneInfo) -> str:
    sending, at = message.sending, _local(message.at, zone)
    assert sending is not None  # noqa: S101 - only what was planned can have ended
    if sending.message_id is not None:
        return f"sent already, {at}, message {sending.message_id}"
    why = f": {REASONS[sending.reason]}" if sending.reason else ""
    return f"not sent ({sending.state}), {at}{why}"


def _left_out(item: LeftOut) -> str:
    when = f"due {item.due_date}, {stage_words(item.stage)}"
    return f"nobody is told of {item.title}, {when}: {REASONS[item.reason]}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M %Z}"


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return otherwise
