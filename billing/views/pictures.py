"""Pictures as values: what to draw. `bot/documents` draws them."""

from dataclasses import dataclass

from billing.rules.payments.transfer_codes import CodeContent


@dataclass(frozen=True, slots=True)
class QrPicture:
    """A QR code."""

    content: CodeContent


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its name, its amount in minor units and in words; `warns` is for debts."""

    label: str
    minor: int
    text: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other, as long as their amounts."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class PictureAt:
    """A picture that Telegram fetches from an address."""

    url: str


Drawn = QrPicture | BarChart
Picture = Drawn | PictureAt
