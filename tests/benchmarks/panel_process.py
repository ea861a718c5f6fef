"""A stand-in of FOSSBilling with many clients, as a process of its own.

    python -m tests.benchmarks.panel_process CLIENTS hidden|listed

Each client has three services, the first with an add-on, and six invoices of which one is open;
"listed" is a panel whose setting shows add-ons in lists. It prints its address, says at /count how
many calls came, and runs until it is killed.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import Json
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve
from bot.sandbox.panels.fossbilling.traps import Traps

SERVICES, INVOICES = 3, 6
SINCE = datetime(2025, 1, 1)  # noqa: DTZ001 - the panel writes its dates without a zone


class CountingApi(PanelApi):
    """Counts the calls; has no limit of them."""

    def __init__(self, *, addons_hidden: bool) -> None:
        super().__init__(traps=Traps(addons_hidden=addons_hidden))
        self.limit.calls = 10**9
        self.count = 0

    async def call(self, path: str, values: Json, **caller: Any) -> Any:
        self.count += 1
        return await super().call(path, values, **caller)

    async def told(self, _request: Request) -> Response:
        """The number of calls."""
        return PlainTextResponse(str(self.count))


def fill(api: PanelApi, clients: int) -> None:
    """Replace the seed by so many clients, made of its first rows."""
    data = api.world.data
    someone, main, addon, bill = data.clients[0], data.orders[0], data.orders[1], data.invoices[0]
    for rows in (data.clients, data.orders, data.invoices):
        rows.clear()
    orders, bills = count(1), count(1)
    for number in range(1, clients + 1):
        since = SINCE + timedelta(seconds=number)
        client = replace(someone, id=number, email=f"c{number}@example.com", created_at=since)
        data.clients.append(client)
        mine = list[int]()
        for place in range(SERVICES):
            group = f"g{number}-{place}"
            for row in (main, addon) if place == 0 else (main,):
                mine.append(next(orders))
                order = replace(row, id=mine[-1], client_id=number, group_id=group, meta={})
                data.orders.append(replace(order, unpaid_invoice_id=None))
        for place in range(INVOICES):
            ref = next(bills)
            line = replace(bill.lines[0], id=ref, rel_id=mine[place % len(mine)])
            status = "paid" if place else "unpaid"
            made = replace(bill, id=ref, nr=str(ref), client_id=number, hash=f"h{ref}")
            data.invoices.append(replace(made, lines=[line], status=status))


async def main(clients: int, addons: str) -> None:
    """Serve for ever."""
    api = CountingApi(addons_hidden=addons == "hidden")
    fill(api, clients)
    app = create_app(api)
    app.router.routes.insert(0, Route("/count", api.told))
    async with serve(app) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
