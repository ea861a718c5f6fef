"""The lists of what waits for staff: an entry and a button each."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.views.desk import (
    FoundClient,
    Waiting,
    WaitingItem,
    WaitingList,
    WaitingMoney,
    WaitingRequest,
)
from billing.views.operator import PendingOrder, UnpaidProforma
from billing.views.panel import ListedCall
from billing.views.services import CancelWhen
from billing.views.staff import Deed, MatterId, MatterKind
from billing.views.tasks import ListedTask
from handlers.buttons import (
    OpenClientCard,
    OpenClientInvoice,
    OpenClientService,
    OpenDesk,
    OpenWaiting,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, shortened, shortened_inside
from handlers.chat.screens.wording import facts
from handlers.notices.operator.commands import command
from handlers.notices.operator.deeds import deed_button
from handlers.notices.operator.tasks import work
from handlers.notices.panel import VERBS
from locales.text import Plain
from locales.translator import Translator

LABEL_LIMIT = 40
CLIENT_LIMIT = 60
REFERENCE_LIMIT = 60


def waiting(t: Translator, listed: WaitingList) -> Screen:
    """One page of a list."""
    entries = (_entry(t, item) for item in listed.items)
    return Screen(
        lines(
            TITLES[listed.kind](t),
            *(line for entry in entries for line in ("", *entry)),
            *(() if listed.items else ("", t("Nothing is left here."))),
            *_by_command(t, listed),
        ),
        (
            *(row for item in listed.items if (row := _row(t, item))),
            *steps(
                t, listed.page, lambda p: OpenWaiting(listed.kind, p), has_next=listed.has_next
            ),
            (back(t, OpenDesk()),),
        ),
    )


def steps(
    t: Translator, page: int, make: Callable[[int], Payload], *, has_next: bool
) -> tuple[Row, ...]:
    """One row [‹ Previous] [Next ›] for a list whose length nobody counts; pages from 0."""
    earlier = (Button(t.plain("‹ Previous"), make(page - 1)),) if page else ()
    later = (Button(t.plain("Next ›"), make(page + 1)),) if has_next else ()
    row = (*earlier, *later)
    return (row,) if row else ()


def _by_command(t: Translator, listed: WaitingList) -> tuple[str | Markup, ...]:
    """Where the decision is made on the command line."""
    name = {Waiting.UNPLACED: "unplaced", Waiting.CALLS: "calls"}.get(listed.kind)
    if name is None or not listed.items:
        return ()
    return "", Markup("{} <code>{}</code>").format(t("Decide with the command"), command(name))


def _entry(t: Translator, item: WaitingItem) -> tuple[Markup | Plain, ...]:
    match item:
        case PendingOrder():
            client = _client(item.client_ref, item.client_name)
            paid = t.money(item.gross) if item.gross is not None else None
            title = Markup("<b>{}</b>").format(item.service.full_title)
            number = Plain(item.invoice_number) if item.invoice_number else None
            return title, facts(client), facts(number, paid)
        case WaitingRequest():
            title = Markup("<b>{}</b>").format(item.service.full_title)
            return title, facts(Plain(item.client_ref), _when(t, item)), *_reason(item)
        case UnpaidProforma():
            left = item.gross - item.paid
            lapses = None
            if item.expires_on is not None:
                lapses = t.plain("valid until {date}", date=t.date(item.expires_on))
            title = Markup("<b>{}</b>{}").format(item.number, Markup(" · ") + t.money(left))
            return title, facts(_client(item.client_ref, item.client_name), lapses)
        case WaitingMoney():
            amount = t.money(item.amount) if item.amount else Plain(item.stated)
            title = t("No. {number}: <b>{amount}</b>", number=str(item.id), amount=amount)
            reference = shortened(item.reference, REFERENCE_LIMIT)
            return title, facts(t.instant(item.received_at), reference)
        case ListedCall():
            about = f"{item.client_ref} {item.invoice_number}".strip()
            amount_of_it = t.money(item.amount) if item.amount else None
            verb = VERBS[item.call.verb](t)
            title = t("No. {number}: {what}", number=str(item.call.id), what=verb)
            return title, facts(Plain(about), amount_of_it)
        case ListedTask():
            title = Markup("<b>{}</b>").format(work(t, item.task.kind))
            client, due_on = _client(item.client_ref, item.client_name), item.task.due_on
            day = t.plain("on {date}", date=t.date(due_on)) if due_on else None
            number = Plain(item.task.number) if item.task.number else None
            return title, facts(Plain(item.task.title), day), facts(client, number)
        case FoundClient():
            return (_client(item.ref, item.name),)


def _client(ref: str, name: str) -> Plain:
    return shortened(f"{ref} · {name}", CLIENT_LIMIT)


def _when(t: Translator, item: WaitingRequest) -> Plain:
    if item.request.when is CancelWhen.NOW:
        return t.plain("as soon as possible")
    if item.request.effective_on is None:
        return t.plain("at the end of its period")
    return t.plain("on {date}", date=t.date(item.request.effective_on))


def _reason(item: WaitingRequest) -> tuple[Markup, ...]:
    reason = shortened(item.request.reason, REFERENCE_LIMIT)
    return (Markup("<i>{}</i>").format(reason),) if reason else ()


def _row(t: Translator, item: WaitingItem) -> Row | None:
    """The button that opens what an item is about."""
    match item:
        case PendingOrder(service=service):
            opens: Payload = OpenClientService(service.client_id, service.id, Waiting.ORDERS)
            label = shortened_inside(service.full_title, LABEL_LIMIT)
        case WaitingRequest(service=service):
            opens = OpenClientService(service.client_id, service.id, Waiting.CANCELLATIONS)
            label = shortened_inside(service.full_title, LABEL_LIMIT)
        case UnpaidProforma():
            opens = OpenClientInvoice(item.client_id, item.id, source=Waiting.PROFORMAS)
            label = Plain(f"{item.number} · {t.money(item.gross - item.paid)}")
        case ListedTask():
            matter = MatterId(MatterKind.TASK, item.task.id)
            label = shortened_inside(f"✅ {item.task.title}", LABEL_LIMIT)
            client_id = item.task.client_id
            return (deed_button(t, matter, Deed.DONE, label=label, client_id=client_id),)
        case ListedCall():
            opens, label = OpenClientCard(item.call.client_id), Plain(item.client_ref)
        case FoundClient():
            opens, label = OpenClientCard(item.id), _client(item.ref, item.name)
        case _:
            return None
    return (Button(shortened(label, LABEL_LIMIT), opens),)


TITLES: Mapping[Waiting, Callable[[Translator], Markup]] = {
    Waiting.ORDERS: lambda t: t("🛒 <b>Orders to accept</b>"),
    Waiting.CANCELLATIONS: lambda t: t("🔚 <b>Cancellation requests</b>"),
    Waiting.PROFORMAS: lambda t: t("🧾 <b>Proformas to be paid</b>"),
    Waiting.UNPLACED: lambda t: t("❓ <b>Money that fits nothing</b>"),
    Waiting.CALLS: lambda t: t("🔁 <b>Panel calls</b>"),
    Waiting.UNREACHABLE: lambda t: t("🚫 <b>Clients we cannot reach</b>"),
    Waiting.TASKS: lambda t: t("🛠 <b>To be done after payments</b>"),
}
"""The title of each list."""
