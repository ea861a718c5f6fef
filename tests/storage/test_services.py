from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from billing.ports.reminders.items import Window
from billing.rules.cycles import BillingCycle
from billing.rules.services.service import LIVE, Service, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import LineKind
from billing.views.services import (
    CancellationStatus,
    CancelWhen,
    DueAmount,
    InvoiceRef,
    ServiceFilter,
    Sort,
)
from storage.database import Database
from tests.make import NOW, TODAY, money, owned_addon, quote, service
from tests.statements import counting
from tests.storage.company import add_client, add_invoice, add_services


async def page(database: Database, client_id: int, **asked: Any) -> list[str]:
    async with database.work.reading() as uow:
        found = await uow.services.page(
            client_id, ServiceFilter(**{"every": True} | asked), size=3
        )
    return [each.service.domain for each in found]


async def test_a_service_comes_back_as_it_was_stored(database: Database) -> None:
    anna = await add_client(database)
    stored = service(
        client_id=anna,
        status=ServiceStatus.SUSPENDED,
        suspended_for=SuspendedFor.ABUSE,
        label="Sklep",
        ref="S-1",
        loaded_on=TODAY,
    )
    (number,) = await add_services(database, stored)
    async with database.work.reading() as uow:
        found = await uow.services.get(anna, number)
    assert found is not None
    assert found == service(**{**_fields(stored), "id": number})


async def test_what_is_not_known_yet_comes_back_as_unknown(database: Database) -> None:
    anna = await add_client(database)
    stored = service(
        client_id=anna, amount=None, first_amount=None, next_due_date=None, due_date_known=False
    )
    (number,) = await add_services(database, stored)
    async with database.work.writing() as uow:
        found = await uow.services.get(anna, number)
        assert found == replace(stored, id=number)
        told = replace(found, amount=money("29.00"), next_due_date=TODAY, due_date_known=True)
        await uow.services.save([told])
        assert await uow.services.get(anna, number) == told


async def test_what_is_not_known_yet_comes_after_what_is(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(client_id=anna, domain="over.pl", status=ServiceStatus.CANCELLED),
        service(client_id=anna, domain="unknown.pl", amount=None, first_amount=None,
                next_due_date=None, due_date_known=False),
        service(client_id=anna, domain="known.pl", amount=money("99.00"),
                next_due_date=TODAY + timedelta(days=3000)),
    )  # fmt: skip
    assert await page(database, anna) == ["known.pl", "unknown.pl", "over.pl"]
    assert await page(database, anna, sort=Sort.PRICE) == ["over.pl", "known.pl", "unknown.pl"]


async def test_a_known_date_is_not_stored_as_unknown(database: Database) -> None:
    anna = await add_client(database)
    with pytest.raises(IntegrityError):
        await add_services(database, service(client_id=anna, due_date_known=False))


def _fields(of: Service) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Service.__slots__}


async def test_nobody_reads_or_renames_anothers_service(database: Database) -> None:
    anna, firm = await add_client(database, "anna"), await add_client(database, "firm")
    (number,) = await add_services(database, service(client_id=anna))
    async with database.work.writing() as uow:
        assert await uow.services.get(firm, number) is None
        assert await uow.services.family(firm, number) == ()
        assert await uow.services.families(firm, [number]) == ()
        assert not await uow.services.set_label(firm, number, "mine")


async def test_the_list_is_counted_by_status_without_addons(database: Database) -> None:
    anna = await add_client(database)
    top = await add_services(
        database,
        service(client_id=anna),
        service(client_id=anna),
        service(client_id=anna, status=ServiceStatus.PENDING, next_due_date=None, anchor_day=1),
    )
    await add_services(database, owned_addon(client_id=anna, parent_id=top[0]))
    async with database.work.reading() as uow:
        counts = await uow.services.counts(anna, search="", today=TODAY, soon=TODAY)
        assert counts.by_status == {ServiceStatus.ACTIVE: 2, ServiceStatus.PENDING: 1}
        nothing = await uow.services.counts(
            anna, search="nothing like it", today=TODAY, soon=TODAY
        )
        assert nothing.by_status == {}
    assert len(await page(database, anna)) == 3


async def test_the_list_is_sorted_by_due_date_with_what_is_over_last(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(
            client_id=anna, domain="over.pl", status=ServiceStatus.CANCELLED,
            next_due_date=TODAY - timedelta(days=400),
        ),
        service(client_id=anna, domain="later.pl", next_due_date=TODAY + timedelta(days=30)),
        service(client_id=anna, domain="never.pl", next_due_date=None, anchor_day=1,
                cycle=BillingCycle.FREE),
        service(client_id=anna, domain="overdue.pl", next_due_date=TODAY - timedelta(days=3)),
    )  # fmt: skip
    assert await page(database, anna) == ["overdue.pl", "later.pl", "over.pl"]
    assert await page(database, anna, page=1) == ["never.pl"]


