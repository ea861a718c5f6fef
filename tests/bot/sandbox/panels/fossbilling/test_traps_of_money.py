"""Traps that buy, charge or leave owing what nobody asked for; each on and off."""

from datetime import timedelta
from typing import Any

from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.traps import NO_TRAPS
from tests.bot.sandbox.panels.fossbilling.calling import TrapCase, served_panel, trap
from tests.fakes import StillClock


@trap("balance_spent")
async def test_a_renewal_buys_a_period_at_each_call_while_the_balance_lasts(
    case: TrapCase,
) -> None:
    panel = case.panel
    await panel.ask("admin/client/balance_add_funds", id=1, amount=100, description="top-up")
    numbers = [await panel.renew(4) for _ in range(3)]
    order, client = await panel.order(4), await panel.ask("admin/client/get", id=1)
    if case.is_on:
        assert numbers == ["21", "22", "23"]
        assert [(await panel.invoice(n))["status"] for n in numbers] == ["paid", "paid", "unpaid"]
        assert (order["expires_at"], client["balance"]) == ("2027-02-18 12:00:00", 2)
    else:
        assert numbers == ["21", 21, 21]
        assert (await panel.invoice(21))["status"] == "unpaid"
        assert (order["expires_at"], client["balance"]) == ("2026-12-18 12:00:00", 100)


@trap("balance_spent")
async def test_an_open_invoice_is_paid_by_the_renewal_call(case: TrapCase) -> None:
    await case.panel.ask("admin/client/balance_add_funds", id=1, amount=49, description="top-up")
    assert await case.panel.renew(3) == 4
    expected = "paid" if case.is_on else "unpaid"
    assert (await case.panel.invoice(4))["status"] == expected


@trap("new_orders_renew")
async def test_a_new_order_with_an_invoice_fails_when_it_is_paid(case: TrapCase) -> None:
    panel = case.panel
    number = await panel.ask(
        "admin/order/create",
        client_id=2,
        product_id=3,
        period="1M",
        invoice_option="issue-invoice",
    )
    invoice = (await panel.order(number))["unpaid_invoice_id"]
    assert await panel.pay(invoice, transaction="t-1") is True
    assert [line["status"] for line in (await panel.invoice(invoice))["lines"]] == ["executed"]
    order = await panel.order(number)
    if not case.is_on:
        assert (order["status"], order["expires_at"]) == ("active", "2026-12-28 16:18:06")
        return
    history = await panel.ask("admin/order/status_history_get_list", id=number)
    assert order["status"] == "failed_renew"
    assert history["list"][-1]["notes"] == f"Order {number} has no active service"
    assert (await panel.refusal("admin/order/activate", id=number))[0] == 9999
    assert await panel.ask("admin/order/activate", id=number, force=1) is True
    assert (await panel.order(number))["expires_at"] == "2026-12-28 16:18:06"


@trap("credits_always_true")
async def test_paying_from_the_balance_says_true_when_it_did_not_pay(case: TrapCase) -> None:
    answer = await case.panel.answer("admin/invoice/pay_with_credits", id=10)
    assert answer["result"] is (True if case.is_on else None)
    assert (await case.panel.invoice(10))["status"] == "unpaid"
    assert (await case.panel.ask("admin/client/get", id=2))["balance"] == 30


@trap("execution_waits")
async def test_a_payment_without_execute_renews_nothing_until_cron(
    case: TrapCase, clock: StillClock
) -> None:
    panel = case.panel
    await panel.pay(4, transaction="t-1", execute=0)
    if case.is_on:
        assert (await panel.order(3))["expires_at"] == "2026-12-03 12:00:00"
        # To pay again with `execute` is no way out.
        await panel.pay(4, transaction="t-1")
        clock.advance(timedelta(minutes=9))
        await panel.ask("admin/cron/run")
        assert (await panel.order(3))["expires_at"] == "2026-12-03 12:00:00"
        clock.advance(timedelta(minutes=1))
        await panel.ask("admin/cron/run")
    assert (await panel.order(3))["expires_at"] == "2027-01-03 12:00:00"


@trap("disabled_period_free")
async def test_an_order_with_a_period_that_is_off_costs_nothing(case: TrapCase) -> None:
    answer = await case.panel.answer(
        "admin/order/create", client_id=2, product_id=3, period="1W", invoice_option="no-invoice"
    )
    if case.is_on:
        assert (await case.panel.order(answer["result"]))["price"] == 0
    else:
        assert answer["error"]["code"] == 9999


@trap("deposit_uncredited")
async def test_a_deposit_that_staff_mark_paid_is_not_on_the_balance(case: TrapCase) -> None:
    await case.panel.pay(20, transaction="t-1")
    assert (await case.panel.invoice(20))["status"] == "paid"
    balance = (await case.panel.ask("admin/client/get", id=1))["balance"]
    assert balance == (0 if case.is_on else 50)


