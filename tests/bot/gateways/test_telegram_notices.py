"""Which updates carry money, and what they say, read from the update as it came."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.payments.charges import Misfit, misfit_of
from bot.gateways.telegram_notices import TelegramNotices, carries_money, notice_of
from tests.bot.telegram import updates

PAYMENT = {
    "currency": "PLN",
    "total_amount": 5900,
    "invoice_payload": "p2:7:PRO-202611-00001",
    "telegram_payment_charge_id": "charge-1",
    "provider_payment_charge_id": "p",
}


def message(**changes: Any) -> dict[str, Any]:
    """A message of a private chat that says that 59.00 PLN were paid."""
    sender = {**updates.person(1001), "language_code": "pl"}
    chat = {"id": 1001, "type": "private"}
    usual = {"message_id": 5, "date": 1_795_000_000, "chat": chat, "from": sender}
    return {**usual, "successful_payment": PAYMENT, **changes}


def paid(**changes: Any) -> dict[str, Any]:
    """An update whose payment differs in some fields."""
    payment = {**PAYMENT, **changes}
    return {"update_id": 9, "message": message(successful_payment=payment)}


@pytest.mark.parametrize(
    "kind",
    ["message", "edited_message", "channel_post", "edited_channel_post", "business_message"],
)
@pytest.mark.parametrize("field", ["successful_payment", "refunded_payment"])
def test_whatever_kind_of_message_brings_it_money_is_seen(kind: str, field: str) -> None:
    body = message()
    payment = body.pop("successful_payment")
    assert carries_money({"update_id": 1, kind: {**body, field: payment}})


@pytest.mark.parametrize("payment", [{}, "paid", [], 7, {"total_amount": "many"}])
def test_money_is_seen_however_it_is_written(payment: object) -> None:
    update = {"update_id": 1, "message": message(successful_payment=payment)}
    assert carries_money(update)
    charge = notice_of(update).charge
    assert misfit_of(charge) is not None


@pytest.mark.parametrize(
    "update",
    [
        updates.message(1, 1001),
        updates.tap(2, 1001),
        updates.pre_checkout(3, 1001),
        updates.message(4, 1001, reply_to_message=message()),
        updates.message(5, 1001, pinned_message=message()),
        {"update_id": 6, "callback_query": {"id": "1", "message": message()}},
        {"update_id": 7, "message": message(successful_payment=None)},
        {"update_id": 8},
        {"update_id": 9, "message": None},
    ],
)
def test_what_only_speaks_of_a_payment_carries_no_money(update: dict[str, Any]) -> None:
    assert not carries_money(update)


def test_a_payment_says_who_has_paid_what_and_how_much() -> None:
    notice = notice_of(paid())
    charge = notice.charge
    assert misfit_of(charge) is None
    assert (charge.charge_id, charge.stated, charge.user_id) == ("charge-1", "59.00 PLN", 1001)
    assert (charge.payment_id, charge.number) == (7, "PRO-202611-00001")
    assert charge.language == "pl"
    assert notice.event_id == "paid:charge-1"
    assert notice.sent_at == datetime.fromtimestamp(1_795_000_000, UTC)
    assert TelegramNotices().read(notice.event_id, notice.body) == charge
    assert json.loads(notice.body) == paid()


def test_in_a_private_chat_the_chat_says_who_has_paid() -> None:
    notice = notice_of({"update_id": 1, "message": message(**{"from": None})})
    assert (misfit_of(notice.charge), notice.charge.user_id) == (None, 1001)


def test_the_same_charge_is_the_same_notice_whatever_else_differs() -> None:
    first, again = paid(), paid()
    again["update_id"] = 10
    edited = {"update_id": 11, "edited_message": again["message"]}
    assert {notice_of(update).event_id for update in (first, again, edited)} == {"paid:charge-1"}


def test_a_refund_is_a_notice_of_its_own() -> None:
    body = message()
    payment = body.pop("successful_payment")
    notice = notice_of({"update_id": 1, "message": {**body, "refunded_payment": payment}})
    assert notice.event_id == "refunded:charge-1"
    assert misfit_of(notice.charge) is Misfit.REFUNDED


@pytest.mark.parametrize(
    ("update", "why"),
    [
        (paid(currency="XTR"), Misfit.OTHER_CURRENCY),
        (paid(total_amount=0), Misfit.BAD_AMOUNT),
        (paid(total_amount=True), Misfit.BAD_AMOUNT),
        (paid(total_amount="5900"), Misfit.BAD_AMOUNT),
        (paid(total_amount=59.0), Misfit.BAD_AMOUNT),
        (paid(total_amount=2**64), Misfit.BAD_AMOUNT),
        (paid(invoice_payload="somebody else's"), Misfit.UNKNOWN_PAYLOAD),
        (paid(invoice_payload=None), Misfit.UNKNOWN_PAYLOAD),
        (paid(telegram_payment_charge_id=""), Misfit.BAD_CHARGE_ID),
        (paid(telegram_payment_charge_id=5), Misfit.BAD_CHARGE_ID),
        ({"message": message(chat={"id": -5, "type": "group"})}, Misfit.NOT_PRIVATE),
        ({"message": message(chat="here")}, Misfit.NOT_PRIVATE),
        ({"message": message(chat={"type": "private"}, **{"from": None})}, Misfit.UNREADABLE),
        ({"channel_post": message(chat={"id": -5, "type": "channel"}, **{"from": None})},
         Misfit.UNREADABLE),
        ({"message": message(**{"from": {"id": 2**70}})}, Misfit.UNREADABLE),
    ],
)  # fmt: skip
def test_nothing_is_guessed(update: dict[str, Any], why: Misfit) -> None:
    assert misfit_of(notice_of(update).charge) is why


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "żółw", "x" * 70_000])
def test_every_text_can_be_kept(text: str) -> None:
    notice = notice_of(paid(telegram_payment_charge_id=text, invoice_payload=text))
    assert notice.body.isascii()
    assert "\0" not in notice.body + notice.charge.charge_id + notice.charge.payload
    notice.charge.charge_id.encode()
    assert TelegramNotices().read(notice.event_id, notice.body) == notice.charge


@pytest.mark.parametrize("date", [None, "today", -(10**30), 10**30, True])
def test_an_invalid_date_is_left_out(date: object) -> None:
    update = paid()
    update["message"]["date"] = date
    assert notice_of(update).sent_at is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.slow
@given(st.fixed_dictionaries({}, optional=dict.fromkeys([*PAYMENT, "x"], JUNK)) | JUNK, JUNK, JUNK)
def test_whatever_stands_there_is_read_without_an_error(
    payment: object, sender: object, chat: object
) -> None:
    body = message(successful_payment=payment, chat=chat, **{"from": sender})
    update = {"update_id": 1, "message": body}
    if carries_money(update):
        notice = notice_of(update)
        assert TelegramNotices().read(notice.event_id, notice.body) == notice.charge
