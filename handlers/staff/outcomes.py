"""What became of a matter, by whom and when: "✅ Accepted · Olga, 17:44"."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from markupsafe import Markup

from billing.rules.audit import Audited, AuditEntry
from billing.views.staff import MatterState, Standing
from handlers.chat.screens.widgets import shortened
from locales.text import Plain
from locales.translator import Translator

PERSON_LIMIT = 40

DONE: Mapping[Audited, Callable[[Translator], Plain]] = {
    Audited.ACCEPT_ORDER: lambda t: t.plain("✅ Accepted"),
    Audited.REJECT_ORDER: lambda t: t.plain("❌ Rejected"),
    Audited.ACCEPT_CANCELLATION: lambda t: t.plain("✅ Accepted"),
    Audited.REJECT_CANCELLATION: lambda t: t.plain("❌ Rejected"),
    Audited.RECORD_TRANSFER: lambda t: t.plain("✅ Payment recorded"),
    Audited.CLOSE_UNPLACED: lambda t: t.plain("✅ Settled"),
    Audited.CREDIT_UNPLACED: lambda t: t.plain("✅ Made credit"),
    Audited.BOOK_UNPLACED: lambda t: t.plain("🔁 Booked again"),
    Audited.RETRY_CALL: lambda t: t.plain("🔁 Asked again"),
    Audited.FINISH_CALL: lambda t: t.plain("✅ Done in the panel"),
    Audited.FINISH_TASK: lambda t: t.plain("✅ Done"),
    Audited.DROP_CALL: lambda t: t.plain("↩️ Given up"),
}
"""What people read of each thing that is done about a matter."""


def outcome(t: Translator, standing: Standing, today: date) -> Plain | None:
    """The line below a matter; None where nothing has been done about it."""
    if standing.last is not None:
        return _done(t, standing.last, today)
    match standing.state:
        case MatterState.WAITING:
            return None
        case MatterState.WITHDRAWN:
            return t.plain("↩️ Withdrawn by the client")
        case MatterState.PAID:
            return t.plain("✅ Paid")
        case _:
            return t.plain("It does not wait for you any more.")


def outcome_line(t: Translator, standing: Standing, today: date) -> Markup | None:
    """The same in bold."""
    line = outcome(t, standing, today)
    return None if line is None else Markup("<b>{}</b>").format(line)


def _done(t: Translator, entry: AuditEntry, today: date) -> Plain:
    return t.plain(
        "{done} · {person}, {time}",
        done=DONE[entry.action](t) if entry.action in DONE else str(entry.action),
        person=shortened(entry.actor.person, PERSON_LIMIT),
        time=_time(t, entry.at, today),
    )


def _time(t: Translator, at: datetime, today: date) -> Plain:
    """The clock's time; on another day with the date."""
    local = at.astimezone(t.zone)
    return t.clock(local.time()) if local.date() == today else t.instant(at)
