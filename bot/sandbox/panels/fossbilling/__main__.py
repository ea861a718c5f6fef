"""`python -m bot.sandbox.panels.fossbilling`: run the panel by hand until Ctrl+C."""

import argparse
import asyncio
import sys
from contextlib import suppress
from zoneinfo import ZoneInfo

from bot.sandbox.panels.fossbilling.api import ADMIN_TOKEN, PanelApi
from bot.sandbox.panels.fossbilling.server import create_app, serve
from bot.sandbox.panels.fossbilling.traps import NAMES, Traps

_WORK_SECONDS = 0.05
"""How long a write takes, about as long as on a real panel, so that parallel calls can meet."""


async def _work() -> None:
    await asyncio.sleep(_WORK_SECONDS)


async def _run(api: PanelApi, port: int) -> None:
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.panels.fossbilling")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("UTC"), help="its time zone")
    parser.add_argument("--calls", type=int, default=1000, help="the rate limit of an hour")
    parser.add_argument("--maintenance", action="store_true", help="keep guests and clients out")
    parser.add_argument(
        "--without", action="append", choices=NAMES, default=[], help="a trap that is off"
    )
    return parser.parse_args()


def main() -> None:
    """Run the panel that the command line describes."""
    options = _options()
    traps = Traps(**dict.fromkeys(options.without, False))
    api = PanelApi(traps=traps, zone=options.zone, pause=_work)
    api.limit.calls = options.calls
    api.maintenance = options.maintenance
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(api, options.port))


if __name__ == "__main__":
    main()
