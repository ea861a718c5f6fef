"""The refusals that only people of the operator's chat read."""

from collections.abc import Callable, Mapping

from locales.text import Plain
from locales.translator import Translator

SENTENCES: Mapping[str, Callable[[Translator, Mapping[str, object]], Plain]] = {
    "balance_pays_it": lambda t, _: t.plain(
        "It is being paid from the client's balance just now. Please look again in a few minutes."
    ),
    "no_such_client": lambda t, _: t.plain("There is no such client (any more)."),
    "no_such_order": lambda t, _: t.plain("This order does not wait any more."),
    "no_such_cancellation": lambda t, _: t.plain("There is no such request."),
    "already_decided": lambda t, _: t.plain("This request has been decided already."),
    "panel_decides": lambda t, _: t.plain(
        "Your panel decides about services. Nothing was changed here."
    ),
    "no_such_unplaced": lambda t, _: t.plain("There is no such payment in the list."),
    "closed_already": lambda t, _: t.plain("This payment has been settled already."),
    "fits_nothing": lambda t, _: t.plain(
        "This payment fits nothing by itself: make it credit, or settle it otherwise."
    ),
    "cannot_book_again": lambda t, _: t.plain(
        "This payment fits nothing by itself: settle it in your panel, then close it here."
    ),
    "no_such_task": lambda t, _: t.plain("There is no such task."),
    "no_such_call": lambda t, _: t.plain("There is no such call."),
    "call_over": lambda t, _: t.plain("This call is over already."),
    "call_answered": lambda t, _: t.plain(
        "Your panel has answered already; we are reading what has changed."
    ),
    "call_in_hand": lambda t, _: t.plain(
        "Your panel is being asked just now. Please try again in two minutes."
    ),
}
