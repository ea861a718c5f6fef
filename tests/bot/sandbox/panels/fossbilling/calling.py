"""A panel on a free port, and calls to it over HTTP, for tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve

Answer = dict[str, Any]
STAFF = ("admin", ADMIN_TOKEN)


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel that is served, and a connection to it."""

    api: PanelApi
    http: httpx.AsyncClient

    async def post(
        self, call: str, *, auth: tuple[str, str] | None = STAFF, **body: Any
    ) -> httpx.Response:
        """Make a call and return the whole response."""
        return await self.http.post(
            f"/api/{call}", json=body, auth=auth or httpx.USE_CLIENT_DEFAULT
        )

    async def answer(
        self, call: str, *, auth: tuple[str, str] | None = STAFF, **body: Any
    ) -> Answer:
        """Make a call and return its envelope."""
        answer: Answer = (await self.post(call, auth=auth, **body)).json()
        return answer

    async def ask(self, call: str, *, auth: tuple[str, str] | None = STAFF, **body: Any) -> Any:
        """Make a call that must work and return its result."""
        answer = await self.answer(call, auth=auth, **body)
        assert answer["error"] is None, (call, body, answer["error"])
        return answer["result"]

    async def refusal(
        self, call: str, *, auth: tuple[str, str] | None = STAFF, **body: Any
    ) -> tuple[int, str]:
        """Make a call that must be refused and return code and message."""
        answer = await self.answer(call, auth=auth, **body)
        assert answer["result"] is None, (call, body, answer["result"])
        return answer["error"]["code"], answer["error"]["message"]

    async def order(self, number: int) -> Answer:
        """Read an order as staff."""
        order: Answer = await self.ask("admin/order/get", id=number)
        return order

    async def invoice(self, number: int | str) -> Answer:
        """Read an invoice as staff."""
        invoice: Answer = await self.ask("admin/invoice/get", id=number)
        return invoice

    async def pay(self, invoice: int | str, *, transaction: str, execute: int = 1) -> Any:
        """Mark an invoice as paid through the Custom gateway."""
        return await self.ask(
            "admin/invoice/mark_as_paid",
            id=invoice,
            gateway_id=1,
            transactionId=transaction,
            execute=execute,
        )

    async def renew(self, order: int) -> int | str:
        """Ask for a renewal invoice and return its id as it came."""
        number: int | str = await self.ask("admin/invoice/renewal_invoice", id=order)
        return number

    async def at_once(self, count: int, call: str, **body: Any) -> list[Any]:
        """Make a call several times at the same time, on as many connections."""
        return list(await asyncio.gather(*(self.ask(call, **body) for _ in range(count))))


@asynccontextmanager
async def served_panel(api: PanelApi) -> AsyncIterator[Panel]:
    """Serve a panel inside the block."""
    async with (
        serve(create_app(api)) as address,
        httpx.AsyncClient(base_url=address, timeout=30) as http,
    ):
        yield Panel(api, http)


@dataclass(frozen=True, slots=True)
class TrapCase:
    """A panel with all traps, or with all but one."""

    panel: Panel
    is_on: bool


def trap(name: str) -> pytest.MarkDecorator:
    """Run a test twice: with this trap, and with all the others only."""
    cases = [(name, True), (name, False)]
    return pytest.mark.parametrize("case", cases, indirect=True, ids=["on", "off"])
