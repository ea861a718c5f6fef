"""The sandbox's server as a process of its own, which can say how quickly messages came.

    python -m tests.benchmarks.telegram_process USERS

It prints its address, and runs until it is killed.
"""

import asyncio
import sys
import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.server import create_app, serve
from tests.crowd import Crowd


class StampingApi(BotApi):
    """Notes when each message came."""

    def __init__(self, users: range) -> None:
        super().__init__()
        self.stamps: list[float] = []
        for user in users:
            self.meet(user)

    async def call(self, method: str, params: Json) -> Json:
        answer = await super().call(method, params)
        if method == "sendMessage" and answer["ok"]:
            self.stamps.append(time.perf_counter())
        return answer

    async def told(self, _request: Request) -> Response:
        """All the seconds, of a clock that begins anywhere."""
        return JSONResponse(self.stamps)


async def main(users: int) -> None:
    """Serve for ever."""
    api = StampingApi(Crowd(users).users)
    app = create_app(api)
    app.router.routes.insert(0, Route("/stamps", api.told))
    async with serve(app) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
