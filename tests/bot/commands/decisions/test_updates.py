"""`panelik updates`: what could not be handled."""

import json
from collections.abc import Awaitable, Callable

import pytest

from tests.bot.commands.conftest import Panelik
from tests.bot.telegram.updates import message, tap
from tests.world import World


def fails(*updates: dict[str, object]) -> Callable[[World], Awaitable[None]]:
    """The handling of these updates failed."""

    async def happen(world: World) -> None:
        for update in updates:
            await world.core.actions.keep_failed_update(
                f"1:{update['update_id']}",
                json.dumps(update),
                error="OperationalError",
                incident="A1B2C3",
            )

    return happen


def test_nothing_has_failed(panelik: Panelik) -> None:
    assert panelik("updates").out == "Every update was handled."
    assert panelik("updates", "list").out == "Every update was handled."


@pytest.mark.parametrize("command", [("updates",), ("updates", "list")])
def test_what_failed_is_listed_without_what_people_wrote(
    panelik: Panelik, command: tuple[str, ...]
) -> None:
    panelik.lets(fails(message(10, 1001, "my secret"), tap(11, 1002), {"update_id": 12}))
    listed = panelik(*command)
    assert listed.code == 0
    for words in ("message", "1001", "tap", "1002", "unreadable", "A1B2C3 OperationalError"):
        assert words in listed.out
    assert "my secret" not in listed.out


def test_the_list_fits_a_narrow_terminal(panelik: Panelik) -> None:
    panelik.lets(fails(message(10, 1001)))
    listed = Panelik(panelik.home, columns=80)("updates")
    assert max(map(len, listed.out.splitlines())) <= 80
    assert "OperationalError" in listed.out


def test_the_list_for_programs(panelik: Panelik) -> None:
    panelik.lets(fails(message(10, 1001)))
    (item,) = json.loads(panelik("updates", "--json").out)["items"]
    del item["received_at"]
    assert item == {
        "number": 1, "what": "message", "user": 1001, "failures": 1,
        "error": "A1B2C3 OperationalError",
    }  # fmt: skip


def test_one_is_retried_and_another_dropped(panelik: Panelik) -> None:
    panelik.lets(fails(message(10, 1001), message(11, 1001)))
    again = panelik("updates", "retry", "1")
    assert (again.code, again.out) == (
        0, "No. 1: the running bot tries again within a few seconds."
    )  # fmt: skip
    assert panelik("updates", "drop", "2").out == "No. 2: dropped."
    assert panelik("updates").out == "Every update was handled."
    missing = panelik("updates", "drop", "2")
    assert (missing.code, missing.out) == (1, "")
    assert missing.err == "No update no. 2 waits for you. `panelik updates` lists those that do."
    audit = panelik("audit").out
    assert "retry" in audit
    assert "drop" in audit


def test_json_goes_with_the_list_only(panelik: Panelik) -> None:
    refused = panelik("updates", "--json", "drop", "1")
    assert (refused.code, refused.err) == (2, "--json goes with the list, not with a decision.")
