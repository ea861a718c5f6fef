"""A phone's screen in the browser: whether the bot's last message fits into it at once.

The page stays as it is made: the measure insists on the text size and the height of a keyboard
row that people can read and touch, so a screen never fits because its page was made smaller.
"""

from dataclasses import dataclass

from playwright.async_api import Page

from bot.sandbox.people import Profile
from tests.browser import Window

WIDTH, HEIGHT = 390, 844
"""A common phone, in CSS pixels."""

FONT_SIZE, ROW_HEIGHT = 16, 40
"""The size of text in a message, and the least height of a row of buttons, in pixels."""

_MEASURE = """() => {
  const log = document.querySelector(".log");
  const message = [...document.querySelectorAll(".message.in")].at(-1);
  log.scrollTop = log.scrollHeight;
  const rows = [...message.querySelectorAll(".keyboard .row")];
  const text = message.querySelector(".text");
  const room = log.getBoundingClientRect(), box = message.getBoundingClientRect();
  return {
    room: room.height,
    message: box.height,
    above: room.top - box.top,
    below: box.bottom - room.bottom,
    right: document.scrollingElement.scrollWidth,
    font: parseFloat(getComputedStyle(text).fontSize),
    rows: rows.map((row) => row.getBoundingClientRect().height),
    cut: [...message.querySelectorAll(".keyboard .label")]
      .filter((label) => label.scrollWidth > label.clientWidth)
      .map((label) => label.textContent),
  };
}"""


@dataclass(frozen=True, slots=True)
class Measures:
    """The last message and the room it has, in pixels; `cut` are labels too long for a button."""

    room: float
    message: float
    above: float
    below: float
    right: float
    font: float
    rows: tuple[float, ...]
    cut: tuple[str, ...]


async def open_on_phone(window: Window, url: str, person: Profile) -> Page:
    """Open somebody's chat in the sandbox at `url` on a phone."""
    return await window.open(f"{url}/page/#{person.id}", width=WIDTH, height=HEIGHT)


async def measure(page: Page) -> Measures:
    """Scroll to the end of the chat and measure its last message with the keyboard."""
    measures = await page.evaluate(_MEASURE)
    lists = {name: tuple(measures[name]) for name in ("rows", "cut")}
    return Measures(**(measures | lists))


async def check_fits_phone(page: Page) -> None:
    """Fail unless the last message and its keyboard are visible at once, in readable sizes."""
    assert page.viewport_size == {"width": WIDTH, "height": HEIGHT}
    measures = await measure(page)
    assert measures.font == FONT_SIZE, measures
    assert min(measures.rows, default=ROW_HEIGHT) >= ROW_HEIGHT, measures
    assert measures.cut == (), measures
    assert measures.right <= WIDTH, measures
    assert measures.above <= 0, f"{measures.above:.0f} px are above the edge: {measures}"
    assert measures.below <= 0, f"{measures.below:.0f} px are below the edge: {measures}"
