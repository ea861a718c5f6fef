"""The demo company's data folder, with due dates around the day on which it is written.

The files in `demo/` are what `panelik load` reads, except that dates are written relative to the
day: `{today}`, `{today+3d}`, `{today-20d-9m}`, and `{next31}` for the next 31st of a month that is
at least 14 days away.
"""

import re
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from billing.rules.cycles import clamp

FILES = ("catalog.yaml", "clients.csv", "services.csv")
DATE = re.compile(r"\{(today|next31)((?:[+-]\d+[dmy])*)\}")
STEP = re.compile(r"([+-]\d+)([dmy])")
AWAY = timedelta(days=14)


def write_demo_folder(target: Path, today: date) -> Path:
    """Write the three files of the demo company into a folder, made if need be; return it."""
    target.mkdir(parents=True, exist_ok=True)
    source = resources.files("bot.sandbox") / "demo"
    for name in FILES:
        template = (source / name).read_text(encoding="utf-8")
        (target / name).write_text(render(template, today), encoding="utf-8")
    return target


def render(template: str, today: date) -> str:
    """Return the text with its relative dates filled in."""
    starts = {"today": today, "next31": _next_31st(today + AWAY)}
    return DATE.sub(lambda match: _shift_day(starts[match[1]], match[2]).isoformat(), template)


def _next_31st(since: date) -> date:
    day = since
    while day.day != 31:
        day += timedelta(days=1)
    return day


def _shift_day(day: date, steps: str) -> date:
    """Take the steps one after the other; months and years keep the day or clamp it."""
    for count, unit in STEP.findall(steps):
        if unit == "d":
            day += timedelta(days=int(count))
        else:
            months = day.year * 12 + day.month - 1 + int(count) * (12 if unit == "y" else 1)
            day = clamp(months // 12, months % 12 + 1, day.day)
    return day
