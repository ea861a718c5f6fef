"""Pages of a list, as the panel cuts and counts them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.sandbox.panels.fossbilling.errors import Json, PanelError
from bot.sandbox.panels.fossbilling.parameters import Parameters

_DEFAULT = 100
_MOST = 500
_TOO_LARGE = (
    "The number of items per page (per_page) is too large. Please specify a smaller number."
)
_T = TypeVar("_T")


def page_of(
    params: Parameters,
    rows: Sequence[_T],
    write: Callable[[_T], Json],
    *,
    older: int = 0,
) -> Json:
    """Return one page of the rows, written by `write`; a page past the end is empty.

    A row that stands in `rows` several times is counted so, and written once a page. `older` rows
    are counted and no longer there.
    """
    page, size = _position(params)
    total = len(rows) + older
    start = (page - 1) * size
    once = {id(row): row for row in rows[start : start + size]}
    return {
        "pages": -(-total // size),
        "page": page,
        "per_page": size,
        "total": total,
        "list": [write(row) for row in once.values()],
    }


def _position(params: Parameters) -> tuple[int, int]:
    """Return the page and how much one holds; what is no number means the usual size."""
    sent = params.text("per_page")
    size = int(sent) if sent and sent.isdecimal() else _DEFAULT
    if size < 1:
        raise PanelError("The number of items per page (per_page) must be positive.")
    if size > _MOST:
        raise PanelError(_TOO_LARGE)
    return max(1, params.number("page") or 1), size
