"""What is on an unpaid proforma is taken: names, labels, add-ons of which there may be so many."""

import asyncio
from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.errors import (
    AlreadyInvoicedError,
    BillingError,
    EmptyCartError,
    InvalidInputError,
)
from billing.rules.payments.invoices import Invoice, InvoiceStatus, Outcome
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import CartLine, LineKind
from billing.rules.shop.quotes import Unavailable
from billing.views.account import ClientInfo
from billing.views.shop import Added
from tests.billing.actions.company import (
    BANK,
    CREDIT,
    PL,
    CompanyAtWork,
    addon_row,
    tap_pay,
)
from tests.make import STAFF, TODAY, money
from tests.storage.company import service_row

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY


async def order(
    company: CompanyAtWork,
    client: ClientInfo,
    product: str = "start",
    name: str = "nowa.example",
    *addons: str,
    cycle: BillingCycle = MONTHLY,
) -> Added:
    """Put a new product into the cart, its add-ons on the same cycle."""
    return await company.actions.add_product(
        client,
        PL,
        product_number=company.number(product),
        cycle=cycle,
        name=name,
        addons=[(company.number(addon), cycle) for addon in addons],
    )


async def add(
    company: CompanyAtWork,
    client: ClientInfo,
    addon: str,
    service_id: int,
    cycle: BillingCycle = MONTHLY,
) -> Added:
    """Put an add-on for a service into the cart."""
    return await company.actions.add_addon(
        client, PL, product_number=company.number(addon), cycle=cycle, service_id=service_id
    )


async def on_proforma(company: CompanyAtWork, client: ClientInfo, name: str) -> Invoice:
    """Order hosting and make the proforma, which is not paid."""
    await order(company, client, name=name)
    return (await company.place()).invoice


async def put(company: CompanyAtWork, client: ClientInfo, *lines: CartLine) -> None:
    """Write lines into the cart, whatever speaks against it."""
    async with company.database.work.writing(client.id) as uow:
        cart = await uow.carts.get(client.id)
        await uow.carts.save(cart, [*cart.lines, *lines])
        await uow.commit()


async def named(company: CompanyAtWork, client: ClientInfo, domain: str) -> list[Service]:
    """The client's live services of a domain, add-ons apart."""
    async with company.database.work.reading() as uow:
        live = await uow.services.live(client.id)
    return [o.service for o in live if o.service.domain == domain]


def assert_leads_to(refused: BillingError, invoice: Invoice) -> None:
    """The refusal names the open proforma, and where it can be paid."""
    assert isinstance(refused, AlreadyInvoicedError)
    assert refused.code == "on_proforma"
    assert (refused.invoice_id, refused.params["number"]) == (invoice.id, invoice.number)


