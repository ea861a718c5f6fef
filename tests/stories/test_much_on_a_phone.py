"""The screens that people see most on a phone, for a client who has much of everything.

What the page shows is written to var/screenshots, for a look.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.demo import Sandbox, sandbox
from bot.commands.demo_settings import INVENTED
from bot.sandbox.people import ANNA
from tests.browser import IN_BROWSER, Window, shoot
from tests.phone import check_fits_phone, open_on_phone
from tests.stories.crowded import write_crowded_folder
from tests.stories.test_on_the_page import Visitor
from tests.world import START, UNHURRIED

pytestmark = IN_BROWSER


@pytest.fixture
async def crowded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logging_as_before: None
) -> AsyncIterator[Sandbox]:
    """The bot with the data of that client."""
    monkeypatch.chdir(tmp_path)
    for name, value in INVENTED.items():
        monkeypatch.setenv(f"PANELIK_{name.upper()}", str(value))
    folder = write_crowded_folder(tmp_path / "data", START.date())
    async with sandbox(tmp_path, folder=folder, pace=UNHURRIED, start=START) as opened:
        yield opened


@pytest.fixture
async def anna(crowded: Sandbox, window: Window) -> Visitor:
    """Anna's chat on a phone; two proformas wait and something is in the cart."""
    anna = Visitor(await open_on_phone(window, crowded.url, ANNA))
    await anna.starts()
    for _ in range(2):
        await anna.sends("/renew")
        await anna.sees("☐")
        await anna.taps("☐")
        for step in ("Zapłać", "Przelew bankowy", "Zamawiam i płacę"):
            await anna.taps(step)
        await anna.sees("Rachunek")
    await anna.sends("/renew")
    await anna.sees("☐")
    await anna.taps("☐")
    return anna


async def fits(anna: Visitor, name: str) -> None:
    """Take a picture and check that the screen fits."""
    await shoot(anna.page, f"phone-crowded-{name}")
    await check_fits_phone(anna.page)


async def test_the_renewals_fit_on_each_page(anna: Visitor) -> None:
    await anna.sees("1 pozycja w koszyku", "strona 1 z 4", "Dokończ płatności (2)")
    await fits(anna, "renewals")
    await anna.taps("2 ›")
    await anna.sees("strona 2 z 4")
    await fits(anna, "renewals-2")
    await anna.taps("⇄ Inny okres")
    await anna.sees("na inny okres")
    await fits(anna, "renewals-cycles")


async def test_home_and_the_services_fit(anna: Visitor) -> None:
    await anna.sends("/start")
    await anna.sees("2 proformy do zapłaty", "1 pozycja w koszyku", "i jeszcze 13")
    await fits(anna, "home")
    await anna.taps("Usługi")
    await anna.sees("strona 1 z 3", "Poznaj ofertę")
    await fits(anna, "services")
    await anna.taps("2 ›")
    await anna.sees("strona 2 z 3")
    await fits(anna, "services-2")
    await anna.taps("⋯")
    await anna.sees("Czyje działania")
    await fits(anna, "menus")


async def test_a_service_and_the_checkout_fit(anna: Visitor) -> None:
    await anna.sends("/services")
    await anna.sees("strona 1 z 3")
    await anna.taps("⚠️")
    await anna.sees("Data rejestracji", "Dodatki")
    await fits(anna, "service")
    await anna.sends("/start")
    await anna.sees("i jeszcze 13")
    await anna.taps("Zapłać zaległe")
    await anna.sees("Jak chcesz zapłacić?")
    await fits(anna, "checkout")
