"""A real browser for tests of pages: Debian's Chromium, started once a session.

Each test joins it on its own event loop, so a page can be used beside a bot that runs there too.
Tests that use it say `pytestmark = IN_BROWSER`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

IN_BROWSER = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
"""Marks of a module or test that uses the browser; one worker runs them all."""

SCREENSHOTS = Path(__file__).parents[1] / "var" / "screenshots"
PATIENCE_MS = 5_000
_START_SECONDS = 20
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # it shows this project's own pages only, and CI runs as root
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # tests stay on this machine
)


class Window:
    """Opens pages and remembers what went wrong in them.

    Pages share what the browser stores: the project's pages store nothing, and starting afresh
    for each would double the time their tests take.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._context: BrowserContext | None = None
        self._pages: list[Page] = []
        self.errors: list[str] = []

    async def open(
        self, url: str, *, width: int = 1200, height: int = 800, dark: bool = False
    ) -> Page:
        """Open an address, at Warsaw's time and without animations."""
        if self._context is None:
            self._context = await self._new_context()
        page = await self._context.new_page()
        self._pages.append(page)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        await page.set_viewport_size({"width": width, "height": height})
        if dark:
            await page.emulate_media(color_scheme="dark")
        await page.goto(url)
        return page

    async def _new_context(self) -> BrowserContext:
        context = await self._browser.new_context(
            locale="en-GB",
            timezone_id="Europe/Warsaw",
            reduced_motion="reduce",
            color_scheme="light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    async def clear(self) -> None:
        """Close all pages; fail if a script in one of them has failed."""
        while self._pages:
            await self._pages.pop().close()
        errors, self.errors = self.errors, []
        assert errors == []


async def shoot(page: Page, name: str) -> None:
    """Write what the page shows to `var/screenshots/<name>.png`, for a look."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the browser and give the address of its debugging port."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(_NAMES)} is installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    profile = tmp_path_factory.mktemp("chromium")
    command = [found, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(  # noqa: S603 - a browser found by name, with our own options
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield f"http://127.0.0.1:{_port(profile, process)}"
        finally:
            process.terminate()


def _port(profile: Path, process: subprocess.Popen[Any]) -> int:
    """Wait for the file into which the browser writes its port."""
    file = profile / "DevToolsActivePort"
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.02)
    raise RuntimeError("the browser did not start")


@asynccontextmanager
async def join(chromium: str) -> AsyncIterator[Window]:
    """Connect to the browser from the running event loop (about 0.4 s) and give a window."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - slow, few tests need it

    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium)
        window = Window(browser)
        yield window
        await browser.close()


@pytest.fixture
async def window(chromium: str) -> AsyncIterator[Window]:
    """Open pages in the browser; an error in a page's script fails the test."""
    async with join(chromium) as window:
        yield window
        await window.clear()
