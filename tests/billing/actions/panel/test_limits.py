"""A panel that takes no more calls for now is not away, and one may tell no changes."""

import logging
from dataclasses import replace
from itertools import repeat

import pytest

from billing.rules.panel.panel_state import PanelState
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import Trouble


async def state(beside: Connected) -> PanelState:
    async with beside.company.database.work.reading() as uow:
        return await uow.panel_state.get()


async def test_a_panel_that_is_busy_is_not_away(
    beside: Connected, caplog: pytest.LogCaptureFixture
) -> None:
    actions = beside.company.actions
    await beside.passes()
    beside.panel.troubles = repeat(Trouble.BUSY)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert await beside.passes(minutes=30) == 0
        assert await actions.read_everything() is None
        assert await actions.read_first() == 0
    assert not (await state(beside)).is_away
    told = [one.getMessage() for one in caplog.records if "the panel" in one.getMessage()]
    assert told == ["the panel takes no more calls for now, when asked what has changed"]


async def test_what_was_owed_goes_on_waiting_while_it_is_busy(beside: Connected) -> None:
    await beside.passes()
    page = await beside.orders_a_renewal()
    beside.panel.troubles = repeat(Trouble.BUSY)
    await beside.works()
    assert not (await state(beside)).is_away
    assert (await beside.shown(page)).order.state == page.order.state
    beside.panel.troubles = repeat(Trouble.NONE)
    await beside.works(minutes=5)
    assert len((await beside.account()).bills) == 1


async def test_stale_clients_are_left_for_later_while_it_is_busy(beside: Connected) -> None:
    await beside.passes()
    beside.panel.changed += ["anna", "john"]
    # The feed answers, and then the calls are used up.
    beside.panel.troubles = iter([Trouble.NONE, *repeat(Trouble.BUSY, 5)])
    assert await beside.passes(minutes=1) == 0
    assert len(list(beside.panel.troubles)) == 4
    beside.panel.troubles = repeat(Trouble.NONE)
    assert await beside.passes(minutes=1) == 2


async def test_a_panel_that_tells_no_changes_is_not_asked_for_them(beside: Connected) -> None:
    panel = beside.panel
    panel.capabilities = replace(panel.capabilities, tells_changes=False)
    assert await beside.passes() == 2
    first = await state(beside)
    panel.changed.append("anna")
    assert await beside.passes(minutes=1) == 0
    # What nobody has told is not known: nothing is true beyond its own reading.
    after = await state(beside)
    assert (after.changes_read_at, after.cursor) == (None, "")
    assert after.everything_read_at == first.everything_read_at is not None
