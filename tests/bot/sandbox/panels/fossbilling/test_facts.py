"""What the panel does besides its traps, as it was measured."""

from datetime import timedelta
from typing import Any

from tests.bot.sandbox.panels.fossbilling.calling import Panel
from tests.fakes import StillClock


async def _token(panel: Panel, client: int) -> tuple[str, str]:
    return "client", await panel.ask("admin/profile/api_key_reset", id=client)


async def test_a_domain_is_renewed_at_the_price_of_its_ending(panel: Panel) -> None:
    assert (await panel.order(9))["price"] == 59
    assert (await panel.invoice(await panel.renew(9)))["total"] == 79


async def test_a_renewal_can_be_bought_years_ahead(panel: Panel) -> None:
    for turn in range(3):
        await panel.pay(await panel.renew(15), transaction=f"t-{turn}")
    assert (await panel.order(15))["expires_at"] == "2030-01-27 12:00:00"


async def test_a_one_time_order_gets_a_renewal_that_moves_nothing(panel: Panel) -> None:
    await panel.pay(await panel.renew(8), transaction="t-1")
    assert (await panel.order(8))["expires_at"] is None


async def test_two_equal_orders_are_two(panel: Panel) -> None:
    body: dict[str, Any] = {
        "client_id": 2,
        "product_id": 3,
        "period": "1M",
        "quantity": 1.5,
        "meta": {"r": "u"},
    }
    first, second = [await panel.ask("admin/order/create", **body) for _ in range(2)]
    assert (first, second) == (16, 17)
    assert (await panel.order(first))["quantity"] == 1


async def test_an_order_that_is_active_at_once_gets_a_second_period_when_paid(
    panel: Panel,
) -> None:
    number = await panel.ask(
        "admin/order/create",
        client_id=2,
        product_id=3,
        period="1M",
        invoice_option="issue-invoice",
        activate=1,
    )
    assert (await panel.order(number))["expires_at"] == "2026-12-28 16:18:06"
    await panel.pay((await panel.order(number))["unpaid_invoice_id"], transaction="t-1")
    assert (await panel.order(number))["expires_at"] == "2027-01-28 16:18:06"


async def test_an_order_of_nothing_with_an_invoice_fails_inside_the_call(panel: Panel) -> None:
    number = await panel.ask(
        "admin/order/create", client_id=2, product_id=5, invoice_option="issue-invoice"
    )
    assert (await panel.order(number))["status"] == "failed_renew"


async def test_another_gateway_needs_no_transaction_and_leaves_none(panel: Panel) -> None:
    await panel.ask("admin/invoice/mark_as_paid", id=4, gateway_id=2, execute=1)
    assert (await panel.invoice(4))["status"] == "paid"
    rows = await panel.ask("admin/invoice/transaction_get_list", invoice_id=4)
    assert rows["total"] == 0


async def test_a_canceled_invoice_can_be_paid_and_is_carried_out(panel: Panel) -> None:
    await panel.ask("admin/invoice/update", id=4, status="canceled")
    await panel.pay(4, transaction="t-1")
    assert (await panel.order(3))["expires_at"] == "2027-01-03 12:00:00"


async def test_each_call_without_a_cookie_leaves_a_session(panel: Panel) -> None:
    for _ in range(2):
        await panel.order(1)
    assert panel.api.sessions == 1
    panel.http.cookies.clear()
    await panel.order(1)
    assert panel.api.sessions == 2


async def test_a_meta_look_up_takes_one_key_and_a_beginning(panel: Panel) -> None:
    await panel.ask("admin/order/update", id=4, meta={"ref": "Abc", "more": "x"})

    async def found(meta: dict[str, str]) -> int:
        return int((await panel.ask("admin/order/get_list", meta=meta))["total"])

    assert [await found({"ref": text}) for text in ("abc", "A", "_b%", "bc")] == [1, 1, 1, 0]
    assert await found({"ref": "Abc", "more": "x"}) == 0


async def test_an_update_changes_columns_and_nothing_else(panel: Panel) -> None:
    sent: dict[str, Any] = {
        "id": 6,
        "status": "active",
        "title": "Nowy",
        "reason": "",
        "expires_at": "",
    }
    assert await panel.ask("admin/order/update", **sent, client_id=3, quantity=9, price="1e3")
    order = await panel.order(6)
    assert (order["status"], order["title"], order["reason"]) == ("active", "Nowy", None)
    assert (order["expires_at"], order["price"]) == (None, 1000)
    # Who owns it and how many stay; what happened to the service does, too.
    assert (order["client_id"], order["quantity"]) == (2, 1)
    assert order["suspended_at"] == "2026-11-28 16:10:35"


async def test_a_prepared_invoice_takes_any_line_with_an_amount(panel: Panel) -> None:
    refused = await panel.refusal(
        "admin/invoice/prepare", client_id=1, items=[{"title": "x", "price": "12,50"}]
    )
    assert refused[0] == 9999
    item = {"title": "x", "price": 19.999, "quantity": -1, "taxed": 1}
    panel.api.world.tax_percent = 23
    number = await panel.ask("admin/invoice/prepare", client_id=1, items=[item, {"price": 10}])
    invoice = await panel.invoice(number)
    assert (invoice["subtotal"], invoice["tax"], invoice["total"]) == (30, 4.6, 34.6)
    assert (invoice["approved"], invoice["lines"][0]["quantity"]) == (False, 1)


async def test_an_empty_meta_removes_all(panel: Panel) -> None:
    await panel.ask("admin/order/update", id=1, meta={"more": "x"})
    assert (await panel.order(1))["meta"] == {"note": "seed", "more": "x"}
    await panel.ask("admin/order/update", id=1, meta={})
    assert (await panel.order(1))["meta"] == []


