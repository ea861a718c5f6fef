"""A company that has loaded nothing yet: everybody is a visitor, and nothing is for sale."""

from pathlib import Path

import pytest

from billing.rules.errors import LinkCodeError, NotFoundError
from billing.rules.shop.catalog import ProductKind
from tests.billing.actions.company import GUEST, make_company
from tests.database import open_database
from tests.make import STAFF


async def test_it_can_be_looked_at(tmp_path: Path) -> None:
    database = await open_database(tmp_path / "empty.db")
    actions = make_company(database).actions
    try:
        assert (await actions.identify(GUEST)).client is None
        assert (await actions.show_catalog()).revision == 0
        for kind in ProductKind:
            assert (await actions.show_shop(None, kind)).shelves == ()
        assert not await actions.list_orders()
        assert not await actions.list_cancellations()
        assert await actions.expire_invoices() == await actions.end_cancelled() == 0
        with pytest.raises(LinkCodeError):
            await actions.preview_link(GUEST, "0" * 64)
        with pytest.raises(NotFoundError):
            await actions.issue_link_code("anna", by=STAFF)
        with pytest.raises(NotFoundError):
            await actions.show_help(GUEST, 1)
    finally:
        await database.close()
