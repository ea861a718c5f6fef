import re
from datetime import date
from pathlib import Path

import pytest

from billing.rules.cycles import NAMED_CYCLES
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.work import PAID_WORK
from bot.datafolder import clients, services
from bot.datafolder.catalogfile import SECTIONS
from bot.datafolder.shapes import (
    AddonShape,
    BankShape,
    BannerShape,
    CompanyShape,
    GroupShape,
    PolicyShape,
    PriceShape,
    ProductShape,
    Shape,
    TopicShape,
)
from tests.bot.datafolder.folders import load

PAGE = (Path(__file__).parents[3] / "docs" / "data-folder.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r'^```\w+ title="(?P<name>.+?)"\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE
)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    """The folder that the page shows."""
    for example in EXAMPLE.finditer(PAGE):
        (tmp_path / example["name"]).write_text(example["text"], encoding="utf-8")
    return tmp_path


def test_the_documented_example_loads(documented: Path) -> None:
    folder = load(documented)
    assert len(list(documented.iterdir())) == 3
    assert [product.id for product in folder.catalog.products] == ["hosting-m", "parking", "ssl"]
    assert (folder.client_count, folder.service_count) == (2, 3)
    hosting, waiting, ssl = folder.services()
    assert (hosting.anchor_day, hosting.next_due_date) == (31, date(2027, 3, 31))
    assert (waiting.status, waiting.amount) == (ServiceStatus.PENDING, Money(690, "EUR"))
    assert (ssl.parent, ssl.anchor_day, ssl.first_amount) == ("S-1", 31, Money(9900, "PLN"))


def test_the_defaults_in_the_example_are_the_defaults(documented: Path) -> None:
    shown = load(documented).catalog.policy
    text = (documented / "catalog.yaml").read_text(encoding="utf-8")
    without = re.sub(r"^policy:.*?^\n", "", text, flags=re.DOTALL | re.MULTILINE)
    (documented / "catalog.yaml").write_text(without, encoding="utf-8")
    assert load(documented).catalog.policy == shown
    assert len(without) < len(text)


@pytest.mark.parametrize(
    "shape",
    [
        CompanyShape, BankShape, PolicyShape, GroupShape, ProductShape, AddonShape, PriceShape,
        BannerShape, TopicShape,
    ],
)  # fmt: skip
def test_every_key_is_in_the_example(documented: Path, shape: type[Shape]) -> None:
    text = (documented / "catalog.yaml").read_text(encoding="utf-8")
    missing = [key for key in shape.model_fields if not re.search(rf"\b{key}:", text)]
    assert not missing


def test_every_section_is_in_the_example(documented: Path) -> None:
    text = (documented / "catalog.yaml").read_text(encoding="utf-8")
    assert tuple(re.findall(r"^(\w+):", text, re.MULTILINE)) == SECTIONS


@pytest.mark.parametrize(
    "word",
    [
        *clients.COLUMNS,
        *services.COLUMNS,
        *map(str, NAMED_CYCLES),
        *ServiceStatus,
        *SuspendedFor,
        *PAID_WORK,
    ],
)
def test_every_column_and_word_is_explained(word: str) -> None:
    assert f"`{word}`" in PAGE
