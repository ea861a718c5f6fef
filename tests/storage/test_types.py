from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import CartLine
from billing.rules.shop.catalog import Catalog, Policy
from billing.rules.shop.quotes import Quote
from storage.documents import from_document, to_document
from storage.types import UTCDateTime
from tests.make import (
    addon,
    addon_line,
    banner,
    catalog,
    product,
    product_line,
    quote,
    renewal_line,
    topic,
)

moments = Table(
    "moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UTCDateTime)
)


def stored(moment: datetime) -> datetime | None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        moments.create(connection)
        connection.execute(insert(moments).values(at=moment))
        found: datetime | None = connection.execute(select(moments.c.at)).scalar()
    engine.dispose()
    return found


def test_an_instant_comes_back_as_the_same_instant_in_utc() -> None:
    noon_in_warsaw = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    found = stored(noon_in_warsaw)
    assert found == noon_in_warsaw
    assert found is not None
    assert found.tzinfo is UTC


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(StatementError, match="naive"):
        stored(datetime(2026, 7, 1, 12))  # noqa: DTZ001 - the very thing that is refused


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        (quote(), Quote),
        ((renewal_line(), addon_line(), product_line()), tuple[CartLine, ...]),
        (
            catalog(
                product(features={"pl": ("10 GB", "żółć")}),
                addon(),
                policy=Policy(opens_days_before={BillingCycle.MONTHLY: 14}),
                banners=(banner(),),
                topics=(topic(),),
            ),
            Catalog,
        ),
    ],
)
def test_a_document_comes_back_as_the_same_value(value: object, shape: object) -> None:
    assert from_document(to_document(value, shape), shape) == value
