"""The commands that the operator's messages end with."""

from shlex import join

from markupsafe import Markup

from handlers.chat.screens.limits import COPY_LIMIT
from handlers.chat.screens.screen import Button, Copy, Row, Screen
from handlers.chat.screens.widgets import lines
from locales.text import Plain


def command(*words: str) -> str:
    """A command of `panelik`, as the shell takes it."""
    return join(("panelik", *words))


def with_commands(text: Markup, *commands: tuple[Plain, str]) -> Screen:
    """The text with the commands below it, each with a button that copies it."""
    command_lines = (Markup("{}: <code>{}</code>").format(label, line) for label, line in commands)
    row: Row = tuple(
        Button(Plain(f"📋 {label}"), Copy(line))
        for label, line in commands
        if len(line) <= COPY_LIMIT
    )
    return Screen(lines(text, "", *command_lines) if commands else text, (row,) if row else ())
