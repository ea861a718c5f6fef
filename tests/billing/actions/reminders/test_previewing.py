"""What is previewed is what is sent, and looking at it changes nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from billing.ports.outside import Delivery
from billing.rules.errors import NotFoundError
from billing.rules.reminders.preferences import Pause, QuietHours, ReminderPreferences
from billing.rules.reminders.stages import ReminderKind, ReminderPolicy, ReminderReason
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Policy
from billing.views.account import ClientInfo
from billing.views.reminders.digests import Digest
from billing.views.reminders.preview import ClientPreview
from billing.views.services import CancelWhen
from tests.billing.actions.reminders.reminding import Days, at, open_days
from tests.make import TODAY, banner, catalog, owned_addon
from tests.statements import counting

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
TICK = timedelta(minutes=10)

Sent = list[tuple[datetime, Digest]]


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def preview(days: Days, day: date = TODAY, ref: str | None = None) -> list[ClientPreview]:
    return [one async for one in days.actions.preview_reminders(day, client_ref=ref)]


def messages(previewed: list[ClientPreview]) -> Sent:
    """What will go out, by instant and user, without the numbers that digests get when planned."""
    found = [
        (message.at, replace(message.digest, id=0))
        for one in previewed
        for message in one.messages
        if message.digest is not None and not message.is_finished
    ]
    return sorted(found, key=_place)


def sent(days: Days) -> Sent:
    return sorted(((at, replace(one, id=0)) for at, one in days.post.digests), key=_place)


def _place(one: tuple[datetime, Digest]) -> tuple[int, int]:
    return one[1].client_id, one[1].user_id


def left_out(previewed: list[ClientPreview]) -> list[tuple[str, str, ReminderReason]]:
    return [(i.title, i.stage, i.reason) for one in previewed for i in one.left_out]


async def choose(days: Days, client: ClientInfo, user: int = 7, **chosen: object) -> None:
    visitor = await days.visitor(user)

    def change(wishes: ReminderPreferences) -> ReminderPreferences:
        return replace(wishes, **chosen)  # type: ignore[arg-type] # the test's own

    await days.actions.change_reminder_settings(visitor, client, change)


async def pause(days: Days, of: Service, until: date | None, *, remind: bool = False) -> None:
    async with days.database.work.writing() as uow:
        renewal_line = Pause(7, of.id, of.next_due_date, until, remind)
        await uow.preferences.pause(of.client_id, [renewal_line])
        await uow.commit()


async def a_company(days: Days) -> None:
    """Everything that decides what is sent, when and to whom, over the coming week."""
    await days.publish(catalog(banners=(banner(),)))
    anna = await days.client("anna", 7, 8)
    await choose(days, anna, 8, hour=16, stages_off=(3,), kinds_off=(ReminderKind.OFFER,))
    hosting = await days.owns(anna, 8, name="Hosting")
    await days.owns(anna, 4, name="VPS")
    await days.owns(anna, -2, name="Late")
    ssl = owned_addon(parent_id=hosting.id)
    await days.owns(anna, 8, name="SSL", parent_id=hosting.id, product_id=ssl.product_id)
    await pause(days, await days.owns(anna, 6, name="Asked for"), TODAY + DAY, remind=True)
    ben = await days.client("ben", 9, timezone="Asia/Kathmandu", language="en")
    await days.owns(ben, 8, name="Ben's")
    await choose(days, ben, 9, quiet=QuietHours(20, 13))
    gone = await days.owns(await days.client("eva", 10), 8, name="Going")
    await days.actions.request_cancellation(
        await days.client("eva", 10), gone.id, when=CancelWhen.PERIOD_END, reason=""
    )
    await days.client("nothing due", 11)


async def lives_a_day(days: Days, day: date) -> None:
    """Let a day pass from its first minute, so that only what is of that day is sent in it."""
    days.clock.advance(at(time(0, 1), day) - days.clock.now())
    days.post.digests.clear()
    await days.lives(1, every=TICK)


@pytest.mark.parametrize("ahead", [0, 1, 5])
async def test_what_is_previewed_is_what_is_sent(days: Days, ahead: int) -> None:
    await a_company(days)
    day = TODAY + ahead * DAY
    foretold = messages(await preview(days, day))
    for passed in range(ahead):
        await lives_a_day(days, TODAY + passed * DAY)
    await lives_a_day(days, day)
    assert [digest for _, digest in sent(days)] == [digest for _, digest in foretold]
    assert foretold
    for (planned, _), (went_out, _) in zip(foretold, sent(days), strict=True):
        assert planned <= went_out < planned + TICK


async def test_what_was_planned_is_previewed_as_it_will_be_sent(days: Days) -> None:
    await a_company(days)
    before = messages(await preview(days))
    await days.tick()
    assert messages(await preview(days)) == before


async def test_nothing_is_written_and_nothing_is_sent(days: Days) -> None:
    await a_company(days)
    for ahead in (0, 1, 30):
        with counting(days.database) as statements:
            await preview(days, TODAY + ahead * DAY)
        assert {statement.split()[0] for statement, _ in statements.run} == {"SELECT"}
    assert not days.post.digests
    assert await days.items() == []


async def test_what_was_sent_is_marked_and_not_sent_again(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 7)
    await choose(days, anna, 8, hour=16)
    await days.goes_to(time(11))
    (one,) = await preview(days)
    assert [(m.user_id, m.is_finished) for m in one.messages] == [(7, True), (8, False)]
    assert one.messages[0].sending is not None
    assert one.messages[0].sending.message_id == 1
    assert messages(await preview(days, TODAY + DAY)) == []


async def test_what_nobody_is_told_of_is_named_with_its_reason(days: Days) -> None:
    anna = await days.client()
    await pause(days, await days.owns(anna, 7, name="Muted"), None)
    off = await days.owns(anna, 3, name="Off")
    await choose(days, anna, stages_off=(3,))
    await days.owns(await days.client("john", 8), 7, name="John's")
    await days.actions.note_blocked(8, blocked=True)
    ben = await days.client("ben", 9)
    await days.owns(ben, 7, name="Ben's")
    async with days.database.work.writing() as uow:
        await uow.users.unlink(9, ben.id)
        await uow.commit()
    expected = [
        (f"{off.name} {off.domain}", "3", ReminderReason.SWITCHED_OFF),
        ("Muted anna.example", "7", ReminderReason.PAUSED),
        ("John's anna.example", "7", ReminderReason.BLOCKED),
        ("Ben's anna.example", "7", ReminderReason.NOBODY_LINKED),
    ]
    assert sorted(left_out(await preview(days))) == sorted(expected)
    await days.tick()
    assert sorted(left_out(await preview(days))) == sorted(expected)


async def test_one_client_is_previewed_alone(days: Days) -> None:
    await a_company(days)
    (one,) = await preview(days, TODAY + DAY, ref="ben")
    assert one.client.ref == "ben"
    with pytest.raises(NotFoundError):
        await preview(days, ref="nobody")


async def test_another_policy_shows_its_effect(days: Days) -> None:
    await days.owns(await days.client(), 11)
    assert await preview(days) == []
    policy = Policy(reminders=ReminderPolicy(stages=(11,), hour=15))
    changed = catalog(policy=policy)
    (one,) = [one async for one in days.actions.preview_reminders(TODAY, catalog=changed)]
    assert one.messages[0].at >= at(time(15))
    await days.publish(changed)
    assert messages(await preview(days)) == messages([one])


async def test_what_was_put_off_is_previewed_for_when_it_is_tried_again(days: Days) -> None:
    await days.owns(await days.client(), 7)
    days.clock.advance(timedelta(hours=11))
    days.post.answers.append(Delivery(retry_after=1800))
    await days.tick()
    ((moment, _),) = messages(await preview(days))
    assert moment == days.clock.now() + timedelta(seconds=1800)


async def test_after_an_outage_what_was_left_unsent_is_previewed_in_the_days_message(
    days: Days,
) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 3, name="Twice")
    await days.owns(anna, 0, name="Once")
    await days.tick()
    days.clock.advance(2 * DAY + timedelta(hours=11))
    await days.owns(anna, 3, name="New")
    foretold = messages(await preview(days, TODAY + 2 * DAY))
    await days.tick()
    assert [digest for _, digest in sent(days)] == [digest for _, digest in foretold]
    assert [at for at, _ in foretold] == [days.clock.now()] * 2
    assert [[item.stage for item in digest.items] for _, digest in foretold] == [
        ["-1", "1", "1"]
    ] * 2


async def test_each_users_message_takes_up_what_they_were_not_sent_themselves(
    days: Days,
) -> None:
    anna = await days.client("anna", 7, 8)
    await choose(days, anna, 8, stages_off=(3,))
    await days.owns(anna, 3, name="Unsent")
    await days.tick()
    days.clock.advance(DAY + timedelta(hours=11))
    await days.owns(anna, 2, name="New")
    foretold = messages(await preview(days, TODAY + DAY))
    assert [(one.user_id, [item.service.name for item in one.items]) for _, one in foretold] == [
        (7, ["New", "Unsent"]), (8, ["New"]),
    ]  # fmt: skip
    await days.tick()
    assert sent(days) == foretold


@pytest.mark.parametrize(
    ("user", "kind_off", "left"),
    [(7, ReminderKind.SERVICE, []), (8, ReminderKind.PROFORMA, [ReminderReason.SUPERSEDED])],
)
async def test_a_proforma_that_a_service_stands_for_is_left_out_unless_somebody_is_told_of_it(
    days: Days, user: int, kind_off: ReminderKind, left: list[ReminderReason]
) -> None:
    policy = ReminderPolicy(stages=(7,), proforma_stages=(7,))
    await days.publish(catalog(policy=Policy(reminders=policy)))
    anna = await days.client("anna", 7, 8)
    hosting = await days.owns(anna, 14)
    await days.actions.add_renewal(anna, "pl", hosting.id)
    quoted = (await days.actions.show_cart(anna, "pl")).quoted_cart
    await days.actions.place_order(
        anna, "pl", revision=quoted.revision, seal=quoted.seal, gateway_number=2
    )
    await choose(days, anna, user, kinds_off=(kind_off,))
    previewed = await preview(days, TODAY + 7 * DAY)
    assert [one.user_id for _, one in messages(previewed)] == [7, 8]
    assert [reason for *_, reason in left_out(previewed)] == left


async def test_a_day_that_is_over_is_refused(days: Days) -> None:
    with pytest.raises(ValueError, match="over"):
        await preview(days, TODAY - DAY)
