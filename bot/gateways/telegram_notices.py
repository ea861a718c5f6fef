"""Telegram's updates that carry money: how they are recognised, kept and read.

They are read from the raw update. A payment that python-telegram-bot cannot parse, or that was
made in a group, in Stars or by a stranger, has been made all the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from billing.rules.errors import NotFoundError
from billing.rules.payments.charges import PAID, REFUNDED, Charge, event_id_of
from billing.rules.payments.payload import NamedPayment, read_payload
from bot.gateways.telegram import CODE

Raw = Mapping[str, Any]

KINDS = {"successful_payment": PAID, "refunded_payment": REFUNDED}
"""The fields of a message that report money, with their kind of notice."""

_MOST = 2**63
"""The first number that does not fit a column."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An update that carries money, as it is kept; `sent_at` is the message's own date."""

    event_id: str
    body: str
    charge: Charge
    sent_at: datetime | None


def carries_money(update: Raw) -> bool:
    """Return whether any kind of message in the update reports money."""
    return _part(update) is not None


def notice_of(update: Raw) -> Notice:
    """Make the notice of an update; its key is Telegram's own if there is one."""
    body = json.dumps(update, ensure_ascii=True, separators=(",", ":"))
    part = _part(update)
    kind, message = part or (PAID, {})
    event_id = event_id_of(kind, _text(_payment(message).get(_CHARGE)), body)
    return Notice(event_id, body, _charge(event_id, kind, message), _date(message))


class TelegramNotices:
    """Reads kept updates; implements the port `NoticeReader`."""

    def read(self, event_id: str, body: str) -> Charge:
        """Return what the update reports; ValueError if it reports no money."""
        update = json.loads(body)
        part = _part(update)
        if part is None:
            raise ValueError("this update carries no money")
        return _charge(event_id, *part)


_CHARGE = "telegram_payment_charge_id"


def _part(update: Raw) -> tuple[str, Raw] | None:
    """The kind of notice, and the message that brings it."""
    for message in update.values():
        if isinstance(message, dict):
            for field, kind in KINDS.items():
                if message.get(field) is not None:
                    return kind, message
    return None


def _charge(event_id: str, kind: str, message: Raw) -> Charge:
    payment = _payment(message)
    payload = _text(payment.get("invoice_payload"))
    named_payment = _named_payment(payload)
    sender, chat = _dict(message.get("from")), _dict(message.get("chat"))
    is_private = chat.get("type") == "private"
    # The id of a private chat is the user's id.
    user_id = _number(sender.get("id") or (chat.get("id") if is_private else None))
    return Charge(
        source=CODE,
        event_id=event_id,
        charge_id=_text(payment.get(_CHARGE)),
        amount=_number(payment.get("total_amount")),
        currency=_text(payment.get("currency")),
        payload=payload,
        payment_id=named_payment.id if named_payment else None,
        named_payment=named_payment,
        user_id=user_id,
        language=_text(sender.get("language_code")),
        is_readable=bool(payment) and user_id is not None,
        is_private=is_private,
        is_refund=kind == REFUNDED,
    )


def _named_payment(payload: str) -> NamedPayment | None:
    """Return the id of the payment that a payload names."""
    try:
        return read_payload(payload)
    except NotFoundError:
        return None


def _payment(message: Raw) -> Raw:
    return next((_dict(message[field]) for field in KINDS if field in message), {})


def _date(message: Raw) -> datetime | None:
    seconds = _number(message.get("date"))
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _dict(value: object) -> Raw:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    """Return a whole number (not a bool) that fits a column, or None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if -_MOST < value < _MOST else None


def _text(value: object) -> str:
    """Remove what some database cannot store: NUL and halves of surrogate pairs."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\0", "")
