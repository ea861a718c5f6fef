"""The pages to pay over HTTP: what they show and lead to, and what they keep to themselves."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp
import pytest
from multidict import CIMultiDictProxy

from billing.ports.work import UnavailableError
from billing.rules.errors import NotFoundError
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.pay_page import PayPage
from bot.serving import served
from bot.web.app import create_app
from bot.web.pay import endpoint
from bot.web.pay.endpoint import PayPages
from tests.bot.telegram.test_ingress import eventually
from tests.browser import IN_BROWSER, Window, shoot
from tests.gallery.panel import bill
from tests.phone import HEIGHT, WIDTH

ADDRESS = "https://panel.example/invoice/secret-hash"
PAGE = PayPage(bill(number="FV/<7>"), "Hostpol & Synowie", "pl", address=ADDRESS)


@dataclass(slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: CIMultiDictProxy[str]
    text: str


@dataclass(slots=True)
class Site:
    """Served pages, and what each token leads to."""

    url: str = ""
    pages: dict[str, PayPage] = field(default_factory=lambda: {"good": PAGE})
    error: Exception | None = None
    gate: asyncio.Event | None = None
    asked: int = 0

    async def show(self, token: str) -> PayPage:
        self.asked += 1
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        if token not in self.pages:
            raise NotFoundError
        return self.pages[token]

    async def get(self, name: str = "good", method: str = "GET", **headers: str) -> Answer:
        """Ask for a page; redirects are not followed."""
        async with aiohttp.ClientSession() as session:
            asked = session.request(
                method, f"{self.url}/pay/{name}", headers=headers, allow_redirects=False
            )
            async with asked as answer:
                return Answer(answer.status, answer.headers, await answer.text())


async def nothing() -> None:
    """There is nothing to wait for."""


@asynccontextmanager
async def at_work() -> AsyncIterator[Site]:
    site, still = Site(), asyncio.get_running_loop().time()
    pages = PayPages(site.show, clock=lambda: still)
    app = create_app(pay_pages=pages)
    async with served(app, host="127.0.0.1", port=0, drain=nothing) as port:
        site.url = f"http://127.0.0.1:{port}"
        yield site


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with at_work() as opened:
        yield opened


def hides(answer: Answer) -> bool:
    """Whether nobody keeps the page, hears where it was opened, or shows it inside theirs."""
    headers, policy = answer.headers, answer.headers["Content-Security-Policy"]
    return (
        headers["Cache-Control"] == "no-store"
        and headers["Referrer-Policy"] == "no-referrer"
        and "default-src 'none'" in policy
        and "frame-ancestors 'none'" in policy
        and "noindex" in headers["X-Robots-Tag"]
        and "Set-Cookie" not in headers
    )


async def test_an_open_invoice_is_shown_and_leads_on(site: Site) -> None:
    page = await site.get()
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    for text in ("Proforma FV/&lt;7&gt;", "Hostpol &amp; Synowie", "71,34", "do zapłaty"):
        assert text in page.text
    assert '<html lang="pl">' in page.text
    # Who only looks, as previews do, does not even learn where the panel is.
    assert ADDRESS not in page.text
    assert hides(page)
    on = await site.get(method="POST")
    assert (on.status, on.headers["Location"], on.text) == (303, ADDRESS, "")
    assert on.headers["Cache-Control"] == "no-store"
    assert on.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (InvoiceStatus.PAID, "zapłacona"),
        (InvoiceStatus.BEING_APPLIED, "opłacona"),
        (InvoiceStatus.CANCELLED, "anulowana"),
        (InvoiceStatus.REFUNDED, "zwrócona"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_afterwards_it_says_what_became_of_it(
    site: Site, status: InvoiceStatus, words: str, method: str
) -> None:
    site.pages["good"] = replace(PAGE, invoice=replace(PAGE.invoice, status=status), address="")
    page = await site.get(method=method)
    assert page.status == 200
    assert words in page.text
    assert "<form" not in page.text
    assert hides(page)


@pytest.mark.parametrize("why", ["is_being_withdrawn", "is_being_paid"])
async def test_while_it_is_withdrawn_or_paid_it_asks_not_to_pay(site: Site, why: str) -> None:
    site.pages["good"] = replace(PAGE, address="", **{why: True})  # type: ignore[arg-type]
    page = await site.get()
    assert "Nie płać za nią." in page.text
    assert "<form" not in page.text


async def test_of_a_closed_account_it_says_so_while_it_is_open(site: Site) -> None:
    closed = replace(PAGE, address="", is_closed=True)
    site.pages["good"] = closed
    page = await site.get(method="POST")
    assert "To konto jest zamknięte" in page.text
    assert "<form" not in page.text
    paid = replace(PAGE.invoice, status=InvoiceStatus.PAID)
    site.pages["good"] = replace(closed, invoice=paid)
    assert "zamknięte" not in (await site.get()).text


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_an_unknown_token_leads_nowhere(site: Site, method: str) -> None:
    page = await site.get("guess", method, **{"Accept-Language": "pl-PL,en;q=0.7"})
    assert page.status == 404
    assert method == "HEAD" or "Nie ma takiej strony" in page.text
    assert hides(page)
    page = await site.get("guess", **{"Accept-Language": "ż;=,,*"})
    assert "This page does not exist" in page.text


async def test_nothing_else_is_there(site: Site) -> None:
    assert (await site.get("")).status == 404
    assert (await site.get("good/more")).status == 404
    assert (await site.get(method="PUT")).status == 405
    assert site.asked == 0


async def test_a_body_is_not_read(site: Site) -> None:
    async with aiohttp.ClientSession() as session:
        asked = session.post(
            f"{site.url}/pay/good", data=io.BytesIO(b"x" * 2_000_000), allow_redirects=False
        )
        async with asked as answer:
            assert answer.status == 303


async def test_too_many_requests_are_put_off(site: Site) -> None:
    answers = [await site.get() for _ in range(int(endpoint.BURST) + 5)]
    assert [one.status for one in answers].count(429) == 5
    assert answers[-1].headers["Retry-After"]
    assert site.asked == endpoint.BURST


async def test_no_more_are_read_at_once_than_the_chats_can_spare(site: Site) -> None:
    site.gate = asyncio.Event()
    held = [asyncio.create_task(site.get()) for _ in range(endpoint.MAX_IN_FLIGHT)]
    await eventually(lambda: site.asked == endpoint.MAX_IN_FLIGHT)
    assert (await site.get()).status == 429
    site.gate.set()
    assert {(await one).status for one in held} == {200}
    assert (await site.get()).status == 200


@pytest.mark.parametrize(
    ("error", "status"), [(UnavailableError("away"), 503), (RuntimeError("broken"), 500)]
)
async def test_an_error_says_no_more_than_to_try_again(
    site: Site, error: Exception, status: int
) -> None:
    site.error = error
    page = await site.get()
    assert page.status == status
    assert "Please try again in a moment." in page.text
    assert str(error) not in page.text
    site.error = None
    assert (await site.get()).status == 200


class TestInBrowser:
    pytestmark = IN_BROWSER

    @pytest.mark.parametrize("dark", [False, True])
    async def test_it_fits_a_phone_and_leads_on(
        self, site: Site, window: Window, dark: bool
    ) -> None:
        site.pages["good"] = replace(PAGE, address=f"{site.url}/pay/paid")
        paid = replace(PAGE.invoice, status=InvoiceStatus.PAID)
        site.pages["paid"] = replace(PAGE, invoice=paid, address="")
        page = await window.open(f"{site.url}/pay/good", width=WIDTH, height=HEIGHT, dark=dark)
        await shoot(page, f"pay-page{'-dark' if dark else ''}")
        wide, high, font = await page.evaluate(
            "() => [document.scrollingElement.scrollWidth, "
            "document.scrollingElement.scrollHeight, "
            "parseFloat(getComputedStyle(document.body).fontSize)]"
        )
        assert (wide, font) == (WIDTH, 17)
        assert high <= HEIGHT
        button = page.get_by_role("button", name="Przejdź do płatności")
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        await button.click()
        await page.wait_for_url("**/pay/paid")
        assert "zapłacona" in await page.inner_text("main")
