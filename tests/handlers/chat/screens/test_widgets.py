from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from handlers.chat.screens.widgets import back, cancel, lines, number_rows, pager, rows_of
from locales.text import Plain
from locales.translator import Translator
from tests.handlers.chat.rig import OpenNotes, RenameNote

T = Translator("en", ZoneInfo("UTC"))


def test_a_numbered_list_has_a_button_for_every_entry() -> None:
    rows = number_rows([RenameNote(n) for n in range(6)], first=9)
    assert [[str(button.label) for button in row] for row in rows] == [
        ["9", "10", "11"],
        ["12", "13", "14"],
    ]
    assert rows[1][0].action == RenameNote(3)
    assert number_rows([]) == ()


@pytest.mark.parametrize(
    ("entries", "lengths"), [(1, [1]), (5, [5]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4])]
)
def test_rows_of_numbers_are_few_and_even(entries: int, lengths: list[int]) -> None:
    rows = number_rows([RenameNote(n) for n in range(entries)])
    assert [len(row) for row in rows] == lengths


def test_a_single_page_needs_no_pager() -> None:
    assert pager(T, 0, 1, OpenNotes) == ()


def test_the_pager_leads_to_the_pages_beside_this_one() -> None:
    def ways(page: int) -> list[tuple[str, OpenNotes]]:
        ((*row,),) = pager(T, page, 3, OpenNotes)
        return [(str(b.label), b.action) for b in row]  # type: ignore[misc]

    assert ways(0) == [("1 of 3", OpenNotes(0)), ("Next ›", OpenNotes(1))]
    assert ways(1) == [
        ("‹ Previous", OpenNotes(0)),
        ("2 of 3", OpenNotes(1)),
        ("Next ›", OpenNotes(2)),
    ]
    assert ways(2) == [("‹ Previous", OpenNotes(1)), ("3 of 3", OpenNotes(2))]


def test_lines_escape_text_and_leave_out_none() -> None:
    assert lines(Markup("<b>a</b>"), None, "", "<x>") == Markup("<b>a</b>\n\n&lt;x&gt;")


def test_rows_are_cut_to_a_width() -> None:
    buttons = [back(T, OpenNotes()), cancel(T, OpenNotes()), back(T, OpenNotes(2))]
    assert [len(row) for row in rows_of(buttons, 2)] == [2, 1]
    assert isinstance(buttons[0].label, Plain)
