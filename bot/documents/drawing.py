"""Drawing pictures, off the event loop, few at a time.

The libraries are loaded by the first picture: a bot that never draws does not keep them in memory.
"""

import asyncio

from billing.views.pictures import BarChart, Drawn, QrPicture

AT_ONCE = 2
"""More pictures at a time would take more memory, and not be ready sooner."""


class Drawing:
    """Draws pictures as PNG files, each in a thread."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, picture: Drawn) -> bytes:
        """Return the picture as a PNG."""
        async with self._free:
            return await asyncio.to_thread(_draw, picture)


def _draw(picture: Drawn) -> bytes:
    match picture:
        case QrPicture(content):
            from bot.documents.codes import draw_code  # noqa: PLC0415 - see above

            return draw_code(content)
        case BarChart():
            from bot.documents.charts import draw_chart  # noqa: PLC0415 - see above

            return draw_chart(picture)
