"""The panel that is started by hand: it says where it is and how to get in."""

import asyncio
import re
import sys

import httpx

from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN


async def test_the_panel_started_by_hand_prints_its_address_and_tokens() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox.panels.fossbilling", "--without", "loose_ids", "--calls", "3"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            lines = [(await process.stdout.readline()).decode() for _ in range(6)]
        text = "".join(lines)
        found = re.search(r"http://127\.0\.0\.1:\d+", text)
        assert found is not None, text
        async with httpx.AsyncClient(base_url=found.group()) as http:
            order = await http.get("/api/admin/order/get?id=1", auth=("admin", ADMIN_TOKEN))
            own = await http.get("/api/client/profile/get", auth=("client", "client-1"))
            loose = await http.get("/api/admin/order/get?id=1x", auth=("admin", ADMIN_TOKEN))
            limited = await http.get("/api/admin/order/get?id=1", auth=("admin", ADMIN_TOKEN))
        assert order.json()["result"]["id"] == own.json()["result"]["id"] == 1
        assert loose.json()["error"]["code"] == 9999
        assert limited.status_code == 429
        assert "client-1 (jan@example.com)" in text
    finally:
        process.terminate()
        await process.communicate()
