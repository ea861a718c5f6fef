"""The panel's dates: its own local time without an offset, and periods added as PHP does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.panels.fossbilling.errors import PHP_TYPE, PanelError

PERIODS = {
    "1W": "Every Week",
    "1M": "Every Month",
    "3M": "Every 3 Months",
    "6M": "Every 6 Months",
    "1Y": "Every Year",
    "2Y": "Every 2 Years",
    "3Y": "Every 3 Years",
    "4Y": "Every 4 Years",
    "5Y": "Every 5 Years",
}
_CODE_LENGTH = 2
_MONTHS = {"M": 1, "Y": 12}


def text(moment: datetime | None) -> str | None:
    """Return a date as the panel writes it: no offset, seconds at the end."""
    return None if moment is None else moment.isoformat(sep=" ", timespec="seconds")


def parse(value: object, zone: ZoneInfo) -> datetime | None:
    """Read a date in panel time, one with an offset into it.

    An empty one is None, a number is an error of PHP's types. PHP reads many other ways of
    writing a date, some of them not as meant; here they are errors.
    """
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        reason = "date(): Argument #2 ($timestamp) must be of type ?int, false given"
        raise PanelError(reason, PHP_TYPE) from None
    return moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)


def check_period(code: str) -> None:
    """Refuse a period whose code has another length than two."""
    if len(code) != _CODE_LENGTH:
        raise PanelError("Invalid period code. Period definition must be 2 chars length")


def add_period(start: datetime, code: str, *, overflow: bool) -> datetime:
    """Add a period; with `overflow`, days beyond the month's end run into the next month."""
    count, unit = int(code[0]), code[1]
    if unit not in _MONTHS:
        return start + timedelta(weeks=count)
    years, month = divmod(start.month - 1 + count * _MONTHS[unit], 12)
    first = start.replace(year=start.year + years, month=month + 1, day=1)
    end = first + timedelta(days=start.day - 1)
    if overflow or end.month == first.month:
        return end
    return end - timedelta(days=end.day)
