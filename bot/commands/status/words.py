"""Lengths of time in the words of `panelik status`."""

from datetime import datetime, timedelta

_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)


def age(moment: datetime, now: datetime) -> str:
    """Return the time since a moment in its largest whole unit: "3 h", "2 days"."""
    return length(now - moment)


def length(span: timedelta) -> str:
    """Return a length of time in its largest whole unit; a negative one is "0 s"."""
    for unit, name in _UNITS:
        number = span // unit
        if number >= 1:
            return f"{number} {name}s" if name == "day" and number > 1 else f"{number} {name}"
    return "0 s"