async def test_the_list_is_sorted_by_name_or_price(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(client_id=anna, name="Łódź", domain="1.pl", amount=money("5.00")),
        service(client_id=anna, name="Lz", domain="2.pl", amount=money("30.00")),
        service(client_id=anna, name="Zebra", label="Ala", domain="3.pl", amount=money("9.00")),
    )
    assert await page(database, anna, sort=Sort.NAME) == ["3.pl", "2.pl", "1.pl"]
    assert await page(database, anna, sort=Sort.PRICE) == ["1.pl", "3.pl", "2.pl"]


async def test_what_was_paid_once_stands_at_the_price_that_it_shows(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(
            client_id=anna,
            domain="once.pl",
            cycle=BillingCycle.ONE_TIME,
            first_amount=money("20.00"),
            amount=money("0"),
        ),
        service(client_id=anna, domain="cheap.pl", amount=money("5.00")),
        service(client_id=anna, domain="dear.pl", amount=money("30.00")),
    )
    assert await page(database, anna, sort=Sort.PRICE) == ["cheap.pl", "once.pl", "dear.pl"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ŻÓŁW", ["żółw.pl"]),
        ("zolw", ["żółw.pl"]),
        ("xn--w-uga", ["żółw.pl"]),
        ("hosting", ["sto_procent.pl", "żółw.pl"]),
        ("_procent", ["sto_procent.pl"]),
        ("100%", ["sto_procent.pl"]),
        ("%", ["sto_procent.pl"]),
        ("/", []),
        ("  ", ["sto_procent.pl", "żółw.pl"]),
        # What an order accepts.
        ("https://ŻÓŁW.pl", ["żółw.pl"]),
        ("https://www.żółw.pl/sklep?a=1#gora", ["żółw.pl"]),
        ("www.żółw.pl", ["żółw.pl"]),
        ("żółw.pl.", ["żółw.pl"]),
        ("żółw.pl:8080/panel", ["żółw.pl"]),
        (" żółw．pl ", ["żółw.pl"]),
        ("ola@żółw.pl", ["żółw.pl"]),
        ("XN--W-UGA1V8H.PL", ["żółw.pl"]),
        ("ola@xn--w-uga1v8h.pl", ["żółw.pl"]),
        ("\u2068żó\u00adłw\u200b.pl\u2069\ufeff", ["żółw.pl"]),
        ("z\u0307o\u0301łw", ["żółw.pl"]),
        # Name and domain together, as lists show them and as people type them.
        ("Hosting start · żółw.pl", ["żółw.pl"]),
        ("żółw.pl, hosting START", ["żółw.pl"]),
        ("żółw.pl - (hosting)", ["żółw.pl"]),
        ("hosting sto_procent.pl", ["sto_procent.pl"]),
        ("mój 100% procent.pl", ["sto_procent.pl"]),
        ("hosting inna.pl", []),
        (
            "hosting start pl h o s t i n g",
            ["sto_procent.pl", "żółw.pl"],
        ),
    ],
)
async def test_a_search_finds_a_part_of_a_name_or_domain(
    database: Database, typed: str, found: list[str]
) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(client_id=anna, domain="żółw.pl"),
        service(client_id=anna, domain="sto_procent.pl", label="100% mój"),
    )
    assert sorted(await page(database, anna, search=typed)) == found


@pytest.mark.parametrize(
    "typed", ["Anna's blog", "anna’s", "ANNAʼS BLOG", "blog - „nowy”", "blog–"]
)
async def test_marks_of_phones_and_of_keyboards_are_the_same_to_a_search(
    database: Database, typed: str
) -> None:
    anna = await add_client(database)
    await add_services(
        database, service(client_id=anna, domain="a.pl", label='Anna’s blog– "nowy"')
    )
    assert await page(database, anna, search=typed) == ["a.pl"]


async def test_a_filter_and_a_search_work_together(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        service(client_id=anna, domain="a.pl"),
        service(client_id=anna, domain="b.pl"),
        service(client_id=anna, domain="ab.pl", status=ServiceStatus.TERMINATED),
    )
    active = ServiceStatus.ACTIVE
    assert await page(database, anna, status=active, search="b.") == ["b.pl"]


async def test_a_label_is_searched_and_sorted_by_and_can_be_taken_back(
    database: Database,
) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna, domain="a.pl"))
    async with database.work.writing() as uow:
        assert await uow.services.set_label(anna, number, "Sklep Żony")
        await uow.commit()
    assert await page(database, anna, search="zony") == ["a.pl"]
    async with database.work.writing() as uow:
        named = await uow.services.get(anna, number)
        assert named is not None
        assert named.title == "Sklep Żony"
        await uow.services.set_label(anna, number, "")
        await uow.commit()
    assert await page(database, anna, search="zony") == []


