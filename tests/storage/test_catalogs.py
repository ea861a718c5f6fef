from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from billing.rules.errors import BillingError
from billing.rules.shop.cart import Cart
from billing.rules.shop.catalog import Catalog, ProductKind
from storage.database import Database
from storage.tables.sales import catalogs
from tests.make import NOW, addon, catalog, price, product, quote, service, topic
from tests.statements import counting
from tests.storage.company import add_client, add_invoice, add_services, new_line


async def save(database: Database, offered: Catalog) -> Catalog:
    async with database.work.writing() as uow:
        saved = await uow.catalogs.save(offered, at=NOW)
        await uow.commit()
    return saved


async def current(database: Database) -> Catalog:
    async with database.work.reading() as uow:
        return await uow.catalogs.current()


async def test_a_fresh_database_offers_nothing(database: Database) -> None:
    empty = await current(database)
    assert (empty.revision, empty.company.name, empty.products) == (0, "Panelik", ())


async def test_a_catalogue_comes_back_and_is_read_once(database: Database) -> None:
    saved = await save(database, catalog())
    assert saved.revision == 1
    assert await current(database) == saved
    with counting(database) as statements:
        assert await current(database) == saved
    assert len(statements) == 1


async def test_it_comes_with_a_cart_or_an_invoice_in_one_statement(database: Database) -> None:
    anna = await add_client(database)
    await add_services(database, service(client_id=anna))
    async with database.work.writing() as uow:
        cart = await uow.carts.save(Cart(anna, 0), [new_line()])
        bill = await add_invoice(uow, quote(), client_id=anna)
        await uow.commit()
    saved = await save(database, catalog())
    assert await current(database) == saved
    with counting(database) as statements:
        async with database.work.reading() as uow:
            assert await uow.carts.get_with_catalog(anna) == (cart, saved)
            assert await uow.catalogs.current() == saved
        async with database.work.reading() as uow:
            assert await uow.invoices.get_with_catalog(anna, bill.id) == (bill, saved)
            assert await uow.invoices.get_with_catalog(anna + 1, bill.id) is None
            assert await uow.catalogs.current() == saved
        async with database.work.reading() as uow:
            assert await uow.carts.get_with_catalog(anna + 1) == (Cart(anna + 1, 0), saved)
    assert len(statements) == 4


async def test_another_process_sees_the_new_revision(database: Database) -> None:
    await save(database, catalog())
    other = await Database.open(str(database.engines.url), migrate=False)
    assert await current(other) == await current(database)
    saved = await save(other, catalog(product(prices=(price("31.00"),))))
    await other.close()
    assert saved.revision == 2
    assert await current(database) == saved


async def test_saving_the_same_again_changes_nothing(database: Database) -> None:
    first = await save(database, catalog(topics=(topic(),)))
    assert await save(database, catalog(topics=(topic(),))) == first
    # What a loader makes has other numbers, and other kinds of mappings.
    again = catalog(replace(product(), number=0), replace(addon(), number=0), topics=(topic(),))
    assert (await save(database, again)).revision == 1


async def test_a_rolled_back_catalogue_is_never_seen(database: Database) -> None:
    async with database.work.writing() as uow:
        saved = await uow.catalogs.save(catalog(), at=NOW)
        assert await uow.catalogs.current() == saved
    assert (await current(database)).revision == 0
    other = await save(database, catalog(product(prices=(price("31.00"),))))
    assert other.revision == 1
    assert await current(database) == other


async def test_a_number_always_means_the_same_product(database: Database) -> None:
    first = await save(database, catalog(product("a"), product("b")))
    assert [(p.id, p.number) for p in first.products] == [("a", 1), ("b", 2)]
    second = await save(database, catalog(product("c"), product("b")))
    assert [(p.id, p.number, p.offered) for p in second.products] == [
        ("c", 3, True),
        ("b", 2, True),
        ("a", 1, False),
    ]
    third = await save(database, catalog(product("a"), product("c")))
    assert [(p.id, p.number, p.offered) for p in third.products] == [
        ("a", 1, True),
        ("c", 3, True),
        ("b", 2, False),
    ]


async def test_a_number_always_means_the_same_help_topic(database: Database) -> None:
    await save(database, catalog(topics=(topic(id="dns"), topic(id="mail"))))
    await save(database, catalog(topics=(topic(id="dns"),)))
    third = await save(database, catalog(topics=(topic(id="ssl"), topic(id="dns"))))
    assert [(t.id, t.number) for t in third.topics] == [("ssl", 3), ("dns", 1)]
    fourth = await save(database, catalog(topics=(topic(id="mail"),)))
    assert [(t.id, t.number) for t in fourth.topics] == [("mail", 2)]


async def test_old_revisions_have_an_end_and_the_newest_stays(database: Database) -> None:
    for crowns in range(1, 7):
        await save(database, catalog(product(prices=(price(f"{crowns}.00"),))))
    newest = await current(database)
    later = NOW + timedelta(days=90)

    async def prune(before: timedelta, limit: int = 9) -> int:
        async with database.work.writing() as uow:
            pruned = await uow.catalogs.prune(before=NOW + before, keep=2, limit=limit)
            await uow.commit()
        return pruned

    assert await prune(timedelta()) == 0
    assert [await prune(later - NOW, limit=3) for _ in range(3)] == [3, 1, 0]
    async with database.engines.readers.connect() as connection:
        left = await connection.execute(select(catalogs.c.revision).order_by("revision"))
    assert left.scalars().all() == [5, 6]
    other = await Database.open(str(database.engines.url), migrate=False)
    assert await current(other) == newest
    await other.close()
    assert (await save(database, catalog())).revision == 7


async def test_a_product_and_an_add_on_of_the_same_ref_live_side_by_side(
    database: Database,
) -> None:
    offered = catalog(product("host", ref="5"), addon("ssl", ref="5"))
    saved = await save(database, offered)
    for kind, own in ((ProductKind.PRODUCT, "host"), (ProductKind.ADDON, "ssl")):
        found = saved.owned_as(kind, "5")
        assert found is not None
        assert (found.id, found.kind) == (own, kind)
    assert saved.owned_as(ProductKind.PRODUCT, "ssl") is None
    assert await save(database, offered) == saved


@pytest.mark.parametrize("is_offered", [True, False])
async def test_an_id_that_is_known_under_another_kind_is_refused_by_name(
    database: Database, *, is_offered: bool
) -> None:
    before = await save(database, catalog(product("host"), product("5")))
    if not is_offered:
        before = await save(database, catalog(product("host")))
    with pytest.raises(BillingError, match="id_of_another_kind") as refused:
        await save(database, catalog(product("host"), addon("5")))
    assert refused.value.params == {
        "ref": "5", "known": ProductKind.PRODUCT, "loaded": ProductKind.ADDON,
    }  # fmt: skip
    assert await current(database) == before


async def test_a_ref_stays_with_its_product_also_when_that_is_withdrawn(
    database: Database,
) -> None:
    before = await save(database, catalog(product("host", ref="5"), product("mail", ref="6")))
    with pytest.raises(BillingError, match="ref_taken") as refused:
        await save(database, catalog(product("vps", ref="5"), product("mail", ref="6")))
    assert refused.value.params == {"ref": "5", "id": "vps", "other": "host"}
    assert await current(database) == before
    swapped = await save(database, catalog(product("host", ref="6"), product("mail", ref="5")))
    found = swapped.owned_as(ProductKind.PRODUCT, "5")
    assert found is not None
    assert (found.id, found.number) == ("mail", 2)
