"""How far a connected panel was read, on both stores."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from billing.rules.panel.panel_state import PanelState, Sight
from storage.database import Database
from tests.make import NOW, money
from tests.storage.company import add_client

MINUTE = timedelta(minutes=1)


async def state(database: Database) -> PanelState:
    async with database.work.reading() as uow:
        return await uow.panel_state.get()


async def see(database: Database, client_id: int, at: object, **changes: object) -> bool:
    async with database.work.writing(client_id) as uow:
        is_newest = await uow.panel_state.see(
            client_id,
            **{"at": at, "is_closed": False, "balance": None, "now": at, **changes},  # type: ignore[arg-type]
        )
        await uow.commit()
    return is_newest


async def sight(database: Database, client_id: int) -> Sight:
    async with database.work.reading() as uow:
        client = await uow.clients.get(client_id)
    assert client is not None
    return client.sight


async def test_a_new_database_knows_nothing_of_a_panel(database: Database) -> None:
    assert await state(database) == PanelState()


async def test_what_was_read_is_kept_piece_by_piece(database: Database) -> None:
    async with database.work.writing() as uow:
        await uow.panel_state.changes_read("17", at=NOW)
        await uow.panel_state.everything_read(NOW - MINUTE)
        await uow.commit()
    assert await state(database) == PanelState("17", NOW, NOW - MINUTE)


async def test_a_panel_goes_away_once_and_comes_back_once(database: Database) -> None:
    async with database.work.writing() as uow:
        first = [await uow.panel_state.away(at=NOW), await uow.panel_state.away(at=NOW + MINUTE)]
        await uow.panel_state.away_told(at=NOW + MINUTE)
        await uow.commit()
    assert first == [True, False]
    assert await state(database) == PanelState(away_since=NOW, away_told_at=NOW + MINUTE)
    async with database.work.writing() as uow:
        before = await uow.panel_state.answered()
        again = await uow.panel_state.answered()
        await uow.commit()
    assert before is not None
    assert (before.away_since, again) == (NOW, None)
    assert await state(database) == PanelState()


async def test_an_older_reading_does_not_come_after_a_newer_one(database: Database) -> None:
    anna = await add_client(database)
    assert await see(database, anna, NOW, is_closed=True, balance=money("5.00"))
    assert not await see(database, anna, NOW - MINUTE, now=NOW)
    # Nor by a clock that is a little behind the other.
    assert not await see(database, anna, NOW - MINUTE)
    async with database.work.reading() as uow:
        client = await uow.clients.get(anna)
    assert client is not None
    assert (client.sight, client.is_closed) == (Sight(NOW), True)
    assert client.balance == money("5.00")


async def test_a_clock_that_was_ahead_keeps_nobody_from_being_read(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    next_year = NOW + timedelta(days=365)
    await see(database, john, NOW)
    assert await see(database, anna, next_year)
    async with database.work.writing() as uow:
        await uow.panel_state.mark_stale(["anna"], at=next_year)
        await uow.commit()
    async with database.work.reading() as uow:
        # Whom it has read counts as not read.
        late = await uow.panel_state.not_read_since(NOW, NOW, linked=False, after=0, limit=9)
    assert late == ((anna, "anna"),)
    assert await see(database, anna, NOW - MINUTE, now=NOW, is_closed=True)
    assert await sight(database, anna) == Sight(NOW - MINUTE)


async def test_a_change_is_read_only_by_a_reading_that_began_after_it(database: Database) -> None:
    anna, other = await add_client(database), await add_client(database, "other")
    await see(database, anna, NOW)
    async with database.work.writing() as uow:
        # The mirror has no rows of the other one.
        assert await uow.panel_state.mark_stale(["anna", "other", "?"], at=NOW + 2 * MINUTE) == 1
        assert await uow.panel_state.stale(linked=False, limit=9) == (anna,)
        await uow.commit()
    await see(database, anna, NOW + MINUTE)
    assert await sight(database, anna) == Sight(NOW + MINUTE, NOW + 2 * MINUTE)
    await see(database, anna, NOW + 3 * MINUTE)
    assert await sight(database, anna) == Sight(NOW + 3 * MINUTE)
    assert await sight(database, other) == Sight()


async def test_those_who_were_never_read_come_in_pages(database: Database) -> None:
    ids = [
        await add_client(database, f"c{number}", telegram_ids=(number,) if number else ())
        for number in range(4)
    ]
    await see(database, ids[1], NOW)
    async with database.work.reading() as uow:
        first = await uow.panel_state.unseen(linked=True, after=0, limit=1)
        rest = await uow.panel_state.unseen(linked=True, after=ids[2], limit=9)
        every = await uow.panel_state.unseen(linked=False, after=0, limit=9)
    assert (first, rest) == (((ids[2], "c2"),), ((ids[3], "c3"),))
    assert [number for number, _ in every] == [ids[0], ids[2], ids[3]]


def test_a_time_of_a_clock_that_was_ahead_lets_everything_be_read() -> None:
    zone = ZoneInfo("UTC")
    assert not PanelState(everything_read_at=NOW + MINUTE).is_everything_due(NOW, zone)
    assert PanelState(everything_read_at=NOW + 2 * MINUTE).is_everything_due(NOW, zone)


def test_a_copy_is_as_old_as_its_reading_or_as_the_feed_says() -> None:
    feed = PanelState(changes_read_at=NOW)
    assert feed.as_of(Sight()) is None
    assert feed.as_of(Sight(NOW - MINUTE)) == NOW
    assert feed.as_of(Sight(NOW + MINUTE)) == NOW + MINUTE
    assert feed.as_of(Sight(NOW - 2 * MINUTE, NOW - MINUTE)) == NOW - 2 * MINUTE
    assert PanelState().as_of(Sight(NOW)) == NOW
    assert feed.is_recent(Sight(NOW - MINUTE), now=NOW + MINUTE, age=MINUTE)
    assert not feed.is_recent(Sight(NOW - MINUTE), now=NOW + 2 * MINUTE, age=MINUTE)
