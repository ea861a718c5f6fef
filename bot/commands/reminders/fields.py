"""The reports about reminders as JSON; their fields are documented and do not change."""

from collections.abc import AsyncIterator
from datetime import date
from zoneinfo import ZoneInfo

from billing.views.account import ClientInfo
from billing.views.reminders.preview import ClientPreview, LeftOut, PreviewedMessage
from billing.views.reminders.reports import ItemHistory, Sending, ServiceLog, UnreachableClient
from bot.commands.output.as_json import Record
from bot.commands.reminders.preview import message_text


async def preview_fields(
    day: date, clients: AsyncIterator[ClientPreview], zone: ZoneInfo
) -> Record:
    """Everything that goes out on a day, and what nobody is told of."""
    messages, left_out = [], []
    async for one in clients:
        messages += [_message_fields(one.client, message, zone) for message in one.messages]
        left_out += [_left_out_fields(one.client, item) for item in one.left_out]
    return {"date": day, "messages": messages, "left_out": left_out}


def _message_fields(client: ClientInfo, message: PreviewedMessage, zone: ZoneInfo) -> Record:
    sending, digest = message.sending, message.digest
    is_over = sending is not None and message.is_finished
    return {
        **_client_fields(client),
        "user": message.user_id,
        "at": message.at,
        "state": sending.state if sending is not None and is_over else "planned",
        "text": None if digest is None or is_over else message_text(digest, zone),
    }


def _left_out_fields(client: ClientInfo, item: LeftOut) -> Record:
    return {
        **_client_fields(client),
        "name": item.title,
        "due_date": item.due_date,
        "stage": item.stage,
        "reason": item.reason,
    }


def _client_fields(client: ClientInfo) -> Record:
    return {"client": client.ref, "client_name": client.name}


def unreachable_fields(one: UnreachableClient) -> Record:
    """A client whom nothing reaches; `at_risk` is null while a part of it is not known."""
    return {
        "client": one.ref,
        "client_name": one.name,
        "email": one.email or None,
        "reason": one.reason,
        "services": one.services,
        "nearest_due": one.nearest,
        "at_risk": one.at_risk.whole,
        "unpriced_services": one.at_risk.unknown,
    }


def log_fields(log: ServiceLog) -> Record:
    """What became of the reminders of one service, newest due date first."""
    service = log.service
    return {
        **_client_fields(log.client),
        "number": service.id,
        "service": service.ref or None,
        "name": service.title,
        "domain": service.domain or None,
        "next_due_date": service.next_due_date,
        "reminders": [_item_fields(item) for item in log.items],
    }


def _item_fields(item: ItemHistory) -> Record:
    return {
        "due_date": item.due_date,
        "stage": item.stage,
        "state": item.state,
        "reason": item.reason,
        "planned_at": item.planned_at,
        "messages": [_sending_fields(sending) for sending in item.sendings],
    }


def _sending_fields(sending: Sending) -> Record:
    return {
        "user": sending.user_id,
        "state": sending.state,
        "planned_at": sending.planned_at,
        "send_at": sending.until,
        "finished_at": sending.finished_at,
        "message": sending.message_id,
        "reason": sending.dropped or sending.reason,
        "deferred": [
            {"at": at, "until": until, "reason": reason} for at, until, reason in sending.deferrals
        ],
    }
