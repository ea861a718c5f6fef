"""Pictures, read by a decoder that knows nothing of how they were drawn."""

import asyncio
import subprocess
import sys
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from billing.rules.money import Money
from billing.rules.payments.transfer_codes import CodeContent, Correction, transfer_code
from billing.rules.shop.catalog import BankAccount
from billing.views.pictures import Bar, BarChart, QrPicture
from bot.documents.charts import MARGIN, NORMAL, ROW, WARNING, WIDTH, draw_chart
from bot.documents.codes import PIXELS, draw_code
from bot.documents.drawing import Drawing

HOLDER = "Chmura Łódź sp. z o.o., ul. Żółta 1"
POLISH = BankAccount(HOLDER, "27 1140 2004 0000 3002 0135 5387")
EURO = BankAccount(HOLDER, "PL27 1140 2004 0000 3002 0135 5387", swift="BREXPLPW")


def read_code(picture: bytes) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return code


def colours(picture: bytes) -> set[tuple[int, ...]]:
    found = Image.open(BytesIO(picture)).convert("RGB").getcolors(WIDTH * 2000)
    return {colour for _, colour in found or []}  # type: ignore[misc]


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


@pytest.mark.parametrize(
    ("account", "amount"), [(POLISH, Money(53751, "PLN")), (EURO, Money(2400, "EUR"))]
)
def test_a_code_is_read_back_as_it_was_written(account: BankAccount, amount: Money) -> None:
    content = transfer_code(account, amount, "PRO-202611-00042-7391", tax_id="526-025-09-95")
    assert content is not None
    code = read_code(draw_code(content))
    assert code.text == content.text
    assert code.ec_level == content.correction.value


def test_a_code_is_large_enough_and_has_its_quiet_zone() -> None:
    image = Image.open(BytesIO(draw_code(CodeContent("PRO-1", Correction.LOW)))).convert("L")
    assert min(image.size) >= PIXELS
    border = image.width // 20
    assert image.crop((0, 0, image.width, border)).getextrema() == (255, 255)


def test_a_chart_has_a_row_for_each_bar_and_another_colour_for_debts() -> None:
    bars = (Bar("Po terminie", 100, "1,00 zł", warns=True), Bar("gru 2026", 9900, "99,00 zł"))
    both, one = draw_chart(BarChart("x", bars)), draw_chart(BarChart("x", bars[1:]))
    heights = [Image.open(BytesIO(picture)).height for picture in (both, one)]
    assert heights[0] - heights[1] == ROW
    assert {rgb(NORMAL), rgb(WARNING)} <= colours(both)
    assert rgb(WARNING) not in colours(one)


def test_a_bar_is_as_long_as_its_amount() -> None:
    bars = tuple(Bar("x", minor, "") for minor in (0, 1, 5000, 10_000))
    image = Image.open(BytesIO(draw_chart(BarChart("", bars)))).convert("RGB")
    rows = [image.height - MARGIN - ROW * (len(bars) - n) + ROW // 2 for n in range(len(bars))]
    lengths = [sum(image.getpixel((x, row)) == rgb(NORMAL) for x in range(WIDTH)) for row in rows]
    none, least, half, whole = lengths
    assert none == 0
    assert 0 < least < 10
    assert abs(2 * half - whole) < 5


def test_polish_letters_and_signs_of_money_have_glyphs() -> None:
    def drawn(text: str) -> bytes:
        return draw_chart(BarChart(text, (Bar("x", 1, "x"),)))

    missing = drawn("\uffff")
    assert len({drawn(letter) for letter in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ€£–"} | {missing}) == 22


@pytest.mark.parametrize("text", ["1 234 567 890 123,45 zł " * 4, ""])
def test_texts_of_any_length_are_drawn(text: str) -> None:
    assert draw_chart(BarChart(text, (Bar(text, 5, text), Bar("", 0, "–"))))


async def test_many_at_once_are_drawn_one_after_another() -> None:
    draw = Drawing()
    content = CodeContent("PRO-1", Correction.LOW)
    pictures = await asyncio.gather(*(draw(QrPicture(content)) for _ in range(20)))
    assert len(set(pictures)) == 1


@pytest.mark.slow
def test_the_libraries_are_loaded_by_the_first_picture() -> None:
    code = "import sys, bot.app; print([n for n in ('PIL', 'segno') if n in sys.modules])"
    told = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
