"""Time zones by name: the names come from files and from people."""

from zoneinfo import ZoneInfo


def valid_zone(*names: str | None, fallback: ZoneInfo) -> ZoneInfo:
    """Return the first valid zone."""
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            continue
    return fallback
