"""The panel's products become the catalogue: read by themselves, kept while it is away."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.errors import NotAllowedError
from billing.rules.shop.catalog import Catalog, ProductKind
from billing.views.panel import PanelCatalogue, PanelProduct
from tests.billing.actions.company import catalogue
from tests.billing.actions.panel.company import Connected
from tests.connected.fake import FakePanel
from tests.database import on_both_stores
from tests.make import STAFF, known, prices, product
from tests.storage.company import client_row, service_row

pytestmark = on_both_stores

NEW = PanelProduct(ProductKind.PRODUCT, "77", "Cloud", "", "vps", prices("99.00"))


@dataclass(frozen=True, slots=True)
class Folder:
    """A checked folder."""

    catalog: Catalog
    rows: tuple[object, ...] = ()

    def clients(self) -> Iterator[Any]:
        return iter(self.rows)

    def services(self) -> Iterator[Any]:
        return iter(())


def offer_also(beside: Connected, *more: PanelProduct) -> None:
    there = known(beside.panel.offers)
    beside.panel.offers = PanelCatalogue(there.groups, (*there.products, *more))


async def shown(beside: Connected) -> Catalog:
    return await beside.company.actions.show_catalog()


async def test_what_is_the_same_there_changes_nothing_here(beside: Connected) -> None:
    before = await shown(beside)
    read = known(await beside.company.actions.read_catalogue())
    assert read == await shown(beside) == before


async def test_a_new_product_is_offered_and_another_price_counts(beside: Connected) -> None:
    before = await shown(beside)
    there = known(beside.panel.offers)
    dearer = replace(there.products[0], prices=prices("31.00"))
    beside.panel.offers = PanelCatalogue(there.groups, (dearer, *there.products[1:], NEW))
    after = known(await beside.company.actions.read_catalogue())
    assert after.revision == before.revision + 1
    assert known(after.product("77")).name == {"en": "Cloud"}
    assert known(after.product("start")).prices == prices("31.00")
    assert known(after.product("start")).number == known(before.product("start")).number
    assert known(await beside.company.actions.read_catalogue()).revision == after.revision


async def test_a_withdrawn_product_stays_known_and_comes_back_as_the_same(
    beside: Connected,
) -> None:
    offer_also(beside, NEW)
    before = known(await beside.company.actions.read_catalogue())
    there = known(beside.panel.offers)
    beside.panel.offers = PanelCatalogue(there.groups, there.products[1:-1])
    away = known(await beside.company.actions.read_catalogue())
    for name in ("start", "77"):
        assert not known(away.product(name)).offered
    beside.panel.offers = there
    back = known(await beside.company.actions.read_catalogue())
    assert known(back.product("77")) == known(before.product("77"))


async def test_a_panel_that_does_not_answer_takes_nothing_away(beside: Connected) -> None:
    before = await shown(beside)
    beside.panel.offers = None
    with pytest.raises(PanelUnreachableError):
        await beside.company.actions.read_catalogue()
    await beside.company.actions.refresh_catalogue()
    assert await shown(beside) == before


async def test_it_is_read_every_six_hours_and_ten_minutes_after_a_failure(
    beside: Connected,
) -> None:
    actions, clock = beside.company.actions, beside.company.clock

    async def is_read() -> bool:
        """Whether a tick finds what is new there."""
        before = known(beside.panel.offers)
        offer_also(beside, replace(NEW, ref=str(clock.now())))
        revision = (await shown(beside)).revision
        await actions.refresh_catalogue()
        beside.panel.offers = before
        return (await shown(beside)).revision != revision

    assert await is_read()
    assert not await is_read()
    clock.advance(timedelta(hours=6))
    assert await is_read()
    clock.advance(timedelta(hours=6))
    there, beside.panel.offers = beside.panel.offers, None
    await actions.refresh_catalogue()
    beside.panel.offers = there
    assert not await is_read()
    clock.advance(timedelta(minutes=10))
    assert await is_read()


async def test_a_folder_that_is_loaded_has_the_words_of_what_was_read_last(
    beside: Connected,
) -> None:
    offer_also(beside, NEW)
    await beside.company.actions.read_catalogue()
    beside.panel.offers = None
    words = product("cloud", ref="77", group="vps", name={"pl": "Chmura"}, prices=())
    folder = Folder(catalogue(products=(words,)))
    await beside.company.actions.load_company(folder, by=STAFF)
    catalog = await shown(beside)
    assert known(catalog.product("77")).name == {"pl": "Chmura"}
    assert known(catalog.product("77")).prices == prices("99.00")
    assert known(catalog.product("start")).offered
    fitted = await beside.company.actions.fit_folder(folder.catalog)
    assert [(one.id, one.offered, one.prices) for one in fitted.products] == [
        (one.id, one.offered, one.prices) for one in catalog.products
    ]


@pytest.mark.parametrize("row", [client_row(), service_row()])
async def test_clients_and_services_of_a_folder_are_refused(
    beside: Connected, row: object
) -> None:
    before = await shown(beside)
    with pytest.raises(NotAllowedError, match="panel_has_rows"):
        await beside.company.actions.load_company(Folder(catalogue(products=()), (row,)), by=STAFF)
    assert await shown(beside) == before


async def test_many_processes_read_it_once(
    beside: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads, there = 0, known(beside.panel.offers)

    async def count_reading(_: FakePanel) -> PanelCatalogue:
        nonlocal reads
        reads += 1
        await asyncio.sleep(0)
        return there

    monkeypatch.setattr(FakePanel, "catalogue", count_reading)
    await asyncio.gather(*(beside.company.actions.refresh_catalogue() for _ in range(4)))
    assert reads == 1
