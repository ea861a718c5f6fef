from datetime import date, timedelta
from pathlib import Path

import pytest

from billing.rules.cycles import NAMED_CYCLES, BillingCycle
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind
from bot.datafolder.folder import Folder, read_folder
from bot.sandbox.demodata import render, write_demo_folder

TODAY = date(2027, 3, 10)
DAYS = [
    TODAY, date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 28), date(2028, 2, 29),
    date(2027, 3, 31), date(2027, 7, 17), date(2027, 10, 31), date(2027, 12, 31),
]  # fmt: skip


def demo(folder: Path, today: date = TODAY) -> Folder:
    return read_folder(write_demo_folder(folder, today), currency="PLN")


@pytest.mark.parametrize("today", DAYS)
def test_the_demo_folder_loads_on_any_day(tmp_path: Path, today: date) -> None:
    folder = demo(tmp_path / "made" / "here", today)
    left = {row.ref: (row.next_due_date - today).days for row in folder.services()
            if row.next_due_date and row.status is ServiceStatus.ACTIVE}  # fmt: skip
    assert (left["S-2001"], left["S-2002"], left["S-2102"]) == (3, -1, 7)
    assert {row.anchor_day for row in folder.services() if row.ref in ("S-2101", "A-3002")} == {31}
    assert folder.catalog.banner(today) is not None


def test_anna_has_nine_services_in_every_status(tmp_path: Path) -> None:
    hers = [row for row in demo(tmp_path).services() if row.client == "C-1001"]
    tops = [row for row in hers if not row.parent]
    assert len(tops) == 9
    assert {row.status for row in tops} == set(ServiceStatus)
    reasons = {row.suspended_for for row in tops}
    assert reasons == {None, SuspendedFor.NON_PAYMENT, SuspendedFor.ABUSE}
    assert any(not row.domain.isascii() for row in tops)


def test_anna_can_order_a_certificate_for_a_service_of_hers(tmp_path: Path) -> None:
    folder = demo(tmp_path)
    ssl = folder.catalog.product("ssl")
    assert ssl is not None
    rows = [row for row in folder.services() if row.client == "C-1001"]
    have = {row.parent for row in rows if row.product == "ssl"}
    fitting = [
        row for row in rows
        if row.status is ServiceStatus.ACTIVE and ssl.fits_product(row.product)
    ]  # fmt: skip
    assert [row.ref for row in fitting if row.ref not in have] == ["S-2001"]


def test_the_people_of_the_sandbox_are_clients(tmp_path: Path) -> None:
    linked = {
        row.ref: (row.telegram_ids, row.language, row.currency) for row in demo(tmp_path).clients()
    }
    assert linked["C-1001"] == ((1001, 1003), "pl", "PLN")
    assert linked["C-1002"] == ((1002,), "en", "EUR")
    assert linked["C-1003"] == ((), "pl", "PLN")


def test_the_catalogue_is_believable_and_bilingual(tmp_path: Path) -> None:
    catalog = demo(tmp_path).catalog
    assert "zmyślona" in catalog.company.name
    for currency in ("PLN", "EUR"):
        assert len(catalog.offered(ProductKind.PRODUCT, currency)) == 11
        assert len(catalog.offered(ProductKind.ADDON, currency)) == 5
        assert currency in catalog.company.bank_accounts
    cycles = {price.cycle for product in catalog.products for price in product.prices}
    assert cycles == set(NAMED_CYCLES) - {BillingCycle.WEEKLY}
    assert any(price.setup for product in catalog.products for price in product.prices)
    texts = [topic.title for topic in catalog.topics] + [topic.body for topic in catalog.topics]
    assert all(set(text) == {"pl", "en"} for text in texts)


def test_dates_are_written_relative_to_the_day() -> None:
    written = render("{today} {today+3d-1y} {today-1m} {next31} {id}", date(2028, 2, 29))
    assert written == "2028-02-29 2027-03-03 2028-01-29 2028-03-31 {id}"


def test_the_next_31st_leaves_time(tmp_path: Path) -> None:
    for offset in range(0, 366, 5):
        today = TODAY + timedelta(days=offset)
        found = date.fromisoformat(render("{next31}", today))
        assert found.day == 31
        assert 14 <= (found - today).days <= 14 + 61
