"""The part of the map of the bot for the people of the operator's chat."""

from handlers import buttons
from handlers.chat.updates.routing import Step, Tap, tap
from handlers.staff import handlers, questions

TAPS: tuple[Tap, ...] = (
    tap(buttons.DecideMatter, handlers.decide),
    tap(buttons.AskMatter, handlers.ask),
    tap(buttons.LeaveMatter, handlers.leave),
    tap(buttons.PostClientCard, handlers.post_client),
    tap(buttons.AskRejection, questions.ask_reason),
)
"""Taps of the people of the operator's chat, there and in their private chats."""

REASON = Step(
    questions.REASON,
    answer=questions.reason_typed,
    again=questions.ask_again,
    anew=buttons.OpenHome(),
)

replied = questions.replied
