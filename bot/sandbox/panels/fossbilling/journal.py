"""The log of calls, for people: what was asked when, whether it wrote, and how it ended."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.clock import Clock
from bot.sandbox.panels.fossbilling.errors import Json, PanelError

KEPT = 300
_LONGEST = 60
_HIDDEN = ("password", "token", "key", "api_key", "secret")
_READS = ("get", "get_list", "addons", "periods", "company", "gateways", "version")
OK, LOST, RUNNING = "ok", "lost", "running"


def is_write(path: str) -> bool:
    """Return whether `role/module/method` changes something: the methods that read say so."""
    method = path.rpartition("/")[2]
    reads = method in _READS or "_get_" in method or method.endswith(("_get", "_status"))
    return not (reads or method.startswith("get"))


@dataclass(slots=True)
class Entry:
    """A call, or several equal reads in a row; `outcome` is ok, lost, running or an error."""

    id: int
    at: datetime
    path: str
    about: str
    writes: bool
    outcome: str = RUNNING
    code: int = 0
    times: int = 1

    def as_json(self) -> Json:
        """Return the entry for the page."""
        names = ("id", "path", "about", "writes", "outcome", "code", "times")
        return {"at": self.at.isoformat(), **{name: getattr(self, name) for name in names}}


class Journal:
    """The latest calls, and a signal for whoever watches the panel."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._last_id = 0
        self._watchers: set[asyncio.Event] = set()
        self.is_closed = False

    def newest_first(self) -> list[Entry]:
        """Return the calls, the newest first."""
        return list(reversed(self._entries))

    @contextmanager
    def call(self, path: str, values: Json) -> Iterator[None]:
        """Note a call while it runs, and how it ends; what is raised passes."""
        self._last_id += 1
        entry = Entry(self._last_id, self._clock.now(), path, summary(values), is_write(path))
        self._entries.append(entry)
        if entry.writes:
            self.tell()
        try:
            yield
            entry.outcome = OK
        except PanelError as error:
            entry.outcome, entry.code = error.message, error.code
            raise
        except BaseException:
            entry.outcome = LOST
            raise
        finally:
            self._join(entry)
            self.tell()

    def _join(self, entry: Entry) -> None:
        """Count a read that repeats the one before it as one entry."""
        if entry.writes or len(self._entries) < 2 or self._entries[-1] is not entry:
            return
        before = self._entries[-2]
        if all(getattr(before, f) == getattr(entry, f) for f in ("path", "about", "outcome")):
            entry.times += before.times
            del self._entries[-2]

    def tell(self) -> None:
        """Tell whoever watches that something has changed."""
        for watcher in self._watchers:
            watcher.set()

    def close(self) -> None:
        """Tell whoever watches that there is nothing more to come."""
        self.is_closed = True
        self.tell()

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """Return an event that is set after every change from now on."""
        event = asyncio.Event()
        self._watchers.add(event)
        try:
            yield event
        finally:
            self._watchers.discard(event)


def summary(values: Json) -> str:
    """Return the parameters of a call in one short line, without what could be a secret."""
    parts = [f"{name}={_short(name, value)}" for name, value in values.items()]
    return ", ".join(parts)


def _short(name: str, value: object) -> str:
    if any(word in name.lower() for word in _HIDDEN):
        return "•••"
    if isinstance(value, list):
        return f"[{len(value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(map(str, value)) + "}"
    written = str(value)
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
