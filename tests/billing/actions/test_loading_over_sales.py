"""A load meets what happened here since the last one: renewals, cancellations, open proformas."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import pytest

from billing.actions.load import Loaded
from billing.rules.cycles import BillingCycle
from billing.rules.errors import InvoiceClosedError
from billing.rules.loading.differences import ServiceRow
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.cart import LineKind
from billing.views.account import ClientInfo
from billing.views.notices.money import InvoiceClosed
from billing.views.services import CancelWhen
from tests.billing.actions.company import (
    ANNA,
    BANK,
    CLIENTS,
    DUE,
    PIOTR,
    PL,
    TELEGRAM,
    CompanyAtWork,
    Folder,
    addon_row,
    tap_pay,
)
from tests.database import only_on_sqlite
from tests.make import STAFF, money
from tests.storage.company import service_row

APRIL = DUE.replace(month=4)
MAY = DUE.replace(month=5)
S1 = service_row("S1")


async def renewed(company: CompanyAtWork, *refs: str) -> None:
    """Renew services and pay for it."""
    ids = await company.ids()
    placed = await company.renew(*(ids[ref] for ref in refs))
    await company.actions.record_transfer(placed.invoice.number, by=STAFF)


async def cancelled(company: CompanyAtWork, ref: str) -> None:
    """Cancel a service at once, as its client asked."""
    anna, ids = await company.client(), await company.ids()
    asked = await company.actions.request_cancellation(
        anna, ids[ref], when=CancelWhen.NOW, reason=""
    )
    await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)


async def due_date(company: CompanyAtWork, ref: str = "S1") -> date | None:
    return (await company.service((await company.ids())[ref])).next_due_date


async def status(company: CompanyAtWork, ref: str = "S1") -> ServiceStatus:
    return (await company.service((await company.ids())[ref])).status


def left(loaded: Loaded) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return loaded.changed_there, loaded.sold_here


async def test_a_renewal_is_not_taken_back_unless_one_says_so(company: CompanyAtWork) -> None:
    await renewed(company, "S1")
    for _ in range(2):
        loaded = await company.load(S1, addon_row(), replace_state=True)
        assert left(loaded) == ((), ("S1",))
        assert (loaded.services, await due_date(company)) == (0, APRIL)
    loaded = await company.load(S1, replace_state=True, over_sales=True)
    assert left(loaded) == ((), ())
    assert (loaded.services, await due_date(company)) == (1, DUE)
    assert left(await company.load(S1, replace_state=True)) == ((), ())


async def test_over_sales_alone_replaces_nothing(company: CompanyAtWork) -> None:
    await renewed(company, "S1")
    loaded = await company.load(S1, over_sales=True)
    assert (left(loaded), await due_date(company)) == (((), ("S1",)), APRIL)


async def test_what_was_cancelled_here_is_not_revived(company: CompanyAtWork) -> None:
    await cancelled(company, "S1")
    loaded = await company.load(S1, addon_row(), replace_state=True)
    assert left(loaded) == ((), ("S1", "A1"))
    assert await status(company) is await status(company, "A1") is ServiceStatus.CANCELLED
    ended = replace(S1, status=ServiceStatus.TERMINATED)
    assert left(await company.load(ended, replace_state=True)) == ((), ())
    assert await status(company) is ServiceStatus.TERMINATED


async def test_an_order_that_was_accepted_here_does_not_wait_again(
    company: CompanyAtWork,
) -> None:
    row = service_row("P1", status=ServiceStatus.PENDING, next_due_date=None)
    (number,) = await company.owns(row)
    await company.actions.decide_order(number, accept=True, by=STAFF)
    assert left(await company.load(row, replace_state=True)) == ((), ("P1",))
    assert await status(company, "P1") is ServiceStatus.ACTIVE


async def test_a_suspension_that_was_paid_away_does_not_come_back(company: CompanyAtWork) -> None:
    row = service_row("L1", status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.NON_PAYMENT)
    await company.load(row)
    await renewed(company, "L1")
    assert left(await company.load(row, replace_state=True)) == ((), ("L1",))
    assert await status(company, "L1") is ServiceStatus.ACTIVE


async def test_a_folder_that_knows_of_the_renewal_is_believed_again(
    company: CompanyAtWork,
) -> None:
    await renewed(company, "S1")
    entered = replace(S1, next_due_date=APRIL)
    assert left(await company.load(entered)) == ((), ())
    dearer = replace(entered, amount=money("33.00"))
    assert left(await company.load(dearer)) == (("S1",), ())
    loaded = await company.load(dearer, replace_state=True)
    assert (left(loaded), loaded.services) == (((), ()), 1)
    back = await company.load(replace(dearer, next_due_date=DUE), replace_state=True)
    assert (left(back), await due_date(company)) == (((), ()), DUE)


@pytest.mark.slow
async def test_a_folder_that_is_further_than_the_renewal_is_believed(
    company: CompanyAtWork,
) -> None:
    await renewed(company, "S1")
    further = replace(S1, next_due_date=MAY)
    assert left(await company.load(further, replace_state=True)) == ((), ())
    assert await due_date(company) == MAY


async def test_other_rows_are_replaced_and_descriptions_always_are(
    company: CompanyAtWork,
) -> None:
    await renewed(company, "S1")
    rows = (replace(S1, name="Nowa nazwa"), addon_row(amount=money("11.00")))
    loaded = await company.load(*rows, replace_state=True)
    assert (left(loaded), loaded.services) == (((), ("S1",)), 2)
    ids = await company.ids()
    assert (await company.service(ids["S1"])).name == "Nowa nazwa"
    assert (await company.service(ids["A1"])).amount == money("11.00")


async def test_rows_that_differ_are_named_where_nobody_asked_to_replace_them(
    company: CompanyAtWork,
) -> None:
    await renewed(company, "A1")
    loaded = await company.load(replace(S1, amount=money("31.00")), addon_row())
    assert left(loaded) == (("S1",), ("A1",))
    assert loaded.services == 0


async def test_changes_that_would_take_back_a_sale_are_marked(company: CompanyAtWork) -> None:
    await renewed(company, "S1")
    folder = Folder(company.catalog, (), (S1, addon_row(amount=money("11.00"))))
    shown = await company.actions.find_state_changes(folder)
    assert [(one.ref, one.field, one.is_sale) for one in shown] == [
        ("S1", "next_due_date", True),
        ("A1", "amount", False),
    ]


@dataclass(frozen=True)
class Unhurried(Folder):
    """A folder that is read while a service is renewed in another process."""

    file: str = ""

    def services(self) -> Iterator[ServiceRow]:
        with closing(sqlite3.connect(self.file, timeout=0)) as other:
            other.execute("UPDATE services SET next_due_date = '2026-04-22' WHERE ref = 'S1'")
            other.commit()
        yield from self.service_rows


@only_on_sqlite
async def test_a_sale_while_the_folder_is_read_is_kept(company: CompanyAtWork) -> None:
    file = company.database.engines.url.database or ""
    row = replace(S1, amount=money("31.00"))
    folder = Unhurried(company.catalog, CLIENTS, (row,), file)
    loaded = await company.actions.load_company(folder, replace_state=True, by=STAFF)
    assert (left(loaded), loaded.services) == (((), ("S1",)), 0)
    assert await due_date(company) == APRIL


class TestEmptyCells:
    ASSUMED = frozenset({"first_amount", "anchor_day"})

    async def test_do_not_rewrite_what_was_paid_first(self, company: CompanyAtWork) -> None:
        row = service_row("F1", first_amount=money("339.00"))
        (number,) = await company.owns(row)
        amount = money("33.00")
        dearer = replace(row, first_amount=amount, amount=amount, assumed=self.ASSUMED)
        await company.load(dearer, replace_state=True)
        service = await company.service(number)
        assert (service.amount, service.first_amount) == (amount, money("339.00"))
        assert left(await company.load(dearer)) == ((), ())

    async def test_count_for_a_new_service(self, company: CompanyAtWork) -> None:
        (number,) = await company.owns(service_row("F1", assumed=self.ASSUMED))
        service = await company.service(number)
        assert (service.first_amount, service.anchor_day) == (money("29.00"), DUE.day)

    async def test_keep_an_anchor_day_that_still_leads_to_the_due_date(
        self, company: CompanyAtWork
    ) -> None:
        row = service_row("F1", next_due_date=date(2026, 3, 31), anchor_day=31)
        (number,) = await company.owns(row)
        april = replace(row, next_due_date=date(2026, 4, 30), anchor_day=30, assumed=self.ASSUMED)
        await company.load(april, replace_state=True)
        assert (await company.service(number)).anchor_day == 31
        moved = replace(april, next_due_date=date(2026, 5, 7), anchor_day=7)
        await company.load(moved, replace_state=True)
        assert (await company.service(number)).anchor_day == 7


class TestAnOpenProforma:
    """Its service was paid elsewhere, or has ended there."""

    @pytest.mark.parametrize(
        ("row", "reason", "due"),
        [
            (replace(S1, next_due_date=APRIL), "paid", APRIL),
            (replace(S1, status=ServiceStatus.TERMINATED), "ended", None),
            (replace(S1, cycle=BillingCycle.FREE, next_due_date=None), "ended", None),
        ],
        ids=["paid", "terminated", "free"],
    )
    async def test_is_closed_its_credit_is_back_and_its_client_told(
        self, company: CompanyAtWork, row: ServiceRow, reason: str, due: date | None
    ) -> None:
        anna, ids = await company.client(), await company.ids()
        await company.actions.add_renewal(anna, PL, ids["S1"])
        await company.actions.adjust_credit("anna", "-90.00", by=STAFF)
        placed = await company.place(use_credit=True)
        assert await company.credit() == money("0.00")
        loaded = await company.load(row, replace_state=True)
        (closed,) = loaded.closed
        number = placed.invoice.number
        assert (closed.number, closed.client_ref, closed.reason) == (number, "anna", reason)
        assert closed.released == await company.credit() == money("10.00")
        page = await company.actions.show_invoice(await company.client(), placed.invoice.id)
        assert page.invoice.status is InvoiceStatus.CANCELLED
        notices = await company.notices(InvoiceClosed)
        assert [user for user, _ in notices] == [ANNA, PIOTR]
        notice = notices[0][1]
        assert (notice.reason, notice.due_date) == (reason, due)
        assert (notice.more, notice.others) == (0, 0)
        assert notice.released == money("10.00")
        again = await company.load(row, replace_state=True)
        assert again.closed == ()

    async def test_is_closed_once_however_many_of_its_services_were_paid_elsewhere(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        other, third = await company.owns(service_row("S2"), service_row("S3"))
        await company.renew(ids["S1"], other, third)
        paid = [service_row(ref, next_due_date=APRIL) for ref in ("S1", "S2", "S3")]
        loaded = await company.load(*paid, replace_state=True)
        assert len(loaded.closed) == 1
        assert [
            (notice.more, notice.others) for _, notice in await company.notices(InvoiceClosed)
        ] == [(2, 0)] * 2

    async def test_money_that_still_comes_for_it_is_credit(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        await company.load(replace(S1, next_due_date=APRIL), replace_state=True)
        with pytest.raises(InvoiceClosedError):
            await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        await company.actions.record_transfer(placed.invoice.number, "35.67", by=STAFF)
        assert await company.credit() == money("135.67")
        assert await due_date(company) == APRIL

    async def test_puts_what_else_was_on_it_back_into_the_cart(
        self, company: CompanyAtWork
    ) -> None:
        anna, ids = await company.client(), await company.ids()
        (other,) = await company.owns(service_row("S2", domain="inna.example"))
        for number in (ids["S1"], other):
            await company.actions.add_renewal(anna, PL, number)
        pro = company.number("pro")
        monthly = BillingCycle.MONTHLY
        await company.actions.add_product(
            anna, PL, product_number=pro, cycle=monthly, name="nowa.example"
        )
        before = (await company.actions.show_cart(anna, PL)).cart.lines
        placed = await tap_pay(company, anna, gateway=BANK)
        await company.load(replace(S1, next_due_date=APRIL), replace_state=True)
        view = await company.actions.show_cart(anna, PL)
        assert view.cart.lines == before[1:]
        assert [quote.gross for quote in view.quoted_cart.quotes] == [
            line.quote.gross for line in placed.invoice.lines[1:]
        ]
        assert {notice.others for _, notice in await company.notices(InvoiceClosed)} == {2}
        assert len(await company.outbox()) == 2
        again = await tap_pay(company, anna, gateway=BANK)
        assert len(again.invoice.lines) == 2

    async def test_does_not_put_twice_what_is_in_the_cart(self, company: CompanyAtWork) -> None:
        anna, ids = await company.client(), await company.ids()
        placed = await company.renew(ids["S1"], ids["A1"])
        await company.actions.cancel_invoice(anna, placed.invoice.id)
        placed = await company.renew(ids["S1"], ids["A1"])
        await company.load(replace(S1, next_due_date=APRIL), replace_state=True)
        lines = (await company.actions.show_cart(anna, PL)).cart.lines
        assert [(line.kind, line.service_id) for line in lines] == [(LineKind.RENEWAL, ids["A1"])]

    async def test_of_an_add_on_is_closed_when_its_service_has_ended(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        ids = await company.ids()
        await company.renew(ids["A1"])
        ip = company.number("ip")
        monthly = BillingCycle.MONTHLY
        await company.actions.add_addon(
            anna, PL, product_number=ip, cycle=monthly, service_id=ids["S1"]
        )
        await company.place()
        ended = replace(S1, status=ServiceStatus.TERMINATED)
        loaded = await company.load(ended, replace_state=True)
        assert [one.reason for one in loaded.closed] == ["ended", "ended"]

    @pytest.mark.parametrize(
        "row",
        [
            S1,
            replace(S1, amount=money("33.00")),
            replace(S1, next_due_date=DUE.replace(month=2)),
            replace(S1, status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.NON_PAYMENT),
        ],
        ids=["the same", "dearer", "due earlier", "suspended for non-payment"],
    )
    async def test_stays_open_while_it_may_be_paid(
        self, company: CompanyAtWork, row: ServiceRow
    ) -> None:
        ids = await company.ids()
        placed = await company.renew(ids["S1"])
        loaded = await company.load(row, replace_state=True)
        assert loaded.closed == ()
        page = await company.actions.show_invoice(await company.client(), placed.invoice.id)
        assert page.invoice.is_open

    async def test_of_another_service_or_client_stays_open(self, company: CompanyAtWork) -> None:
        ids = await company.ids()
        await company.renew(ids["A1"])
        await company.renew(ids["J1"], ref="john", gateway=TELEGRAM)
        loaded = await company.load(replace(S1, next_due_date=APRIL), replace_state=True)
        assert loaded.closed == ()
        assert not await company.notices(InvoiceClosed)

    async def test_stays_open_where_the_state_is_not_replaced(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        await company.renew(ids["S1"])
        loaded = await company.load(replace(S1, next_due_date=APRIL))
        assert (loaded.closed, left(loaded)) == ((), (("S1",), ()))
