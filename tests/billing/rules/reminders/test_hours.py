from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.reminders.hours import first_moment, next_open, send_at, spread
from billing.rules.reminders.preferences import NIGHT, QuietHours
from billing.rules.reminders.stages import ReminderItem, snooze_stage

NAMES = ["Europe/Warsaw", "Europe/Dublin", "Asia/Kathmandu", "America/New_York", "Africa/Cairo",
         "America/St_Johns", "Pacific/Chatham", "Pacific/Pago_Pago", "Pacific/Kiritimati",
         "Australia/Lord_Howe", "America/Santiago", "Asia/Tehran", "UTC"]  # fmt: skip
ZONES = st.sampled_from([ZoneInfo(name) for name in NAMES])
INSTANTS = st.integers(0, 8 * 366 * 86_400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CLIENTS = st.integers(1, 10**6)
WARSAW = ZoneInfo("Europe/Warsaw")


HOURS = st.integers(0, 23)
QUIET = st.builds(QuietHours, HOURS, HOURS)


@pytest.mark.slow
@given(CLIENTS, ZONES, INSTANTS, st.integers(-1, 1), HOURS, QUIET)
def test_a_reminder_never_comes_early_nor_at_a_quiet_hour(
    client: int, zone: ZoneInfo, now: datetime, days: int, hour: int, quiet: QuietHours
) -> None:
    today = now.astimezone(zone).date() + timedelta(days=days)
    sent = send_at(client, zone, now, today=today, hour=hour, quiet=quiet)
    assert sent >= now
    assert not quiet.cover(sent.astimezone(zone).time())
    wished = datetime.combine(today, time(hour), zone) + spread(client)
    assert sent - max(now, wished.astimezone(UTC)) < timedelta(hours=27)


@pytest.mark.slow
@given(CLIENTS, ZONES, INSTANTS, QUIET)
def test_an_open_hour_delays_nothing(
    client: int, zone: ZoneInfo, now: datetime, quiet: QuietHours
) -> None:
    opened = next_open(client, zone, now, quiet)
    assert next_open(client, zone, opened, quiet) == opened
    if not quiet.cover(now.astimezone(zone).time()):
        assert opened == now


def test_the_night_is_quiet_unless_something_else_is_chosen() -> None:
    loud = [hour for hour in range(24) if not NIGHT.cover(time(hour, 59))]
    assert loud == list(range(9, 20))
    assert [hour for hour in range(24) if QuietHours(9, 17).cover(time(hour))] == [*range(9, 17)]
    assert not any(QuietHours(5, 5).cover(time(hour)) for hour in range(24))


def test_clients_are_spread_over_the_hour_and_keep_their_place() -> None:
    minutes = {int(spread(client).total_seconds()) // 60 for client in range(1, 2000)}
    assert minutes == set(range(60))
    assert spread(7) == spread(7)


@given(CLIENTS, st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_the_hour_is_that_of_the_clock_on_the_wall_in_summer_and_winter(
    client: int, day: date
) -> None:
    sent = send_at(client, WARSAW, first_moment(day, WARSAW), today=day, hour=10)
    assert sent.astimezone(WARSAW).date() == day
    assert sent.astimezone(WARSAW).hour == 10


@given(ZONES, st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_a_day_begins_with_its_first_moment(zone: ZoneInfo, day: date) -> None:
    begins = first_moment(day, zone)
    assert begins.astimezone(zone).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() < day


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(-60, 60))
def test_a_stage_has_its_day(due: date, stage: int) -> None:
    assert ReminderItem(1, due, str(stage)).day == due - timedelta(days=stage)
    chosen = due + timedelta(days=stage)
    assert ReminderItem(1, due, snooze_stage(chosen)).day == chosen
