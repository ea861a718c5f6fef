"""The year's costs as a chart: the same sums as in the text, the empty months too."""

from collections.abc import Iterator
from datetime import date, timedelta

from billing.rules.shop.forecast import Due, Forecast
from billing.views.pictures import Bar, BarChart
from locales.labels import sum_of
from locales.text import Plain, legible
from locales.translator import Translator

NOTHING = "–"


def year_chart(t: Translator, forecast: Forecast) -> BarChart | None:
    """A bar for what is overdue and for each month; None while no amount is known.

    It has no title: the text below says what it shows, and both fit one phone screen.
    """
    bars = tuple(_bars(t, forecast))
    if not any(bar.minor for bar in bars):
        return None
    return BarChart("", bars)


def _bars(t: Translator, forecast: Forecast) -> Iterator[Bar]:
    if forecast.overdue:
        yield _bar(t, forecast, t.plain("Overdue"), forecast.overdue, warns=True)
    by_month = forecast.months()
    for month in _months(forecast):
        yield _bar(t, forecast, t.short_month(month), by_month.get(month, ()))


def _bar(
    t: Translator, forecast: Forecast, label: Plain, dues: tuple[Due, ...], *, warns: bool = False
) -> Bar:
    total = forecast.total(dues)
    text = legible(sum_of(t, total)) if dues else NOTHING
    return Bar(legible(label), total.known.minor, text, warns=warns)


def _months(forecast: Forecast) -> Iterator[date]:
    """Yield the first day of each calendar month from today until the year is over."""
    month = forecast.today.replace(day=1)
    while month < forecast.until:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
