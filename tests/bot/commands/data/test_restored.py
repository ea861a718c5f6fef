"""`panelik restored` on a copy that was put back, as an operator goes through it."""

import re
import shutil
from collections.abc import Awaitable, Callable

import pytest

from bot.sandbox.people import ANNA, GUEST
from tests.bot.commands.conftest import Panelik
from tests.bot.commands.decisions.test_billing import renews_by_transfer, renews_twice
from tests.world import World


def go_back(panelik: Panelik, *, to: str) -> None:
    """Put a copy in the place of the database, as docs/going-live.md says."""
    shutil.copy(panelik.home / to, panelik.database)
    for name in ("-wal", "-shm"):
        panelik.database.with_name(panelik.database.name + name).unlink(missing_ok=True)


def copy(panelik: Panelik, name: str) -> None:
    shutil.copy(panelik.database, panelik.home / name)


def links_with(code: str) -> Callable[[World], Awaitable[str]]:
    """A guest sends the code; what they read."""

    async def link(world: World) -> str:
        guest = world.person(GUEST)
        await guest.sends(f"/link {code}")
        return guest.screen

    return link


@pytest.mark.slow
def test_a_transfer_for_a_number_that_was_forgotten_pays_nobody_elses_services(
    loaded: Panelik, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(loaded, "night.sqlite")
    forgotten = loaded.lets(renews_by_transfer)
    go_back(loaded, to="night.sqlite")
    monkeypatch.setattr("tests.world.digits", lambda: 518)
    first, second = loaded.lets(renews_twice)
    assert forgotten[:-4] == first[:-4]
    assert forgotten != first
    told = loaded("paid", forgotten)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(f'There is no proforma "{forgotten}".')
    loaded("restored")
    for number in (first, second):
        assert ": paid." in loaded("paid", number).out


@pytest.mark.slow
def test_what_a_copy_promises_ends_and_what_it_cannot_know_is_said(loaded: Panelik) -> None:
    code = loaded("link", "C-1001").out
    number = loaded.lets(renews_by_transfer)
    loaded("paid", number, "2.00")
    told = loaded("restored")
    assert told.code == 0
    minute = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    unsent = "to clients that waited in the copy will not be sent: most have been sent since"
    for words in (
        rf"^The newest thing this copy knows of is of {minute} \(Europe/Warsaw\)\.",
        r"^- 1 open link code ended \(for C-1001\): make new ones with `panelik link`\.",
        rf"^- 2 messages {unsent}: part_paid C-1001\.",
        r"^- 1 proforma unpaid in the copy, perhaps paid since:",
        rf"^{number} of C-1001: 40\.00 PLN",
        r"^- 1 order, 0 requests to cancel and 0 tasks wait as in the copy",
        rf"^A copy cannot know what has happened since {minute}",
        r"^- People: who left an account since then is joined to it again",
    ):
        assert re.search(words, told.out, re.MULTILINE), f"{words}\n{told.out}"
    assert "wrong, used or expired" in loaded.lets(links_with(code))


@pytest.mark.slow
def test_a_second_time_only_tells_again(loaded: Panelik) -> None:
    first = loaded("restored").out.splitlines()
    again = loaded("restored")
    assert again.code == 0
    assert again.out.splitlines()[0] == first[0]
    assert re.search(
        r"^This was run on .*, so nothing was changed now\. .* add --again\.$",
        again.out,
        re.MULTILINE,
    )
    assert "Done:" not in again.out
    assert "Done:" in loaded("restored", "--again").out


def test_a_database_in_which_nothing_has_happened(panelik: Panelik) -> None:
    told = panelik("restored")
    assert told.code == 0
    assert told.out.startswith("This database knows of nothing that has happened yet.")


@pytest.mark.slow
def test_commands_are_sent_to_telegram_again(loaded: Panelik) -> None:
    async def commands(world: World) -> None:
        await world.core.database.settings_store.set("commands_menu", "hash")

    async def kept(world: World) -> str | None:
        return await world.core.database.settings_store.get("commands_menu")

    loaded.lets(commands)
    loaded("restored")
    assert loaded.lets(kept) == ""


@pytest.mark.slow
def test_nobody_is_written_to_twice_of_what_waited(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    loaded("paid", number, "2.00")
    loaded("restored")

    async def minute_passes(world: World) -> list[str]:
        await world.passes(minutes=1)
        return world.person(ANNA).screens

    assert not any("2,00 zł" in screen for screen in loaded.lets(minute_passes))
