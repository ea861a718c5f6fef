from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.reminders.preferences import Pause, ReminderPreferences, objection
from billing.rules.reminders.stages import ReminderItem, ReminderKind, ReminderReason, snooze_stage
from tests.make import TODAY

DUE = TODAY + timedelta(days=7)
OFF, PAUSED = ReminderReason.SWITCHED_OFF, ReminderReason.PAUSED


def why(
    preferences: ReminderPreferences | None = None,
    pause: Pause | None = None,
    *,
    kind: ReminderKind = ReminderKind.SERVICE,
    stage: str = "7",
    today: date = TODAY,
) -> ReminderReason | None:
    return objection(
        preferences or ReminderPreferences(),
        pause,
        ReminderItem(1, DUE, stage, 1),
        kind=kind,
        today=today,
    )


def until(day: date | None, *, due: date | None = DUE, remind: bool = False) -> Pause:
    return Pause(7, 1, due, day, remind)


@pytest.mark.parametrize("kind", ReminderKind)
def test_all_reminders_are_wanted_by_default(kind: ReminderKind) -> None:
    assert why(kind=kind) is None
    assert why(ReminderPreferences(on=False), kind=kind) is OFF
    assert why(ReminderPreferences(kinds_off=(kind,)), kind=kind) is OFF
    others = tuple(other for other in ReminderKind if other is not kind)
    assert why(ReminderPreferences(kinds_off=others), kind=kind) is None


def test_stages_are_those_of_services_and_not_of_proformas() -> None:
    chosen = ReminderPreferences(stages_off=(7, 3))
    assert why(chosen) is OFF
    assert why(chosen, stage="1") is None
    assert why(chosen, kind=ReminderKind.PROFORMA, stage="3") is None


def test_a_pause_ends_on_its_day_and_is_for_its_due_date_only() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert why(pause=until(tomorrow)) is PAUSED
    assert why(pause=until(tomorrow), today=tomorrow) is None
    assert why(pause=until(tomorrow, due=DUE + timedelta(days=30))) is None
    assert why(pause=until(None, due=None), today=date.max) is PAUSED


def test_what_was_asked_for_comes_on_that_day_whatever_stages_are_off() -> None:
    day = TODAY + timedelta(days=2)
    chosen, asked = ReminderPreferences(stages_off=(7, 3, 1, 0)), until(day, remind=True)
    assert why(chosen, asked, stage=snooze_stage(day), today=day) is None
    assert why(chosen, asked, stage=snooze_stage(TODAY), today=day) is PAUSED
    assert why(chosen, None, stage=snooze_stage(day), today=day) is PAUSED
    assert why(ReminderPreferences(on=False), asked, stage=snooze_stage(day), today=day) is OFF
    assert why(chosen, until(day), stage=snooze_stage(day), today=day) is PAUSED


@given(st.integers(-400, 400), st.none() | st.integers(-400, 400), st.booleans())
def test_a_pause_silences_every_day_before_its_end(
    day: int, end: int | None, remind: bool
) -> None:
    pause = until(None if end is None else TODAY + timedelta(days=end), remind=remind)
    silent = pause.silences(DUE, today=TODAY + timedelta(days=day))
    assert silent == (end is None or day < end)
