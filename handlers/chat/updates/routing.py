"""The values of `handlers/routes.py`, which lead from updates to handlers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import Payload
from locales.text import Plain
from locales.translator import Translator

P = TypeVar("P")
Handler = Callable[[Context], Awaitable[None]]
TextHandler = Callable[[Context, str], Awaitable[None]]
TapHandler = Callable[[Context, Any], Awaitable[None]]
About = Callable[[Translator], Plain]


@dataclass(frozen=True, slots=True)
class Command:
    """`/name`; with `about` it is listed in Telegram's menu of commands. Arguments: `ctx.args`.

    With `orders` it leads to ordering only, and is listed where that is allowed. With `staff` it
    is known to staff only. With `looks` it shows what a client has and changes nothing.
    """

    name: str
    handler: Handler
    about: About | None = None
    orders: bool = False
    staff: bool = False
    looks: bool = False


@dataclass(frozen=True, slots=True)
class Tap:
    """A button payload and its handler; made by `tap`."""

    payload: type[Any]
    handler: TapHandler


@dataclass(frozen=True, slots=True)
class Step:
    """The handlers of a step: `answer` takes the typed text, `again` repeats the question.

    `again` is called after an error, and for a message that Telegram delivers twice. If a crash
    prevented the screen, `answer` is called again for the same text, with the draft that it left.
    `anew` is the button to begin again when the answer comes after the draft was forgotten. With
    `staff` only staff answer it: from others, text is taken as if nothing was asked.
    """

    name: str
    answer: TextHandler
    again: Handler
    anew: Payload
    staff: bool = False


@dataclass(frozen=True, slots=True)
class PreCheckout:
    """Telegram's question whether an invoice may be paid; `amount` is in minor units."""

    payload: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class StaffReply:
    """A reply to a question of the bot: the question's message, and whom it was put to."""

    text: str
    question_id: int
    asked_user: int


ReplyHandler = Callable[[Context, StaffReply], Awaitable[None]]
PreCheckoutHandler = Callable[[Context, PreCheckout], Awaitable[None]]


def tap(payload: type[P], handler: Callable[[Context, P], Awaitable[None]]) -> Tap:
    """A route from a payload class to the handler that takes such payloads."""
    return Tap(payload, handler)


@dataclass(frozen=True, slots=True)
class Routes:
    """The map of the bot; ValueError for a command, payload or step that is named twice.

    `home` greets, and replaces screens that are gone; `unlinked` shows how to link; `search` takes
    text that no step waits for, `late` an answer whose question is forgotten. `leaves` says
    whether an answer leaves its question instead. `pre_checkout` raises BillingError to refuse.
    `paying` are the payloads of taps for users who may pay; other users are not shown them.
    `looks` are the payloads of taps that show what a client has, and change nothing.
    `asks_panel` are those that are not shown while a connected panel does not answer.
    `prove` asks a user to prove that the account is theirs, and then does what the tap asked for.
    `staff` are the payloads for people who may act for the company; all others are refused.
    `staff_taps` work in the operator's chat too, where `staff_reply` takes what is replied to a
    question of the bot.
    """

    home: Handler
    unlinked: Handler
    search: TextHandler
    late: TapHandler
    leaves: Callable[[str], bool] = lambda _: False
    commands: tuple[Command, ...] = ()
    taps: tuple[Tap, ...] = ()
    steps: tuple[Step, ...] = ()
    pre_checkout: PreCheckoutHandler | None = None
    paying: frozenset[type[Payload]] = frozenset()
    asks_panel: frozenset[type[Payload]] = frozenset()
    staff_taps: tuple[Tap, ...] = ()
    staff_reply: ReplyHandler | None = None
    staff: frozenset[type[Payload]] = frozenset()
    prove: TapHandler | None = None
    looks: frozenset[type[Payload]] = frozenset()

    def __post_init__(self) -> None:
        for names in (
            [command.name for command in self.commands],
            [route.payload.__name__ for route in (*self.taps, *self.staff_taps)],
            [step.name for step in self.steps],
        ):
            if twice := [name for name in names if names.count(name) > 1]:
                raise ValueError(f"routed twice: {twice[0]}")
