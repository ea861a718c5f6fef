"""What a FOSSBilling offers becomes the catalogue, and its clients can be linked: over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.shop.catalog import NameKind, ProductKind
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from storage.database import Database
from tests.billing.actions.company import CompanyAtWork, catalogue, make_company
from tests.billing.actions.panel.test_catalogue import Folder
from tests.bot.panels.fossbilling.conftest import RECORDED_AT
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.database import connect
from tests.fakes import StillClock
from tests.make import STAFF, known, product


@pytest.fixture
async def there() -> AsyncIterator[Outside]:
    async with outside(PanelApi(StillClock(RECORDED_AT))) as panel:
        yield panel


@pytest.fixture
async def database(prepared: str) -> AsyncIterator[Database]:
    opened = await connect(prepared)
    yield opened
    await opened.close()


@pytest.fixture
def company(database: Database, there: Outside) -> CompanyAtWork:
    """The company beside the panel."""
    return make_company(database, connected=there.panel)


async def test_the_panels_products_are_offered_with_the_folders_words(
    company: CompanyAtWork, there: Outside
) -> None:
    own = product("pierwszy", ref="2", group="", name={"pl": "Hosting Pierwszy"}, prices=())
    await company.actions.load_company(Folder(catalogue(products=(own,))), by=STAFF)
    catalog = known(await company.actions.read_catalogue())
    hosting = known(catalog.product("pierwszy"))
    assert hosting.name == {"pl": "Hosting Pierwszy"}
    assert hosting.description == {"en": "10 GB SSD"}
    assert hosting.asks_for is NameKind.DOMAIN
    yearly = known(hosting.price(BillingCycle.ANNUALLY, "PLN"))
    assert (yearly.amount, yearly.setup) == (Money(19900, "PLN"), Money(4900, "PLN"))
    assert hosting.prices_in("EUR")
    addons = catalog.offered(ProductKind.ADDON, "PLN")
    assert addons
    assert any(one.fits_product("pierwszy") for one in addons)
    assert hosting.is_offered_in("PLN")
    before = catalog.revision
    assert known(await company.actions.read_catalogue()).revision == before


async def test_a_panel_that_is_away_keeps_what_was_read(
    company: CompanyAtWork, there: Outside
) -> None:
    await company.actions.refresh_catalogue()
    before = await company.actions.show_catalog()
    assert known(before.owned_as(ProductKind.PRODUCT, "2")).offered
    there.api.faults.add(Fault("guest/product/get_list", "cut", count=None))
    company.clock.advance(timedelta(hours=6))
    await company.actions.refresh_catalogue()
    assert await company.actions.show_catalog() == before


async def test_clients_are_looked_up_by_address_and_by_id(
    company: CompanyAtWork, there: Outside, database: Database
) -> None:
    actions = company.actions
    await actions.issue_link_code("2", by=STAFF)
    await company.actions.send_email_codes.there.meet_by_email("piotr@example.com")
    async with database.work.reading() as uow:
        assert [known(await uow.clients.by_ref(ref)).ref for ref in ("2", "3")] == ["2", "3"]
    there.forget()
    await actions.issue_link_code("2", by=STAFF)
    assert there.calls() == []
    issued = {one.client.ref for one in await actions.issue_missing_codes(by=STAFF)}
    assert {"1", "2", "3", "4"} <= issued


async def test_a_panel_that_is_away_is_no_client(company: CompanyAtWork, there: Outside) -> None:
    there.api.faults.add(Fault("admin/client/get", "cut", count=None))
    with pytest.raises(PanelUnreachableError):
        await company.actions.issue_link_code("3", by=STAFF)
