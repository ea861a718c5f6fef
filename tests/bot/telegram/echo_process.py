"""A bot on our own ingress and transport as a process that a test can kill: it repeats texts."""

import asyncio
import signal
import sys
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from bot.telegram.gate import PersonGate
from bot.telegram.ingress import Polling
from bot.telegram.transport import AiohttpRequest


async def repeat(update: Update, _: Any) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"You said {update.effective_message.text}")


async def main(token: str, base_url: str) -> None:
    request = AiohttpRequest()
    builder = ApplicationBuilder().token(token).base_url(base_url).updater(None).job_queue(None)
    builder = builder.request(request).get_updates_request(request)
    application = builder.concurrent_updates(PersonGate()).build()
    application.add_handler(MessageHandler(filters.TEXT, repeat))
    async with application:
        polling = Polling(application)
        loop, stopping = asyncio.get_running_loop(), set[asyncio.Task[None]]()
        loop.add_signal_handler(
            signal.SIGTERM, lambda: stopping.add(loop.create_task(polling.stop()))
        )
        await polling.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
