"""Invoices: what Telegram refuses, and how a payment goes."""

import asyncio

import pytest

from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.methods.api import BotApi
from bot.sandbox.people import ANNA
from tests.bot.sandbox.test_strict import BUTTON, keyboard, refusal
from tests.bot.sandbox.test_world import updates

PRICE = {"label": "Hosting", "amount": 12_300}
INVOICE: Json = {
    "chat_id": ANNA.id,
    "title": "Hosting",
    "description": "One year",
    "payload": "order-1",
    "provider_token": "provider",
    "currency": "PLN",
    "prices": [PRICE],
}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "ł" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"currency": "zł"}, "CURRENCY_INVALID"),
        ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID"),
        ({"prices": []}, "there must be at least one price"),
        ({"prices": [{"label": "", "amount": 1}]}, "label must be non-empty"),
        ({"prices": [{"label": "a", "amount": 1.5}]}, "must be of type Number"),
        ({"prices": [{"label": "a", "amount": 374}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [{"label": "a", "amount": 9_000_000}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"currency": "XTR"}, "Stars take no provider token"),
        (
            {"currency": "XTR", "provider_token": "", "prices": [PRICE, PRICE]},
            "STARS_INVOICE_INVALID",
        ),
        ({"reply_markup": keyboard([BUTTON])}, "first button is its pay button"),
    ],
)
async def test_an_invoice_telegram_refuses(api: BotApi, changes: Json, reason: str) -> None:
    assert reason in await refusal(api, "sendInvoice", **{**INVOICE, **changes})


async def invoice(api: BotApi) -> int:
    return int((await api.call("sendInvoice", INVOICE))["result"]["message_id"])


async def agree(api: BotApi) -> None:
    """Answer the question before a payment as soon as it comes."""
    (update,) = await updates(api, timeout=5, allowed_updates=["pre_checkout_query", "message"])
    query = update["pre_checkout_query"]
    assert (query["invoice_payload"], query["total_amount"]) == ("order-1", PRICE["amount"])
    answer = {"pre_checkout_query_id": query["id"], "ok": True}
    assert (await api.call("answerPreCheckoutQuery", answer))["ok"]
    late = await api.call("answerPreCheckoutQuery", answer)
    assert "query is too old" in late["description"]
    await updates(api, offset=update["update_id"] + 1)


async def test_each_payment_has_its_own_charge_ids(api: BotApi) -> None:
    charges = set()
    for _ in range(2):
        message_id = await invoice(api)
        result, _ = await asyncio.gather(api.visitor(ANNA.id).pay(message_id), agree(api))
        assert result == {"state": "paid"}
        (update,) = await updates(api)
        payment = update["message"]["successful_payment"]
        charges |= {payment[f"{name}_payment_charge_id"] for name in ("telegram", "provider")}
        await updates(api, offset=update["update_id"] + 1)
    assert len(charges) == 4


async def test_a_paid_invoice_cannot_be_paid_again(api: BotApi) -> None:
    message_id = await invoice(api)
    await asyncio.gather(api.visitor(ANNA.id).pay(message_id), agree(api))
    with pytest.raises(SandboxError, match="paid already"):
        await api.visitor(ANNA.id).pay(message_id)


async def test_a_payment_the_bot_does_not_answer_fails(api: BotApi) -> None:
    api.world.pre_checkout_seconds = 0.01
    result = await api.visitor(ANNA.id).pay(await invoice(api))
    assert result["state"] == "failed"
    late = {"pre_checkout_query_id": "4300000000000000001", "ok": True}
    assert "query is too old" in (await api.call("answerPreCheckoutQuery", late))["description"]
