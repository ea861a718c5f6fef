"""Orders that a connected panel places, and what is paid for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import CartChangedError, NotOfferedError, NotRenewableError
from billing.rules.payments.invoices import Born, InvoiceStatus, Outcome
from billing.rules.payments.orders import LineState, OrderState
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.views.notices.money import InvoiceApplied, OrderAnswered, Receipt
from billing.views.panel import SeenService
from tests.billing.actions.company import (
    ANNA,
    BANK,
    DUE,
    PIOTR,
    PL,
    CompanyAtWork,
    make_company,
    tap_pay,
)
from tests.billing.actions.panel.company import Connected
from tests.make import STAFF, TODAY, money
from tests.statements import counting
from tests.storage.company import service_row

MONTH_LATER = DUE.replace(month=4)


class TestPlacing:
    async def test_an_order_is_placed_by_the_panel_and_then_asks_for_money(
        self, beside: Connected
    ) -> None:
        page = await beside.orders_a_renewal()
        assert (page.order.state, page.invoices) == (OrderState.PLACING, ())
        assert [line.state for line in page.order.lines] == [LineState.WAITING]
        assert await beside.works() == 1
        page = await beside.shown(page)
        assert page.order.state is OrderState.PLACED
        assert [line.state for line in page.order.lines] == [LineState.PLACED]
        (bill,) = page.invoices
        assert (bill.born, bill.status, bill.expires_on) == (
            Born.PANEL,
            InvoiceStatus.UNPAID,
            None,
        )
        assert bill.gross == page.order.total == money("35.67")
        answers = await beside.company.notices(OrderAnswered)
        assert [user for user, _ in answers] == [ANNA, PIOTR]
        assert answers[0][1].first_invoice_id == bill.id
        assert await beside.works() == 0

    async def test_a_double_tap_makes_one_order(self, beside: Connected) -> None:
        client = await beside.client()
        number = (await beside.company.ids())["S1"]
        await beside.company.actions.add_renewal(client, PL, number)
        quoted = (await beside.company.actions.show_cart(client, PL)).quoted_cart
        pages = [
            await beside.company.actions.send_order(
                client, PL, revision=quoted.revision, seal=quoted.seal
            )
            for _ in range(2)
        ]
        assert pages[0] == pages[1]
        await beside.works()
        assert len((await beside.account()).placed) == 1

    async def test_other_prices_are_confirmed_again(self, beside: Connected) -> None:
        client = await beside.client()
        await beside.company.actions.add_renewal(client, PL, (await beside.company.ids())["S1"])
        quoted = (await beside.company.actions.show_cart(client, PL)).quoted_cart
        with pytest.raises(CartChangedError):
            await beside.company.actions.send_order(
                client, PL, revision=quoted.revision, seal=quoted.seal + 1
            )

    async def test_no_gateway_is_paid_before_the_panel_has_placed_it(
        self, beside: Connected
    ) -> None:
        client = await beside.client()
        await beside.company.actions.add_renewal(client, PL, (await beside.company.ids())["S1"])
        with pytest.raises(NotOfferedError, match="pay_after_placing"):
            await tap_pay(beside.company, client, gateway=BANK)
        assert len((await beside.company.actions.show_cart(client, PL)).cart.lines) == 1

    async def test_where_invoices_are_ours_an_order_is_paid_at_once(
        self, company: CompanyAtWork
    ) -> None:
        client = await company.client()
        with pytest.raises(NotOfferedError, match="gateway_off"):
            await company.actions.send_order(client, PL, revision=0, seal=0)

    async def test_what_is_being_ordered_is_not_sold_again(self, beside: Connected) -> None:
        await beside.orders_a_renewal()
        client, number = await beside.client(), (await beside.company.ids())["S1"]
        with pytest.raises(NotRenewableError, match="being_renewed"):
            await beside.company.actions.add_renewal(client, PL, number)
        await beside.company.actions.add_product(
            client, PL, product_number=beside.company.number("start"),
            cycle=BillingCycle.MONTHLY, name="nowa.example", addons=[],
        )  # fmt: skip
        await beside.order()
        with pytest.raises(NotOfferedError, match="ordered"):
            await beside.company.actions.add_product(
                client, PL, product_number=beside.company.number("start"),
                cycle=BillingCycle.MONTHLY, name="nowa.example", addons=[],
            )  # fmt: skip

    async def test_a_refusal_frees_what_was_held_and_is_told(self, beside: Connected) -> None:
        (await beside.account()).refusal = "client_closed"
        page = await beside.orders_a_renewal()
        await beside.works()
        page = await beside.shown(page)
        assert (page.order.state, page.order.refusal) == (OrderState.REFUSED, "client_closed")
        assert await beside.company.users_with(OrderAnswered) == [ANNA, PIOTR]
        assert await beside.company.alerts() == ["call_needs_you"]
        assert not await beside.company.actions.list_calls()
        (await beside.account()).refusal = ""
        assert (await beside.orders_a_renewal()).order.state is OrderState.PLACING


class TestStatements:
    async def test_what_is_tapped_costs_the_same_for_one_line_and_for_many(
        self, beside: Connected
    ) -> None:
        client, company = await beside.client(), beside.company
        few = await self.costs(beside)
        rows = [service_row(f"S{n}", domain=f"{n}.example") for n in range(10, 30)]
        await make_company(company.database, company.clock).load(*rows)
        async with company.database.work.reading() as uow:
            beside.panel.adopt(client, list(await uow.services.owned_elsewhere(client.id)))
        for row in rows:
            await company.actions.add_renewal(client, PL, (await company.ids())[row.ref])
        assert few == await self.costs(beside, "A1")

    async def costs(self, beside: Connected, ref: str = "S1") -> tuple[int, int, int]:
        """Of sending an order, of looking at it and of withdrawing it."""
        company, client = beside.company, await beside.client()
        await company.actions.add_renewal(client, PL, (await company.ids())[ref])
        quoted = (await company.actions.show_cart(client, PL)).quoted_cart
        with counting(company.database) as sending:
            page = await company.actions.send_order(
                client, PL, revision=quoted.revision, seal=quoted.seal
            )
        await beside.works()
        with counting(company.database) as looking:
            await company.actions.show_order(client, page.order.id)
        with counting(company.database) as withdrawing:
            await company.actions.withdraw_order(client, page.order.id)
        await beside.works(minutes=5)
        return len(sending), len(looking), len(withdrawing)


class TestParts:
    async def orders_three(self, beside: Connected) -> int:
        client, ids = await beside.client(), await beside.company.ids()
        for ref in ("S1", "A1"):
            await beside.company.actions.add_renewal(client, PL, ids[ref])
        await beside.company.actions.add_product(
            client, PL, product_number=beside.company.number("vps"),
            cycle=BillingCycle.MONTHLY, name="Serwer", addons=[],
        )  # fmt: skip
        return (await beside.order()).order.id

    async def test_one_order_may_take_three_writes_and_three_invoices(
        self, beside: Connected
    ) -> None:
        beside.panel.in_parts = True
        number = await self.orders_three(beside)
        assert await beside.works() == 3
        page = await beside.company.actions.show_order(await beside.client(), number)
        assert page.order.state is OrderState.PLACED
        assert len(page.invoices) == 3
        assert page.invoiced == page.order.total

    async def test_a_part_that_is_refused_leaves_the_others(self, beside: Connected) -> None:
        beside.panel.in_parts = True
        number = await self.orders_three(beside)
        client = await beside.client()
        page = await beside.company.actions.show_order(client, number)
        beside.panel.refused_lines = frozenset({page.order.lines[1].quote.line_id})
        await beside.works()
        page = await beside.company.actions.show_order(client, number)
        assert page.order.state is OrderState.PART_PLACED
        placed, refused = LineState.PLACED, LineState.REFUSED
        assert [line.state for line in page.order.lines] == [placed, refused, refused]
        assert len(page.invoices) == 1
        assert not await beside.company.actions.list_calls()


class TestPaying:
    async def test_what_is_paid_is_applied_by_the_panel_and_not_sold_twice(
        self, beside: Connected
    ) -> None:
        page = await beside.orders_a_renewal()
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        result = await beside.company.actions.record_transfer(bill.number, by=STAFF)
        assert result.invoice.status is InvoiceStatus.BEING_APPLIED
        assert await beside.company.users_with(Receipt) == [ANNA, PIOTR]
        client, number = await beside.client(), (await beside.company.ids())["S1"]
        assert (await beside.company.service(number)).next_due_date == DUE
        with pytest.raises(NotRenewableError, match="being_renewed"):
            await beside.company.actions.add_renewal(client, PL, number)
        (listed,) = (await beside.company.actions.list_calls()).items
        assert (listed.invoice_number, listed.amount) == (bill.number, bill.gross)
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        assert bill.status is InvoiceStatus.PAID
        assert [(line.outcome, line.due_date) for line in bill.lines] == [
            (Outcome.RENEWED, MONTH_LATER)
        ]
        assert (await beside.company.service(number)).next_due_date == MONTH_LATER
        assert await beside.company.users_with(InvoiceApplied) == [ANNA, PIOTR]
        await beside.company.actions.add_renewal(client, PL, number)
        assert (await beside.account()).payments == [("B1", "1", 3567)]

    async def test_a_part_is_recorded_and_the_rest_stays_to_be_paid(
        self, beside: Connected
    ) -> None:
        page = await beside.orders_a_renewal()
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        await beside.company.actions.record_transfer(bill.number, "10.00", by=STAFF)
        for paid in ("10.00", "10.00"):
            (bill,) = (await beside.shown(page)).invoices
            assert (bill.status, bill.paid) == (InvoiceStatus.UNPAID, money(paid))
            await beside.works()
        assert (await beside.account()).payments == [("B1", "1", 1000)]

    async def test_another_total_than_confirmed_is_shown_and_can_be_withdrawn(
        self, beside: Connected
    ) -> None:
        beside.panel.surcharge = 500
        page = await beside.orders_a_renewal()
        await beside.works()
        page = await beside.shown(page)
        assert page.invoiced - page.order.total == money("5.00")
        assert page.is_withdrawable
        client = await beside.client()
        for _ in range(2):
            page = await beside.company.actions.withdraw_order(client, page.order.id)
            assert page.order.state is OrderState.WITHDRAWING
        await beside.works()
        page = await beside.shown(page)
        assert page.order.state is OrderState.WITHDRAWN
        assert [bill.status for bill in page.invoices] == [InvoiceStatus.CANCELLED]
        await beside.orders_a_renewal()

    @pytest.mark.parametrize("is_part", [True, False])
    async def test_what_the_panel_does_not_withdraw_stays_as_it_was(
        self, beside: Connected, *, is_part: bool
    ) -> None:
        beside.panel.in_parts = True
        client, ids = await beside.client(), await beside.company.ids()
        await beside.company.actions.add_renewal(client, PL, ids["A1"])
        page = await beside.orders_a_renewal()
        if is_part:
            beside.panel.refused_lines = frozenset({page.order.lines[1].quote.line_id})
        await beside.works()
        before = (await beside.shown(page)).order
        await beside.company.actions.withdraw_order(client, page.order.id)
        beside.panel.pays_there(await beside.account(), await beside.bill())
        await beside.works()
        after = (await beside.shown(page)).order
        assert after.state is before.state
        assert after.state is (OrderState.PART_PLACED if is_part else OrderState.PLACED)
        assert after.refusal == "paid"

    async def test_a_new_service_is_of_the_product_that_the_panel_calls_so(
        self, beside: Connected
    ) -> None:
        client, company = await beside.client(), beside.company
        catalog = company.catalog
        numbered = tuple(
            replace(product, ref="5") if product.id in ("vps", "backup") else product
            for product in catalog.products
        )
        await make_company(company.database, company.clock).publishes(
            replace(catalog, products=numbered)
        )
        (await beside.account()).services.update(
            {
                (kind, ref): SeenService(
                    kind, ref, "5", "Piątka", ServiceStatus.ACTIVE, BillingCycle.MONTHLY,
                    None, TODAY, parent=parent,
                )
                for kind, ref, parent in (
                    (ServiceKind.SERVICE, "V1", None),
                    (ServiceKind.ADDON, "V1", (ServiceKind.SERVICE, "V1")),
                )
            }
        )  # fmt: skip
        await beside.orders_a_renewal()
        await beside.works()
        async with company.database.work.reading() as uow:
            services = await uow.services.owned_elsewhere(client.id)
        products = {(one.kind, one.product_id) for one in services if one.ref == "V1"}
        assert products == {(ServiceKind.SERVICE, "vps"), (ServiceKind.ADDON, "backup")}

    async def test_a_balance_that_the_panel_spends_is_read_back(self, beside: Connected) -> None:
        beside.panel.spends_balance = True
        (await beside.account()).balance = 5000
        page = await beside.orders_a_renewal()
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        assert bill.status is InvoiceStatus.PAID
        number = (await beside.company.ids())["S1"]
        assert (await beside.company.service(number)).next_due_date == MONTH_LATER

    async def test_what_is_paid_in_the_panel_shows_at_the_next_reading(
        self, beside: Connected
    ) -> None:
        page = await beside.orders_a_renewal()
        await beside.works()
        beside.panel.pays_there(await beside.account(), await beside.bill())
        await beside.orders_a_renewal("A1")
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        assert (bill.status, bill.paid) == (InvoiceStatus.PAID, bill.gross)
        assert (await beside.account()).payments == []

    async def test_a_price_and_a_date_that_it_does_not_say_are_not_known(
        self, beside: Connected
    ) -> None:
        beside.panel.says_little = True
        await beside.orders_a_renewal("A1")
        await beside.works()
        number = (await beside.company.ids())["S1"]
        service = await beside.company.service(number)
        assert (service.amount, service.next_due_date, service.due_date_known) == (
            None, None, False,
        )  # fmt: skip
        page = await beside.orders_a_renewal()
        assert (page.order.quotes[0].amounts, page.order.total) == (None, money("0.00"))
        await beside.works()
        (bill,) = (await beside.shown(page)).invoices
        assert bill.gross == money("35.67")
        beside.panel.says_little = False
        await beside.company.actions.record_transfer(bill.number, by=STAFF)
        await beside.works()
        service = await beside.company.service(number)
        assert (service.amount, service.next_due_date) == (money("29.00"), MONTH_LATER)

    async def test_a_day_passes_and_nothing_expires(self, beside: Connected) -> None:
        page = await beside.orders_a_renewal()
        await beside.works()
        beside.company.clock.advance(timedelta(days=400))
        assert await beside.company.actions.expire_invoices() == 0
        (bill,) = (await beside.shown(page)).invoices
        assert bill.is_open


async def test_a_part_of_the_cart_is_sent_and_the_rest_stays(beside: Connected) -> None:
    client, ids = await beside.client(), await beside.company.ids()
    actions = beside.company.actions
    await actions.add_renewal(client, PL, ids["A1"])
    review = await actions.check_out_renewal(client, PL, ids["S1"], BillingCycle.MONTHLY)
    revision, seal = review.quoted_cart.revision, review.quoted_cart.seal
    pages = [
        await actions.send_order(client, PL, revision=revision, seal=seal, part=review.part)
        for _ in range(2)
    ]
    assert pages[0] == pages[1]
    assert [quote.service_id for quote in pages[0].order.quotes] == [ids["S1"]]
    cart = (await actions.show_cart(client, PL)).cart
    assert [line.service_id for line in cart.lines] == [ids["A1"]]
    with pytest.raises(CartChangedError):
        await actions.send_order(client, PL, revision=revision, seal=seal + 1)
