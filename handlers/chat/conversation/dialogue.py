"""A conversation during one update: read at most once, written by single statements."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from billing.ports.conversations import Conversation, Conversations, Draft, Position, Talk, View
from billing.ports.work import UnavailableError
from billing.views.account import Visitor
from handlers.chat.conversation.reminder_messages import note_message
from handlers.chat.screens.codec import StaleButton

log = logging.getLogger(__name__)

STEP_LIFETIME = timedelta(hours=24)
"""How long a step waits for its text, and a draft for its next button."""

ANSWERED = "chat.answered"
"""The key in the view of the step that took the last text; empty for a search."""

LATE = "late "
"""The prefix of a step whose answer came too late."""


class AlreadyConsumedError(Exception):
    """The typed message was taken as an answer before; the dispatcher redraws the step."""


class Dialogue:
    """The state of the conversation, and its next steps.

    `message_id` is the typed message of this update, None for a tap; `tapped` is the message that
    a tap will change, which has the keyboard from then on. A command that comes twice is carried
    out again, so only an `answer` raises AlreadyConsumedError.
    """

    def __init__(
        self,
        store: Conversations,
        talk: Talk,
        *,
        now: datetime,
        message_id: int | None,
        tapped: int | None,
        is_answer: bool,
    ) -> None:
        self._store = store
        self._talk = talk
        self._now = now
        self._message_id = message_id
        self._tapped = tapped
        self._is_answer = is_answer
        self._consumed = message_id is None
        self._known: Conversation | None = None
        self._begun = False
        self._reminds = False
        self._answered = 0

    async def read_visitor(self) -> Visitor:
        """Read the visitor, and the row by the same statement."""
        visitor, conversation = await self._store.load_with_visitor(self._talk)
        self._known = conversation.at(self._now)
        return visitor

    async def conversation(self) -> Conversation:
        """The current state, without an expired step or draft."""
        if self._known is None:
            conversation = await self._store.load(self._talk)
            self._known = conversation.at(self._now)
        return self._known

    async def reread(self) -> Conversation:
        """Read the row again, because this message was consumed elsewhere."""
        self._known, self._consumed, self._begun = None, True, False
        return await self.conversation()

    async def answered_before(self) -> bool:
        """Whether this message has been consumed and answered with a screen."""
        return (await self.conversation()).answered >= (self._message_id or 0)

    async def consumed_before(self) -> bool:
        """Whether this message has been consumed by an earlier delivery."""
        return (await self.conversation()).consumed >= (self._message_id or 0)

    async def waits_for(self) -> str | None:
        """The step that waits for text; with the prefix LATE, a forgotten one."""
        conversation = await self.conversation()
        return (
            conversation.step
            if conversation.forgotten is None
            else f"{LATE}{conversation.forgotten}"
        )

    async def taken_by(self) -> str | None:
        """The step that took this message, as `waits_for` names it; empty for a search.

        None if another message was taken or another question asked since. After a crash the answer
        to this message may be missing, and is then given again.
        """
        conversation = await self.conversation()
        if conversation.step is not None or conversation.consumed != self._message_id:
            return None
        step = conversation.view.get(ANSWERED)
        return step if isinstance(step, str) else None

    async def advance(
        self, step: str | None, *, draft: Draft | None = None, view: View | None = None
    ) -> None:
        """Write the next step, and a draft or view if given; this consumes a typed message."""
        conversation = await self.conversation()
        view = conversation.view if view is None else view
        if self._is_answer and not self._consumed:
            view = {**view, ANSWERED: await self.waits_for() or ""}
        view = note_message(view, self._tapped, conversation.keyboard_id, reminds=self._reminds)
        position = Position(
            step=step,
            draft=conversation.draft if draft is None else draft,
            draft_id=conversation.draft_id,
            view=view,
            expires_at=self._now + STEP_LIFETIME,
            keyboard_id=self._tapped,
            answered=self._answered,
        )
        if await self._write(position):
            self._begun = False
            self._known = replace(
                conversation,
                step=position.step,
                draft=position.draft,
                view=position.view,
                expires_at=position.expires_at,
                keyboard_id=position.keyboard_id or conversation.keyboard_id,
                forgotten=None,
            )

    async def begin(self, draft: Draft) -> int:
        """Start a draft that replaces any other; return its number. The next advance writes it.

        Numbers grow with time, so that an old button never names a new draft.
        """
        conversation = await self.conversation()
        number = max(conversation.draft_id + 1, int(self._now.timestamp()))
        self._known = replace(conversation, draft=draft, draft_id=number)
        self._begun = True
        return number

    async def must_advance(self, *, edits: bool, reminds: bool = False) -> bool:
        """Whether showing a screen has to write the row.

        That is so if a step or the name of a forgotten step ends, if a draft was begun, if the
        message it `edits` gets the keyboard, or begins or ceases to show a reminder (`reminds`).
        """
        conversation = await self.conversation()
        self._reminds = reminds and edits
        takes_over = edits and self._tapped not in (None, conversation.keyboard_id)
        turns = edits and conversation.view != note_message(
            conversation.view, self._tapped, conversation.keyboard_id, reminds=self._reminds
        )
        ends = conversation.step is not None or conversation.forgotten is not None
        return self._begun or ends or takes_over or turns

    async def draft(self, number: int | None) -> Draft:
        """The draft of that number, or the current one; StaleButton if there is none."""
        conversation = await self.conversation()
        if not conversation.draft_id or number not in (None, conversation.draft_id):
            raise StaleButton("the draft is gone")
        return conversation.draft

    async def note_keyboard(self, keyboard_id: int, *, ends: bool = False) -> int | None:
        """Note the message that has the keyboard now; return the previous one if it differs.

        `ends` ends the step by the same statement. Without it nothing is lost if the database
        cannot be written to.
        """
        before = await self.conversation()
        if ends:
            self._tapped, self._answered = keyboard_id, self._message_id or 0
            await self.advance(None)
            return None if keyboard_id == before.keyboard_id else before.keyboard_id
        if keyboard_id == before.keyboard_id:
            return None
        consumed = self._message_id or 0
        try:
            await self._store.note_keyboard(
                self._talk, keyboard_id, consumed=consumed, at=self._now
            )
        except UnavailableError as error:
            # The screen is there, and to begin anew would show it twice. Its buttons work.
            log.info("the message with the keyboard is not noted: %s", error)
            return None
        self._known = replace(before, keyboard_id=keyboard_id)
        return before.keyboard_id

    async def _write(self, position: Position) -> bool:
        if self._consumed or self._message_id is None:
            await self._store.move(self._talk, position)
        elif await self._store.consume(self._talk, self._message_id, position):
            self._consumed = True
        elif self._is_answer:
            raise AlreadyConsumedError
        else:
            return False
        return True
