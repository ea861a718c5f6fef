"""What a search over all clients finds, and the question for its words."""

from collections.abc import Iterator

from billing.views.desk import DeskHits, FoundClient
from handlers.buttons import OpenClientCard, OpenClientInvoice, OpenClientService, OpenDesk
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import (
    back,
    cancel,
    lines,
    name_with_domain,
    shortened,
    shortened_inside,
)
from locales.text import Plain
from locales.translator import Translator

TEXT_LIMIT = 40
LABEL_LIMIT = 44
NAME_LIMIT, LEAST_NAME = LABEL_LIMIT - 2, 10


def ask_words(t: Translator) -> Screen:
    """Ask what to find."""
    return Screen(
        lines(t("🔎 <b>What are you looking for?</b>"), "", _searchable(t)),
        ((cancel(t, OpenDesk()),),),
    )


def nothing(t: Translator, found: DeskHits) -> Screen:
    """No hit, with what can be searched; the next words may be typed at once."""
    text = shortened(found.text, TEXT_LIMIT)
    return Screen(
        lines(t("🔎 <b>Nothing found: “{text}”</b>", text=text), "", _searchable(t)),
        ((cancel(t, OpenDesk()),),),
    )


def _searchable(t: Translator) -> Plain:
    return t.plain(
        "Type a client's name, id or e-mail, the name or domain of a service, the number of a "
        "proforma, or the Telegram id of a user."
    )


def hits(t: Translator, found: DeskHits) -> Screen:
    """The first hits of each kind, a button each."""
    text = shortened(found.text, TEXT_LIMIT)
    return Screen(
        lines(
            t("🔎 <b>Search: “{text}”</b>", text=text),
            "",
            *(_line("👤", _who(client)) for client in found.clients),
            *(
                _line("📦", f"{one.service.domain or one.service.title} · {one.client.ref}")
                for one in found.services
            ),
            *(_line("🧾", f"{one.number} · {_who(one.client)}") for one in found.invoices),
            t("<i>More words find less.</i>") if found.is_cut else None,
        ),
        (*_rows(found), (back(t, OpenDesk()),)),
    )


def only_hit(found: DeskHits) -> Payload | None:
    """The button of the single hit; None where there are none or several."""
    payloads = [payload for _, payload in _opened(found)]
    return payloads[0] if len(payloads) == 1 else None


def _rows(found: DeskHits) -> tuple[Row, ...]:
    return tuple(
        (Button(shortened(label, LABEL_LIMIT), payload),) for label, payload in _opened(found)
    )


def _opened(found: DeskHits) -> Iterator[tuple[str, Payload]]:
    """The label of each hit, and what it opens."""
    for client in found.clients:
        yield f"👤 {_who(client)}", OpenClientCard(client.id)
    for one in found.services:
        service = one.service
        name = name_with_domain(
            service.title, service.domain, NAME_LIMIT, least=LEAST_NAME, cut=shortened_inside
        )
        yield f"📦 {name}", OpenClientService(one.client.id, service.id)
    for bill in found.invoices:
        yield f"🧾 {bill.number}", OpenClientInvoice(bill.client.id, bill.id)


def _line(sign: str, text: str) -> Plain:
    return Plain(f"{sign} {shortened(text, LABEL_LIMIT * 2)}")


def _who(client: FoundClient) -> str:
    return f"{client.ref} · {client.name}"
