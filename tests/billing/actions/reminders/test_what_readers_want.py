"""Users get the reminders that they want: preferences, pauses, proformas, one by one.

Walks through days, which ask nothing of the database that others do not, run on SQLite only.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.ports.outside import Delivery
from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvalidInputError, NotFoundError
from billing.rules.payments.invoices import Invoice
from billing.rules.reminders.preferences import QuietHours, ReminderPreferences
from billing.rules.reminders.stages import ReminderKind, ReminderReason
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Policy
from billing.views.account import ClientInfo
from billing.views.reminders.settings import ReminderSettings
from tests.billing.actions.reminders.reminding import WARSAW, Days, open_days
from tests.database import only_on_sqlite
from tests.make import STAFF, TODAY, banner, catalog, owned_addon

ELEVEN = time(11)
DAY = timedelta(days=1)


@pytest.fixture
async def days(empty: str) -> AsyncIterator[Days]:
    async with open_days(empty) as opened:
        yield opened


async def choose(days: Days, client: ClientInfo, user: int = 7, **chosen: object) -> object:
    visitor = await days.visitor(user)

    def change(wishes: ReminderPreferences) -> ReminderPreferences:
        return replace(wishes, **chosen)  # type: ignore[arg-type] # the test's own

    return await days.actions.change_reminder_settings(visitor, client, change)


async def settings(days: Days, client: ClientInfo, user: int = 7) -> ReminderSettings:
    return await days.actions.show_reminder_settings(await days.visitor(user), client)


async def snooze(days: Days, client: ClientInfo, until: date) -> None:
    visitor = await days.visitor()
    await days.actions.snooze_digest(visitor, client, days.last.id, "en", until)


async def reasons(days: Days, of: Service) -> list[tuple[str, ReminderReason | None]]:
    async with days.database.work.reading() as uow:
        found = await uow.reminder_reports.history(of.id, limit=99)
    return [(item.stage, item.reason) for item in reversed(found)]


# -- the settings -------------------------------------------------------------------------------


@pytest.mark.slow
@only_on_sqlite
async def test_a_stage_that_is_off_is_not_sent_and_says_why(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    await choose(days, anna, stages_off=(3, 0))
    await days.lives(11, every=timedelta(hours=6))
    assert days.stages() == [["7"], ["1"], ["-1"], ["-3"]]
    assert ("3", ReminderReason.SWITCHED_OFF) in await reasons(days, hosting)


@pytest.mark.slow
@only_on_sqlite
async def test_users_of_a_client_have_their_own_preferences(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 7)
    await choose(days, anna, 7, stages_off=(7, 3))
    await choose(days, anna, 8, hour=16)
    await days.lives(8, every=timedelta(minutes=30))
    got = {user: [d.items[0].stage for _, d in days.post.digests if d.user_id == user]
           for user in (7, 8)}  # fmt: skip
    assert got == {7: ["1", "0"], 8: ["7", "3", "1", "0"]}
    hours = {d.user_id: sent.astimezone(WARSAW).hour for sent, d in days.post.digests}
    assert hours == {7: 10, 8: 16}


async def test_addons_can_be_off_while_services_are_on(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    ssl = replace(owned_addon(parent_id=hosting.id), next_due_date=TODAY + 3 * DAY)
    await days.owns(anna, 3, name=ssl.name, parent_id=hosting.id, product_id=ssl.product_id)
    await choose(days, anna, kinds_off=(ReminderKind.ADDON,))
    await days.goes_to(ELEVEN)
    assert [item.service.id for item in days.last.items] == [hosting.id]


@pytest.mark.slow
@only_on_sqlite
async def test_quiet_hours_put_off_and_drop_nothing(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await choose(days, anna, hour=9, quiet=QuietHours(22, 13))
    await days.lives(1, every=timedelta(minutes=20))
    (local,) = days.local_times()
    assert local.hour == 13
    async with days.database.work.reading() as uow:
        (item,) = [
            i for i in await uow.reminder_reports.history(hosting.id, limit=9) if i.sendings
        ]
    assert item.sendings[0].message_id is not None


@pytest.mark.slow
async def test_quiet_hours_chosen_after_the_plan_count_when_sending(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await days.tick()
    await choose(days, anna, quiet=QuietHours(20, 15))
    await days.goes_to(ELEVEN)
    assert days.post.digests == []
    await days.goes_to(time(16))
    assert len(days.post.digests) == 1
    async with days.database.work.reading() as uow:
        (item,) = [
            i for i in await uow.reminder_reports.history(hosting.id, limit=9) if i.sendings
        ]
    ((_, until, why),) = item.sendings[0].deferrals
    assert (until.astimezone(WARSAW).hour, why) == (15, ReminderReason.QUIET_HOURS)


@pytest.mark.slow
@only_on_sqlite
async def test_the_operator_is_not_told_of_clients_whose_users_want_nothing(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 3)
    await choose(days, anna, on=False)
    await days.lives(1)
    assert (days.post.digests, await days.states()) == ([], [])
    assert ("3", ReminderReason.SWITCHED_OFF) in await reasons(days, hosting)


@pytest.mark.slow
@only_on_sqlite
async def test_every_change_says_when_the_next_reminder_comes_and_then_it_comes(
    days: Days,
) -> None:
    anna = await days.client()
    await days.owns(anna, 9)
    for chosen in ({}, {"stages_off": (7,)}, {"hour": 17}, {"quiet": QuietHours(20, 12)}):
        promised = await choose(days, anna, **chosen)
        assert isinstance(promised, ReminderSettings)
        assert promised.next_at is not None
        while not await days.tick():
            assert days.clock.now() < promised.next_at
            left = promised.next_at - days.clock.now()
            days.clock.advance(min(timedelta(hours=1), left))
        assert days.clock.now() == promised.next_at
    assert (await choose(days, anna, on=False)).next_at is None  # type: ignore[attr-defined]


@pytest.mark.slow
async def test_what_waits_for_today_is_the_next_reminder_until_it_is_sent(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.tick()
    next_at = (await settings(days, anna)).next_at
    assert next_at is not None
    assert next_at.astimezone(WARSAW).date() == TODAY
    await days.goes_to(ELEVEN)
    next_at = (await settings(days, anna)).next_at
    assert next_at is not None
    assert next_at.astimezone(WARSAW).date() == TODAY + 4 * DAY
    assert next_at == await days.actions.next_reminder()


async def test_settings_are_only_there_for_those_who_are_linked(days: Days) -> None:
    anna = await days.client()
    with pytest.raises(NotFoundError):
        await days.actions.show_reminder_settings(await days.visitor(99), anna)
    with pytest.raises(NotFoundError):
        await days.actions.change_reminder_settings(
            await days.visitor(99), anna, lambda _: ReminderPreferences(on=False)
        )


# -- not now ------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_snoozed_it_is_silent_until_the_day_and_comes_then(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    await snooze(days, anna, TODAY + 5 * DAY)
    await days.lives(5, every=timedelta(hours=6))
    assert days.stages() == [["7"], [f"snooze:{TODAY + 5 * DAY}"]]
    await days.lives(2, every=timedelta(hours=6))
    assert days.stages()[2:] == [["1"], ["0"]]


@pytest.mark.slow
@only_on_sqlite
async def test_snoozed_twice_the_last_wish_counts(days: Days) -> None:
    anna = await days.client()
    await days.owns(anna, 20)
    days.clock.advance(13 * DAY)
    await days.goes_to(ELEVEN, TODAY + 13 * DAY)
    for ahead in (2, 1):
        await snooze(days, anna, TODAY + (13 + ahead) * DAY)
    await days.lives(3, every=timedelta(hours=6))
    assert days.stages() == [["7"], [f"snooze:{TODAY + 14 * DAY}"]]


@pytest.mark.slow
@only_on_sqlite
async def test_a_snooze_is_one_users_and_the_other_is_reminded_as_before(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    mine = next(digest for _, digest in days.post.digests if digest.user_id == 7)
    visitor = await days.visitor()
    await days.actions.snooze_digest(visitor, anna, mine.id, "en", TODAY + 6 * DAY)
    await days.lives(5, every=timedelta(hours=6))
    later = [(d.user_id, d.items[0].stage) for _, d in days.post.digests[2:]]
    assert later == [(8, "3")]


@pytest.mark.slow
@only_on_sqlite
async def test_renewed_while_snoozed_nothing_comes(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    await snooze(days, anna, TODAY + 2 * DAY)
    await days.save(replace(hosting, next_due_date=TODAY + 38 * DAY))
    assert await days.lives(4, every=timedelta(hours=6)) == 0


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize("days_ahead", [0, -1, 367])
async def test_one_is_reminded_on_a_day_to_come(days: Days, days_ahead: int) -> None:
    anna = await days.client()
    await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    with pytest.raises(InvalidInputError):
        await snooze(days, anna, TODAY + days_ahead * DAY)


@pytest.mark.slow
async def test_muted_it_is_silent_until_it_is_due_and_loud_again_when_wanted(days: Days) -> None:
    anna = await days.client()
    hosting, vps = await days.owns(anna, 7), await days.owns(anna, 7, name="VPS")
    await days.goes_to(ELEVEN)
    digest, visitor = days.last.id, await days.visitor()
    for muted in (hosting, vps):
        redrawn = await days.actions.mute_from_digest(
            visitor, anna, digest, "en", service_id=muted.id
        )
    assert [item.pause is not None for item in redrawn.items] == [True, True]
    redrawn = await days.actions.unmute_from_digest(visitor, anna, digest, "en", service_id=vps.id)
    paused = {item.service.id: item.pause is not None for item in redrawn.items}
    assert paused == {hosting.id: True, vps.id: False}
    await days.lives(7, every=timedelta(hours=6))
    got = [sorted(item.service.id for item in d.items) for _, d in days.post.digests[1:]]
    assert got == [[vps.id], [vps.id], [hosting.id, vps.id]]


@pytest.mark.slow
@only_on_sqlite
async def test_a_service_can_be_off_for_good_and_on_again(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    visitor = await days.visitor()
    off = await days.actions.switch_service_reminders(visitor, anna, hosting.id, on=False)
    assert (off.next_at, [one.pause is not None for one in off.services]) == (None, [True])
    assert await days.lives(2) == 0
    on = await days.actions.switch_service_reminders(visitor, anna, hosting.id, on=True)
    assert on.next_at is not None
    assert await days.lives(3) == 1


@pytest.mark.slow
async def test_a_user_cannot_pause_another_clients_service(days: Days) -> None:
    anna, john = await days.client("anna", 7), await days.client("john", 8)
    hosting = await days.owns(anna, 3)
    await days.actions.switch_service_reminders(await days.visitor(8), john, hosting.id, on=False)
    await days.goes_to(ELEVEN)
    with pytest.raises(NotFoundError):
        await days.actions.snooze_digest(
            await days.visitor(8), john, days.last.id, "en", TODAY + DAY
        )
    async with days.database.work.reading() as uow:
        assert await uow.preferences.pauses([anna.id, john.id]) == ()


# -- offers and proformas -----------------------------------------------------------------------


@pytest.mark.slow
async def test_an_offer_is_for_those_who_want_it_and_not_in_a_redrawn_message(days: Days) -> None:
    await days.publish(catalog(banners=(banner(),)))
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 3)
    await choose(days, anna, 8, kinds_off=(ReminderKind.OFFER,))
    await days.goes_to(ELEVEN)
    offers = {d.user_id: d.offer is not None for _, d in days.post.digests}
    assert offers == {7: True, 8: False}
    again = await days.actions.show_digest(await days.visitor(), anna, None, "en")
    assert again.offer is None


async def place(days: Days, client: ClientInfo, *services: Service) -> Invoice:
    for each in services:
        await days.actions.add_renewal(client, "en", each.id)
    review = await days.actions.review_checkout(client, "en", use_credit=False)
    placed = await days.actions.place_order(
        client, "en", revision=review.quoted_cart.revision, seal=review.quoted_cart.seal,
        gateway_number=2, use_credit=False,
    )  # fmt: skip
    return placed.invoice


@pytest.mark.slow
async def test_an_unpaid_proforma_is_reminded_of_before_it_expires(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 300, cycle=BillingCycle.ANNUALLY)
    invoice = await place(days, anna, hosting)
    await days.lives(15, every=timedelta(hours=6))
    told = [[(p.number, p.days_left) for p in d.proformas] for _, d in days.post.digests]
    assert told == [[(invoice.number, 3)], [(invoice.number, 1)]]
    assert days.stages() == [[], []]


@pytest.mark.slow
@only_on_sqlite
async def test_a_proforma_is_said_once_with_the_service_it_renews(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 14, cycle=BillingCycle.ANNUALLY)
    invoice = await place(days, anna, hosting)
    await days.lives(12, every=timedelta(hours=6))
    (item,) = days.last.items
    assert item.invoice is not None
    assert (item.invoice.number, days.last.proformas) == (invoice.number, ())


@pytest.mark.slow
@only_on_sqlite
async def test_a_proforma_paid_or_cancelled_meanwhile_is_not_reminded_of(days: Days) -> None:
    anna, john = await days.client("anna", 7), await days.client("john", 8)
    for client in (anna, john):
        hosting = await days.owns(client, 300, cycle=BillingCycle.ANNUALLY)
        invoice = await place(days, client, hosting)
        if client is anna:
            await days.actions.record_transfer(invoice.number, by=STAFF)
        else:
            await days.actions.cancel_invoice(client, invoice.id)
    assert await days.lives(15, every=timedelta(hours=6)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("how", ["paid", "cancelled"])
async def test_a_proforma_closed_after_it_was_planned_is_not_reminded_of(
    days: Days, how: str
) -> None:
    anna = await days.client()
    invoice = await place(days, anna, await days.owns(anna, 300, cycle=BillingCycle.ANNUALLY))
    days.clock.advance(timedelta(days=11))
    await days.tick()
    assert (await days.states(), await days.items()) == (["waiting"], [("3", "bound")])
    if how == "paid":
        await days.actions.record_transfer(invoice.number, by=STAFF)
    else:
        await days.actions.cancel_invoice(anna, invoice.id)
    assert await days.lives(1) == 0
    assert await days.states() == ["void"]


@pytest.mark.slow
@only_on_sqlite
@pytest.mark.parametrize(("expires", "told"), [(1, []), (3, [1]), (4, [3, 1])])
async def test_nobody_is_reminded_on_the_day_a_proforma_was_made(
    days: Days, expires: int, told: list[int]
) -> None:
    await days.publish(catalog(policy=Policy(invoice_expires_days=expires)))
    anna = await days.client()
    await place(days, anna, await days.owns(anna, 300, cycle=BillingCycle.ANNUALLY))
    await days.lives(1)
    assert days.post.digests == []
    await days.lives(5, every=timedelta(hours=3))
    said = [[one.days_left for one in digest.proformas] for _, digest in days.post.digests]
    assert said == [[days_left] for days_left in told]


@pytest.mark.slow
@only_on_sqlite
async def test_proformas_can_be_off_for_a_user_or_for_the_company(days: Days) -> None:
    anna = await days.client()
    await place(days, anna, await days.owns(anna, 300, cycle=BillingCycle.ANNUALLY))
    await choose(days, anna, kinds_off=(ReminderKind.PROFORMA,))
    assert await days.lives(12, every=timedelta(hours=6)) == 0
    await choose(days, anna)
    policy = Policy()
    silent = replace(policy, reminders=replace(policy.reminders, proforma_stages=()))
    await days.publish(catalog(policy=silent))
    assert await days.lives(3, every=timedelta(hours=6)) == 0


# -- trouble on the way -------------------------------------------------------------------------


@pytest.mark.slow
async def test_one_that_takes_long_holds_up_nobody(days: Days) -> None:
    for number in range(12):
        await days.owns(await days.client(f"c{number}", 100 + number), 3)
    await days.tick()
    days.post.answers = [Delivery(retry_after=600)]
    days.clock.advance(timedelta(hours=11))
    await days.tick()
    assert len(days.post.digests) == 11
    days.clock.advance(timedelta(minutes=11))
    await days.tick()
    assert len({digest.user_id for _, digest in days.post.digests}) == 12


@pytest.mark.slow
async def test_the_right_to_send_is_asked_for_before_each_claim(days: Days) -> None:
    for number in range(12):
        await days.owns(await days.client(f"c{number}", 100 + number), 3)
    await days.tick()
    days.clock.advance(timedelta(hours=11))
    left = iter([True, True, False])
    await days.actions.send_digests(lambda: next(left, False))
    sent = len(days.post.digests)
    assert 4 <= sent < 12
    assert await days.actions.send_digests(lambda: False) == 0
    await days.tick()
    assert len({digest.user_id for _, digest in days.post.digests}) == 12
    assert len(days.post.digests) == 12


@pytest.mark.slow
@only_on_sqlite
async def test_kathmandu_gets_it_by_its_own_clock_with_45_minutes(days: Days) -> None:
    zone = ZoneInfo("Asia/Kathmandu")
    anna = await days.client("anna", 7, timezone=zone.key)
    await days.owns(anna, 7)
    await choose(days, anna, hour=18, quiet=QuietHours(21, 8))
    await days.lives(1, every=timedelta(minutes=10))
    (local,) = days.local_times(zone)
    assert local.hour == 18


async def test_a_change_keeps_the_other_choices(days: Days) -> None:
    anna = await days.client()
    for change in ({"hour": 15}, {"stages_off": (7,)}, {"on": False}):
        await choose(days, anna, **change)
    chosen = (await settings(days, anna)).preferences
    assert (chosen.on, chosen.hour, chosen.stages_off) == (False, 15, (7,))


@pytest.mark.slow
async def test_from_a_digest_a_service_is_muted_for_good_too(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    redrawn = await days.actions.mute_from_digest(
        await days.visitor(), anna, days.last.id, "en", service_id=hosting.id, for_good=True
    )
    (item,) = redrawn.items
    assert item.pause is not None
    assert (item.pause.until, item.pause.due_date) == (None, None)
    assert await days.lives(12, every=timedelta(hours=6)) == 0


async def test_reminders_are_switched_for_one_user_alone(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await choose(days, anna, on=False)
    assert [(await settings(days, anna, user)).preferences.on for user in (7, 8)] == [False, True]


# -- renewed elsewhere --------------------------------------------------------------------------


async def pay(days: Days, client: ClientInfo, service: Service) -> None:
    await days.actions.add_renewal(client, "en", service.id)
    placed = await place(days, client)
    await days.actions.record_transfer(placed.number, by=STAFF)
    await days.actions.send_outbox()


def redrawn(days: Days) -> list[tuple[int, int, list[bool]]]:
    """Whose message was drawn anew, which one, and what of it is done."""
    sent = (one for notice in days.post.notices for one in notice.redrawn)
    return sorted(
        (one.digest.user_id, one.message_id, [item.done for item in one.digest.items])
        for one in sent
    )


@pytest.mark.slow
async def test_what_is_renewed_elsewhere_is_said_where_it_was_reminded_of(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    hosting = await days.owns(anna, 7)
    await days.owns(anna, 7, name="VPS")
    await days.goes_to(ELEVEN)
    await pay(days, anna, hosting)
    assert redrawn(days) == [(7, 1, [True, False]), (8, 2, [True, False])]


@pytest.mark.slow
async def test_reminders_of_the_last_two_weeks_that_mention_it_are_redrawn(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 7)
    vps = await days.owns(anna, 3, name="VPS")
    await days.goes_to(ELEVEN)
    await days.lives(5, every=timedelta(hours=6))
    spoke = [{item.service.id for item in digest.items} for _, digest in days.post.digests]
    assert spoke == [{hosting.id, vps.id}, {vps.id}, {vps.id}, {hosting.id, vps.id}]
    await pay(days, anna, await days.owns(anna, 60, name="Other"))
    assert redrawn(days) == []
    await pay(days, anna, hosting)
    assert redrawn(days) == [(7, 1, [False, True]), (7, 4, [False, True])]
    await choose(days, anna, on=False)
    await days.lives(16, every=timedelta(hours=12))
    await pay(days, anna, vps)
    assert len(redrawn(days)) == 2


@pytest.mark.slow
async def test_a_proforma_paid_elsewhere_is_done_where_it_was_reminded_of(days: Days) -> None:
    anna = await days.client()
    hosting = await days.owns(anna, 60)
    await days.actions.add_renewal(anna, "en", hosting.id)
    placed = await place(days, anna)
    await days.lives(12, every=timedelta(hours=6))
    assert [one.number for one in days.last.unpaid] == [placed.number]
    await days.actions.record_transfer(placed.number, by=STAFF)
    await days.actions.send_outbox()
    (told,) = (one for notice in days.post.notices for one in notice.redrawn)
    assert [one.done for one in told.digest.proformas] == [True]


@pytest.mark.slow
async def test_a_user_who_left_sees_nothing_more(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    hosting = await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    await days.actions.unlink(anna, 8)
    await pay(days, anna, hosting)
    assert [user for user, _, _ in redrawn(days)] == [7]


@pytest.mark.slow
async def test_an_item_wanted_only_by_a_blocked_user_waits_for_them(days: Days) -> None:
    anna = await days.client("anna", 7, 8)
    await days.owns(anna, 7)
    await days.goes_to(ELEVEN)
    mine = next(digest for _, digest in days.post.digests if digest.user_id == 7)
    visitor = await days.visitor()
    await days.actions.snooze_digest(visitor, anna, mine.id, "en", TODAY + DAY)
    await days.actions.note_blocked(7, blocked=True)
    assert await days.lives(1, every=timedelta(hours=6)) == 0
    assert (f"snooze:{TODAY + DAY}", "undeliverable") in await days.items()
    await days.actions.note_blocked(7, blocked=False)
    assert await days.lives(1, every=timedelta(hours=6)) == 1
    assert (days.last.user_id, days.last.items[0].stage) == (7, f"snooze:{TODAY + DAY}")


async def test_what_is_muted_by_itself_stays_so_when_the_rest_is_put_off_and_taken_back(
    days: Days,
) -> None:
    anna = await days.client()
    never, muted, _ = [await days.owns(anna, 7, name=name) for name in "ABC"]
    await days.goes_to(ELEVEN)
    digest, visitor = days.last.id, await days.visitor()
    for service, for_good in ((never, True), (muted, False)):
        await days.actions.mute_from_digest(
            visitor, anna, digest, "en", service_id=service.id, for_good=for_good
        )
    until = TODAY + 2 * DAY
    put_off = await days.actions.snooze_digest(visitor, anna, digest, "en", until)
    pauses = [item.pause and (item.pause.until, item.pause.remind) for item in put_off.items]
    assert pauses == [(None, False), (TODAY + 7 * DAY, False), (until, True)]
    back = await days.actions.unmute_from_digest(visitor, anna, digest, "en")
    assert [item.pause is not None for item in back.items] == [True, True, False]
