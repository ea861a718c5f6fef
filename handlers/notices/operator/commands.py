"""What can be done about the operator's messages: commands to copy, and buttons for staff.

Where staff are named, a deed that needs no further word is a button; what needs one, such as a
client's id, stays a command. Without staff everything is a command.
"""

from dataclasses import dataclass
from shlex import join

from markupsafe import Markup

from billing.views.staff import Deed, MatterId
from handlers.buttons import PostClientCard
from handlers.chat.screens.limits import COPY_LIMIT
from handlers.chat.screens.screen import Button, Copy, Row, Screen
from handlers.chat.screens.widgets import lines, rows_of
from handlers.notices.operator.deeds import deed_button
from locales.text import Plain
from locales.translator import Translator

IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Way:
    """A command with its label, and the deed that is the same by a button."""

    label: Plain
    line: str
    deed: Deed | None = None


@dataclass(frozen=True, slots=True)
class OperatorMessage:
    """A message to the operator before it is known who reads it."""

    text: Markup
    ways: tuple[Way, ...] = ()
    matter: MatterId | None = None

    @property
    def copied(self) -> tuple[Way, ...]:
        """What staff cannot do by a button."""
        return tuple(way for way in self.ways if way.deed is None or self.matter is None)


def command(*words: str) -> str:
    """A command of `panelik`, as the shell takes it."""
    return join(("panelik", *words))


def copied_ways(text: Markup, *commands: tuple[Plain, str]) -> OperatorMessage:
    """The text with commands that are copied, whoever reads it."""
    return OperatorMessage(text, tuple(Way(label, line) for label, line in commands))


def with_commands(text: Markup, *commands: tuple[Plain, str]) -> Screen:
    """The same as a screen, for what is about no client."""
    return for_operator(copied_ways(text, *commands))


def for_operator(message: OperatorMessage) -> Screen:
    """The text with all commands below it, each with a button that copies it."""
    row = _copy_row(message.ways)
    return Screen(_with_lines(message.text, message.ways), (row,) if row else ())


def for_staff(
    t: Translator, message: OperatorMessage, notice_id: int, client_id: int | None
) -> Screen:
    """The text with a button for each deed, and commands for what needs another word."""
    buttons = []
    if message.matter is not None:
        deeds = (way.deed for way in message.ways if way.deed is not None)
        buttons = [deed_button(t, message.matter, deed, notice_id) for deed in deeds]
    if client_id is not None:
        buttons.append(Button(t.plain("The client"), PostClientCard(client_id)))
    copied = _copy_row(message.copied)
    rows = (*rows_of(buttons, IN_A_ROW), *((copied,) if copied else ()))
    return Screen(_with_lines(message.text, message.copied), rows)


def _with_lines(text: Markup, ways: tuple[Way, ...]) -> Markup:
    if not ways:
        return text
    below = (Markup("{}: <code>{}</code>").format(way.label, way.line) for way in ways)
    return lines(text, "", *below)


def _copy_row(ways: tuple[Way, ...]) -> Row:
    return tuple(
        Button(Plain(f"📋 {way.label}"), Copy(way.line))
        for way in ways
        if len(way.line) <= COPY_LIMIT
    )
