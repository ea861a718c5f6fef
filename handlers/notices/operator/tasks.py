"""What the operator has to do after a payment."""

from markupsafe import Markup

from billing.rules.work import WorkKind
from billing.views.account import ClientInfo
from billing.views.notices.work import OpenedTask, TasksOpened
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.chat.screens.widgets import lines
from handlers.notices.operator.commands import OperatorMessage, Way, command
from handlers.notices.subject import client_line, service_name
from locales.text import Plain
from locales.translator import Translator

MOST_TASKS = 20
"""So many tasks are named in one message; `panelik tasks` lists the others."""


def tasks_opened(t: Translator, opened: TasksOpened, client: ClientInfo | None) -> OperatorMessage:
    """The tasks of one paid proforma, and the command that finishes them."""
    named = opened.tasks[:MOST_TASKS]
    is_one = len(opened.tasks) == 1
    hidden = len(opened.tasks) - len(named)
    numbers = [str(task.task_id) for task in named]
    done = Way(
        t.plain("Done") if is_one else t.plain("All done"),
        command("tasks", "done", *numbers),
        Deed.DONE,
    )
    every = (Way(t.plain("All tasks"), command("tasks")),) if hidden else ()
    return OperatorMessage(
        lines(
            *(_one(t, named[0]) if is_one else _several(t, len(opened.tasks), named)),
            t.n("… and {n} more", "… and {n} more", hidden) if hidden else None,
            client_line(t, client),
            t("Proforma {number}", number=opened.number),
        ),
        (done, *every),
        MatterId(MatterKind.TASKS, opened.tasks[0].task_id),
    )


def _one(t: Translator, task: OpenedTask) -> tuple[Markup | str, ...]:
    what = work(t, task.kind)
    return (t("🛠 <b>To do: {what}</b>", what=what), "", service_name(t, task.service))


def _several(t: Translator, count: int, named: tuple[OpenedTask, ...]) -> tuple[Markup | str, ...]:
    title = t.n("<b>{n} thing to do</b>", "<b>{n} things to do</b>", count)
    entries = (
        Markup("{}. {}: {}").format(
            task.task_id, service_name(t, task.service), work(t, task.kind)
        )
        for task in named
    )
    return (Markup("🛠 {}").format(title), "", *entries, "")


def work(t: Translator, kind: WorkKind) -> Plain:
    """What there is to do."""
    match kind:
        case WorkKind.ORDER:
            return t.plain("set up a new product")
        case WorkKind.ADDON:
            return t.plain("set up an add-on")
        case WorkKind.RENEWAL:
            return t.plain("carry out the renewal")
        case WorkKind.REACTIVATION:
            return t.plain("switch on again")
        case WorkKind.CANCELLATION:
            return t.plain("end the service")
