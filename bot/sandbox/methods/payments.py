"""Invoices in the chat and what happens when a person pays one."""

import asyncio
import secrets

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.methods.invoices import STARS, check_invoice
from bot.sandbox.methods.messages import finish_send
from bot.sandbox.people import Profile
from bot.sandbox.state import PreCheckout, World

DECLINED = "Your card was declined."
TIMED_OUT = "The bot did not answer in time."


def send_invoice(world: World, params: Json) -> Json:
    """Put an invoice with its pay button into a chat."""
    chat = world.reach(params["chat_id"])
    total = check_invoice(params)
    invoice = {
        "title": params["title"],
        "description": params["description"],
        "start_parameter": params.get("start_parameter", ""),
        "currency": params["currency"],
        "total_amount": total,
    }
    if "reply_markup" not in params:
        pay = {"text": f"Pay {_amount(invoice)}", "pay": True}
        params = {**params, "reply_markup": {"inline_keyboard": [[pay]]}}
    message = finish_send(world, chat, {"invoice": invoice}, params)
    message.payload = params["payload"]
    return message.body


def _amount(invoice: Json) -> str:
    total, currency = invoice["total_amount"], invoice["currency"]
    if currency == STARS:
        return f"⭐ {total}"
    return f"{total // 100}.{total % 100:02} {currency}"


async def pay(world: World, payer: Profile, chat: Chat, message_id: int, *, outcome: str) -> Json:
    """Pay an invoice and return how it went: paid, failed or refused, with the reason.

    `outcome` is what the payment provider says after the bot has agreed: "pay" or "fail".
    """
    message = chat.messages.get(message_id)
    if message is None or "invoice" not in message.body:
        raise SandboxError("there is no invoice to pay")
    if message.payment and message.payment["state"] in {"paid", "checking"}:
        raise SandboxError(f"the invoice is {message.payment['state']} already")
    _tell(chat, message, {"state": "checking"})
    result = await _ask(world, payer, message)
    if result["state"] == "paid" and outcome == "fail":
        result = {"state": "failed", "error": DECLINED}
    _tell(chat, message, result)
    if result["state"] == "paid":
        _receive(world, payer, chat, message)
    return result


def tell_of_money(
    world: World, payer: Profile, chat: Chat, content: Json, *, kind: str = "message"
) -> None:
    """Tell the bot that money came or went back; `content` may be as strange as tests like."""
    world.update(kind, world.post(chat, content, sender=payer).body)


def _tell(chat: Chat, message: Message, state: Json) -> None:
    message.payment = state
    chat.tell("payment", {"message_id": message.id, "error": "", **state})


async def _ask(world: World, payer: Profile, message: Message) -> Json:
    """Send the pre-checkout query and wait for the bot's answer."""
    pre_checkout = PreCheckout(world.query_id(), asyncio.get_running_loop().create_future())
    world.pre_checkouts[pre_checkout.id] = pre_checkout
    invoice = message.body["invoice"]
    query = {
        "id": pre_checkout.id,
        "from": payer.user(),
        "currency": invoice["currency"],
        "total_amount": invoice["total_amount"],
        "invoice_payload": message.payload,
    }
    world.update("pre_checkout_query", query)
    try:
        async with asyncio.timeout(world.pre_checkout_seconds):
            answer = await pre_checkout.answer
    except TimeoutError:
        return {"state": "failed", "error": TIMED_OUT}
    finally:
        del world.pre_checkouts[pre_checkout.id]
    return {"state": "paid"} if answer["ok"] else {"state": "refused", "error": answer["error"]}


def _receive(world: World, payer: Profile, chat: Chat, message: Message) -> None:
    invoice = message.body["invoice"]
    payment = {
        "currency": invoice["currency"],
        "total_amount": invoice["total_amount"],
        "invoice_payload": message.payload,
        "telegram_payment_charge_id": f"sandbox_{secrets.token_hex(12)}",
        "provider_payment_charge_id": f"provider_{secrets.token_hex(12)}",
    }
    tell_of_money(world, payer, chat, {"successful_payment": payment})
