"""What waits for staff, counted, with a button to each list."""

from collections.abc import Callable, Mapping

from billing.views.desk import CompanyStanding, Desk, Waiting
from handlers.buttons import AskFind, OpenHome, OpenWaiting
from handlers.chat.screens.figures import money_lines, paid_line
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import lines
from locales.text import Plain
from locales.translator import Translator


def desk(t: Translator, now: Desk, *, is_client: bool) -> Screen:
    """The figures and the lists; `is_client`: staff who also have services of their own."""
    rows = tuple(
        (Button(words(t, n), OpenWaiting(kind)),)
        for kind, words in LISTS.items()
        if (n := count_of(now.standing, kind))
    )
    find = Button(t.plain("🔎 Find a client or service"), AskFind())
    own: tuple[Row, ...] = ((Button(t.plain("My services"), OpenHome()),),) if is_client else ()
    return Screen(
        lines(
            t("🗂 <b>What waits</b>"),
            "",
            paid_line(t, t("Paid today"), now.paid),
            *money_lines(t, now.standing),
            *(() if rows else ("", t("✅ Nothing waits for you."))),
        ),
        (*rows, (find,), *own),
    )


def count_of(standing: CompanyStanding, kind: Waiting) -> int:
    """How many wait in a list."""
    if kind is Waiting.PROFORMAS:
        return standing.waiting.count
    counts: Mapping[Waiting, int] = {
        Waiting.ORDERS: standing.todo.orders,
        Waiting.CANCELLATIONS: standing.todo.cancellations,
        Waiting.UNPLACED: standing.todo.unplaced,
        Waiting.CALLS: standing.todo.calls,
        Waiting.UNREACHABLE: standing.todo.unreachable,
        Waiting.TASKS: standing.todo.tasks,
    }
    return counts[kind]


LISTS: Mapping[Waiting, Callable[[Translator, int], Plain]] = {
    Waiting.ORDERS: lambda t, n: t.plain("🛒 Orders to accept: {n}", n=t.number(n)),
    Waiting.CANCELLATIONS: lambda t, n: t.plain("🔚 Cancellation requests: {n}", n=t.number(n)),
    Waiting.TASKS: lambda t, n: t.plain("🛠 To be done: {n}", n=t.number(n)),
    Waiting.PROFORMAS: lambda t, n: t.plain("🧾 Proformas to be paid: {n}", n=t.number(n)),
    Waiting.UNPLACED: lambda t, n: t.plain("❓ Money that fits nothing: {n}", n=t.number(n)),
    Waiting.CALLS: lambda t, n: t.plain("🔁 Panel calls that need you: {n}", n=t.number(n)),
    Waiting.UNREACHABLE: lambda t, n: t.plain("🚫 Clients we cannot reach: {n}", n=t.number(n)),
}
"""The button of each list, in the order in which they matter."""
