"""Logging to standard error, without tokens and personal data.

Libraries log secrets: the HTTP client logs whole addresses with the token, and a traceback may
contain the address of the database with its password. So every record is cleaned on its way out.
"""

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import TextIO

from bot.masking import HIDDEN, Mask

_FORMAT = "%(asctime)s %(levelname)-8s %(name)s: %(message)s"
_DATE_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

_SECRETS = re.compile(
    r"""
      \d{6,}(?::|%3A)[A-Za-z0-9_-]{30,}                 # bot token, plain or in an address
    | \d{6,}:(?:TEST|LIVE):[A-Za-z0-9_-]+               # payment provider token
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                   # user:password in an address
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                      # e-mail address
    """,
    re.VERBOSE | re.IGNORECASE,
)

_AT_LEAST = {
    # INFO of these repeats every request, with its address, or every tick
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "apscheduler": logging.ERROR,
    "asyncio": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "uvicorn": logging.WARNING,
    # DEBUG of this prints what people write
    "telegram": logging.INFO,
}


class Redactor(logging.Filter):
    """Replaces secrets and e-mail addresses in a record's message, arguments and traceback."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.mask = Mask(secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place, so that every later handler sees it clean; keep it."""
        record.msg = self.clean(_message_of(record))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def clean(self, text: str) -> str:
        """Return the text with secrets and e-mail addresses hidden."""
        return _SECRETS.sub(HIDDEN, self.mask.hide(text))


def configure_logging(
    level: str, *, secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Send records of `level` and above to `stream`, standard error by default, times in UTC.

    `secrets` are hidden, and so is what looks like one. A second call replaces the first setup.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    formatter = logging.Formatter(_FORMAT, _DATE_FORMAT)
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(Redactor(secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        if isinstance(old, logging.StreamHandler) and any(
            isinstance(f, Redactor) for f in old.filters
        ):
            root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name, least in _AT_LEAST.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    logging.captureWarnings(capture=True)


def without_secrets(text: str) -> str:
    """Hide the settings' secrets in a text for the operator; e-mail addresses stay."""
    return _redactor().mask.hide(text)


def log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log an unexpected error that ends the process, with secrets hidden."""
    traceback_text = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(_redactor().clean(traceback_text))


def _redactor() -> Redactor:
    filters = (one for handler in logging.getLogger().handlers for one in handler.filters)
    return next((one for one in filters if isinstance(one, Redactor)), Redactor())


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        # The arguments do not fit the text, and a log call must never raise.
        return f"{record.msg} {record.args}"