class TestNames:
    @pytest.mark.parametrize("product", ["start", "pro"])
    @pytest.mark.parametrize("typed", ["nowa.example", "https://www.NOWA.example/"])
    async def test_a_domain_on_an_unpaid_proforma_is_taken(
        self, company: CompanyAtWork, anna: ClientInfo, product: str, typed: str
    ) -> None:
        invoice = await on_proforma(company, anna, "nowa.example")
        with pytest.raises(AlreadyInvoicedError) as refused:
            await company.actions.check_name(anna, company.number(product), typed)
        assert_leads_to(refused.value, invoice)
        assert refused.value.params["name"] == "nowa.example"
        with pytest.raises(AlreadyInvoicedError) as refused:
            await order(company, anna, product, typed)
        assert_leads_to(refused.value, invoice)
        assert (await company.actions.show_cart(anna, PL)).cart.lines == ()

    async def test_a_label_is_taken_too(self, company: CompanyAtWork, anna: ClientInfo) -> None:
        await order(company, anna, "vps", "Mój serwer")
        invoice = (await company.place()).invoice
        with pytest.raises(AlreadyInvoicedError) as refused:
            await company.actions.check_name(anna, company.number("vps"), "mój  SERWER")
        assert_leads_to(refused.value, invoice)

    async def test_in_another_group_and_for_another_client_it_is_free(
        self, company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
    ) -> None:
        await on_proforma(company, anna, "nowa.example")
        await company.actions.check_name(anna, company.number("migration"), "nowa.example")
        await order(company, anna, "migration", "nowa.example", cycle=BillingCycle.ONE_TIME)
        checked = await company.actions.check_name(john, company.number("start"), "nowa.example")
        assert checked.name == "nowa.example"
        assert (await order(company, john)).new

    @pytest.mark.parametrize("how", ["cancelled", "expired"])
    async def test_a_proforma_that_is_closed_frees_it(
        self, company: CompanyAtWork, anna: ClientInfo, how: str
    ) -> None:
        invoice = await on_proforma(company, anna, "nowa.example")
        if how == "cancelled":
            await company.actions.cancel_invoice(anna, invoice.id)
        else:
            company.passes(days=15)
            assert await company.actions.expire_invoices() == 1
        await company.actions.check_name(anna, company.number("start"), "nowa.example")
        assert (await order(company, anna)).cart.quoted_cart.problems == ()

    @pytest.mark.slow
    async def test_a_part_payment_keeps_holding_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice = await on_proforma(company, anna, "nowa.example")
        await company.actions.record_transfer(invoice.number, "1.00", by=STAFF)
        with pytest.raises(AlreadyInvoicedError):
            await order(company, anna)

    @pytest.mark.slow
    async def test_once_it_is_paid_the_service_has_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice = await on_proforma(company, anna, "nowa.example")
        await company.actions.record_transfer(invoice.number, by=STAFF)
        with pytest.raises(InvalidInputError) as refused:
            await company.actions.check_name(anna, company.number("start"), "nowa.example")
        assert refused.value.code == "name_taken"

    async def test_a_draft_whose_name_has_come_into_use_is_not_put_into_the_cart(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await company.owns(service_row("S2", domain="nowa.example"))
        with pytest.raises(InvalidInputError) as refused:
            await order(company, anna)
        assert refused.value.code == "name_taken"


class TestAddOns:
    async def test_one_of_a_kind_on_an_unpaid_proforma_is_there_already(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(service_row("S2", domain="drugi.example"))
        await add(company, anna, "ssl", number)
        invoice = (await company.place()).invoice
        for cycle in (MONTHLY, ANNUALLY):
            with pytest.raises(AlreadyInvoicedError) as refused:
                await add(company, anna, "ssl", number, cycle)
            assert_leads_to(refused.value, invoice)
        page = await company.actions.show_addon(anna, PL, company.number("ssl"), number)
        listed = await company.actions.show_service_addons(anna, PL, number)
        picked = await company.actions.find_fitting_services(
            anna, PL, company.number("ssl"), MONTHLY
        )
        choices = [
            page.choice,
            {offer.product.id: choice for offer, choice in listed.others}["ssl"],
            next(choice for choice in picked.others if choice.service.id == number),
        ]
        for choice in choices:
            assert choice is not None
            assert choice.obstacle is Unavailable.ON_PROFORMA
            assert choice.on_invoice is not None
            assert (choice.on_invoice.invoice_id, choice.on_invoice.number) == (
                invoice.id,
                invoice.number,
            )

    async def test_as_many_as_a_service_may_have_count_over_all_three(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(service_row("S2"))
        await add(company, anna, "ip", number)
        invoice = (await company.place()).invoice
        assert (await add(company, anna, "ip", number)).new
        with pytest.raises(BillingError) as refused:
            await add(company, anna, "ip", number, ANNUALLY)
        assert refused.value.code == "already_has_it"
        await company.actions.empty_cart(anna, PL)
        await company.owns(addon_row("IP1", "S2", product="ip"))
        with pytest.raises(AlreadyInvoicedError) as held:
            await add(company, anna, "ip", number)
        assert_leads_to(held.value, invoice)
        await company.actions.cancel_invoice(anna, invoice.id)
        assert (await add(company, anna, "ip", number)).new

    async def test_another_service_may_have_it(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        two, three = await company.owns(
            service_row("S2", domain="b.example"), service_row("S3", domain="c.example")
        )
        await add(company, anna, "ssl", two)
        await company.place()
        assert (await add(company, anna, "ssl", three)).new


class TestTheCart:
    async def test_what_is_on_a_proforma_is_no_line_to_pay(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(service_row("S2", domain="drugi.example"))
        await order(company, anna, "start", "nowa.example", "ssl")
        await add(company, anna, "ssl", number)
        invoice = (await company.place()).invoice
        await put(
            company, anna,
            CartLine(0, LineKind.PRODUCT, ANNUALLY, product_id="pro", name="nowa.example"),
            CartLine(0, LineKind.ADDON, ANNUALLY, number, "ssl"),
            CartLine(0, LineKind.PRODUCT, MONTHLY, product_id="pro", name="anna.example"),
        )  # fmt: skip
        shown = await company.actions.show_cart(anna, PL)
        assert shown.quoted_cart.quotes == ()
        assert [(p.reason, p.invoice_id) for p in shown.quoted_cart.problems] == [
            (Unavailable.ON_PROFORMA, invoice.id),
            (Unavailable.ON_PROFORMA, invoice.id),
            (Unavailable.NAME_TAKEN, None),
        ]
        with pytest.raises(EmptyCartError):
            await company.actions.review_checkout(anna, PL)
        with pytest.raises(EmptyCartError):
            await tap_pay(company, anna)
        for line in shown.cart.lines[:2]:
            with pytest.raises(AlreadyInvoicedError) as refused:
                await company.actions.change_cycle(anna, PL, line.id, MONTHLY)
            assert_leads_to(refused.value, invoice)

    async def test_it_can_be_bought_again_once_the_proforma_is_closed(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        invoice = await on_proforma(company, anna, "nowa.example")
        line = CartLine(0, LineKind.PRODUCT, MONTHLY, product_id="start", name="nowa.example")
        await put(company, anna, line)
        await company.actions.cancel_invoice(anna, invoice.id)
        again = (await company.place()).invoice
        assert [line.quote.domain for line in again.lines] == ["nowa.example"]


class TestAtTheSameMoment:
    @pytest.fixture(autouse=True)
    async def _connected(self, company: CompanyAtWork, twin: CompanyAtWork) -> None:
        for process in (company, twin):
            await asyncio.gather(*(process.actions.show_catalog() for _ in range(6)))

    @pytest.mark.slow
    async def test_one_pays_and_the_other_orders_the_same(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order(company, anna)
        seen = (await company.actions.show_cart(anna, PL)).quoted_cart
        await asyncio.gather(
            tap_pay(company, anna, revision=seen.revision, seal=seen.seal),
            order(twin, anna, cycle=ANNUALLY),
            order(twin, anna, "pro"),
            return_exceptions=True,
        )
        cart = (await company.actions.show_cart(anna, PL)).cart
        opened = (await company.actions.list_invoices(anna, is_open=True)).count
        assert len(cart.lines) + opened == 1

    @pytest.mark.slow
    async def test_two_order_it_and_pay_by_different_ways(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        async def buys(process: CompanyAtWork, gateway: int | None) -> None:
            await order(process, anna)
            await tap_pay(process, anna, gateway=gateway)

        await asyncio.gather(buys(company, BANK), buys(twin, CREDIT), return_exceptions=True)
        pages = [await company.actions.list_invoices(anna, is_open=o) for o in (True, False)]
        assert sum(page.count for page in pages) == 1

    @pytest.mark.slow
    async def test_two_order_the_same_add_on(
        self, company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (number,) = await company.owns(service_row("S2"))

        async def buys(process: CompanyAtWork, cycle: BillingCycle) -> None:
            await add(process, anna, "ssl", number, cycle)
            await tap_pay(process, anna)

        await asyncio.gather(buys(company, MONTHLY), buys(twin, ANNUALLY), return_exceptions=True)
        opened = await company.actions.list_invoices(anna, is_open=True)
        held = [
            line.quote.product_id
            for row in opened.invoices
            for line in (await company.actions.show_invoice(anna, row.id)).invoice.lines
        ]
        cart = (await company.actions.show_cart(anna, PL)).cart
        assert [*held, *(line.product_id for line in cart.lines)] == ["ssl"]


class TestPaying:
    async def test_a_domain_that_the_client_has_by_then_becomes_credit_with_its_add_ons(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order(company, anna, "start", "nowa.example", "ssl")
        await order(company, anna, "pro", "druga.example")
        invoice = (await company.place()).invoice
        await company.owns(service_row("S2", domain="nowa.example"))
        paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
        assert [line.outcome for line in paid.lines] == [
            Outcome.CREDITED, Outcome.CREDITED, Outcome.ORDERED,
        ]  # fmt: skip
        assert [s.ref for s in await named(company, anna, "nowa.example")] == ["S2"]
        lost = paid.lines[0].amounts.gross + paid.lines[1].amounts.gross
        assert await company.credit() == money("100.00") + lost
        assert await company.alerts() == ["line_undelivered", "line_undelivered", "order_paid"]

    async def test_of_two_proformas_for_one_name_the_second_becomes_credit(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        first = await on_proforma(company, anna, "nowa.example")
        async with company.database.work.writing(anna.id) as uow:
            number = await uow.invoices.next_number(TODAY, digits=7391)
            second = await uow.invoices.add(replace(first, number=number))
            await uow.commit()
        for invoice, outcome in ((second, Outcome.ORDERED), (first, Outcome.CREDITED)):
            paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
            assert [line.outcome for line in paid.lines] == [outcome]
        assert len(await named(company, anna, "nowa.example")) == 1
        assert await company.credit() == money("100.00") + first.gross

    async def test_in_another_group_it_is_delivered(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await order(company, anna, "migration", "nowa.example", cycle=BillingCycle.ONE_TIME)
        invoice = (await company.place()).invoice
        await company.owns(service_row("S2", domain="nowa.example"))
        paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
        assert [line.outcome for line in paid.lines] == [Outcome.ORDERED]

    async def test_a_label_that_a_service_was_given_since_withholds_nothing(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        (other,) = await company.owns(service_row("S2", product="vps", domain="h1.example"))
        await order(company, anna, "vps", "Serwer")
        invoice = (await company.place()).invoice
        await company.actions.rename_service(anna, other, "Serwer")
        paid = (await company.actions.record_transfer(invoice.number, by=STAFF)).invoice
        assert [line.outcome for line in paid.lines] == [Outcome.ORDERED]

    @pytest.mark.slow
    async def test_money_for_a_proforma_that_lapsed_is_credit_and_the_new_one_is_delivered(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        old = await on_proforma(company, anna, "nowa.example")
        company.passes(days=15)
        await company.actions.expire_invoices()
        new = await on_proforma(company, anna, "nowa.example")
        for invoice in (old, new):
            await company.actions.record_transfer(
                invoice.number, str(invoice.gross.decimal), by=STAFF
            )
        assert await company.credit() == money("100.00") + old.gross
        (service,) = await named(company, anna, "nowa.example")
        assert service.status is ServiceStatus.PENDING
        shown = (await company.actions.show_invoice(anna, new.id)).invoice
        assert shown.status is InvoiceStatus.PAID
