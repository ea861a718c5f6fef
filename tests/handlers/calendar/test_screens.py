import pytest

from handlers.buttons import OpenCosts, OpenServices
from handlers.calendar import screens
from handlers.chat.screens.screen import FileScreen
from locales.text import Plain
from tests.gallery.calendar import ENDED, SENDER, dates
from tests.handlers.reading import EN, PL, button, plain
from tests.make import service


def caption(shown: FileScreen) -> str:
    return plain(Plain.of(shown.caption))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1 termin: 22 mar 2026"),
        (2, "2 terminy, ostatni 22 mar 2026"),
        (5, "5 terminów, ostatni 22 mar 2026"),
    ],
)
def test_the_caption_counts_the_dates_in_right_plurals(count: int, told: str) -> None:
    owned = [service(id=number) for number in range(1, count + 1)]
    assert told in caption(screens.calendar(PL, dates(*owned), SENDER))


def test_the_file_is_a_calendar_named_after_the_company() -> None:
    shown = screens.calendar(EN, dates(service(), company="Hosting, Sp. z o.o. / Łódź"), SENDER)
    assert (shown.name, shown.kind) == ("hosting-sp-z-o-o-łódź-due-dates.ics", "text/calendar")
    assert screens.calendar(PL, dates(service(), company="???"), SENDER).name == (
        "panelik-terminy.ics"
    )


def test_it_says_what_to_do_with_the_file_and_where_else_to_look() -> None:
    shown = screens.calendar(EN, dates(service()), SENDER)
    assert "send /calendar again" in caption(shown)
    assert button(shown, "Services").action == OpenServices()
    assert button(shown, "Costs").action == OpenCosts()


def test_when_nothing_is_due_the_file_takes_earlier_dates_away() -> None:
    shown = screens.calendar(EN, dates(ended=(ENDED,)), SENDER)
    assert "Nothing will be due any more." in caption(shown)
    assert b"STATUS:CANCELLED" in shown.content
