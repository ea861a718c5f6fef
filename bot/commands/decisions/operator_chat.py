"""Messages that wait for the operator's chat, as `panelik orders` and `check` print them."""

from datetime import timedelta

from billing.rules.reach import ClosedChat
from billing.views.operator import WaitingMessages
from bot.app import Core
from bot.commands.output.sentences import count_of

PATIENCE = timedelta(minutes=10)
"""A message that has waited for less is not worth a word."""

WHY = {
    ClosedChat.NOT_SET: "no chat is set",
    ClosedChat.REMOVED: "the bot was removed from it, or is blocked there",
    ClosedChat.MAY_NOT_WRITE: "the bot may not write there",
    ClosedChat.TOPIC_CLOSED: "its topic is closed",
    ClosedChat.NOT_FOUND: "Telegram knows no such chat, or it was deleted",
}
WHAT_TO_DO = {
    ClosedChat.NOT_SET: "Set PANELIK_OPERATOR_CHAT and start the bot again",
    ClosedChat.REMOVED: "Add the bot again, or unblock it",
    ClosedChat.MAY_NOT_WRITE: "Let the bot send messages there",
    ClosedChat.TOPIC_CLOSED: "Open the topic again",
    ClosedChat.NOT_FOUND: (
        "Correct PANELIK_OPERATOR_CHAT and start the bot again; in a chat with one person, that "
        "person has to press Start"
    ),
}


async def waiting_messages(core: Core) -> str | None:
    """Say how many messages wait, since when, why and what to do; None if none waits."""
    waiting = await core.actions.show_waiting_messages()
    if not waiting.count or waiting.since is None:
        return None
    if waiting.why is None and core.clock.now() - waiting.since < PATIENCE:
        return None
    local = waiting.since.astimezone(core.settings.zone)
    since = f"{local:%Y-%m-%d %H:%M %Z}"
    wait = "waits" if waiting.count == 1 else "wait"
    return f"{count_of(waiting.count, 'message')} for you {wait} since {since}: {_reason(waiting)}"


def _reason(waiting: WaitingMessages) -> str:
    if waiting.why is None:
        return "Telegram has not taken them yet; they are tried again."
    if waiting.why is ClosedChat.NOT_SET:
        return f"{WHY[waiting.why]}. {WHAT_TO_DO[waiting.why]}; then they follow."
    return (
        f"the operator's chat cannot be written to ({WHY[waiting.why]}). "
        f"{WHAT_TO_DO[waiting.why]}; then they follow by themselves."
    )
