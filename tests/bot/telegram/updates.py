"""Updates as Telegram sends them, and an application that handles them."""

from typing import Any

from telegram import Update
from telegram.ext import Application, ApplicationBuilder

from bot.telegram.gate import PersonGate
from bot.telegram.transport import AiohttpRequest

TOKEN = "123456789:AAtestTOKENtestTOKENtestTOKENtest0"

App = Application[Any, Any, Any, Any, Any, Any]


def person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": f"Person {number}"}


def message(number: int, sender: int, text: str = "hello", **more: Any) -> dict[str, Any]:
    chat = {"id": sender, "type": "private", "first_name": f"Person {sender}"}
    body = {"message_id": number, "date": 1, "chat": chat, "from": person(sender), "text": text}
    return {"update_id": number, "message": {**body, **more}}


def tap(number: int, sender: int) -> dict[str, Any]:
    query = {"id": str(number), "from": person(sender), "chat_instance": "1", "data": "x"}
    return {"update_id": number, "callback_query": query}


def pre_checkout(number: int, sender: int) -> dict[str, Any]:
    query = {
        "id": str(number),
        "from": person(sender),
        "currency": "PLN",
        "total_amount": 100,
        "invoice_payload": "x",
    }
    return {"update_id": number, "pre_checkout_query": query}


def paid(number: int, sender: int) -> dict[str, Any]:
    payment = {
        "currency": "PLN",
        "total_amount": 100,
        "invoice_payload": "x",
        "telegram_payment_charge_id": "t",
        "provider_payment_charge_id": "p",
    }
    return message(number, sender, successful_payment=payment)


def parsed(update: dict[str, Any]) -> Update:
    return Update.de_json(update, None)


def application(base: str, gate: PersonGate | None = None) -> App:
    request = AiohttpRequest()
    return (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(base)
        .request(request)
        .get_updates_request(request)
        .updater(None)
        .job_queue(None)
        .concurrent_updates(gate or PersonGate())
        .build()
    )