async def test_a_family_is_the_service_its_parent_and_its_addons(database: Database) -> None:
    anna = await add_client(database)
    parent, other = await add_services(
        database, service(client_id=anna), service(client_id=anna, domain="other.pl")
    )
    first, second, strange = await add_services(
        database,
        owned_addon(client_id=anna, parent_id=parent),
        owned_addon(client_id=anna, parent_id=parent),
        owned_addon(client_id=anna, parent_id=other),
    )
    with counting(database) as statements:
        async with database.work.reading() as uow:
            of_parent = await uow.services.family(anna, parent)
            of_addon = await uow.services.family(anna, first)
            families = await uow.services.families(anna, {second, other})
            live = await uow.services.live(anna)
            addons = await uow.services.addons_of(parent)
    assert len(statements) == 5
    assert [o.service.id for o in of_parent] == [parent, first, second]
    assert [o.service.id for o in of_addon] == [parent, first]
    assert [o.service.id for o in families] == [parent, other, second, strange]
    assert [o.service.id for o in live] == [parent, other, first, second, strange]
    assert [s.id for s in addons] == [first, second]
    assert addons[0].parent_id == parent


async def test_a_service_says_what_holds_it(database: Database) -> None:
    anna = await add_client(database)
    free, held, cancelling = await add_services(
        database, *(service(client_id=anna) for _ in range(3))
    )
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, quote(service_id=held), client_id=anna)
        await uow.cancellations.add(
            anna, cancelling, when=CancelWhen.NOW, reason="", at=NOW, effective_on=None
        )
        await uow.commit()
    async with database.work.reading() as uow:
        found = {o.service.id: o for o in await uow.services.live(anna)}
        family = await uow.services.family(anna, held)
    assert found[free].on_invoice is None
    assert not found[free].cancellation_open
    assert found[held].on_invoice == InvoiceRef(bill.id, bill.number, bill.balance)
    assert family == (found[held],)
    assert found[cancelling].cancellation_open


async def test_only_services_that_exist_are_live(database: Database) -> None:
    anna = await add_client(database)
    await add_services(
        database,
        *(
            service(client_id=anna, domain=f"{status}.pl", status=status)
            for status in ServiceStatus
        ),
    )
    async with database.work.reading() as uow:
        live = await uow.services.live(anna)
    assert {o.service.status for o in live} == {*LIVE, ServiceStatus.COMPLETED}


async def test_what_billing_changes_is_saved_in_one_statement(database: Database) -> None:
    anna = await add_client(database)
    ids = await add_services(database, service(client_id=anna), service(client_id=anna))
    changed = [
        service(
            id=number, client_id=anna, amount=money("99.00"), cycle=BillingCycle.ANNUALLY,
            next_due_date=date(2027, 2, 28), anchor_day=31, name="not saved",
        )
        for number in ids
    ]  # fmt: skip
    with counting(database) as statements:
        async with database.work.writing() as uow:
            await uow.services.save(changed)
            await uow.commit()
    assert len(statements) == 1
    async with database.work.reading() as uow:
        found = [await uow.services.get(anna, number) for number in ids]
    for each in found:
        assert each is not None
        assert (each.amount, each.cycle) == (money("99.00"), BillingCycle.ANNUALLY)
        assert (each.next_due_date, each.anchor_day) == (date(2027, 2, 28), 31)
        assert each.name == "Hosting start"


async def test_what_is_owed_is_the_same_for_the_rules_and_for_the_database(
    database: Database,
) -> None:
    anna = await add_client(database)
    kinds = [(status, None) for status in ServiceStatus if status is not ServiceStatus.SUSPENDED]
    suspended = [(ServiceStatus.SUSPENDED, why) for why in SuspendedFor]
    every = [
        service(client_id=anna, status=status, suspended_for=why)
        for status, why in [*kinds, *suspended]
    ]
    ids = await add_services(database, *every)
    async with database.work.reading() as uow:
        window = Window(TODAY, TODAY + timedelta(days=30))
        found = await uow.reminders.candidates(window, after=None, limit=99)
    owed = [number for number, one in zip(ids, every, strict=True) if one.is_owed()]
    assert [one.id for one in found] == owed


