"""The pages under `/pay/`: what is to be paid, and the way to where it is paid.

A GET shows and changes nothing, so that previews and scanners of links do no harm; a POST leads to
the panel's page while the invoice can be paid. Nothing of it is stored or passed on: an answer is
never cached, sends no referrer, runs no script and stands in no frame.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from billing.ports.work import UnavailableError
from billing.rules.errors import NotFoundError
from billing.views.pay_page import PayPage
from bot.telegram.bucket import Bucket
from bot.web.pay.html import STYLE_HASH, busy_page, no_page, pay_page
from locales.catalogues import negotiate
from locales.translator import Translator

log = logging.getLogger(__name__)

MAX_IN_FLIGHT = 8
"""Requests that are read at once: the pages must not take the database from the chats."""

PER_SECOND, BURST = 20.0, 60.0
"""Requests that are answered; who pays opens a page or two."""

RETRY_SECONDS = 2

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NO_ZONE = ZoneInfo("UTC")

ShowPayPage = Callable[[str], Awaitable[PayPage]]
"""What a token's page shows; NotFoundError for a token that leads nowhere."""


class PayPages:
    """An ASGI application for one path, whose parameter `token` says which invoice is meant."""

    def __init__(self, show: ShowPayPage, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._show = show
        self._clock = clock
        self._bucket = Bucket(rate=PER_SECOND, burst=BURST, now=clock())
        self._in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; its body, if it has one, is not read."""
        request = Request(scope, receive)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if not self._may_go_on():
            return _busy(request, 429)
        self._in_flight += 1
        try:
            page = await self._show(request.path_params["token"])
        except NotFoundError:
            return _page(no_page(_visitors(request)), 404)
        except UnavailableError:
            return _busy(request, 503)
        except Exception:
            log.exception("a page to pay cannot be shown")
            return _busy(request, 500)
        finally:
            self._in_flight -= 1
        if request.method == "POST" and page.address:
            return RedirectResponse(page.address, 303, headers=_HEADERS)
        return _page(pay_page(_clients(page), page), leads_to=page.address)

    def _may_go_on(self) -> bool:
        """Take a place; False where too many have been taken."""
        if self._in_flight >= MAX_IN_FLIGHT:
            return False
        if self._bucket.take(self._clock(), 1.0) > 0.0:
            self._bucket.give_back(1.0)
            return False
        return True


def _page(body: Markup, status: int = 200, *, leads_to: str = "") -> HTMLResponse:
    """A page; its form may lead back here, and from here to the panel."""
    parts = urlsplit(leads_to)
    form = f"'self' {parts.scheme}://{parts.netloc}" if leads_to else "'none'"
    policy = (
        f"default-src 'none'; style-src '{STYLE_HASH}'; form-action {form}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(body, status, headers={**_HEADERS, "Content-Security-Policy": policy})


def _busy(request: Request, status: int) -> HTMLResponse:
    response = _page(busy_page(_visitors(request)), status)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _clients(page: PayPage) -> Translator:
    return Translator(negotiate(page.language), _NO_ZONE)


def _visitors(request: Request) -> Translator:
    """The language that the browser asks for: of an address that leads nowhere no client is known.

    Browsers name the language they want most first.
    """
    wanted = request.headers.get("accept-language", "")[:100]
    tags = (part.partition(";")[0].strip() for part in wanted.split(","))
    return Translator(negotiate(*(tag for tag in tags if tag.isascii())), _NO_ZONE)
