"""The costs of the next twelve months: by month, one month, overdue, by service.

Months without costs are left out, so that a phone shows the others at a glance.
"""

from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from billing.rules.shop.forecast import Forecast, Upcoming
from handlers.buttons import (
    OpenCalendar,
    OpenCosts,
    OpenHome,
    OpenMonthCosts,
    OpenOverdueCosts,
    OpenRenewals,
    OpenService,
    OpenServiceCosts,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, number_rows, pager, rows_of
from handlers.chat.screens.wording import placed_title
from handlers.costs.chart import year_chart
from handlers.costs.words import (
    below_lines,
    dates_line,
    in_a_year,
    month_lines,
    overdue_line,
    sum_line,
    unknown_lines,
    when,
    year_lines,
    year_title,
)
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 8
MONTHS_IN_ROW = 4

Entry = tuple[Upcoming, Markup]
"""A service or add-on in a numbered list, with the line of facts below its name."""


def costs(t: Translator, forecast: Forecast) -> Screen:
    """The year month by month, with a chart above; each month has a button."""
    months = forecast.months()
    return Screen(
        lines(
            year_title(t, forecast),
            *overdue_line(t, forecast),
            *year_lines(t, forecast),
            *month_lines(t, forecast),
            *unknown_lines(t, forecast),
            *below_lines(t, forecast),
        ),
        (
            *_month_rows(t, tuple(months)),
            *_look_row(t, forecast),
            (*_calendar(t, forecast), back(t, OpenHome())),
        ),
        picture=year_chart(t, forecast),
        is_of_panel=True,
    )


def month_costs(t: Translator, forecast: Forecast, month: date, page: int = 0) -> Screen:
    """The payments of a month, with buttons to the previous and next month with payments."""
    months = forecast.months()
    title = Markup("📊 <b>{}</b>").format(t.month(month))
    return _listing(
        t,
        lines(title, sum_line(t, forecast, months[month])),
        tuple((due.of, when(t, due)) for due in months[month]),
        page,
        below=(*unknown_lines(t, forecast), *below_lines(t, forecast)),
        turn=lambda p: OpenMonthCosts(month, p),
        more=_around(t, tuple(months), month),
    )


def overdue_costs(t: Translator, forecast: Forecast, page: int = 0) -> Screen:
    """Overdue payments, and the way to pay them."""
    renew = Button(t.plain("Renew services"), OpenRenewals(origin=Origin.COSTS), Style.PRIMARY)
    return _listing(
        t,
        lines(t("⚠️ <b>Overdue</b>"), sum_line(t, forecast, forecast.overdue)),
        tuple(
            (due.of, when(t, due, ago=(due.on - forecast.today).days)) for due in forecast.overdue
        ),
        page,
        below=below_lines(t, forecast),
        turn=OpenOverdueCosts,
        more=((renew,),),
    )


def service_costs(t: Translator, forecast: Forecast, page: int = 0) -> Screen:
    """The yearly costs of each service and add-on, the highest first."""
    return _listing(
        t,
        lines(
            t("📊 <b>Costs by service</b>"),
            *overdue_line(t, forecast),
            *year_lines(t, forecast),
            dates_line(t, forecast),
        ),
        tuple((upcoming, in_a_year(t, forecast, upcoming)) for upcoming in forecast.by_cost()),
        page,
        below=(*unknown_lines(t, forecast), *below_lines(t, forecast)),
        turn=OpenServiceCosts,
        more=(),
    )


def _listing(
    t: Translator,
    title: Markup,
    entries: tuple[Entry, ...],
    page: int,
    *,
    below: tuple[str | Markup, ...],
    turn: Callable[[int], Payload],
    more: tuple[Row, ...],
) -> Screen:
    """A numbered page; a number opens the service's page."""
    pages = max(1, -(-len(entries) // PAGE_SIZE))
    page = min(page, pages - 1)
    first = page * PAGE_SIZE + 1
    page_entries = entries[first - 1 : first - 1 + PAGE_SIZE]
    opens = [OpenService(upcoming.service.id, Origin.COSTS) for upcoming, _ in page_entries]
    return Screen(
        lines(
            title,
            "",
            *(_entry(t, n, *entry) for n, entry in enumerate(page_entries, first)),
            *below,
        ),
        (
            *number_rows(opens, first=first),
            *pager(t, page, pages, turn),
            *more,
            (back(t, OpenCosts()),),
        ),
    )


def _entry(t: Translator, number: int, upcoming: Upcoming, details: Markup) -> Markup:
    return lines(Markup("{}. {}").format(number, placed_title(t, upcoming)), details)


def _month_rows(t: Translator, months: tuple[date, ...]) -> tuple[Row, ...]:
    """The months; January says its year, and so does the month in which the year ends."""
    before: set[int] = set()
    buttons = []
    for month in months:
        is_told = month.month == 1 or month.month in before
        label = t.short_month(month) if is_told else t.month_alone(month)
        buttons.append(Button(label, OpenMonthCosts(month)))
        before.add(month.month)
    return rows_of(buttons, MONTHS_IN_ROW)


def _look_row(t: Translator, forecast: Forecast) -> tuple[Row, ...]:
    """What is overdue, and what each service costs."""
    buttons = []
    if forecast.overdue:
        label = t.plain("Overdue ({n})", n=len(forecast.overdue))
        buttons.append(Button(label, OpenOverdueCosts()))
    if forecast.services:
        buttons.append(Button(t.plain("By service"), OpenServiceCosts()))
    return (tuple(buttons),) if buttons else ()


def _calendar(t: Translator, forecast: Forecast) -> Row:
    return (Button(t.plain("Calendar file"), OpenCalendar()),) if forecast.services else ()


def _around(t: Translator, months: tuple[date, ...], month: date) -> tuple[Row, ...]:
    """Buttons to the previous and next month with payments."""
    at = months.index(month)
    before, after = months[max(0, at - 1) : at], months[at + 1 : at + 2]
    row = (
        *(Button(Plain(f"‹ {t.short_month(m)}"), OpenMonthCosts(m)) for m in before),
        *(Button(Plain(f"{t.short_month(m)} ›"), OpenMonthCosts(m)) for m in after),
    )
    return (row,) if row else ()
