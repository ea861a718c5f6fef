"""The messages of the operator's chat once somebody has tapped them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.views.desk import Waiting
from billing.views.staff import Deed, MatterId, MatterKind, OpenBill, Standing
from handlers.buttons import (
    DecideMatter,
    LeaveMatter,
    OpenClientInvoice,
    OpenClientService,
    OpenDesk,
    OpenWaiting,
    PostClientCard,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, shortened
from handlers.notices.operator.commands import OperatorMessage, Way, for_staff
from handlers.notices.operator.deeds import LABELS
from handlers.notices.operator.messages import operator_message
from handlers.notices.subject import client_line
from handlers.staff.outcomes import PERSON_LIMIT, outcome_line
from locales.translator import Translator


@dataclass(frozen=True, slots=True)
class ShownMatter:
    """A matter with what its message says of it.

    `outgoing` is the message as it was sent, None once it is forgotten or where there was none;
    `bill` the proforma if the matter is one. `today` is the company's day. With `on_page_of`, a
    client's id, it is decided on the page of that client's service or proforma.
    """

    matter: MatterId
    notice_id: int
    standing: Standing
    today: date
    outgoing: Outgoing | None = None
    bill: OpenBill | None = None
    on_page_of: int | None = None

    @property
    def page(self) -> Payload | None:
        """The page that it is decided on; None where it has a message of its own."""
        client, service = self.on_page_of, self.standing.service_id
        if client is None:
            return None
        if self.matter.kind is MatterKind.TASK:
            return OpenWaiting(Waiting.TASKS)
        if self.matter.kind is MatterKind.PROFORMA:
            return OpenClientInvoice(client, self.matter.number, source=Waiting.PROFORMAS)
        is_order = self.matter.kind is MatterKind.ORDER
        source = Waiting.ORDERS if is_order else Waiting.CANCELLATIONS
        return None if service is None else OpenClientService(client, service, source)

    @property
    def client_id(self) -> int | None:
        """The client whom it is about, as far as that is known."""
        if self.bill is not None:
            return self.bill.client.id
        client = self.outgoing.client if self.outgoing else None
        return client.id if client else None


DEEDS: Mapping[MatterKind, tuple[Deed, ...]] = {
    MatterKind.ORDER: (Deed.ACCEPT, Deed.REJECT),
    MatterKind.CANCELLATION: (Deed.ACCEPT, Deed.REJECT),
    MatterKind.PROFORMA: (Deed.MARK_PAID,),
    MatterKind.UNPLACED: (),
    MatterKind.CALL: (Deed.ASK_AGAIN, Deed.GIVE_UP),
    MatterKind.TASKS: (Deed.DONE,),
    MatterKind.TASK: (Deed.DONE,),
}
"""What can always be done about a matter; a message may offer more."""

TITLES: Mapping[MatterKind, Callable[[Translator, str], Markup]] = {
    MatterKind.ORDER: lambda t, n: t("🛒 <b>Order {order}</b>", order=n),
    MatterKind.CANCELLATION: lambda t, n: t("✂️ <b>Cancellation request #{request}</b>", request=n),
    MatterKind.PROFORMA: lambda t, n: t("🧾 <b>Proforma {number}</b>", number=n),
    MatterKind.UNPLACED: lambda t, n: t("⚠️ <b>Unmatched payment no. {number}</b>", number=n),
    MatterKind.CALL: lambda t, n: t("⚠️ <b>Call no. {number} to the panel</b>", number=n),
    MatterKind.TASKS: lambda t, n: t("🛠 <b>Task {number}</b>", number=n),
    MatterKind.TASK: lambda t, n: t("🛠 <b>Task {number}</b>", number=n),
}
"""What is said of a matter whose message is forgotten."""


def matter(t: Translator, shown: ShownMatter) -> Screen:
    """The message with what was done; one that still waits keeps its buttons."""
    message = _message(t, shown)
    text = _with(message.text, outcome_line(t, shown.standing, shown.today))
    desk: tuple[Row, ...] = ((back(t, OpenDesk()),),) if shown.on_page_of else ()
    if shown.standing.waits:
        message = OperatorMessage(text, message.ways, message.matter)
        screen = for_staff(t, message, shown.notice_id, shown.client_id)
        return Screen(screen.text, (*screen.rows, *desk))
    again: tuple[Row, ...] = () if shown.bill is None else ((_client_again(t, shown.bill),),)
    return Screen(text, (*again, *desk))


def ask_reason(t: Translator, shown: ShownMatter, person: str) -> Screen:
    """The message while somebody writes why they reject."""
    m = shown.matter
    without = DecideMatter(m.kind, m.number, Deed.REJECT, shown.notice_id, shown.on_page_of)
    name = shortened(person, PERSON_LIMIT)
    line = t("✍️ <b>{person} is asked for the reason</b>", person=name)
    return Screen(
        _with(_message(t, shown).text, line),
        ((Button(t.plain("Reject without a reason"), without),), (_leave(t, shown),)),
    )


def question(t: Translator, user_id: int, person: str) -> Markup:
    """The question to be replied to; it names the person by a link, which calls them."""
    link = Markup('<a href="tg://user?id={}">{}</a>').format(
        user_id, shortened(person, PERSON_LIMIT)
    )
    return t(
        "✍️ {person}, reply to this message with the reason. The client reads it word for word.",
        person=link,
    )


def ask_give_up(t: Translator, shown: ShownMatter) -> Screen:
    """Ask before a call to the panel is given up."""
    words = t(
        "<b>Give it up?</b> It is not sent any more. Money that came for it will wait in the list "
        "of unplaced money."
    )
    yes = Button(t.plain("Yes, give it up"), _sure(shown, Deed.GIVE_UP))
    return _asked(t, shown, words, yes)


def ask_paid(t: Translator, shown: ShownMatter, bill: OpenBill) -> Screen:
    """Ask before a proforma is marked as paid, with the amount."""
    amount = t.money(bill.invoice.balance)
    sure = _sure(shown, Deed.MARK_PAID, seal=bill.invoice.seal)
    yes = Button(t.plain("✅ Yes, {amount} came", amount=amount), sure, Style.SUCCESS)
    return _asked(t, shown, t("<b>Mark it as paid by bank transfer?</b>"), yes)


def _asked(t: Translator, shown: ShownMatter, words: Markup, yes: Button) -> Screen:
    return Screen(_with(_message(t, shown).text, words), ((yes,), (_leave(t, shown),)))


def _sure(shown: ShownMatter, deed: Deed, *, seal: int | None = None) -> DecideMatter:
    m = shown.matter
    return DecideMatter(m.kind, m.number, deed, shown.notice_id, shown.on_page_of, seal)


def _leave(t: Translator, shown: ShownMatter) -> Button:
    m = shown.matter
    return cancel(t, LeaveMatter(m.kind, m.number, shown.notice_id, shown.on_page_of))


def _message(t: Translator, shown: ShownMatter) -> OperatorMessage:
    """The message as it was sent; a short one where that is forgotten or about something else."""
    if shown.bill is not None:
        return OperatorMessage(_bill(t, shown.bill), _ways(t, shown), shown.matter)
    if shown.outgoing is not None:
        sent = operator_message(t, shown.outgoing)
        if isinstance(sent, OperatorMessage) and sent.matter == shown.matter:
            return sent
    title = TITLES[shown.matter.kind](t, str(shown.matter.number))
    return OperatorMessage(title, _ways(t, shown), shown.matter)


def _ways(t: Translator, shown: ShownMatter) -> tuple[Way, ...]:
    return tuple(Way(LABELS[deed](t), "", deed) for deed in DEEDS[shown.matter.kind])


def _bill(t: Translator, bill: OpenBill) -> Markup:
    invoice = bill.invoice
    return lines(
        TITLES[MatterKind.PROFORMA](t, invoice.number),
        "",
        client_line(t, bill.client),
        t("Amount: <b>{amount}</b>", amount=t.money(invoice.gross)),
        t("Left to pay: <b>{left}</b>", left=t.money(invoice.balance))
        if invoice.is_open and invoice.paid
        else None,
    )


def _client_again(t: Translator, bill: OpenBill) -> Button:
    return Button(t.plain("The client"), PostClientCard(bill.client.id, inside=True))


def _with(text: Markup, line: Markup | None) -> Markup:
    return text if line is None else lines(text, "", line)
