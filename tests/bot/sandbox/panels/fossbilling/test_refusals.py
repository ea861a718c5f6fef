"""Who is refused, and in which shape: HTTP status, code, message."""

from typing import Any

import httpx
import pytest

from tests.bot.sandbox.panels.fossbilling.calling import STAFF, Panel

READ = "/api/admin/order/get"


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        (READ, {}, 201),
        (READ, {"Authorization": "Bearer x"}, 201),
        (READ, {"Authorization": "Basic ???"}, 201),
        (READ, {"Authorization": httpx.BasicAuth("root", "x")._auth_header}, 201),
        (READ, {"Authorization": httpx.BasicAuth("admin", "")._auth_header}, 202),
        (READ, {"Authorization": httpx.BasicAuth("client", "x")._auth_header}, 203),
        (READ, {"Authorization": httpx.BasicAuth("admin", "x")._auth_header}, 205),
        ("/api/client/order/get", {"Authorization": httpx.BasicAuth(*STAFF)._auth_header}, 203),
        (
            "/api/client/order/get",
            {"Authorization": httpx.BasicAuth("client", "x")._auth_header},
            204,
        ),
    ],
)
async def test_who_is_not_known_gets_401_and_a_code(
    panel: Panel, path: str, headers: dict[str, str], code: int
) -> None:
    response = await panel.http.post(path, json={"id": 1}, headers=headers)
    assert response.status_code == 401
    assert response.json() == {
        "result": None,
        "error": {"message": "Authentication Failed", "code": code},
    }


@pytest.mark.parametrize("status", ["suspended", "canceled", None])
async def test_only_an_active_clients_token_works(panel: Panel, status: str | None) -> None:
    token = await panel.ask("admin/profile/api_key_reset", id=2)
    assert (await panel.ask("client/profile/get", auth=("client", token)))["id"] == 2
    panel.api.world.client(2).status = status
    response = await panel.post("client/profile/get", auth=("client", token))
    assert (response.status_code, response.json()["error"]["code"]) == (401, 204)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("admin/order/nope", 404, 740),
        ("client/order/nope", 404, 740),
        ("admin/nope/get", 200, 715),
        ("staff/order/get", 400, 879),
        ("admin/order", 400, 879),
        ("admin/order/get/", 400, 879),
    ],
)
async def test_unknown_paths(panel: Panel, path: str, status: int, code: int) -> None:
    token = await panel.ask("admin/profile/api_key_reset", id=2)
    auth = ("client", token) if path.startswith("client") else STAFF
    response = await panel.post(path, auth=auth)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_other_verbs_find_a_page_that_is_not_there(panel: Panel) -> None:
    response = await panel.http.put(READ, json={"id": 1}, auth=STAFF)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")


async def test_broken_json_comes_with_http_200(panel: Panel) -> None:
    response = await panel.http.post(READ, content=b"{", auth=STAFF)
    assert response.status_code == 200
    assert response.json()["error"] == {
        "message": "Malformed JSON input: Syntax error",
        "code": 400,
    }


async def test_a_get_works_and_may_write_and_a_post_ignores_its_query(panel: Panel) -> None:
    suspended = await panel.http.get("/api/admin/order/suspend?id=4&reason=x", auth=STAFF)
    assert suspended.json() == {"result": True, "error": None}
    found = await panel.http.get("/api/admin/order/get_list?meta[note]=seed", auth=STAFF)
    assert [order["id"] for order in found.json()["result"]["list"]] == [1]
    ignored = await panel.http.post(f"{READ}?id=1", auth=STAFF)
    assert ignored.json()["error"]["message"] == "Order ID was not passed"


async def test_a_missing_module_is_200_and_a_missing_right_is_403(panel: Panel) -> None:
    panel.api.denied = {"activity", "invoice.manage_transactions"}
    module = await panel.post("admin/activity/log_get_list")
    assert (module.status_code, module.json()["error"]) == (
        200,
        {"message": "You do not have access to the activity module", "code": 725},
    )
    right = await panel.post("admin/invoice/pay_with_credits", id=8)
    assert right.status_code == right.json()["error"]["code"] == 403
    assert '"invoice.manage_transactions"' in right.json()["error"]["message"]
    assert (await panel.invoice(8))["status"] == "unpaid"


@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("admin/order/create", {"client_id": 1}, 9999),
        ("admin/order/create", {"client_id": 1, "product_id": 3}, 9999),
        ("admin/order/create", {"client_id": 1, "product_id": 6, "period": "1M"}, 832),
        ("admin/order/create", {"client_id": 1, "product_id": 2, "period": "1M"}, 9999),
        (
            "admin/order/create",
            {"client_id": 2, "product_id": 6, "period": "1M", "group_id": "6b0afcf88bdd6"},
            9999,
        ),
        ("admin/order/update", {"id": 1, "expires_at": 1_800_000_000}, 9998),
        ("admin/order/update", {"id": 1, "price": "12,50"}, 9999),
        ("admin/order/cancel", {"id": 10}, 9999),
        ("admin/order/unsuspend", {"id": 1}, 9999),
        ("admin/order/uncancel", {"id": 1}, 9999),
        ("admin/order/get_list", {"per_page": 0}, 9999),
        ("admin/invoice/refund", {"id": 4}, 9999),
        ("admin/client/balance_add_funds", {"id": 1}, 9999),
        ("guest/product/get", {"id": 6}, 9999),
        ("guest/invoice/get", {"hash": "x"}, 403),
    ],
)
async def test_rules_of_the_panel(
    panel: Panel, call: str, body: dict[str, Any], code: int
) -> None:
    orders = len(panel.api.world.data.orders)
    assert (await panel.refusal(call, **body))[0] == code
    assert len(panel.api.world.data.orders) == orders


@pytest.mark.parametrize(
    ("call", "values", "column"),
    [
        ("order/cancel", {"reason": "ł" * 256}, "reason"),
        ("order/suspend", {"reason": "a" * 256}, "reason"),
        ("order/update", {"title": "a" * 256}, "title"),
    ],
)
async def test_texts_that_are_too_long_are_a_database_error(
    panel: Panel, call: str, values: dict[str, Any], column: str
) -> None:
    code, message = await panel.refusal(f"admin/{call}", id=3, **values)
    assert code == 9999
    assert message.startswith("SQLSTATE[22001]")
    assert f"'{column}'" in message
    assert (await panel.order(3))["status"] == "active"
    await panel.ask(f"admin/{call}", id=3, **{name: one[:255] for name, one in values.items()})
