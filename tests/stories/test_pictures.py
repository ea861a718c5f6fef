"""What is shown as a picture: the code of a bank transfer, the chart of the costs."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import zxingcpp
from PIL import Image

from billing.rules.shop.catalog import Catalog
from bot.sandbox.faults import Fault
from handlers.buttons import OpenOffer
from handlers.chat.screens.codec import encode
from tests.person import Person
from tests.stories.catalogue import publishes
from tests.world import START, World


def code_in(picture: bytes) -> str:
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return code.text


async def advertises(world: World, **changes: Any) -> None:
    """Let the banner of today have these fields; without any, let there be no banner."""

    def advertised(catalog: Catalog) -> Catalog:
        banner = catalog.banner(START.date())
        return replace(catalog, banners=(replace(banner, **changes),) if banner else ())

    await publishes(world, advertised if changes else lambda c: replace(c, banners=()))


async def pays_by_transfer(person: Person, *labels: str) -> None:
    for label in labels:
        await person.taps(label)


async def test_a_transfer_comes_with_a_code_for_the_banks_app(anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example", row=0)
    await pays_by_transfer(anna, "Zapłać", "Przelew bankowy", "Zamawiam i płacę")
    anna.sees("(picture)\nZeskanuj kod w aplikacji banku", "Przelew bankowy: 42,00 zł")
    title, account = anna.copies("Kopiuj tytuł"), anna.copies("Kopiuj rachunek")
    number = account.removeprefix("PL").replace(" ", "")
    assert code_in(await anna.looks_at_picture()) == (
        f"|PL|{number}|004200|Chmurnik Hosting|{title}|||"
    )
    await anna.taps("Pokaż proformę")
    assert len(anna.screens) == 1
    anna.sees("Proforma", "42,00 zł")
    await anna.taps("Przelew bankowy")
    assert title in code_in(await anna.looks_at_picture())
    assert len(anna.screens) == 1


async def test_a_transfer_in_euro_has_the_european_code(john: Person) -> None:
    await john.sends("/renew")
    await john.taps("☐ smith-and-sons.example")
    await pays_by_transfer(john, "Pay", "Bank transfer", "Order and pay")
    john.sees("(picture)\nScan the code", "€69.00")
    lines = code_in(await john.looks_at_picture()).split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[6:8] == [john.copies("Copy account").replace(" ", ""), "EUR69"]
    assert lines[10] == john.copies("Copy reference")


async def test_without_the_picture_the_data_still_comes(world: World, anna: Person) -> None:
    world.api.faults.add(Fault("sendPhoto", "502", count=None))
    await anna.sends("/renew")
    await anna.taps("☐ żółw.example", row=0)
    await pays_by_transfer(anna, "Zapłać", "Przelew bankowy", "Zamawiam i płacę")
    anna.sees("💳 Przelew bankowy: 42,00 zł", "[Kopiuj tytuł]")
    anna.does_not_see("Zeskanuj", "(picture)")


async def test_costs_come_with_a_chart(anna: Person) -> None:
    await anna.sends("/costs")
    anna.sees("(picture)\n📊 Koszty", "953,80 zł")
    assert Image.open(BytesIO(await anna.looks_at_picture())).size[0] == 1080
    await anna.taps("lut")
    anna.does_not_see("(picture)")
    await anna.taps("Wróć")
    anna.sees("(picture)\n📊 Koszty")
    assert len(anna.screens) == 1


async def test_the_picture_of_an_offer_is_one_tap_away(world: World, anna: Person) -> None:
    await advertises(world, picture="https://example.org/spring.png")
    await anna.sends("/services")
    anna.sees("Pogodna oferta")
    await anna.taps("Poznaj ofertę")
    anna.sees("(picture)", "Pogodna oferta", "Zamów: VPS Halny")
    assert world.api.called("sendPhoto")[-1]["photo"] == "https://example.org/spring.png"
    assert len(anna.screens) == 1
    await anna.taps("Wróć")
    anna.sees("Usługi")
    await advertises(world)
    await anna.forges(encode(OpenOffer()))
    assert anna.toast


async def test_a_picture_that_cannot_be_fetched_leaves_the_offer(
    world: World, anna: Person
) -> None:
    await advertises(world, picture="https://example.org/spring.png")
    world.api.faults.add(Fault("sendPhoto", "502", count=None))
    await anna.sends("/services")
    await anna.taps("Poznaj ofertę")
    anna.sees("Pogodna oferta", "Zamów: VPS Halny")
    anna.does_not_see("(picture)")
