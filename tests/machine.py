"""A machine whose clock can be set while the bot runs, and another that goes on all the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from apscheduler.schedulers import base

import bot.clock
from tests.process import command

Shift = Callable[[], timedelta]
"""How far the clock is ahead of the real one."""


def settable(shift: Shift) -> type[datetime]:
    """What modules that read the machine's clock get in the place of `datetime`."""

    class Settable(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            real = datetime.now(tz) + shift()
            return cls.fromtimestamp(real.timestamp(), tz)

    return Settable


@dataclass(slots=True)
class Machine:
    """The clock of this process, as APScheduler reads it too."""

    shift: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def set(self, by: timedelta) -> None:
        """Set the clock ahead or, by less than nothing, back."""
        self.shift += by

    def rule(self, patch: pytest.MonkeyPatch) -> None:
        """Let APScheduler go by this clock."""
        patch.setattr(base, "datetime", settable(lambda: self.shift))


def run_command(name: str, file: Path) -> None:
    """Run a command on a machine whose clock is ahead by as many seconds as the file says."""

    def shift() -> timedelta:
        return timedelta(seconds=float(file.read_text()))

    clock = settable(shift)
    base.datetime = clock
    setattr(bot.clock, "datetime", clock)  # noqa: B010 - a name that mypy takes for a type
    command(name)


def set_clock(file: Path, shift: timedelta) -> None:
    """Set the clock of a machine that such a command runs on; at no moment is there no time."""
    new = file.with_suffix(".new")
    new.write_text(str(shift.total_seconds()))
    new.replace(file)
