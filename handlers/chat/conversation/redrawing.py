"""Drawing a screen once more, without anything being sent, kept or answered."""

from typing import NoReturn

from telegram import Update, User

from billing.ports.conversations import Draft, Json, View
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.fitting import Hidden, for_visitor
from handlers.chat.screens.screen import Screen, Shown
from locales.text import Plain


class CannotRedrawError(Exception):
    """What was shown asks for something, or is no screen of text."""


class Redrawing(Context):
    """Stands in for a context: what a handler would show is kept in `screen`."""

    screen: Screen | None = None

    async def begin_again(self, user: User, hidden: Hidden) -> None:
        """Get ready to draw for a user, as things stand now."""
        self.prepare(Update(0), user)
        self.hidden = hidden
        await self.read_visitor()

    async def show(
        self,
        screen: Shown,
        note: Plain | None = None,  # noqa: ARG002 - the context's
        *,
        alert: bool = False,  # noqa: ARG002
        reminds: bool = False,  # noqa: ARG002
    ) -> None:
        """Keep it, without what its reader may not do."""
        if not isinstance(screen, Screen) or screen.picture is not None:
            raise CannotRedrawError
        self.screen = for_visitor(self.t, screen, self.visitor, self.hidden, now=self.now)

    async def ask(
        self,
        step: str,  # noqa: ARG002 - the context's
        screen: Screen,  # noqa: ARG002
        *,
        draft: Draft | None = None,  # noqa: ARG002
        note: Plain | None = None,  # noqa: ARG002
    ) -> NoReturn:
        """Questions are not repeated."""
        raise CannotRedrawError

    async def toast(self, note: Plain, *, alert: bool = False) -> NoReturn:  # noqa: ARG002
        """Nothing is said."""
        raise CannotRedrawError

    async def advance(
        self,
        *,
        step: str | None = None,
        draft: Draft | None = None,
        view: View | None = None,
    ) -> None:
        """The conversation stays as it is."""

    async def look(self, **changes: Json) -> View:
        """The view as it would be; it was kept when the screen was first shown."""
        return {**await self.view(), **changes}
