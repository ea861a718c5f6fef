"""Rows that many screens share; pure functions, like screens."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row
from locales.text import Plain
from locales.translator import Translator

NUMBERS_IN_ROW = 5
BETWEEN = " · "
SHORT_ENDING = 4
"""An ending like ".pl" or ".com" stays beside the beginning of a domain."""


def rows_of(buttons: Iterable[Button], width: int) -> tuple[Row, ...]:
    """Buttons in rows of `width`; the last has what is left."""
    all_buttons = tuple(buttons)
    return tuple(all_buttons[start : start + width] for start in range(0, len(all_buttons), width))


def number_rows(
    payloads: Sequence[Payload], *, first: int = 1, width: int = NUMBERS_IN_ROW
) -> tuple[Row, ...]:
    """Buttons "1" "2" "3" ... for a numbered list; `first` is the number of the first entry.

    There are as few rows as possible, of nearly equal length.
    """
    rows = max(1, -(-len(payloads) // width))
    return rows_of(
        (Button(Plain(str(first + index)), payload) for index, payload in enumerate(payloads)),
        max(1, -(-len(payloads) // rows)),
    )


def pager(t: Translator, page: int, pages: int, make: Callable[[int], Payload]) -> tuple[Row, ...]:
    """One row [‹ Previous] [2 / 5] [Next ›], or no row for a single page; pages count from 0.

    The middle button redraws the same page.
    """
    if pages <= 1:
        return ()
    here = Button(t.plain("{page} of {pages}", page=page + 1, pages=pages), make(page))
    earlier = (Button(t.plain("‹ Previous"), make(page - 1)),) if page > 0 else ()
    later = (Button(t.plain("Next ›"), make(page + 1)),) if page < pages - 1 else ()
    return ((*earlier, here, *later),)


def arrows(page: int, pages: int, make: Callable[[int], Payload]) -> Row:
    """The pages before and after this one by their numbers, for a row with other buttons."""
    earlier = (Button(Plain(f"‹ {page}"), make(page - 1)),) if page > 0 else ()
    later = (Button(Plain(f"{page + 2} ›"), make(page + 1)),) if page < pages - 1 else ()
    return (*earlier, *later)


def back(t: Translator, payload: Payload) -> Button:
    """The button that leads back to where the client came from."""
    return Button(t.plain("‹ Back"), payload)


def cancel(t: Translator, payload: Payload) -> Button:
    """The button of a question that leaves it unanswered."""
    return Button(t.plain("Cancel"), payload)


def lines(*parts: str | Markup | None) -> Markup:
    """Join parts by line breaks; text is escaped, None is left out, "" is an empty line."""
    return Markup("\n").join(part for part in parts if part is not None)


def shortened(text: str, limit: int) -> Plain:
    """A name cut to at most `limit` characters, the last of them an ellipsis."""
    return Plain(text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…")


def shortened_inside(text: str, limit: int) -> Plain:
    """A name cut to at most `limit` characters in its middle: both ends tell names apart."""
    if len(text) <= limit:
        return Plain(text)
    end = (limit - 1) // 2
    head, tail = text[: limit - 1 - end], text[len(text) - end :]
    return Plain(f"{head.rstrip(' .-')}…{tail.lstrip(' .-')}")


def shortened_domain(text: str, limit: int) -> Plain:
    """A name cut to what it begins with, and the ending of a domain where that is short.

    "poczta.galeria-anny….pl": what a domain begins with is what people know it by.
    """
    if len(text) <= limit:
        return Plain(text)
    head, dot, ending = text.rpartition(".")
    tail = dot + ending
    if not head or len(tail) > SHORT_ENDING or " " in text or limit < 3 * len(tail):
        tail = ""
    return Plain(f"{text[: limit - 1 - len(tail)].rstrip(' .-')}…{tail}")


def name_with_domain(
    name: str,
    domain: str,
    limit: int,
    *,
    least: int,
    cut: Callable[[str, int], Plain] = shortened,
) -> Plain:
    """A name beside its domain in at most `limit` characters: "Hosting · anna.example".

    The name gives way first, down to `least` characters; `cut` shortens the rest.
    """
    return Plain(BETWEEN.join(filter(None, _on_one_line(name, domain, limit, least, cut))))


def bold_with_domain(name: str, domain: str, limit: int, *, least: int) -> Markup:
    """The same with the name in bold."""
    name, domain = _on_one_line(name, domain, limit, least, shortened_domain)
    bold = Markup("<b>{}</b>").format(name)
    return Markup("{}{}{}").format(bold, BETWEEN, domain) if domain else bold


def _on_one_line(
    name: str, domain: str, limit: int, least: int, cut: Callable[[str, int], Plain]
) -> tuple[str, str]:
    if not domain or domain == name:
        return cut(name, limit), ""
    room = limit - len(BETWEEN)
    name = shortened(name, max(least, room - len(domain)))
    return name, cut(domain, room - len(name))
