"""Panelik as it runs, on a prepared database, without the pace of single chats.

    python -m tests.benchmarks.our_bot DATABASE_URL TOKEN http://127.0.0.1:8081 PORT

At port 0 it polls; at another one it takes posts, as `panelik run --mode webhook` does.
The pace (a few edits per second and chat, as Telegram asks) is switched off because the yardstick
has none: a benchmark's people tap faster than any person does.
"""

import asyncio
import signal
import sys

from bot.imports import quick_imports

with quick_imports():
    from bot import loop, running
    from bot.app import open_core
    from bot.logs import configure_logging
    from bot.modes import Mode
    from bot.settings import Settings
    from bot.telegram.pacing import Pace

UNHURRIED = Pace(per_chat=10_000, chat_burst=10_000, bulk_per_second=10_000)


async def main(database_url: str, token: str, api_url: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    configure_logging("WARNING")
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # How posts come is not read while polling.
    mode = Mode.WEBHOOK if port else Mode.POLLING
    settings = Settings(
        bot_token=token,
        database_url=database_url,
        api_url=api_url,
        mode=mode.value,
        public_url=f"http://127.0.0.1:{port or 1}",
        web_port=port or 1,
        _env_file=None,
    )
    async with open_core(settings) as core:
        await running.run(core, stop, pace=UNHURRIED)


if __name__ == "__main__":
    loop.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
