"""Counting updates on their way in: people's through the gate, money's past it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any

from telegram import Update

from bot.masking import SHORTEST
from bot.metrics.meter import Meter
from bot.telegram.attempts import close
from bot.telegram.gate import PersonGate
from bot.telegram.money import MoneyInbox, Raw
from bot.turns import Outcome, Turn, current_turn

MONEY = "money"


class MeasuredGate(PersonGate):
    """The gate that counts; an update's time begins when it comes, before it waits."""

    __slots__ = ("_meter",)

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def handle_again(self, handle: Callable[[Any], Awaitable[Any]]) -> None:
        """Set how an update is handled again, in the turn of its first attempt."""

        def again(update: object) -> Awaitable[Any]:
            turn, work = current_turn(), handle(update)
            return work if turn is None else measured(turn, work)

        self.attempts.again = again

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Count the update, whatever becomes of it."""
        number = update.update_id if isinstance(update, Update) else 0
        words = partial(private_words, update)
        with self._meter.update(kind_of(update), number, words) as turn:
            try:
                await super().do_process_update(update, measured(turn, coroutine))
            finally:
                if turn.outcome is Outcome.LEFT_OUT:
                    close(coroutine)


class MeasuredMoney:
    """A `MoneyInbox` that counts."""

    def __init__(self, inbox: MoneyInbox, meter: Meter) -> None:
        self._inbox = inbox
        self._meter = meter

    def carries_money(self, update: Raw) -> bool:
        """Return what the inbox says."""
        return self._inbox.carries_money(update)

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        """Count the update."""
        with self._meter.update(MONEY, int(update["update_id"])) as turn:
            await measured(turn, self._inbox.receive(update, on_kept))


def kind_of(update: object) -> str:
    """Name the kind of an update, in one of a few words."""
    if not isinstance(update, Update):
        return "other"
    if update.callback_query is not None:
        return "tap"
    if update.pre_checkout_query is not None:
        return "pre_checkout"
    if update.my_chat_member is not None:
        return "member"
    text = update.message.text if update.message is not None else None
    if not text:
        return "other"
    return "command" if text.startswith("/") else "text"


def private_words(update: object) -> Collection[str]:
    """Return what somebody wrote and how they are called; short words are part of any text."""
    if not isinstance(update, Update):
        return ()
    user = update.effective_user
    message = None if update.callback_query is not None else update.effective_message
    names = (user.first_name, user.last_name, user.username) if user is not None else ()
    texts = (message.text, message.caption) if message is not None else ()
    words = (word for text in texts if text for word in text.split() if word[0] != "/")
    return {one for one in (*texts, *words, *names) if one and len(one) >= SHORTEST}


async def measured(turn: Turn, work: Awaitable[Any]) -> None:
    """Await work and note how it went."""
    turn.outcome = Outcome.DONE
    try:
        await work
    except asyncio.CancelledError:
        turn.outcome = Outcome.CUT_OFF
        raise
    except Exception:
        turn.outcome = Outcome.FAILED
        raise
