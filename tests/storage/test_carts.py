import asyncio

import pytest

from billing.rules.errors import CartChangedError
from billing.rules.shop.cart import Cart
from storage.database import Database
from tests.make import addon_line, renewal_line
from tests.statements import counting
from tests.storage.company import add_client, new_line


async def test_a_cart_that_never_was_is_empty(database: Database) -> None:
    async with database.work.reading() as uow:
        assert await uow.carts.get(1) == Cart(client_id=1, revision=0)


async def test_a_cart_survives_and_gives_its_lines_ids(database: Database) -> None:
    anna = await add_client(database)
    with counting(database) as statements:
        async with database.work.writing() as uow:
            saved = await uow.carts.save(Cart(anna, 0), [new_line("a.pl"), new_line("b.pl")])
            await uow.commit()
    assert len(statements) == 1
    async with database.work.reading() as uow:
        assert await uow.carts.get(anna) == saved
    assert saved.revision == 1
    assert [(line.id, line.name) for line in saved.lines] == [(1, "a.pl"), (2, "b.pl")]


async def test_an_id_of_a_line_is_never_given_twice(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        cart = await uow.carts.save(Cart(anna, 0), [new_line("a.pl"), new_line("b.pl")])
        cart = await uow.carts.save(cart, [])
        cart = await uow.carts.save(cart, [new_line("c.pl")])
    assert [line.id for line in cart.lines] == [3]


async def test_every_kind_of_line_comes_back(database: Database) -> None:
    anna = await add_client(database)
    lines = (renewal_line(id=1), addon_line(id=2), addon_line(None, id=3, parent_line=4))
    async with database.work.writing() as uow:
        await uow.carts.save(Cart(anna, 0, next_line=5), lines)
        assert (await uow.carts.get(anna)).lines == lines


async def test_a_cart_that_has_moved_is_not_overwritten(database: Database) -> None:
    anna = await add_client(database)
    async with database.work.writing() as uow:
        await uow.carts.save(Cart(anna, 0), [new_line("a.pl")])
        with pytest.raises(CartChangedError):
            await uow.carts.save(Cart(anna, 0), [])
        with pytest.raises(CartChangedError):
            await uow.carts.save(Cart(anna, 2), [])
        assert (await uow.carts.get(anna)).revision == 1


async def test_one_of_two_simultaneous_changes_of_a_revision_succeeds(database: Database) -> None:
    anna = await add_client(database)

    async def add(name: str) -> bool:
        async with database.work.writing() as uow:
            try:
                await uow.carts.save(Cart(anna, 0), [new_line(name)])
            except CartChangedError:
                return False
            await uow.commit()
            return True

    assert sorted(await asyncio.gather(add("a.pl"), add("b.pl"))) == [False, True]
