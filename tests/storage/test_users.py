from datetime import timedelta

from billing.rules.reminders.preferences import ReminderPreferences
from billing.views.account import Visitor
from storage.database import Database
from tests.make import NOW
from tests.statements import counting
from tests.storage.company import add_client

FAR_USER = 2**52 - 1


async def test_an_unknown_user_is_a_visitor(database: Database) -> None:
    async with database.work.reading() as uow:
        assert await uow.users.visitor(7) == Visitor(7)


async def test_a_visitor_is_read_with_their_client_in_one_statement(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing() as uow:
        await uow.users.link(FAR_USER, anna, at=NOW)
        await uow.users.link(FAR_USER, firm, at=NOW + timedelta(hours=1))
        await uow.users.set_language(FAR_USER, "en")
        await uow.users.set_timezone(FAR_USER, "Asia/Kathmandu")
        await uow.commit()
    with counting(database) as statements:
        async with database.work.reading() as uow:
            visitor = await uow.users.visitor(FAR_USER)
    assert len(statements) == 1
    assert visitor.client is not None
    assert visitor.client.id == firm
    assert (visitor.language, visitor.timezone, visitor.linked) == (
        "en",
        "Asia/Kathmandu",
        2,
    )


async def test_a_choice_made_before_linking_is_kept(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.users.set_language(7, "pl")
        assert await uow.users.visitor(7) == Visitor(7, language="pl")
        await uow.users.link(7, anna, at=NOW)
        await uow.users.set_language(7, None)
        visitor = await uow.users.visitor(7)
    assert visitor.client is not None
    assert visitor.language is None


async def test_linking_again_changes_nothing_but_the_current_client(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing() as uow:
        await uow.users.link(7, anna, at=NOW)
        await uow.preferences.save(7, anna, ReminderPreferences(on=False, hour=8))
        await uow.users.link(7, firm, at=NOW + timedelta(hours=1))
        await uow.users.link(7, anna, at=NOW + timedelta(hours=2))
        visitor = await uow.users.visitor(7)
        linked = await uow.users.linked_clients(7)
        inputs = [
            await uow.preferences.read_settings_inputs(*of)
            for of in ((7, anna), (7, firm), (8, firm))
        ]
        chosen = [one.preferences for one in inputs]
        assert chosen == [ReminderPreferences(on=False, hour=8), ReminderPreferences(), None]
    assert visitor.client is not None
    assert visitor.client.id == anna
    assert [preview.ref for preview in linked] == ["anna", "firm"]


async def test_switching_needs_a_link(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing() as uow:
        await uow.users.link(7, anna, at=NOW)
        assert not await uow.users.switch(7, firm)
        await uow.users.link(7, firm, at=NOW)
        assert await uow.users.switch(7, anna)
        visitor = await uow.users.visitor(7)
    assert visitor.client is not None
    assert visitor.client.id == anna


async def test_leaving_a_client_makes_another_one_current(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing() as uow:
        await uow.users.link(7, anna, at=NOW)
        await uow.users.link(7, firm, at=NOW)
        await uow.users.unlink(7, firm)
        visitor = await uow.users.visitor(7)
        assert visitor.client is not None
        assert visitor.client.id == anna
        await uow.users.unlink(7, anna)
        assert await uow.users.visitor(7) == Visitor(7)
        assert await uow.users.linked_clients(7) == ()


async def test_leaving_another_client_keeps_the_current_one(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    async with database.work.writing() as uow:
        await uow.users.link(7, anna, at=NOW)
        await uow.users.link(7, firm, at=NOW)
        await uow.users.unlink(7, anna)
        visitor = await uow.users.visitor(7)
    assert visitor.client is not None
    assert visitor.client.id == firm
