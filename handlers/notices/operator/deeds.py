"""The buttons of what staff can do about a matter."""

from collections.abc import Callable, Mapping

from billing.views.staff import Deed, MatterId
from handlers.buttons import AskMatter, AskRejection, DecideMatter
from handlers.chat.screens.screen import Button, Style
from locales.text import Plain
from locales.translator import Translator

ASKED_FIRST = frozenset({Deed.MARK_PAID, Deed.GIVE_UP})
"""Deeds that cannot be taken back by another tap: they are asked about once more."""

LABELS: Mapping[Deed, Callable[[Translator], Plain]] = {
    Deed.ACCEPT: lambda t: t.plain("✅ Accept"),
    Deed.REJECT: lambda t: t.plain("Reject…"),
    Deed.MARK_PAID: lambda t: t.plain("Mark as paid…"),
    Deed.BOOK_AGAIN: lambda t: t.plain("Book it again"),
    Deed.ASK_AGAIN: lambda t: t.plain("Ask again"),
    Deed.GIVE_UP: lambda t: t.plain("Give it up…"),
    Deed.DONE: lambda t: t.plain("✅ Done"),
}


def deed_button(
    t: Translator,
    matter: MatterId,
    deed: Deed,
    notice_id: int = 0,
    *,
    label: Plain | None = None,
    client_id: int | None = None,
) -> Button:
    """The button of a deed; `notice_id` is the notice that tells of the matter, 0 for none.

    With `client_id` it stands on the page of that client's service or proforma.
    """
    kind, number = matter.kind, matter.number
    label = label or LABELS[deed](t)
    if deed is Deed.REJECT:
        return Button(label, AskRejection(kind, number, notice_id, client_id))
    if deed in ASKED_FIRST:
        return Button(label, AskMatter(kind, number, deed, notice_id, client_id))
    style = Style.SUCCESS if deed in (Deed.ACCEPT, Deed.DONE) else None
    return Button(label, DecideMatter(kind, number, deed, notice_id, client_id), style)
