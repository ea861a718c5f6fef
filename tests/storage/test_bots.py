from billing.rules.reach import Unreachable
from storage.database import Database
from tests.storage.company import add_client


async def blocked(database: Database, user_id: int) -> bool:
    async with database.work.reading() as uow:
        return (await uow.users.visitor(user_id)).unreachable is Unreachable.BLOCKED


async def test_a_user_who_blocked_one_bot_has_not_blocked_another(database: Database) -> None:
    await add_client(database, telegram_ids=(7, 8))
    assert await database.bots.begin(1) is None
    async with database.work.writing() as uow:
        await uow.users.set_unreachable(7, Unreachable.BLOCKED)
        await uow.commit()
    assert await database.bots.begin(1) is None
    assert await blocked(database, 7)
    assert await database.bots.begin(2) == 1
    assert not await blocked(database, 7)
    assert await database.bots.begin(2) is None
    assert await database.bots.begin(1) == 2
