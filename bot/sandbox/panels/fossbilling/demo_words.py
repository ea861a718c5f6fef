"""The data folder beside the demo's panel: the invented company's texts, by the panel's ids."""

from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from bot.sandbox.demodata import render
from bot.sandbox.panels.fossbilling.errors import Json

_TEXTS = ("id", "name", "description", "features", "asks_for", "needs_work", "reminder_stages")
_DOMAINS = {"id": "domains", "ref": "1", "group": "1", "name": {"pl": "Domeny", "en": "Domains"}}


def write_panel_words(target: Path, today: date) -> Path:
    """Write the folder, made if need be, and return it; `today` is the demo's first day."""
    target.mkdir(parents=True, exist_ok=True)
    ours = yaml.safe_load(_text("bot.sandbox", "demo/catalog.yaml", today))
    there = yaml.safe_load(_text("bot.sandbox.panels.fossbilling", "demo.yaml", today))
    words = yaml.safe_dump(_beside(ours, there), allow_unicode=True, sort_keys=False)
    (target / "catalog.yaml").write_text(words, encoding="utf-8")
    return target


def _text(package: str, name: str, today: date) -> str:
    file = resources.files(package).joinpath(*name.split("/"))
    return render(file.read_text(encoding="utf-8"), today)


def _beside(ours: Json, there: Json) -> Json:
    """Return the company's file with the panel's groups, products and add-ons in it."""
    groups = {row["words"]: str(row["id"]) for row in there["categories"]}
    return {
        **{name: ours[name] for name in ("company", "policy", "banners", "help")},
        "groups": [
            {**group, "id": groups.get(group["id"], group["id"])} for group in ours["groups"]
        ],
        "products": [_DOMAINS, *_offers(ours["products"], there["products"], groups)],
        "addons": _offers(ours["addons"], there["addons"], groups),
    }


def _offers(ours: list[Json], there: list[Json], groups: dict[str, str]) -> list[Json]:
    """Return those of our products that the panel has, without prices."""
    known = {row["words"]: str(row["id"]) for row in there if "words" in row}
    return [
        {
            **{name: row[name] for name in _TEXTS if name in row},
            "ref": known[row["id"]],
            "group": groups.get(row["group"], row["group"]),
        }
        for row in ours
        if row["id"] in known
    ]
