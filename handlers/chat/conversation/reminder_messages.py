"""The messages that still show a reminder.

A reminder comes unasked and may be redrawn long after, when something in it is renewed elsewhere.
But a tap can turn its message into any other screen, which must not be overwritten. So a tap on a
message without the current keyboard notes what the message shows now. A message without taps
shows what was sent.
"""

from collections.abc import Mapping

from billing.ports.conversations import Json, View

DRAWN = "chat.reminder"
"""The key in the view of the last message on which a tap has drawn a reminder."""

TAKEN = "chat.taken"
"""The key of messages that came unasked and show another screen by now, the latest last."""

MOST = 30
"""Most of those that are kept; by then the first of them are weeks old."""


def note_message(
    view: View, tapped: int | None, keyboard_id: int | None, *, reminds: bool
) -> View:
    """The view after a tap draws a reminder, or something else, on a message."""
    if tapped is None:
        return view
    messages = [other for other in _redrawn_messages(view) if other != tapped]
    reminder = view.get(DRAWN)
    if reminds:
        return _with_notes(view, messages, tapped)
    if tapped == keyboard_id and reminder != tapped:
        return view
    return _with_notes(view, [*messages, tapped][-MOST:], None if reminder == tapped else reminder)


def shows_reminder(view: View, message_id: int) -> bool:
    """Whether a message still shows the reminder with which it was sent."""
    return message_id not in _redrawn_messages(view)


def _redrawn_messages(view: View) -> list[Json]:
    messages = view.get(TAKEN)
    return messages if isinstance(messages, list) else []


def _with_notes(view: View, messages: list[Json], reminder: Json) -> View:
    """The view with these notes, without empty ones."""
    notes: Mapping[str, Json] = {TAKEN: messages, DRAWN: reminder}
    others = {name: value for name, value in view.items() if name not in notes}
    return {**others, **{name: value for name, value in notes.items() if value}}
