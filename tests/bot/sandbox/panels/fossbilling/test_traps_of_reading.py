"""Traps of what the panel answers: lists, ids, text, sums; each on and off."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.panels.fossbilling.traps import NAMES
from tests.bot.sandbox.panels.fossbilling.calling import STAFF, Panel, TrapCase, trap


def test_every_trap_has_a_test_with_it_and_without_it() -> None:
    tests = Path(__file__).parent.glob("test_*.py")
    named = {name for file in tests for name in re.findall(r'@trap\("(\w+)"\)', file.read_text())}
    assert named == set(NAMES)


async def _listed(panel: Panel, **filters: Any) -> list[int]:
    answer = await panel.ask("admin/order/get_list", **filters)
    return [order["id"] for order in answer["list"]]


@trap("addons_hidden")
async def test_add_on_orders_are_in_no_list(case: TrapCase) -> None:
    panel = case.panel
    await panel.ask("admin/order/update", id=2, meta={"ref": "addon"})
    expected = [] if case.is_on else [2]
    assert await _listed(panel, id=2) == expected
    assert await _listed(panel, meta={"ref": "addon"}) == expected
    assert (2 in await _listed(panel, client_id=1)) is not case.is_on
    assert [row["id"] for row in await panel.ask("admin/order/addons", id=1)] == [2]
    assert (await panel.order(2))["meta"] == {"ref": "addon"}


@trap("meta_counted")
async def test_a_list_of_orders_counts_rows_of_meta(case: TrapCase) -> None:
    panel = case.panel
    await panel.ask("admin/order/update", id=1, meta={f"key{n}": "x" for n in range(4)})
    first = await panel.ask("admin/order/get_list", per_page=3)
    pages = [
        await _listed(panel, per_page=3, page=page + 1) for page in range(int(first["pages"]))
    ]
    numbers = [number for page in pages for number in page]
    assert set(numbers) == {1, *range(3, 16)} - {11}
    if case.is_on:
        assert (first["total"], first["pages"]) == (17, 6)
        # A short page in the middle, and the last order more than once.
        assert [len(page) for page in pages] == [3, 3, 3, 3, 1, 1]
        assert numbers.count(1) == 2
    else:
        assert (first["total"], first["pages"]) == (13, 5)
        assert numbers.count(1) == 1


@trap("three_byte_text")
async def test_an_emoji_saves_nothing(case: TrapCase) -> None:
    answer = await case.panel.answer("admin/order/update", id=1, notes="ok 🙂", reason="żółw")
    order = await case.panel.order(1)
    if case.is_on:
        assert answer["error"]["code"] == 9999
        assert answer["error"]["message"].startswith("SQLSTATE[22007]")
        assert (order["notes"], order["reason"]) == (None, None)
    else:
        assert (order["notes"], order["reason"]) == ("ok 🙂", "żółw")


@trap("errors_as_200")
async def test_most_refusals_come_with_http_200(case: TrapCase) -> None:
    response = await case.panel.post("admin/order/get", id=99_999)
    assert response.status_code == (200 if case.is_on else 400)
    assert response.json()["error"] == {"message": "Order Not Found", "code": 9999}


@trap("loose_ids")
@pytest.mark.parametrize("sent", ["1abc", "1'", 1.5, {"a": 1}, ["1"]])
async def test_ids_are_read_loosely(case: TrapCase, sent: object) -> None:
    answer = await case.panel.answer("admin/order/get", id=sent)
    if case.is_on:
        assert answer["result"]["id"] == 1
    else:
        assert answer["error"]["code"] == 9999


@trap("ids_as_text")
async def test_the_id_of_a_new_invoice_is_text(case: TrapCase) -> None:
    assert await case.panel.renew(4) == ("21" if case.is_on else 21)
    assert await case.panel.renew(4) == 21


@trap("float_artefacts")
async def test_sums_are_binary_fractions(case: TrapCase) -> None:
    case.panel.api.world.tax_percent = 23
    await case.panel.ask("admin/invoice/update", id=8, status="canceled")
    invoice = await case.panel.invoice(await case.panel.renew(6))
    assert (invoice["subtotal"], invoice["tax"]) == (19.9, 4.58)
    assert invoice["total"] == (24.479999999999997 if case.is_on else 24.48)
    assert (invoice["taxname"], invoice["taxrate"]) == ("VAT 23%", "23")
    assert [line["tax"] for line in invoice["lines"]] == [0]


@trap("token_shown")
async def test_a_clients_token_stands_in_clear(case: TrapCase) -> None:
    token = await case.panel.ask("admin/profile/api_key_reset", id=2)
    client = await case.panel.ask("admin/client/get", id=2)
    assert client.get("api_token") == (token if case.is_on else None)
    listed = await case.panel.ask("admin/client/get_list", id=2)
    assert "api_token" not in listed["list"][0]


async def test_a_form_says_yes_with_the_word_false(panel: Panel) -> None:
    form = {"client_id": "2", "product_id": "4", "activate": "false"}
    answer = await panel.http.post("/api/admin/order/create", data=form, auth=STAFF)
    assert (await panel.order(answer.json()["result"]))["status"] == "active"
    number = await panel.ask("admin/order/create", client_id=2, product_id=4, activate=False)
    assert (await panel.order(number))["status"] == "pending_setup"
