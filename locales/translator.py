"""The translator: one language and one time zone, passed as `t` to every screen.

`t(...)` and `t.n(...)` make HTML for message texts, `t.plain(...)` makes text for button labels,
toasts and files. Extraction looks for these three names (`-k t -k n:1,2 -k plain`), so no other
function may have them, and their first arguments are literals.
"""

import calendar
import datetime as dt
import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from billing.rules.money import Money
from locales import formats
from locales.catalogues import catalogue, formatting_locale
from locales.templates import BadMessageError, fill
from locales.text import Plain

log = logging.getLogger(__name__)

_reported: set[tuple[str, str]] = set()
"""Bad messages already logged by this process: (language, message id)."""

Render = Callable[[object], str]


class Translator:
    """Says things in one language; dates, money and numbers included.

    Arguments of messages are text, whole numbers or what another method here returned; they are
    escaped once, and a `Markup` argument nests as it is.
    """

    __slots__ = ("_catalogue", "_locale", "language", "zone")

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self.language = language
        self.zone = zone
        self._catalogue = catalogue(language)
        self._locale = formatting_locale(language)

    def __call__(self, message: str, /, **values: str | int) -> Markup:
        """Translate a message that is HTML; its arguments are escaped."""
        translated = self._catalogue.gettext(message)
        return Markup(self._filled(translated, message, values, escape))  # noqa: S704 - escaped

    def n(self, one: str, many: str, n: int, /, **values: str | int) -> Markup:
        """Translate an HTML message in the plural form for `n`; `{n}` is the grouped number."""
        values = {"n": self.number(n), **values}
        translated = self._catalogue.ngettext(one, many, n)
        source = one if n == 1 else many
        return Markup(self._filled(translated, source, values, escape))  # noqa: S704 - escaped

    def plain(self, message: str, /, **values: str | int) -> Plain:
        """Translate a message that is plain text; `Markup` arguments lose their tags."""
        translated = self._catalogue.gettext(message)
        return Plain(self._filled(translated, message, values, _as_text))

    def text(self, markup: Markup) -> Plain:
        """The plain text of some HTML, such as a plural for a button: `t.text(t.n(...))`."""
        return Plain.of(markup)

    def number(self, value: int) -> Plain:
        """A whole number, grouped: "12 345"."""
        return Plain(formats.number(value, self._locale))

    def percent(self, basis_points: int) -> Plain:
        """Hundredths of a percent as a percentage: 2300 is "23%"."""
        return Plain(formats.percent(basis_points, self._locale))

    def money(self, amount: Money) -> Plain:
        """An amount with its currency: "1 234,50 zł"."""
        return Plain(formats.money(amount, self._locale))

    def bare_amount(self, amount: Money) -> Plain:
        """An amount to be copied into a bank's form: "1234,50"."""
        return Plain(formats.bare_amount(amount, self._locale))

    def date(self, day: dt.date) -> Plain:
        """A date that fits a list: "3 mar 2027"."""
        return Plain(formats.short_date(day, self._locale))

    def day(self, day: dt.date) -> Plain:
        """A near date without its year: "3 mar"."""
        return Plain(formats.day(day, self._locale))

    def month(self, day: dt.date) -> Plain:
        """The month of a day with its year: "marzec 2027"."""
        return Plain(formats.month(day, self._locale))

    def short_month(self, day: dt.date) -> Plain:
        """The month of a day in short, for buttons: "mar 2027"."""
        return Plain(formats.month(day, self._locale, width="MMM"))

    def month_alone(self, day: dt.date) -> Plain:
        """The same without its year: "mar"."""
        return Plain(formats.month_alone(day, self._locale))

    def instant(self, moment: dt.datetime) -> Plain:
        """An aware instant on the clock of this translator's zone: "3 mar 2027, 14:05"."""
        return Plain(formats.instant(moment, zone=self.zone, locale=self._locale))

    def weekday_date(self, day: dt.date) -> Plain:
        """A near date with its day of the week, without the year: "wt., 3 marca"."""
        return Plain(formats.weekday_date(day, self._locale))

    def clock(self, at: dt.time) -> Plain:
        """A time of day: "10:00"."""
        return Plain(formats.clock(at, self._locale))

    def weeks(self, month: dt.date) -> list[list[dt.date]]:
        """The weeks of a month, complete, each from this language's first day on."""
        weeks = calendar.Calendar(self._locale.first_week_day)
        return weeks.monthdatescalendar(month.year, month.month)

    def weekdays(self) -> tuple[Plain, ...]:
        """The days of the week in short, from this language's first day on: "pn", "wt" …"""
        return tuple(map(Plain, formats.weekdays(self._locale)))

    def in_days(self, days: int) -> Plain:
        """The distance of a day from today: "jutro", "za 12 dni", "3 dni temu"."""
        match days:
            case 0:
                return self.plain("today")
            case 1:
                return self.plain("tomorrow")
            case -1:
                return self.plain("yesterday")
        if days > 0:
            return self.text(self.n("in {n} day", "in {n} days", days))
        return self.text(self.n("{n} day ago", "{n} days ago", -days))

    def _filled(
        self, translated: str, source: str, values: dict[str, str | int], render: Render
    ) -> str:
        """Fill the translation; if it is broken, fill the message of the code."""
        for message in (translated, source):
            try:
                return fill(message, values, render)
            except BadMessageError as error:
                _report(self.language, source, error)
        return source


def _as_text(value: object) -> str:
    return Plain.of(value) if isinstance(value, str) else str(value)


def _report(language: str, source: str, error: BadMessageError) -> None:
    if (language, source) not in _reported:
        _reported.add((language, source))
        log.error("message %r cannot be shown in %s: %s", source, language, error)
