"""The listener of a running process, if the settings ask for one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.app import Core


@asynccontextmanager
async def watched(core: Core, stop: asyncio.Event) -> AsyncIterator[str | None]:
    """Show health and numbers inside the block; yield the address.

    CannotListenError if that fails.
    """
    port = core.settings.metrics_port
    if port is None:
        yield None
        return
    # Most processes have no such port, and these libraries take a tenth of a second to load.
    from bot.health.listener import Health, listening  # noqa: PLC0415
    from bot.metrics.text import MetricsText  # noqa: PLC0415

    text = MetricsText(core.meter, core.numbers, core.outage)
    health = Health(core.database.probe.read, core.outage, stop, text)
    async with listening(health, host=core.settings.metrics_host, port=port) as address:
        yield address
