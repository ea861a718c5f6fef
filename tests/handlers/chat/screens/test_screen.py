from dataclasses import dataclass

import pytest
from markupsafe import Markup, escape

from handlers.chat.screens.screen import (
    Button,
    Copy,
    FileScreen,
    InvoiceScreen,
    Pay,
    Preview,
    Row,
    Screen,
    Style,
    Url,
)
from handlers.chat.sending.markup import keyboard, preview_options
from locales.text import Plain
from tests.handlers.chat.rig import OpenNotes, RenameNote
from tests.handlers.screen_check import SCREEN_LIMIT, TEXT_LIMIT, problems, visible_length

OK = Button(Plain("Notes"), OpenNotes())


@dataclass(frozen=True, slots=True)
class NoButton:
    pass


def test_a_good_screen_has_no_problems() -> None:
    screen = Screen(
        Markup('<b>A &amp; B</b> <a href="https://x.pl">x</a> <tg-time unix="1">now</tg-time>'),
        (
            (OK, Button(Plain("Site"), Url("https://x.pl"), Style.PRIMARY)),
            (Button(Plain("Copy"), Copy("1")),),
        ),
        Preview("https://x.pl/banner.png"),
    )
    assert problems(screen) == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("<b> </b>", "empty"),
        ("<b>x", "not closed"),
        ("x</b>", "closes nothing"),
        ("<b><i>x</b></i>", "closes nothing"),
        ("<br>x", "no tag"),
        ('<b class="x">x</b>', "class"),
        ("a & b", "not escaped"),
        ("a &nbsp; b", "no entity"),
        ("x" * (SCREEN_LIMIT + 1), "characters"),
    ],
)
def test_a_text_telegram_would_refuse(text: str, word: str) -> None:
    broken = Markup(text)  # noqa: S704 - broken HTML is what is looked for
    assert word in "; ".join(problems(Screen(broken)))


def test_a_text_is_counted_as_telegram_counts_it() -> None:
    assert visible_length(Markup("<b>&lt;ż</b>😀&#33;")) == 5
    assert SCREEN_LIMIT < TEXT_LIMIT


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        (((OK,) * 9,), "9 buttons"),
        (((),), "0 buttons"),
        (((OK,),) * 101, "more than 100"),
        (((Button(Plain(" "), OpenNotes()),),), "no label"),
        (((Button(Plain("x"), NoButton()),),), "@button"),
        (((Button(Plain("x"), RenameNote(-1)),),), "fit"),
        (((Button(Plain("x"), Url("javascript:x")),),), "no address"),
        (((Button(Plain("x"), Copy("x" * 257)),),), "copied"),
        (((Button(Plain("x"), Pay()),),), "Pay"),
    ],
)
def test_buttons_telegram_would_refuse(rows: tuple[Row, ...], word: str) -> None:
    assert word in "; ".join(problems(Screen(Markup("x"), rows)))


def test_an_invoice_keeps_its_limits() -> None:
    pay = Button(Plain("Pay"), Pay(), Style.SUCCESS)
    price = ((Plain("Hosting"), 100),)
    good = InvoiceScreen(Plain("PRO-1"), Plain("Hosting"), "p:1", "PLN", price, ((pay,), (OK,)))
    assert problems(good) == ()
    bad = InvoiceScreen(Plain("x" * 33), Plain(""), "", "PLN", (), ((OK,), (pay,)))
    assert len(problems(bad)) == 6


def test_a_file_keeps_its_limits() -> None:
    good = FileScreen(Plain("dates.ics"), "text/calendar", b"x", Markup("<b>Dates</b>"), ((OK,),))
    assert problems(good) == ()
    bad = FileScreen(Plain("a/b.ics"), "text/calendar", b"", escape("x" * 1025), ((OK,) * 9,))
    assert len(problems(bad)) == 4


def test_buttons_in_telegrams_words() -> None:
    markup = keyboard(
        (
            (
                Button(Plain("a"), RenameNote(71), Style.DANGER),
                Button(Plain("b"), Url("https://x.pl")),
                Button(Plain("c"), Copy("42")),
                Button(Plain("d"), Pay()),
            ),
        )
    )
    row = [
        {"text": "a", "callback_data": "zn2:1z", "style": "danger"},
        {"text": "b", "url": "https://x.pl"},
        {"text": "c", "copy_text": {"text": "42"}},
        {"text": "d", "pay": True},
    ]
    assert markup == {"reply_markup": {"inline_keyboard": [row]}}
    assert keyboard(()) == {}


def test_only_a_preview_that_is_asked_for_is_shown() -> None:
    assert preview_options(None).is_disabled
    assert preview_options(Preview("https://x.pl")).to_dict() == {
        "url": "https://x.pl",
        "prefer_large_media": True,
        "show_above_text": True,
    }