async def test_orders_that_wait_know_their_invoice_and_what_was_paid(database: Database) -> None:
    anna = await add_client(database)
    pending = {"client_id": anna, "status": ServiceStatus.PENDING, "next_due_date": None,
               "anchor_day": 1}  # fmt: skip
    new = quote(kind=LineKind.PRODUCT, service_id=None)
    with_it = quote(kind=LineKind.ADDON, service_id=None, parent_line=1)
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, new, with_it, client_id=anna)
        (order,) = await uow.services.add(
            [service(**pending)], invoice_line_ids=[bill.lines[0].id]
        )
        (addon,) = await uow.services.add(
            [owned_addon(**pending, parent_id=order)], invoice_line_ids=[bill.lines[1].id]
        )
        (loaded,) = await uow.services.add([service(**pending)], invoice_line_ids=[None])
        later = await add_invoice(uow, with_it, client_id=anna)
        await uow.services.add(
            [owned_addon(**pending, parent_id=order)], invoice_line_ids=[later.lines[0].id]
        )
        waiting = await uow.services.pending_orders()
        assert await uow.services.pending_order(order) == replace(waiting[0], addons=())
        assert await uow.services.pending_order(addon) is None
        assert await uow.services.gross_paid([order, addon]) == bill.gross
        assert await uow.services.gross_paid([order]) == bill.lines[0].quote.gross
        assert await uow.services.gross_paid([999]) is None
    assert [(w.service.id, w.client_ref, w.invoice_number) for w in waiting] == [
        (order, "anna", bill.number),
        (loaded, "anna", ""),
    ]
    assert [w.gross for w in waiting] == [bill.gross, None]
    assert [len(w.addons) for w in waiting] == [2, 0]


async def test_the_living_are_listed_unless_all_are_wanted(database: Database) -> None:
    anna = await add_client(database)
    rows = [
        service(client_id=anna, domain=f"{status}.pl", status=status, suspended_for=(
            SuspendedFor.ABUSE if status is ServiceStatus.SUSPENDED else None
        ))
        for status in ServiceStatus
    ]  # fmt: skip
    await add_services(database, *rows)
    async with database.work.reading() as uow:
        living = await uow.services.page(anna, ServiceFilter(), size=9)
        every = await uow.services.page(anna, ServiceFilter(every=True), size=9)
        searched = await uow.services.page(anna, ServiceFilter(search="pl"), size=9)
    assert {each.service.status for each in living} == LIVE | {ServiceStatus.FRAUD}
    assert {each.service.status for each in every} == set(ServiceStatus)
    assert {each.service.status for each in searched} == set(ServiceStatus)


@pytest.mark.parametrize(
    ("when", "ends_on", "listed"),
    [
        (CancelWhen.PERIOD_END, TODAY, (True, TODAY)),
        (CancelWhen.PERIOD_END, None, (True, None)),
        (CancelWhen.NOW, TODAY, (False, None)),
    ],
)
async def test_a_listed_service_tells_whether_it_ends_with_its_period(
    database: Database, when: CancelWhen, ends_on: date | None, listed: tuple[bool, date | None]
) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    async with database.work.writing() as uow:
        request = await uow.cancellations.add(
            anna, number, when=when, reason="", at=NOW, effective_on=ends_on
        )
        assert request is not None
        (waiting,) = await uow.services.page(anna, ServiceFilter(), size=9)
        await uow.cancellations.decide(request.id, CancellationStatus.ACCEPTED)
        (accepted,) = await uow.services.page(anna, ServiceFilter(), size=9)
    assert (waiting.is_asked_to_end, waiting.is_ending, waiting.ends_on) == (True, False, None)
    assert not accepted.is_asked_to_end
    assert (accepted.is_ending, accepted.ends_on) == listed


async def test_what_is_due_is_counted_by_amount_unless_it_cannot_be_renewed(
    database: Database,
) -> None:
    anna = await add_client(database)
    late, soon = TODAY - timedelta(days=1), TODAY + timedelta(days=7)
    ids = await add_services(
        database,
        *(service(client_id=anna, next_due_date=late) for _ in range(3)),
        service(client_id=anna, next_due_date=late, amount=None),
        service(client_id=anna, next_due_date=soon, amount=money("9.00")),
        service(client_id=anna, next_due_date=soon + timedelta(days=1)),
        service(client_id=anna, next_due_date=late, status=ServiceStatus.CANCELLED),
    )
    async with database.work.writing() as uow:
        await uow.cancellations.add(
            anna, ids[2], when=CancelWhen.NOW, reason="", at=NOW, effective_on=TODAY
        )
        counts = await uow.services.counts(anna, search="nothing", today=TODAY, soon=soon)
    assert set(counts.due) == {
        DueAmount(is_overdue=True, amount=service().amount, count=2),
        DueAmount(is_overdue=True, amount=None, count=1),
        DueAmount(is_overdue=False, amount=money("9.00"), count=1),
    }
