"""The panel that owns the data does not change unnoticed."""

from collections.abc import Callable, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import cast, get_args

import pytest
from pydantic import SecretStr

from billing.ports.panel import Panel
from bot.clock import SystemClock
from bot.outside_panels import CONNECTED, PANELS
from bot.sandbox.methods.api import TOKEN
from bot.settings import Settings
from tests.bot.commands.conftest import Panelik
from tests.bot.datafolder.folders import client, write
from tests.panels import named

NOWHERE = {"BOT_TOKEN": TOKEN, "API_URL": "http://127.0.0.1:9"}
OLD, NEW = "https://old.example", "https://new.example"

Becomes = Callable[[str, str | None], None]


@pytest.fixture
def becomes(monkeypatch: pytest.MonkeyPatch) -> Becomes:
    """Let the settings lead to another panel."""
    panels = cast("MutableMapping[str, Callable[[], Panel]]", PANELS)

    def become(name: str, address: str | None) -> None:
        monkeypatch.setitem(panels, "embedded", lambda: named(name, address))

    return become


@pytest.fixture
def owned(panelik: Panelik, tmp_path: Path, becomes: Becomes) -> Panelik:
    """A company whose data belongs to a connected panel."""
    becomes("whmcs", OLD)
    assert panelik("load", write(tmp_path, clients=[client()])).code == 0
    return panelik


def test_every_panel_of_the_settings_can_be_made() -> None:
    names = [*PANELS, *CONNECTED]
    assert list(get_args(Settings.model_fields["panel"].annotation)) == names
    settings = Settings(
        bot_token=SecretStr(TOKEN), panel="fossbilling", panel_url="https://panel.example",
        panel_token=SecretStr("t"),
    )  # fmt: skip
    made = [make().name for make in PANELS.values()]
    outside = [import_module(CONNECTED[name]).make(settings, SystemClock()) for name in CONNECTED]
    assert made + [panel.name for panel in outside] == names


def test_another_setting_is_refused_with_what_there_is(panelik: Panelik) -> None:
    told = panelik("orders", PANEL="whmcs")
    assert told.code == 2
    assert "PANELIK_PANEL must be 'embedded' or 'fossbilling'." in told.err


def test_a_load_gives_a_new_database_to_its_panel(panelik: Panelik, tmp_path: Path) -> None:
    assert "panel │ - │ embedded" in panelik("panel").out
    assert panelik("load", write(tmp_path, clients=[client(currency="EUROS")])).code == 1
    assert "panel │ - │ embedded" in panelik("panel").out
    assert panelik("load", write(tmp_path, clients=[client()])).code == 0
    assert "panel │ embedded │ embedded" in panelik("panel").out


@pytest.mark.parametrize("command", [("run",), ("work",), ("orders",), ("load", ".")])
def test_another_panel_is_refused_before_harm(
    owned: Panelik, becomes: Becomes, command: tuple[str, ...]
) -> None:
    becomes("embedded", "")
    told = owned(*command, **NOWHERE)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"This database belongs to the panel whmcs at {OLD} (since ")
    assert told.err.endswith(
        "but PANELIK_PANEL is embedded. The same ids mean other services there. Is this the "
        "folder of your .env, and is it complete? Set PANELIK_PANEL=whmcs, or name another "
        "database with PANELIK_DATABASE_URL."
    )


def test_another_address_is_refused_until_it_is_accepted(owned: Panelik, becomes: Becomes) -> None:
    becomes("whmcs", NEW)
    told = owned("orders")
    assert told.code == 2
    assert f"is whmcs at {NEW}. If it is the same panel at another address" in told.err
    assert f"identity │ {OLD} │ {NEW} │ changed" in owned("panel").out
    assert owned("panel", "moved").out.splitlines() == [f"{OLD} -> {NEW}", "Accepted."]
    assert owned("orders").code == 0
    assert owned("panel", "moved").out == "Nothing has changed."
    assert "move panel │ whmcs" in owned("audit").out


def test_a_panel_that_does_not_answer_is_taken_for_the_one_it_was(
    owned: Panelik, becomes: Becomes
) -> None:
    becomes("whmcs", None)
    assert owned("orders").code == 0
    assert f"identity │ {OLD} │ does not answer" in owned("panel").out
    told = owned("panel", "moved")
    assert told.code == 1
    assert told.err.startswith("Your panel does not answer")
    becomes("fossbilling", None)
    assert owned("orders").code == 2


def test_a_new_database_waits_for_a_panel_that_answers(
    panelik: Panelik, tmp_path: Path, becomes: Becomes
) -> None:
    becomes("whmcs", None)
    told = panelik("load", write(tmp_path, clients=[client()]))
    assert told.code == 1
    assert told.err.startswith("Your panel does not answer")


def test_another_panel_is_not_accepted(owned: Panelik, becomes: Becomes) -> None:
    becomes("embedded", "")
    told = owned("panel", "moved")
    assert told.code == 1
    assert told.err.startswith("Only the address of the same panel can change")
    becomes("whmcs", OLD)
    assert owned("orders").code == 0


@pytest.mark.slow
def test_check_names_it(owned: Panelik, becomes: Becomes) -> None:
    becomes("embedded", "")
    told = owned("check", **NOWHERE)
    assert told.code == 1
    assert "Settings: fine." not in told.out
    assert "Settings: This database belongs to the panel whmcs" in told.err


def test_a_new_database_has_nothing_to_move(panelik: Panelik) -> None:
    told = panelik("panel", "moved")
    assert (told.code, told.out) == (1, "")
    assert "belongs to no panel yet" in told.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("sync",), "There is no panel to read: PANELIK_PANEL is embedded."),
        (("adopt",), "Missing option '--match'"),
        (("adopt", "--match", "id"), "There is no panel outside: PANELIK_PANEL is embedded."),
        (("merge", "1"), "Missing argument 'TO'."),
        (("merge", "1", "2"), "There is no panel outside: PANELIK_PANEL is embedded."),
    ],
)
def test_what_needs_a_panel_says_so(
    panelik: Panelik, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert panelik("load", write(tmp_path, clients=[client()])).code == 0
    told = panelik("panel", *words)
    assert told.code != 0
    assert sentence in told.err
