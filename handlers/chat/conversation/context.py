"""The context of one update: the visitor, their language, and the ways to answer.

A handler reads, calls one action, and shows one screen; `reset` in `handlers/services/naming.py`
is a short one.
"""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, cast

from telegram import Update, User
from telegram.ext import Application, CallbackContext, ExtBot

from billing.actions.registry import Actions
from billing.ports.conversations import Draft, Json, Talk, View
from billing.ports.work import UnavailableError
from billing.rules.audit import Actor, staff_actor
from billing.views.account import ClientInfo, Visitor
from handlers.chat.conversation.deps import Deps
from handlers.chat.conversation.dialogue import Dialogue
from handlers.chat.conversation.fitting import Hidden, for_visitor, translator_of
from handlers.chat.conversation.refresher import Refresher
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Screen, Shown
from handlers.chat.sending.delivery import Delivery
from locales.text import Plain
from locales.translator import Translator


class NotLinkedError(Exception):
    """The visitor has no client yet; the dispatcher shows how to link."""


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """What a handler works with; one object per update."""

    def prepare(
        self, update: Update, user: User, *, is_answer: bool = False, chat_id: int | None = None
    ) -> None:
        """Start handling an update, from the user's private chat unless another one is named."""
        message = update.message
        # A payment may come before earlier typed text, and is never an answer to a question.
        typed = None if message is None or message.successful_payment else message.message_id
        self.talk = Talk(chat_id=chat_id or user.id, user_id=user.id)
        self.user = user
        self.typed = typed
        self.tapped = update.callback_query is not None
        self.now: datetime = self.deps.clock.now()
        self.pending_note: Plain | None = None
        self.hidden = Hidden()
        self.handle_tap: Callable[[Context, Payload], Awaitable[None]] | None = None
        self.delivery = Delivery(
            self.bot,
            self.talk.chat_id,
            draw=self.deps.draw,
            query=update.callback_query,
            provider_token=self.deps.config.provider_token,
            on_blocked=self._note_blocked if self.talk.chat_id == user.id else None,
            patience=self.deps.config.patience,
        )
        self._visitor: Visitor | None = None
        self.dialogue = Dialogue(
            self.deps.conversations,
            self.talk,
            now=self.now,
            message_id=typed,
            tapped=self.delivery.target,
            is_answer=is_answer,
        )
        self.t = self._translator()

    @property
    def deps(self) -> Deps:
        """The parts that the composition root has provided."""
        return cast("PanelikApplication", self.application).deps

    @property
    def actions(self) -> Actions:
        """Billing's actions: `await ctx.actions.<verb>(...)`."""
        return self.deps.actions

    @property
    def refresher(self) -> Refresher | None:
        """What reads clients of a connected panel anew; None without one."""
        return cast("PanelikApplication", self.application).refresher

    @property
    def is_staff(self) -> bool:
        """Whether the visitor may act for the company."""
        return self.user.id in self.deps.config.staff

    @property
    def in_operator_chat(self) -> bool:
        """Whether the update comes from the chat where the operator reads."""
        return self.talk.chat_id == self.deps.config.operator_chat

    @property
    def operator_t(self) -> Translator:
        """The translator for the people of the operator's chat; elsewhere the user's own."""
        if not self.in_operator_chat:
            return self.t
        return self.deps.config.operator_t

    @property
    def actor(self) -> Actor:
        """The visitor as the audit trail names staff."""
        return staff_actor(self.user.id, self.user.first_name)

    @property
    def today(self) -> date:
        """Today in the company's time zone, as billing counts days."""
        return self.now.astimezone(self.deps.config.timezone).date()

    @property
    def visitor(self) -> Visitor:
        """The user of this update, linked or not."""
        return self._visitor or Visitor(self.talk.user_id)

    @property
    def client(self) -> ClientInfo:
        """The client for whom the user acts; NotLinkedError shows how to link."""
        if self.visitor.client is None:
            raise NotLinkedError
        return self.visitor.client

    async def read_visitor(self) -> None:
        """Read the visitor and the conversation in one statement.

        A visitor who writes can be reached again, even if the update that said so was lost.
        """
        self.set_visitor(await self.dialogue.read_visitor())
        if self.visitor.unreachable:
            await self.actions.note_blocked(self.talk.user_id, blocked=False)

    async def identify(self) -> None:
        """Read only the visitor, for updates outside a conversation."""
        self.set_visitor(await self.actions.identify(self.talk.user_id))

    def set_visitor(self, visitor: Visitor) -> None:
        """Go on with a visitor whom an action has changed: language, time zone or client."""
        self._visitor = visitor
        self.t = self._translator()

    async def open(self, payload: Payload) -> None:
        """Do what a tap on that button does."""
        if self.handle_tap is None:
            raise RuntimeError("buttons are opened while an update is handled")
        await self.handle_tap(self, payload)

    async def show(
        self,
        screen: Shown,
        note: Plain | None = None,
        *,
        alert: bool = False,
        reminds: bool = False,
    ) -> None:
        """Show a screen; no step waits for text any more.

        `note` says what happened, as the tap's answer or, after typed text, above the screen. A
        message that `reminds` is redrawn when something in it is renewed elsewhere.
        """
        edits = self.delivery.edits(screen)
        ends = await self.dialogue.must_advance(edits=edits, reminds=reminds)
        # Where a screen that takes another message's place will stand is known once it is sent.
        later = ends and self.delivery.replaces(screen)
        if ends and not later:
            await self.advance()
        await self._deliver(screen, note, alert=alert, ends=later)

    async def ask(
        self, step: str, screen: Screen, *, draft: Draft | None = None, note: Plain | None = None
    ) -> None:
        """Show a question; the next typed text goes to `step`."""
        await self.advance(step=step, draft=draft)
        await self._deliver(screen, note, alert=False)

    async def toast(self, note: Plain, *, alert: bool = False) -> None:
        """Say something and leave the screen as it is; `alert` must be confirmed with OK."""
        if not await self.delivery.answer(note, alert=alert):
            await self.delivery.say(note)

    async def advance(
        self, *, step: str | None = None, draft: Draft | None = None, view: View | None = None
    ) -> None:
        """Write the next step, and a new draft or view where given, in one statement.

        After typed text this consumes the message. If the message was consumed before,
        AlreadyConsumedError ends the handler, and the dispatcher redraws the current step.
        """
        await self.dialogue.advance(step, draft=draft, view=view)

    async def begin(self, draft: Draft) -> int:
        """Start a draft that replaces any other, and return its number for buttons.

        The `show` or `ask` that follows writes it.
        """
        return await self.dialogue.begin(draft)

    async def draft(self, number: int | None = None) -> Draft:
        """The draft that a button names, or the current one; StaleButton if it is gone."""
        return await self.dialogue.draft(number)

    async def view(self) -> View:
        """The user's view of lists: filter, sort, search text."""
        return (await self.dialogue.conversation()).view

    async def look(self, **changes: Json) -> View:
        """Change the view and keep it; this consumes typed search text."""
        view = {**await self.view(), **changes}
        await self.advance(view=view)
        return view

    async def _deliver(
        self, screen: Shown, note: Plain | None, *, alert: bool, ends: bool = False
    ) -> None:
        note, self.pending_note = note or self.pending_note, None
        if isinstance(screen, Screen):
            screen = for_visitor(self.t, screen, self.visitor, self.hidden, now=self.now)
        tapped = self.delivery.target
        keyboard_id = await self.delivery.answer_and_show(screen, note, alert=alert)
        if keyboard_id is not None:
            before = await self.dialogue.note_keyboard(keyboard_id, ends=ends)
            old = before if tapped is None else tapped
            if self.delivery.was_gone and before is not None:
                await self.delivery.delete(before)
            elif old not in (None, keyboard_id, self.delivery.deleted):
                await self.delivery.remove_keyboard(old)

    async def _note_blocked(self) -> None:
        await self.actions.note_blocked(self.talk.user_id, blocked=True)

    def _translator(self) -> Translator:
        code, timezone = self.user.language_code, self.deps.config.timezone
        return translator_of(self.visitor, code, timezone)


class PanelikApplication(
    Application[ExtBot[None], Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]
):
    """The application with what its conversations need; built with `application_class`."""

    def __init__(self, *, deps: Deps, **settings: Any) -> None:
        super().__init__(**settings)
        self.deps = deps
        self.refresher: Refresher | None = None
        """Reads clients of a connected panel anew while they look."""

    async def stop(self) -> None:
        """Stop, and what goes on behind screens first."""
        if self.refresher is not None:
            await self.refresher.close()
        await super().stop()

    async def process_error(self, update: object, error: Exception, *args: Any, **kw: Any) -> bool:
        """Handle an error; one of a database that is away goes on to who waits for it."""
        if isinstance(error, UnavailableError):
            raise error
        return await super().process_error(update, error, *args, **kw)
