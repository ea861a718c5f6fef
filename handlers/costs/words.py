"""Costs in words: sums, months, the year."""

from collections.abc import Iterator
from datetime import date, timedelta

from markupsafe import Markup

from billing.rules.shop.forecast import Due, Forecast, Upcoming
from handlers.chat.screens.widgets import lines
from handlers.chat.screens.wording import estimate_hint, facts, tax_hint
from locales.labels import date_or_unknown, price_or_unknown, price_per_cycle, sum_of
from locales.translator import Translator

COLLAPSED = 3
"""So many lines of a collapsed block are seen."""


def overdue_line(t: Translator, forecast: Forecast) -> tuple[Markup, ...]:
    """The overdue sum, if there is one."""
    if not forecast.overdue:
        return ()
    return (t("⚠️ Overdue: {total}", total=sum_line(t, forecast, forecast.overdue)),)


def year_title(t: Translator, forecast: Forecast) -> Markup:
    """What the screen is about, with the first and last day of the year."""
    title, dates = t("📊 <b>Costs</b>"), dates_line(t, forecast)
    return title if dates is None else Markup("{} · {}").format(title, dates)


def dates_line(t: Translator, forecast: Forecast) -> Markup | None:
    """The first and the last day of the year; None if nothing is due in it."""
    if not forecast.coming:
        return None
    last = forecast.until - timedelta(days=1)
    return Markup("<i>{} – {}</i>").format(t.date(forecast.today), t.date(last))


def year_lines(t: Translator, forecast: Forecast) -> Iterator[Markup]:
    """The sum of the year."""
    if not forecast.coming:
        last = t.date(forecast.until - timedelta(days=1))
        yield t("Nothing is due from today until {date}.", date=last)
        return
    total = Markup("<b>{}</b>").format(sum_of(t, forecast.total(forecast.coming)))
    yield t("Next 12 months: {total}", total=total)


def month_lines(t: Translator, forecast: Forecast) -> tuple[Markup, ...]:
    """The months in a line each; many are collapsed, since the chart shows them too."""
    months = [_month_line(t, forecast, *month) for month in forecast.months().items()]
    if len(months) <= COLLAPSED:
        return tuple(months)
    return (Markup("<blockquote expandable>{}</blockquote>").format(lines(*months)),)


def _month_line(t: Translator, forecast: Forecast, month: date, dues: tuple[Due, ...]) -> Markup:
    return Markup("{}: {}").format(t.month(month), sum_line(t, forecast, dues))


def sum_line(t: Translator, forecast: Forecast, dues: tuple[Due, ...]) -> Markup:
    """The sum of some payments, and their number."""
    total = Markup("<b>{}</b>").format(sum_of(t, forecast.total(dues)))
    return Markup("{} ({})").format(total, payments(t, len(dues)))


def payments(t: Translator, count: int) -> Markup:
    """A number of payments in words."""
    return t.n("{n} payment", "{n} payments", count)


def below_lines(t: Translator, forecast: Forecast) -> tuple[str | Markup, ...]:
    """Lines on prices: whether they include a tax, and that they are estimates."""
    if not forecast.services:
        return ()
    hints = (
        tax_hint(t, forecast.tax_rate),
        estimate_hint(t) if forecast.is_estimate else None,
    )
    known = tuple(hint for hint in hints if hint)
    return ("", *known) if known else ()


def unknown_lines(t: Translator, forecast: Forecast) -> tuple[str | Markup, ...]:
    """What is in no sum because its price or its due date is not known yet."""
    hints = []
    if n := forecast.unpriced:
        hints.append(
            t.n(
                "<i>{n} service has no price yet and is not in the sums.</i>",
                "<i>{n} services have no price yet and are not in the sums.</i>",
                n,
            )
        )
    if n := forecast.undated:
        hints.append(
            t.n(
                "<i>{n} service has no due date yet and is not in the sums.</i>",
                "<i>{n} services have no due date yet and are not in the sums.</i>",
                n,
            )
        )
    return ("", *hints) if hints else ()


def when(t: Translator, due: Due, *, ago: int | None = None) -> Markup:
    """Day and price of a payment; if `ago`, also how long ago."""
    day = t.date(due.on)
    date_text = day if ago is None else t("{date} ({days})", date=day, days=t.in_days(ago))
    return facts(date_text, Markup("<b>{}</b>").format(price_or_unknown(t, due.of.gross)))


def in_a_year(t: Translator, forecast: Forecast, upcoming: Upcoming) -> Markup:
    """The price of a service per period and per year; or its later due date."""
    price = price_per_cycle(t, upcoming.gross, upcoming.service.cycle)
    times, gross = forecast.times(upcoming), upcoming.gross
    if upcoming.next_due is None:
        return facts(price, date_or_unknown(t, None))
    if not times:
        return facts(price, t("due on {date}", date=t.date(upcoming.next_due)))
    if gross is None:
        return lines(facts(price), facts(payments(t, times)))
    total = Markup("<b>{}</b>").format(t.money(gross * times))
    return lines(facts(price), facts(payments(t, times), total))