async def test_cron_pays_from_one_large_top_up_only(panel: Panel) -> None:
    for _ in range(2):
        await panel.ask("admin/client/balance_add_funds", id=1, amount=30, description="x")
    await panel.ask("admin/cron/run")
    assert (await panel.invoice(4))["status"] == "unpaid"
    await panel.ask("admin/client/balance_add_funds", id=1, amount=49, description="x")
    await panel.ask("admin/cron/run")
    assert (await panel.invoice(4))["status"] == "paid"


async def test_cron_bills_fourteen_days_ahead_and_suspends_at_the_hour(
    panel: Panel, clock: StillClock
) -> None:
    await panel.ask("admin/cron/run")
    assert (await panel.order(7))["status"] == "suspended"
    assert (await panel.order(4))["unpaid_invoice_id"] is None
    clock.advance(timedelta(days=6))
    await panel.ask("admin/cron/run")
    assert (await panel.order(4))["unpaid_invoice_id"] is not None
    assert (await panel.order(3))["status"] == "suspended"


async def test_the_log_tells_what_was_done(panel: Panel) -> None:
    await panel.pay(await panel.renew(4), transaction="t-1")
    rows = (await panel.ask("admin/activity/log_get_list"))["list"]
    assert [(row["id"], row["message"]) for row in rows[:5]] == [
        (174, "Renewed order #4"),
        (173, "Marked invoice 21 as paid."),
        (172, "Received transaction 14 from payment gateway 1"),
        (171, "Generated new renewal invoice #21"),
        (170, "Approved invoice 21."),
    ]


async def test_a_refund_is_a_note_beside_a_paid_invoice(panel: Panel) -> None:
    number = await panel.ask("admin/invoice/refund", id=5)
    note = await panel.invoice(number)
    assert (note["status"], note["total"], note["serie_nr"]) == ("refunded", -49, "CN-00002")
    assert (await panel.invoice(5))["status"] == "paid"
    assert (await panel.order(4))["expires_at"] == "2026-12-18 12:00:00"


async def test_uncancel_and_renew_are_free_of_charge(panel: Panel) -> None:
    await panel.ask("admin/order/uncancel", id=12)
    assert (await panel.order(12))["expires_at"] == "2027-11-28 16:18:06"
    await panel.ask("admin/order/renew", id=12)
    assert (await panel.order(12))["expires_at"] == "2028-11-28 16:18:06"
    assert (await panel.ask("admin/invoice/get_list", order_id=12))["total"] == 1


async def test_a_deleted_invoice_is_forgotten_by_its_order(panel: Panel) -> None:
    await panel.ask("admin/invoice/delete", id=4)
    assert (await panel.order(3))["unpaid_invoice_id"] is None
    # Numbers go on where they were; ids do, too.
    assert (await panel.invoice(await panel.renew(3)))["nr"] == "20"


async def test_a_client_sees_and_renews_their_own(panel: Panel) -> None:
    auth = await _token(panel, 1)
    orders = await panel.ask("client/order/get_list", auth=auth)
    assert [order["id"] for order in orders["list"]] == [4, 3, 2, 1]
    digest = await panel.ask("client/invoice/renewal_invoice", auth=auth, order_id=4)
    invoice = await panel.ask("client/invoice/get", auth=auth, hash=digest)
    assert (invoice["id"], invoice["due_at"]) == (21, "2026-12-18 12:00:00")
    foreign = await panel.refusal("client/invoice/renewal_invoice", auth=auth, order_id=5)
    assert foreign == (9999, "Order not found")
    other = await _token(panel, 2)
    hidden = await panel.refusal("client/invoice/get", auth=other, hash=digest)
    assert hidden == (9999, "Invoice was not found")


async def test_an_invoice_opens_by_its_hash_when_the_setting_says_so(panel: Panel) -> None:
    digest = (await panel.invoice(4))["hash"]
    assert (await panel.post("guest/invoice/get", hash=digest, auth=None)).status_code == 403
    panel.api.world.open_hashes = True
    assert (await panel.ask("guest/invoice/get", hash=digest, auth=None))["id"] == 4


async def test_a_client_asks_for_a_deposit_within_limits(panel: Panel) -> None:
    auth = await _token(panel, 2)
    limits = [
        (await panel.refusal("client/invoice/funds_invoice", auth=auth, amount=amount))[0]
        for amount in (9, 201)
    ]
    assert limits == [981, 982]
    await panel.ask("client/invoice/funds_invoice", auth=auth, amount=50)
    assert (await panel.invoice(21))["lines"][0]["type"] == "deposit"
    assert await panel.ask("client/client/balance_get_total", auth=auth) == 30


async def test_a_client_deletes_only_what_is_not_set_up(panel: Panel) -> None:
    auth = await _token(panel, 3)
    assert (await panel.ask("client/order/get", auth=auth, id=14))["id"] == 14
    assert (await panel.refusal("client/order/delete", auth=auth, id=14))[0] == 9999
    assert await panel.ask("client/order/delete", auth=auth, id=10) is True
    assert (await panel.invoice(12))["status"] == "unpaid"


async def test_the_pay_page_leads_to_the_login_unless_a_setting_opens_it(panel: Panel) -> None:
    path = f"/invoice/{(await panel.invoice(4))['hash']}"
    closed = await panel.http.get(path)
    assert (closed.status_code, closed.headers["location"]) == (302, "/login")
    panel.api.world.open_hashes = True
    page = await panel.http.get(path)
    assert "FOSS00004" in page.text
    assert "49.00 PLN, unpaid" in page.text
    assert (await panel.http.get("/invoice/none")).status_code == 404
