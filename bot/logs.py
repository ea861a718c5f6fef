"""Logging to standard error, as text or as JSON, without tokens and personal data.

Libraries log secrets: the HTTP client logs whole addresses with the token, and a traceback may
contain the address of the database with its password. An error may quote what somebody wrote. So
every record is cleaned on its way out. Its turn (an update or a tick) is in every line.
"""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Literal, TextIO

from bot.masking import HIDDEN, Mask
from bot.turns import Turn, current_turn

Form = Literal["text", "json"]

_FORMAT = "%(asctime)s %(levelname)-8s %(name)s%(turn)s: %(message)s"
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
    # SQLAlchemy's too; it tells of each connection that an outage has ended
    "storage.errors.WaitingPool": logging.CRITICAL,
    "alembic": logging.WARNING,
    "uvicorn": logging.INFO,
    "uvicorn.access": logging.WARNING,
    "urllib3": logging.WARNING,
    "requests": logging.WARNING,
    "PIL": logging.INFO,
    "tzlocal": logging.INFO,
    "sentry_sdk": logging.WARNING,
    "opentelemetry": logging.WARNING,
    # DEBUG of this prints what people write
    "telegram": logging.INFO,
}


log = logging.getLogger(__name__)

_NOTHING = Mask()


class Redactor(logging.Filter):
    """Replaces secrets and e-mail addresses in a record's message, arguments and traceback."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.mask = Mask(secrets)
        self._last: tuple[Turn, Mask] | None = None

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
        return _SECRETS.sub(HIDDEN, self._private().hide(self.mask.hide(text)))

    def _private(self) -> Mask:
        """Return what hides the words of this turn's person; made only when needed."""
        turn = current_turn()
        if turn is None:
            return _NOTHING
        if self._last is None or self._last[0] is not turn:
            self._last = turn, Mask(turn.private())
        return self._last[1]


class TextFormatter(logging.Formatter):
    """One line a record, with the turn's id in brackets behind the logger's name."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(_FORMAT, _DATE_FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it a traceback."""
        turn = current_turn()
        record.turn = f" [{turn.id}]" if turn is not None else ""
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a record; `turn` and `kind` say to which update or tick it belongs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object in one line."""
        turn = current_turn()
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if turn is not None:
            line |= {"turn": turn.id, "kind": turn.kind}
        if record.exc_text:
            line["exception"] = record.exc_text
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False)


def configure_logging(
    level: str,
    *,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
    form: Form = "text",
) -> None:
    """Send records of `level` and above to `stream`, standard error by default, times in UTC.

    `secrets` are hidden, and so is what looks like one. A second call replaces the first setup.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
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


def cleaned(text: str) -> str:
    """Hide in a text all that the log hides."""
    return _redactor().clean(text)


def without_secrets(text: str) -> str:
    """Hide the settings' secrets in a text for the operator; e-mail addresses stay."""
    return _redactor().mask.hide(text)


def log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log an unexpected error that ends the process, with secrets hidden."""
    if any(
        isinstance(handler.formatter, JsonFormatter) for handler in logging.getLogger().handlers
    ):
        log.critical("An unexpected error ends the process", exc_info=(kind, error, trace))
        return
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
