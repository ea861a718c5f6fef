"""Bar charts, made to be read on a phone.

A chat shows a picture about 350 points wide: a third of these pixels.
"""

from dataclasses import dataclass
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from billing.views.pictures import Bar, BarChart

WIDTH = 1080
MARGIN = 36
GAP = 24
ROW = 54
TITLE_ROW = 84
BAR = 34
LEAST_BAR = 4
"""Pixels of the bar of a tiny amount, so that it is not taken for nothing."""

TEXT = 44
TITLE = 50
REGULAR, BOLD = 400, 600
PAPER, INK, FAINT, TRACK = "#ffffff", "#1c1f24", "#6b7280", "#eef1f4"
NORMAL, WARNING = "#2f7de1", "#d9480f"
FONT = ("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf")


def draw_chart(chart: BarChart) -> bytes:
    """Draw a chart as a PNG; longer texts make the bars shorter."""
    above = MARGIN + (TITLE_ROW if chart.title else 0)
    size = WIDTH, above + ROW * len(chart.bars) + MARGIN
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    place = _Place.of(chart)
    draw.text((MARGIN, MARGIN), chart.title, fill=INK, font=_font(TITLE, BOLD))
    most = max((bar.minor for bar in chart.bars), default=0)
    for number, bar in enumerate(chart.bars):
        _draw_bar(draw, bar, place, top=above + ROW * number, most=most)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the bars begin and end, in pixels; names are before them, amounts behind."""

    begin: float
    end: float
    font: ImageFont.FreeTypeFont

    @classmethod
    def of(cls, chart: BarChart) -> "_Place":
        font = _font(TEXT, REGULAR)
        names = max((font.getlength(bar.label) for bar in chart.bars), default=0)
        amounts = max((font.getlength(bar.text) for bar in chart.bars), default=0)
        return cls(MARGIN + names + GAP, WIDTH - MARGIN - amounts - GAP, font)


def _draw_bar(
    draw: ImageDraw.ImageDraw, bar: Bar, place: _Place, *, top: float, most: int
) -> None:
    middle = top + ROW / 2
    draw.text((MARGIN, middle), bar.label, fill=INK, font=place.font, anchor="lm")
    colour = INK if bar.minor else FAINT
    draw.text((WIDTH - MARGIN, middle), bar.text, fill=colour, font=place.font, anchor="rm")
    room = max(place.end - place.begin, BAR)
    _draw_box(draw, place.begin, room, middle, TRACK)
    if bar.minor:
        length = max(LEAST_BAR, room * bar.minor / most)
        _draw_box(draw, place.begin, length, middle, WARNING if bar.warns else NORMAL)


def _draw_box(
    draw: ImageDraw.ImageDraw, begin: float, length: float, middle: float, colour: str
) -> None:
    box = (begin, middle - BAR / 2, begin + length, middle + BAR / 2)
    draw.rounded_rectangle(box, radius=min(6, length / 2), fill=colour)


def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    package, name = FONT
    content = BytesIO(resources.files(package).joinpath(name).read_bytes())
    font = ImageFont.truetype(content, size)
    font.set_variation_by_axes([weight])
    return font
