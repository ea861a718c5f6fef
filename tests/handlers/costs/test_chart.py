"""The chart of the costs has the sums of the text, and the months that the text leaves out."""

from datetime import timedelta

import pytest

from handlers.costs import screens
from handlers.costs.chart import year_chart
from locales.text import Plain, legible
from locales.translator import Translator
from tests.gallery.costs import found, many, usual
from tests.handlers.reading import EN, PL
from tests.make import TODAY, service


@pytest.mark.parametrize("t", [PL, EN])
def test_each_bar_says_what_the_text_says(t: Translator) -> None:
    for forecast in (usual(), many()):
        chart = year_chart(t, forecast)
        assert chart is not None
        text = legible(Plain.of(screens.costs(t, forecast).text))
        for bar in chart.bars:
            assert bar.text == "–" or f"{bar.text} (" in text
        minor = sum(bar.minor for bar in chart.bars)
        dues = (*forecast.overdue, *forecast.coming)
        assert minor == forecast.total(dues).known.minor


def test_every_month_of_the_year_has_a_bar() -> None:
    forecast = usual()
    chart = year_chart(EN, forecast)
    assert chart is not None
    overdue, *months = chart.bars
    assert (overdue.label, overdue.warns) == ("Overdue", True)
    assert not any(bar.warns for bar in months)
    first, last = forecast.today, forecast.until - timedelta(days=1)
    assert months[0].label == EN.short_month(first)
    assert months[-1].label == EN.short_month(last)
    assert len({bar.label for bar in months}) == len(months)
    assert len(months) in (12, 13)


def test_where_nothing_is_known_to_be_paid_there_is_no_chart() -> None:
    assert year_chart(PL, found()) is None
    assert screens.costs(PL, found()).picture is None
    later = service(next_due_date=TODAY + timedelta(days=500))
    assert year_chart(PL, found(later)) is None
