"""`python -m bot.sandbox.panels.fossbilling [port]`: run the panel by hand until Ctrl+C."""

import asyncio
import sys
from contextlib import suppress

from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve

_WORK_SECONDS = 0.05
"""How long a write takes, about as long as on a real panel, so that parallel calls can meet."""


async def _work() -> None:
    await asyncio.sleep(_WORK_SECONDS)


async def _run(port: int) -> None:
    api = PanelApi(pause=_work)
    for client in api.world.data.clients:
        client.token = f"client-{client.id}"
    async with serve(create_app(api), port=port) as address:
        _say(f"FOSSBilling stand-in at {address}")
        _say(f"staff:   user admin, password {ADMIN_TOKEN}")
        for client in api.world.data.clients:
            _say(f"client:  user client, password {client.token} ({client.email})")
        _say(f"try:     curl -u admin:{ADMIN_TOKEN} {address}/api/admin/order/get?id=1")
        await asyncio.Event().wait()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
