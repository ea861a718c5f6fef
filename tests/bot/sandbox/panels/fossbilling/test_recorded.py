"""Every call that was recorded on a running 0.8.5, made again in the same order.

The stand-in must answer with the same status, the same code and the same rows: keys, types and
values, so that each write has the same consequences on dates, invoices and balances.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest

from bot.sandbox.panels.fossbilling.api import PanelApi
from tests.bot.sandbox.panels.fossbilling.calling import STAFF, Panel, served_panel
from tests.bot.sandbox.panels.fossbilling.comparing import RecordedCall, differences, recorded
from tests.fakes import StillClock

NUMBERS = frozenset({"nr", "serie_nr"})
"""Of invoices made at the same time: which call got which number was chance."""

_AT = {
    "seed": datetime(2026, 11, 28, 17, 18, 13, tzinfo=UTC),
    "recorded": datetime(2026, 11, 28, 16, 18, 6, tzinfo=UTC),
    "parallel": datetime(2026, 11, 28, 17, 18, 17, tzinfo=UTC),
}


async def _make(panel: Panel, call: RecordedCall) -> httpx.Response:
    auth = STAFF if call.as_role == "admin" else None
    if call.name == "wrong token":
        auth = ("admin", "wrong")
    return await panel.post(call.call, auth=auth, **call.body)


async def _replay(
    panel: Panel, calls: Sequence[RecordedCall], *, ignoring: frozenset[str] = frozenset()
) -> list[str]:
    problems = []
    for call in calls:
        response = await _make(panel, call)
        if response.status_code != call.status:
            problems.append(f"{call}: HTTP {response.status_code}, recorded {call.status}")
        found = differences(response.json(), call.answer, ignoring=ignoring)
        problems += [f"{call}{difference}" for difference in found]
    return problems


@pytest.mark.parametrize(("file", "count"), [("seed", 62), ("recorded", 82)])
async def test_every_call_is_answered_as_it_was(file: str, count: int) -> None:
    calls = recorded(file)
    assert len(calls) == count
    async with served_panel(PanelApi(StillClock(_AT[file]))) as panel:
        assert await _replay(panel, calls) == []


async def test_calls_at_the_same_time_end_as_they_did() -> None:
    calls = recorded("parallel")
    renewals, payments = calls[:4], calls[6:10]
    assert [call.name[:16] for call in (*renewals, *payments)] == [
        *["parallel renewal"] * 4,
        *["parallel payment"] * 4,
    ]
    async with served_panel(PanelApi(StillClock(_AT["parallel"]))) as panel:
        alone = panel.api.world.pause
        # All four look before the first one writes.
        panel.api.world.pause = asyncio.Barrier(4).wait
        answers = await asyncio.gather(*(_make(panel, call) for call in renewals))
        panel.api.world.pause = alone
        assert {a.json()["result"] for a in answers} == {c.answer["result"] for c in renewals}
        # In this recording four payments moved the date once, in others two and four times: so
        # here they come one after the other; `test_parallel.py` has them at the same time.
        assert await _replay(panel, calls[4:], ignoring=NUMBERS) == []


def test_a_difference_is_seen_in_keys_lengths_types_and_values() -> None:
    theirs = {"id": 4, "nr": "4", "lines": [{"price": 49}], "due_at": "2026-12-03 12:00:00"}
    others = (
        {**theirs, "id": "4"},
        {**theirs, "more": 1},
        {**theirs, "lines": []},
        {**theirs, "lines": [{"price": 49.5}]},
        {**theirs, "due_at": "2026-12-03 12:00:04"},
    )
    assert list(differences(theirs, theirs)) == []
    assert [len(list(differences(other, theirs))) for other in others] == [1] * 5
