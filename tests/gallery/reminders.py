"""Samples of what goes out unasked: digests, notices to clients, messages to the operator."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from billing.actions.reminders.digest import draw_digest
from billing.actions.reminders.digest_items import DigestInputs
from billing.ports.digests import DigestEntry, Proforma, Reader
from billing.ports.outbox import Outgoing, Topic
from billing.rules.cart import Cart
from billing.rules.charges import Misfit
from billing.rules.cycles import BillingCycle
from billing.rules.invoices import InvoiceStatus, Outcome
from billing.rules.preferences import Pause
from billing.rules.quotes import Quote
from billing.rules.reminders import ReminderItem
from billing.rules.services import Service, ServiceStatus
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders import Digest
from billing.views.services import InvoiceRef, OwnedService
from handlers.chat.screen import Screen
from handlers.reminders import not_now, notices, operator, screens
from locales.translator import Translator
from tests.make import (
    TODAY,
    banner,
    cart,
    invoice,
    money,
    owned_addon,
    pricing,
    product,
    renewal_line,
    service,
)

LONG_NAME = "Hosting Premium Business Unlimited Professional Extra <2026> & Co. " * 2
LONG_DOMAIN = f"{'bardzo-dluga-nazwa-' * 6}.example"

CLIENT = ClientInfo(
    id=1, ref="C-1", name="Anna Nowak", language="pl", timezone="Europe/Warsaw",
    currency="PLN", tax_rate=None, credit=money("0"),
)  # fmt: skip
AGENCY = replace(CLIENT, id=2, ref="C-2", name="Agencja Kowalski & Wspólnicy <Sp. z o.o.>")
ANNA = Visitor(1001, CLIENT, linked=1)


def due(days: int, **changes: Any) -> Service:
    """A service that is due in so many days."""
    return service(**({"next_due_date": TODAY + timedelta(days=days)} | changes))


def digest(
    *owned: Service,
    in_cart: Cart | None = None,
    on_invoice: dict[int, InvoiceRef] | None = None,
    planned_for: date | None = None,
    cancelling: Sequence[int] = (),
    visitor: Visitor = ANNA,
    pauses: dict[int, Pause] | None = None,
    proformas: Sequence[Proforma] = (),
) -> Digest:
    """The reminder of these services, as redrawn."""
    on_invoice, pauses = on_invoice or {}, pauses or {}
    known = replace(
        pricing(*owned),
        on_invoice={number: ref.id for number, ref in on_invoice.items()},
        cancelling=frozenset(cancelling),
    )
    planned = tuple(
        DigestEntry(
            7, of.id,
            ReminderItem(CLIENT.id, planned_for or of.next_due_date or TODAY, "0", of.id),
            owned=OwnedService(of, of.id in cancelling, on_invoice.get(of.id)),
            pause=pauses.get(of.id),
        )
        for of in owned
    ) + tuple(
        DigestEntry(
            7, 1000 + one.id, ReminderItem(CLIENT.id, one.expires_on, "3", invoice_id=one.id),
            proforma=one,
        )
        for one in proformas
    )  # fmt: skip
    inputs = DigestInputs(planned, known, in_cart or cart(), on_invoice)
    acts_for = visitor.client.id if visitor.client else None
    reader = Reader(visitor.user_id, CLIENT, visitor.language, visitor.timezone, acts_for)
    made = draw_digest(7, reader, inputs, sent=True).digest
    assert made is not None
    return made


def mixed(**changes: Any) -> Digest:
    """Everything that can happen in one message."""
    refs = {4: InvoiceRef(5, "PRO-2026-0005", money("35.67"))}
    parts: dict[str, Any] = {
        "in_cart": cart(renewal_line(3)),
        "on_invoice": refs,
        "cancelling": [8],
    }
    return digest(
        due(-3, id=1, name="Hosting Start", domain="sklep.example"),
        due(-7, id=2, name="VPS S", domain="vps.example", status=ServiceStatus.SUSPENDED),
        due(0, id=3, name="Hosting Pro", domain="anna.example", amount=money("59.00")),
        due(1, id=4, name="Domena .pl", domain="anna-nowak.example", cycle=BillingCycle.ANNUALLY),
        owned_addon(id=6, parent_id=3, next_due_date=TODAY + timedelta(days=7)),
        due(14, id=8, name="Blog", domain="blog.example"),
        **(parts | changes),
    )


def many(count: int = 30) -> Digest:
    """More than fits one message, with names as long as they come."""
    named = {"name": LONG_NAME, "domain": LONG_DOMAIN}
    return digest(*(due(n - 5, id=n, **named) for n in range(1, count + 1)))


def longest() -> Digest:
    """All of the longest names, each muted, with proformas and the longest of offers."""
    whole = many()
    items = tuple(
        replace(one, pause=Pause(1001, one.service.id, None, None)) if one.days_left % 2 else one
        for one in whole.items
    )
    texts = {"en": "Long words. " * 100, "pl": "Długie słowa. " * 100}
    on_invoice = digest(due(3), proformas=[proforma(n) for n in range(9)])
    return replace(whole, items=items, proformas=on_invoice.proformas, offer=banner(text=texts))


def renewed(**changes: Any) -> Digest:
    """One whose only service was renewed since."""
    return digest(due(34), planned_for=TODAY + timedelta(days=3), **changes)


def elsewhere() -> Digest:
    """One about another account than the one the user acts for."""
    other = Visitor(1001, AGENCY, linked=2)
    return replace(digest(due(3), visitor=other), account=AGENCY.name)


def snoozed(days: int = 3) -> Digest:
    """One that is put off to a day."""
    owned = due(7), due(9, id=2, name="VPS S", domain="vps.example")
    until = TODAY + timedelta(days=days)
    return digest(*owned, pauses={
        of.id: Pause(1001, of.id, of.next_due_date, until, remind=True) for of in owned
    })  # fmt: skip


def quieter() -> Digest:
    """One of whose services each is heard of in another way."""
    owned = tuple(
        due(days, id=n, name=f"Hosting {n}", domain=f"strona-{n}.example")
        for n, days in enumerate((-1, 3, 7, 9), start=1)
    )
    return digest(*owned, pauses={
        2: Pause(1001, 2, owned[1].next_due_date, owned[1].next_due_date),
        3: Pause(1001, 3, None, None),
        4: Pause(1001, 4, owned[3].next_due_date, TODAY + timedelta(days=2), remind=True),
    })  # fmt: skip


def _quieting(number: int, t: Translator) -> Screen:
    what = quieter()
    return not_now.quieting(t, what, what.items[number])


def proforma(number: int = 5, days: int = 3, **changes: Any) -> Proforma:
    """An unpaid proforma that expires in so many days."""
    made = Proforma(
        number, f"PRO-2026-{number:04}", InvoiceStatus.UNPAID, money("35.67"), money("35.67"),
        TODAY + timedelta(days=days),
    )  # fmt: skip
    return replace(made, **changes)


def with_offer(**changes: Any) -> Digest:
    """One as it is sent while there is an offer."""
    texts = {
        "en": "Business hosting: 20 % off in March.",
        "pl": "Hosting biznesowy: −20 % w marcu.",
    }
    ends = TODAY + timedelta(days=21)
    return replace(digest(due(3)), offer=banner(text=texts, ends=ends, **changes))


def told(topic: Topic, **facts: str | int) -> Outgoing:
    """A notification of a topic; facts replace or add to the usual ones."""
    usual: dict[str, str | int] = {
        "service_id": 12, "invoice_id": 5, "name": "Hosting Start", "domain": "anna.example",
        "number": "PRO-2026-0005", "amount": "35.67 PLN", "client": "C-1", "client_id": 1,
    }  # fmt: skip
    return Outgoing(
        id=1, user_id=1001, topic=topic, facts=usual | facts, languages=("pl",),
        timezone="Europe/Warsaw", attempts=1, client_id=1, client=CLIENT,
    )  # fmt: skip


def event(name: str, **facts: str | int) -> Outgoing:
    """Something the operator is told."""
    return replace(told(Topic.OPERATOR, event=name, **facts), user_id=None, client_id=None)


def _unplaced(reason: Misfit, t: Translator) -> Screen:
    """Money that fits nothing, with everything that a provider may have written."""
    return operator.event(t, event(
        "unplaced", id=7, misfit=str(reason), amount="100 XTR", user=1001,
        reference="<charge>" * 20, payload="p1:7 & more",
    ))  # fmt: skip


def summary(**facts: str | int) -> Outgoing:
    """A day on which everything happened."""
    usual: dict[str, str | int] = {
        "day": ENDS, "sent": 1250, "deferred": 22, "waiting": 5, "void": 3, "undeliverable": 1,
        "failed": 1, "clients": 12, "services": 5, "at_risk": "40.00 EUR, 1234.50 PLN",
        "lost_nobody_linked": 5, "lost_never_started": 4, "lost_blocked": 2,
        "lost_deactivated": 1,
    }  # fmt: skip
    return event("summary", **(usual | facts))


def receipt() -> Outgoing:
    """A receipt with its invoice."""
    paid = invoice(status=InvoiceStatus.PAID)
    done = replace(
        paid.lines[0], outcome=Outcome.RENEWED, due_date=TODAY + timedelta(days=43), service_id=1
    )
    return replace(told(Topic.RECEIPT), invoice=replace(paid, lines=(done,)))


def late(status: InvoiceStatus = InvoiceStatus.EXPIRED, *quotes: Quote) -> Outgoing:
    """Money for a proforma that was closed, with the proforma."""
    closed = invoice(*quotes, status=status)
    return replace(told(Topic.MONEY_CAME_LATE, status=str(status)), invoice=closed)


ENDS = "2026-04-10"

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "digest, one": lambda t: screens.digest(t, digest(due(3))),
    "digest, one overdue": lambda t: screens.digest(t, digest(due(-1))),
    "digest, one in the cart": lambda t: screens.digest(
        t, digest(due(3), in_cart=cart(renewal_line(1)))
    ),
    "digest, covered by credit": lambda t: screens.digest(
        t, replace(digest(due(3)), credit=money("300.00"))
    ),
    "digest, everything": lambda t: screens.digest(t, mixed()),
    "digest, long": lambda t: screens.digest(t, many()),
    "digest, renewed": lambda t: screens.digest(t, renewed()),
    "digest, with an offer": lambda t: screens.digest(
        t, replace(with_offer(picture="https://host.example/spring.png"), offered=product())
    ),
    "digest, with a proforma": lambda t: screens.digest(
        t, digest(due(3), proformas=[proforma(), proforma(6, 1, status=InvoiceStatus.PAID)])
    ),
    "digest, put off": lambda t: screens.digest(t, snoozed()),
    "digest, quieter": lambda t: screens.digest(t, quieter()),
    "digest, as long as can be": lambda t: screens.digest(t, longest()),
    "not now": lambda t: not_now.not_now(t, digest(due(3))),
    "not now, quieter": lambda t: not_now.not_now(t, quieter()),
    "not now, many": lambda t: not_now.not_now(t, many()),
    "days": lambda t: not_now.days(t, digest(due(3)), TODAY),
    "days of next month": lambda t: not_now.days(t, digest(due(3)), TODAY + timedelta(days=30)),
    "days of the last month": lambda t: not_now.days(t, digest(due(3)), TODAY.replace(2030)),
    **{
        f"quieting, {name}": partial(_quieting, number)
        for number, name in enumerate(("overdue", "muted", "never", "put off"))
    },
    "digest, of another account": lambda t: screens.digest(t, elsewhere()),
    "digest, in need": screens.short,
    "receipt": lambda t: notices.notice(t, receipt()),
    "receipt, in short": lambda t: notices.notice(t, told(Topic.RECEIPT)),
    "order accepted": lambda t: notices.notice(t, told(Topic.ORDER_ACCEPTED, due_date=ENDS)),
    "order accepted, one-time": lambda t: notices.notice(t, told(Topic.ORDER_ACCEPTED)),
    "order rejected": lambda t: notices.notice(
        t, told(Topic.ORDER_REJECTED, credited="120.00 PLN")
    ),
    "cancellation accepted": lambda t: notices.notice(
        t, told(Topic.CANCELLATION_ACCEPTED, effective_on=ENDS, when="period_end")
    ),
    "cancellation accepted, now": lambda t: notices.notice(
        t, told(Topic.CANCELLATION_ACCEPTED, effective_on=ENDS, when="now")
    ),
    "cancellation rejected": lambda t: notices.notice(t, told(Topic.CANCELLATION_REJECTED)),
    "cancelled": lambda t: notices.notice(t, told(Topic.CANCELLED)),
    "part paid": lambda t: notices.notice(t, told(Topic.PART_PAID, balance="12.00 PLN")),
    "money to credit": lambda t: notices.notice(t, told(Topic.MONEY_TO_CREDIT)),
    "money came late": lambda t: notices.notice(t, late()),
    "money came late, proforma gone": lambda t: notices.notice(
        t, told(Topic.MONEY_CAME_LATE, status="cancelled")
    ),
    "credit added": lambda t: notices.notice(
        t, told(Topic.CREDIT_CHANGED, amount="50.00 PLN", balance="85.67 PLN", note="Sorry & <3")
    ),
    "credit taken back": lambda t: notices.notice(
        t, told(Topic.CREDIT_CHANGED, amount="-50.00 PLN", balance="0.00 PLN", note="")
    ),
    "proforma expired": lambda t: notices.notice(t, told(Topic.INVOICE_EXPIRED)),
    "proforma expired, credit back": lambda t: notices.notice(
        t, told(Topic.INVOICE_EXPIRED, released="10.00 PLN")
    ),
    "proforma closed": lambda t: notices.notice(
        t, told(Topic.INVOICE_CLOSED, reason="paid", due_date=ENDS, others=2, more=1)
    ),
    "proforma closed, ended": lambda t: notices.notice(
        t, told(Topic.INVOICE_CLOSED, reason="ended", due_date="", released="10.00 PLN")
    ),
    "notice of another account": lambda t: notices.notice(
        t, replace(receipt(), is_elsewhere=True, client=AGENCY)
    ),
    "notice, in need": notices.short,
    "operator, order": lambda t: operator.event(t, event("order")),
    "operator, cancellation": lambda t: operator.event(
        t, event("cancellation", id=3, when="period_end", reason="<za drogo & wolno> " * 60)
    ),
    "operator, cancellation now": lambda t: operator.event(
        t, event("cancellation", id=3, when="now", reason="")
    ),
    "operator, withdrawn": lambda t: operator.event(t, event("withdrawn", id=3)),
    "operator, surplus": lambda t: operator.event(t, event("surplus")),
    "operator, late": lambda t: operator.event(
        t, replace(event("late", status="expired", reach="reached"), invoice=late().invoice)
    ),
    "operator, late, nobody told": lambda t: operator.event(
        t, event("late", status="cancelled", reach="blocked")
    ),
    "operator, credited": lambda t: operator.event(t, event("credited")),
    "operator, renewed after move": lambda t: operator.event(
        t, event("renewed_after_move", due_date=ENDS)
    ),
    "operator, messages waited": lambda t: operator.event(
        t, event("waited", n=12, why="removed", oldest="2026-04-10T08:15:00+00:00")
    ),
    "operator, a message waited": lambda t: operator.event(t, event("waited", n=1, why="not_set")),
    "operator, summary": lambda t: operator.event(t, summary()),
    "operator, summary of one": lambda t: operator.event(
        t, summary(sent=1, deferred=1, waiting=1, void=1, failed=0, clients=1, services=1)
    ),
    "operator, summary, all is well": lambda t: operator.event(
        t, event("summary", day=ENDS, sent=12)
    ),
    **{f"operator, unplaced, {reason}": partial(_unplaced, reason) for reason in Misfit},
    "payment arrived": lambda t: notices.notice(t, told(Topic.PAYMENT_ARRIVED)),
    "payment put aside": lambda t: notices.notice(t, told(Topic.PAYMENT_UNPLACED)),
    "payment put aside, unreadable": lambda t: notices.notice(
        t, told(Topic.PAYMENT_UNPLACED, amount="")
    ),
    "payment credited": lambda t: notices.notice(t, told(Topic.PAYMENT_CREDITED)),
    "operator, wrong codes": lambda t: operator.event(
        t, event("wrong_codes", guesses=37, users=12)
    ),
    "operator, unknown": lambda t: operator.event(t, event("something_new")),
}
