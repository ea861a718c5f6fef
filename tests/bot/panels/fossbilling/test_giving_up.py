"""When a write whose answer was lost is over, and what is known at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from billing.ports.connected import CallSubject, NeverHappened, Unknown
from billing.rules.money import Money
from billing.rules.panel.panel_calls import LEASE, Verb
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.errors import NotSentError, NoTurnError, UnclearError
from bot.panels.fossbilling.facts import MAY_RUN, is_settled, read_facts, write_facts
from bot.panels.fossbilling.http import Access, PanelHttp
from bot.panels.fossbilling.probe_subjects import Subjects, client_of
from bot.sandbox.faults import Fault
from tests.bot.panels.fossbilling.serving import QUICK, Outside
from tests.fakes import StillClock

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ADD = "admin/client/balance_add_funds"


@pytest.mark.parametrize("is_told", [True, False])
def test_a_write_may_run_for_ten_minutes_after_it_was_given_up(*, is_told: bool) -> None:
    """By the panel's clock, an hour behind; by ours where it does not tell the time."""
    there = NOW - timedelta(hours=1) if is_told else None
    facts = read_facts(write_facts({"gateway": 1}, there, here=NOW))

    def is_over(after: timedelta) -> bool:
        return is_settled(facts, there and there + after, here=NOW + after)

    assert timedelta(minutes=10) <= MAY_RUN - LEASE
    assert not is_over(timedelta(0))
    assert not is_over(LEASE)
    assert not is_over(MAY_RUN - SECOND)
    assert is_over(MAY_RUN)


def test_facts_without_any_clock_prove_nothing() -> None:
    assert not is_settled({}, NOW, here=NOW)


def money_comes(there: Outside) -> CallSubject:
    """Money for the balance of a client of the panel."""
    made = Subjects(client_of("2", "PLN"), there.api.clock.now())
    return made.subject(Verb.ADD_BALANCE, "", amount=Money(1000, "PLN"))


async def prepared(there: Outside) -> CallSubject:
    subject = money_comes(there)
    return replace(subject, call=replace(subject.call, facts=await there.panel.prepare(subject)))


async def test_a_write_that_reaches_nobody_is_known_not_to_be_sent(there: Outside) -> None:
    subject, real = await prepared(there), there.panel.http
    nowhere = PanelHttp(Access("http://127.0.0.1:9", "t"), Budget(100), QUICK)
    there.panel.reading.http = nowhere
    with pytest.raises(NotSentError) as caught:
        await there.panel.carry_out(subject)
    there.panel.reading.http = real
    await nowhere.close()
    assert (caught.value.is_unsent, caught.value.reason) == (True, "not_connected")


async def test_a_reading_that_reaches_nobody_after_the_write_says_nothing(there: Outside) -> None:
    subject = await prepared(there)
    budget = there.http.budget
    while budget.left > 1:
        assert await budget.take()
    with pytest.raises(NotSentError) as caught:
        await there.panel.carry_out(subject)
    assert not caught.value.is_unsent
    assert there.calls().count(ADD) == 1


async def test_a_write_that_we_come_too_late_for_is_not_sent(there: Outside) -> None:
    subject = await prepared(there)
    lease = there.api.clock.now() + timedelta(seconds=QUICK.write)
    with pytest.raises(NoTurnError) as caught:
        await there.panel.carry_out(
            replace(subject, call=replace(subject.call, lease_until=lease))
        )
    assert caught.value.is_unsent
    assert ADD not in there.calls()


@pytest.mark.parametrize(("kind", "is_hung"), [("delay", True), ("cut", False)])
async def test_money_that_was_not_answered_for_in_time_is_for_a_person(
    there: Outside, clock: StillClock, kind: str, *, is_hung: bool
) -> None:
    subject = await prepared(there)
    there.api.faults.add(Fault(ADD, kind, count=1, delay_ms=60_000))
    with pytest.raises(UnclearError) as caught:
        await there.panel.carry_out(subject)
    asked = replace(subject, call=replace(subject.call, error=caught.value.reason))
    clock.advance(MAY_RUN - SECOND)
    soon = await there.panel.find_out(asked)
    assert soon == Unknown("timed_out" if is_hung else "may_still_run")
    clock.advance(timedelta(days=2))
    asked = replace(asked, call=replace(asked.call, error=soon.error))
    late = await there.panel.find_out(asked)
    assert late == (Unknown("timed_out") if is_hung else NeverHappened())
