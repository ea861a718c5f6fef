"""Which messages show a reminder.

A reminder comes unasked and may be drawn anew long after, when something in it was renewed
elsewhere. A tap on it can turn its message into any other screen, which must then be left alone:
so whoever taps on a message that had not been the living one notes what became of it. What nobody
has tapped on shows what was sent.
"""

from collections.abc import Mapping

from billing.ports.conversations import Json, View

DRAWN = "chat.reminder"
"""Where the view keeps the last message that a tap has drawn a reminder on."""

TAKEN = "chat.taken"
"""Where it keeps messages that came unasked and show another screen by now, the latest last."""

MOST = 30
"""So many of those are kept: by then the first of them are weeks old."""


def noted(view: View, tapped: int | None, living: int | None, *, reminds: bool) -> View:
    """The view after a tap draws a reminder, or something else, on a message."""
    if tapped is None:
        return view
    taken = [other for other in _taken(view) if other != tapped]
    drawn = view.get(DRAWN)
    if reminds:
        return _kept(view, taken, tapped)
    if tapped == living and drawn != tapped:
        return view
    return _kept(view, [*taken, tapped][-MOST:], None if drawn == tapped else drawn)


def shows_reminder(view: View, message_id: int) -> bool:
    """Whether a message still shows the reminder that it was sent with."""
    return message_id not in _taken(view)


def _taken(view: View) -> list[Json]:
    taken = view.get(TAKEN)
    return taken if isinstance(taken, list) else []


def _kept(view: View, taken: list[Json], drawn: Json) -> View:
    """The view with these notes; those that are empty are left out."""
    notes: Mapping[str, Json] = {TAKEN: taken, DRAWN: drawn}
    others = {name: value for name, value in view.items() if name not in notes}
    return {**others, **{name: value for name, value in notes.items() if value}}
