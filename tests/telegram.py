"""The Bot API behind the bot's own HTTP client, in memory: the strict sandbox without a socket."""

import json
from typing import IO, Any

import pytest
from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bot.sandbox.errors import DroppedError, Json
from bot.sandbox.methods.api import BotApi
from bot.sandbox.methods.bodies import with_files
from bot.telegram.transport import AiohttpRequest


class FakeRequest(BaseRequest):
    """Routes the bot's requests into a `BotApi`; what was called is in `api.calls`.

    A method the sandbox does not know fails the test at once: what is not known was not tried.
    """

    parse_json_payload = staticmethod(AiohttpRequest.parse_json_payload)

    def __init__(self, api: BotApi) -> None:
        self.api = api

    @property
    def read_timeout(self) -> float | None:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,  # noqa: ARG002 - the base class names it in its call
        request_data: RequestData | None = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        try:
            answer = await self.api.call(name, _parameters(request_data))
        except DroppedError as lost:
            raise TimedOut from lost
        code = answer.get("error_code", 200)
        if code == 404:
            pytest.fail(f"the sandbox does not know the Bot API method {name}")
        return code, json.dumps(answer).encode()


def _parameters(request_data: RequestData | None) -> Json:
    """Return what would go over the wire: strings, JSON inside, and the files beside them."""
    if request_data is None:
        return {}
    params: Json = dict(request_data.json_parameters)
    if not request_data.contains_files:
        return params
    uploads = request_data.multipart_data or {}
    files = {
        name: {
            "file_name": file_name,
            "file_size": len(read := _read(content)),
            "mime_type": mime_type,
            "content": read,
        }
        for name, (file_name, content, mime_type) in uploads.items()
    }
    return with_files(params, files)


def _read(content: bytes | IO[bytes]) -> bytes:
    return content if isinstance(content, bytes) else content.read()
