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


def noted(view: View, tapped: int | None, keyboard_id: int | None, *, reminds: bool) -> View:
    """The view after a tap draws a reminder, or something else, on a message."""
    if tapped is None:
        return view
    taken = [other for other in _taken(view) if other != tapped]
    drawn = view.get(DRAWN)
    if reminds:
        return _kept(view, taken, tapped)
    if tapped == keyboard_id and drawn != tapped:
        return view
    return _kept(view, [*taken, tapped][-MOST:], None if drawn == tapped else drawn)


def shows_reminder(view: View, message_id: int) -> bool:
    """Whether a message still shows the reminder with which it was sent."""
    return message_id not in _taken(view)


def _taken(view: View) -> list[Json]:
    taken = view.get(TAKEN)
    return taken if isinstance(taken, list) else []


def _kept(view: View, taken: list[Json], drawn: Json) -> View:
    """The view with these notes, without empty ones."""
    notes: Mapping[str, Json] = {TAKEN: taken, DRAWN: drawn}
    others = {name: value for name, value in view.items() if name not in notes}
    return {**others, **{name: value for name, value in notes.items() if value}}
