"""A service or a proforma as its client sees it, with what staff can do about it."""

from markupsafe import Markup

from billing.views.account import ClientInfo
from billing.views.desk import Waiting
from billing.views.seen_client import SeenInvoice, SeenService
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.buttons import (
    OpenClientCard,
    OpenClientInvoice,
    OpenClientInvoices,
    OpenClientService,
    OpenClientServices,
    OpenService,
    OpenWaiting,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, pager, shortened
from handlers.notices.operator.deeds import deed_button
from handlers.payments import invoice_screens
from handlers.payments.invoice_screens import LINES_PER_PAGE
from handlers.services import page as service_page
from locales.translator import Translator

NAME_LIMIT = 60
CARD_LIMIT = 30
ADDONS_SHOWN = 6


def service(t: Translator, seen: SeenService, place: OpenClientService) -> Screen:
    """The client's own page without its buttons; those of staff where something waits."""
    theirs = service_page.service(t, seen.page, OpenService(place.service))
    return Screen(
        lines(as_seen_by(t, seen.client), "", theirs.text),
        (
            *_decisions(t, seen),
            *_family(seen, place),
            _ways_back(t, seen.client, place.source, OpenClientServices(place.client)),
        ),
    )


def _family(seen: SeenService, place: OpenClientService) -> tuple[Row, ...]:
    """To the service that an add-on belongs to, and to the add-ons of a service."""
    above = () if seen.page.parent is None else (seen.page.parent,)
    return tuple(
        (
            Button(
                shortened(f"{'🧩' if other.is_addon else '📦'} {other.full_title}", CARD_LIMIT),
                OpenClientService(place.client, other.id, place.source),
            ),
        )
        for other in (*above, *seen.page.addons[:ADDONS_SHOWN])
    )


def _decisions(t: Translator, seen: SeenService) -> tuple[Row, ...]:
    """What staff can decide about the service: its order, or the request to cancel it."""
    if seen.order_waits:
        matter = MatterId(MatterKind.ORDER, seen.page.service.id)
    elif seen.request is not None:
        matter = MatterId(MatterKind.CANCELLATION, seen.request.id)
    else:
        return ()
    deeds, client_id = (Deed.ACCEPT, Deed.REJECT), seen.client.id
    return (tuple(deed_button(t, matter, deed, client_id=client_id) for deed in deeds),)


def invoice(t: Translator, seen: SeenInvoice, place: OpenClientInvoice) -> Screen:
    """The client's own proforma without its buttons; [Mark as paid] while it is open."""
    bill = seen.page.invoice
    theirs = invoice_screens.invoice(t, seen.page, place.page)
    pages = max(1, -(-len(bill.lines) // LINES_PER_PAGE))
    paid: tuple[Row, ...] = ()
    if bill.is_open:
        matter = MatterId(MatterKind.PROFORMA, bill.id)
        label = t.plain("Mark as paid · {amount}", amount=t.money(bill.balance))
        paid = ((deed_button(t, matter, Deed.MARK_PAID, label=label, client_id=place.client),),)
    return Screen(
        lines(as_seen_by(t, seen.client), "", theirs.text),
        (
            *paid,
            *pager(
                t,
                min(place.page, pages - 1),
                pages,
                lambda p: OpenClientInvoice(place.client, place.invoice, p, place.source),
            ),
            _ways_back(t, seen.client, place.source, OpenClientInvoices(place.client)),
        ),
    )


def as_seen_by(t: Translator, client: ClientInfo) -> Markup:
    """The line above what a client sees."""
    name = shortened(f"{client.ref} · {client.name}", NAME_LIMIT)
    return t("👁 <i>As {client} sees it</i>", client=name)


def _ways_back(
    t: Translator, client: ClientInfo, source: Waiting | None, otherwise: Payload
) -> Row:
    """To the list that led here, and to the client."""
    card = Button(shortened(f"👤 {client.name}", CARD_LIMIT), OpenClientCard(client.id))
    return (back(t, otherwise if source is None else OpenWaiting(source)), card)
