"""The fields of the operator's lists as JSON; their names are documented and do not change."""

from billing.ports.inbox import UnplacedMoney
from billing.rules.audit import AuditEntry
from billing.rules.panel.owner import Ownership
from billing.rules.services.service import Service
from billing.rules.work import WorkKind
from billing.views.operator import PendingAddon, PendingOrder, UnpaidProforma
from billing.views.panel import ListedCall
from billing.views.services import Cancellation
from billing.views.tasks import ListedTask
from bot.commands.data.kept_terms import Term
from bot.commands.output.as_json import Record


def order_fields(order: PendingOrder) -> Record:
    """An order that waits, and the add-ons that are decided with it."""
    return {
        "number": order.service.id,
        "client": order.client_ref,
        "client_name": order.client_name,
        **_service_fields(order.service),
        "cycle": order.service.cycle,
        "proforma": order.invoice_number or None,
        "paid": order.gross,
        "addons": [_addon_fields(addon) for addon in order.addons],
    }


def _addon_fields(addon: PendingAddon) -> Record:
    return {
        "name": addon.service.title,
        "cycle": addon.service.cycle,
        "proforma": addon.invoice_number or None,
        "paid": addon.gross,
    }


def _service_fields(service: Service) -> Record:
    return {
        "service": service.ref or None,
        "name": service.title,
        "domain": service.domain or None,
    }


def cancellation_fields(one: tuple[Cancellation, Service, str]) -> Record:
    """A request to cancel that waits; `ends_on` is null where that day is not known yet."""
    request, service, client = one
    return {
        "number": request.id,
        "client": client,
        **_service_fields(service),
        "when": request.when,
        "ends_on": request.effective_on,
        "reason": request.reason,
        "requested_at": request.requested_at,
    }


def proforma_fields(one: UnpaidProforma) -> Record:
    """A proforma that waits to be paid."""
    return {
        "proforma": one.number,
        "client": one.client_ref,
        "client_name": one.client_name,
        "amount": one.gross,
        "paid": one.paid,
        "lapses_after": one.expires_on,
    }


def unplaced_fields(money: UnplacedMoney) -> Record:
    """Money that fits nothing; in minor units, since its currency may be none that we know."""
    return {
        "number": money.id,
        "received_at": money.received_at,
        "minor_units": money.amount,
        "currency": money.currency or None,
        "reason": money.reason,
        "charge": money.reference,
        "payload": money.payload,
        "user": money.user_id,
    }


def task_fields(listed: ListedTask) -> Record:
    """What has to be done; `order` is its number among the orders, if it is one.

    A request to cancel has no `proforma`, and perhaps a day, `due_on`, on which it is to be done.
    `done_at` and `done_by` are null while it is open.
    """
    task = listed.task
    return {
        "number": task.id,
        "kind": task.kind,
        "client": listed.client_ref,
        "client_name": listed.client_name,
        "service": listed.service_ref or None,
        "order": task.service_id if task.kind is WorkKind.ORDER else None,
        "name": task.name,
        "domain": task.domain or None,
        "proforma": task.number or None,
        "due_on": task.due_on,
        "since": task.opened_at,
        "done_at": task.done_at,
        "done_by": task.done_by or None,
    }


def call_fields(listed: ListedCall) -> Record:
    """A write that the connected panel is owed."""
    call = listed.call
    return {
        "number": call.id,
        "since": call.created_at,
        "what": call.verb,
        "client": listed.client_ref,
        "proforma": listed.invoice_number or None,
        "amount": listed.amount if listed.amount else None,
        "state": call.state,
        "why": call.error or None,
    }


def audit_fields(entry: AuditEntry) -> Record:
    """One thing that was done for the company."""
    return {
        "at": entry.at,
        "who": entry.actor.name,
        "what": entry.action,
        "about": entry.subject,
        "how": entry.note or None,
    }


def panel_fields(ownership: Ownership) -> Record:
    """The panel that the database belongs to (null: none yet), and that of the settings."""
    owner = ownership.owner
    return {
        "database": None
        if owner is None
        else {"panel": owner.panel, "identity": owner.identity or None, "since": owner.since},
        "settings": {"panel": ownership.panel, "identity": ownership.identity or None},
        "changed": ownership.is_other_panel or ownership.has_moved,
    }


def term_fields(term: Term) -> Record:
    """A setting as the data was loaded with it, and as it is now."""
    return {
        "setting": term.name,
        "loaded_with": term.loaded,
        "now": term.now,
        "changed": term.has_changed,
    }
