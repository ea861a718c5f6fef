"""The map of the bot: what leads to which handler."""

from handlers import buttons
from handlers.chat.context import PanelikApplication
from handlers.chat.routing import Command, Routes, Step, Tap, tap
from handlers.chat.wiring import register
from handlers.menu import handlers as menu

COMMANDS: tuple[Command, ...] = (Command("start", menu.home, about=lambda t: t.plain("Start")),)

TAPS: tuple[Tap, ...] = (
    # menu
    tap(buttons.OpenHome, menu.open_home),
)

STEPS: tuple[Step, ...] = ()

ROUTES = Routes(
    home=menu.home,
    unlinked=menu.unlinked,
    search=menu.not_understood,
    commands=COMMANDS,
    taps=TAPS,
    steps=STEPS,
)


def build(application: PanelikApplication) -> None:
    """Add every handler of the bot to an application."""
    register(application, ROUTES)