@trap("invoices_stay_open")
async def test_the_invoice_of_a_canceled_order_stays_open(case: TrapCase) -> None:
    await case.panel.ask("admin/order/cancel", id=7, reason="asked")
    expected = "unpaid" if case.is_on else "canceled"
    assert (await case.panel.invoice(10))["status"] == expected


@trap("invoices_stay_open")
async def test_the_invoice_of_a_deleted_order_stays_open(case: TrapCase) -> None:
    await case.panel.ask("admin/order/delete", id=3)
    assert (await case.panel.refusal("admin/order/get", id=3)) == (9999, "Order Not Found")
    expected = "unpaid" if case.is_on else "canceled"
    assert (await case.panel.invoice(4))["status"] == expected


@trap("canceled_revive")
async def test_paying_an_invoice_of_a_canceled_order_brings_it_back(case: TrapCase) -> None:
    await case.panel.ask("admin/order/cancel", id=7, reason="asked")
    await case.panel.pay(10, transaction="t-1")
    order = await case.panel.order(7)
    expected = ("active", "2026-12-28 16:18:06") if case.is_on else ("canceled", None)
    assert (order["status"], order["expires_at"]) == expected


@trap("singles_stay_open")
async def test_a_combined_invoice_leaves_the_single_ones_open(case: TrapCase) -> None:
    panel = case.panel
    line = {"title": "Opieka WWW", "price": 49, "type": "order", "task": "renew"}
    items = [{**line, "rel_id": number} for number in (3, 4)]
    number = await panel.ask("admin/invoice/prepare", client_id=1, approve=1, items=items)
    await panel.pay(number, transaction="t-1")
    assert (await panel.order(3))["expires_at"] == "2027-01-03 12:00:00"
    assert (await panel.order(4))["expires_at"] == "2027-01-18 12:00:00"
    expected = "unpaid" if case.is_on else "canceled"
    assert (await panel.invoice(4))["status"] == expected
    assert (await panel.order(3))["unpaid_invoice_id"] is None


@trap("gateway_kept")
async def test_a_refused_payment_has_changed_the_gateway(case: TrapCase) -> None:
    await case.panel.pay(4, transaction="t-1")
    code, message = await case.panel.refusal(
        "admin/invoice/mark_as_paid", id=8, gateway_id=1, transactionId="T-1", execute=1
    )
    assert (code, message) == (9999, "Transaction ID is already associated with another invoice.")
    invoice = await case.panel.invoice(8)
    assert (invoice["status"], invoice["gateway_id"]) == ("unpaid", 1 if case.is_on else None)


@trap("process_pays_and_fails")
async def test_a_transaction_is_processed_and_said_to_fail(case: TrapCase) -> None:
    body: dict[str, Any] = {"invoice_id": 4, "gateway_id": 1, "txn_id": "t-1", "amount": 1}
    first = await case.panel.ask("admin/invoice/transaction_create", **body)
    assert await case.panel.ask("admin/invoice/transaction_create", **body) == first
    answer = await case.panel.answer("admin/invoice/transaction_process", id=first)
    if case.is_on:
        assert answer["error"]["code"] == 9998
    else:
        assert answer["result"] is True
    assert (await case.panel.invoice(4))["status"] == "paid"
    assert (await case.panel.order(3))["expires_at"] == "2027-01-03 12:00:00"


@trap("pointer_misleads")
async def test_the_pointer_to_the_open_invoice_misleads(case: TrapCase) -> None:
    panel = case.panel
    await panel.ask("admin/invoice/update", id=4, status="canceled")
    assert (await panel.order(3))["unpaid_invoice_id"] == (4 if case.is_on else None)
    item = {"title": "x", "price": 49, "type": "order", "rel_id": 3, "task": "renew"}
    number = await panel.ask("admin/invoice/prepare", client_id=1, approve=1, items=[item])
    pointer = (await panel.order(3))["unpaid_invoice_id"]
    assert pointer == (4 if case.is_on else int(number))
    # Cron believes the pointer too, and makes a second invoice beside the prepared one.
    await panel.ask("admin/cron/run")
    unpaid = await panel.ask("admin/invoice/get_list", order_id=3, status="unpaid", summary=1)
    assert unpaid["total"] == (2 if case.is_on else 1)


async def test_without_traps_an_order_is_bought_in_two_calls(clock: StillClock) -> None:
    async with served_panel(PanelApi(clock, traps=NO_TRAPS)) as panel:
        number = await panel.ask(
            "admin/order/create",
            client_id=2,
            product_id=3,
            period="1M",
            invoice_option="issue-invoice",
        )
        invoice = (await panel.order(number))["unpaid_invoice_id"]
        await panel.pay(invoice, transaction="t-1", execute=0)
        order = await panel.order(number)
        assert (order["status"], order["expires_at"]) == ("active", "2026-12-28 16:18:06")
