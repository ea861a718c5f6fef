"""What waits for staff over all clients, and what staff look at."""

from datetime import timedelta

import pytest

from billing.ports.panel import Capabilities
from billing.rules.audit import Actor
from billing.rules.errors import NotFoundError
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.desk import FoundClient, Tally, Waiting
from billing.views.services import CancelWhen
from tests.billing.actions.company import BANK, PL, CompanyAtWork, make_company
from tests.make import STAFF, TODAY, money
from tests.panels import LimitedPanel
from tests.storage.company import service_row

OLGA = Actor("staff:9002")
DAY = timedelta(days=1)


async def looks(company: CompanyAtWork) -> list[tuple[str, str]]:
    """At whom and what Olga has looked, the newest first."""
    done = await company.actions.list_audit()
    return [(entry.subject, entry.note) for entry in done if entry.actor == OLGA]


async def proforma(company: CompanyAtWork, anna: ClientInfo) -> int:
    """An unpaid proforma of 35.67 PLN."""
    await company.actions.add_renewal(anna, PL, (await company.ids())["S1"])
    return (await company.place(gateway=BANK)).invoice.id


async def test_what_came_today_and_what_is_open_by_currency(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    number = await proforma(company, anna)
    desk = await company.actions.show_desk()
    assert (desk.paid, desk.standing.waiting) == (Tally(), Tally(1, (money("35.67"),)))
    bill = (await company.actions.show_invoice(anna, number)).invoice
    await company.actions.record_transfer(bill.number, "5.67", by=STAFF)
    desk = await company.actions.show_desk()
    assert desk.paid == Tally(1, (money("5.67"),))
    assert desk.standing.waiting == Tally(1, (money("30.00"),))
    assert desk.standing.expiring == Tally()
    company.clock.advance(12 * DAY)
    desk = await company.actions.show_desk()
    assert desk.paid == Tally()
    assert desk.standing.expiring == Tally(1, (money("30.00"),))


async def test_what_is_being_cancelled_is_not_overdue(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    (late, _) = await company.owns(
        service_row("L1", next_due_date=TODAY - DAY), service_row("L2", next_due_date=TODAY - DAY)
    )
    before = await company.actions.show_desk()
    assert before.standing.overdue == Tally(2, (money("71.34"),))
    await company.actions.request_cancellation(anna, late, when=CancelWhen.NOW, reason="")
    now = await company.actions.show_desk()
    assert now.standing.overdue == Tally(1, (money("35.67"),))
    assert now.standing.todo.cancellations == 1
    listed = await company.actions.list_waiting(Waiting.CANCELLATIONS)
    assert len(listed.items) == 1


async def test_of_a_connected_panel_nothing_is_computed_and_nothing_decided(
    company: CompanyAtWork,
) -> None:
    await company.owns(
        service_row("L1", next_due_date=TODAY - DAY),
        service_row("P1", status=ServiceStatus.PENDING, next_due_date=None),
    )
    assert (await company.actions.show_desk()).standing.todo.orders == 1
    outside = LimitedPanel(Capabilities(sweeps=False, deferred=True))
    beside = make_company(company.database, company.clock, panel=outside)
    standing = (await beside.actions.show_desk()).standing
    assert standing.overdue == Tally(1)
    assert standing.todo.orders == 0


async def test_whom_nothing_reaches_is_counted_and_listed(company: CompanyAtWork) -> None:
    await company.owns(service_row("L1", next_due_date=TODAY - DAY))
    for user in (11, 12):
        await company.actions.note_blocked(user, blocked=True)
    assert (await company.actions.show_desk()).standing.todo.unreachable == 1
    (one,) = (await company.actions.list_waiting(Waiting.UNREACHABLE)).items
    assert isinstance(one, FoundClient)
    assert one.ref == "anna"


async def test_a_long_list_has_pages(company: CompanyAtWork) -> None:
    rows = [
        service_row(f"P{n}", status=ServiceStatus.PENDING, next_due_date=None) for n in range(8)
    ]
    await company.owns(*rows)
    first, last, past = [
        await company.actions.list_waiting(Waiting.ORDERS, page) for page in (0, 1, 9)
    ]
    assert [len(page.items) for page in (first, last, past)] == [6, 2, 0]
    assert [page.has_next for page in (first, last, past)] == [True, False, False]


async def test_each_look_leaves_a_row_and_a_refused_one_none(
    company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
) -> None:
    actions, ids = company.actions, await company.ids()
    await actions.show_client_card(anna.id, by=OLGA)
    await actions.list_client_services(anna.id, 0, by=OLGA)
    await actions.show_client_service(anna.id, ids["S1"], PL, by=OLGA)
    await actions.list_client_invoices(anna.id, 0, is_past=False, by=OLGA)
    title = "service Hosting start anna.example"
    assert await looks(company) == [
        ("anna", "proformas"), ("anna", title), ("anna", "services"), ("anna", ""),
    ]  # fmt: skip
    with pytest.raises(NotFoundError):
        await actions.show_client_service(john.id, ids["S1"], PL, by=OLGA)
    with pytest.raises(NotFoundError):
        await actions.show_client_card(10**9, by=OLGA)
    assert len(await looks(company)) == 4


async def test_staff_see_the_page_of_somebody_who_may_only_look(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    number = (await company.ids())["S1"]
    seen = await company.actions.show_client_service(anna.id, number, PL, by=OLGA)
    assert not seen.page.allowed.pay
    assert not seen.page.allowed.cancel


async def test_two_equal_transfers_of_a_day_are_told_from_a_second_tap(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    """What is left may be as much as what came: it counts once more, and then never again."""
    number = await proforma(company, anna)
    bill = (await company.actions.show_invoice(anna, number)).invoice
    half = money("17.83")
    await company.actions.record_transfer(bill.number, str((bill.gross - half).decimal), by=STAFF)
    await company.actions.record_transfer(bill.number, "8.91", by=STAFF)
    left = (await company.actions.show_invoice(anna, number)).invoice
    for _ in range(2):
        await company.actions.record_transfer(bill.number, by=OLGA, again=True, seal=left.seal)
    paid = (await company.actions.show_invoice(anna, number)).invoice
    assert (paid.is_covered, paid.paid) == (True, bill.gross)


@pytest.mark.parametrize(
    ("text", "clients", "services"),
    [
        ("anna", 2, 1),
        ("NOWAK anna", 1, 0),
        ("anna@anna.example", 2, 1),
        ("https://www.john.example/x", 0, 1),
        ("11", 1, 0),
        ("%", 0, 0),
        ("_nna", 0, 0),
        ("nowak smith", 0, 0),
        ("", 0, 0),
    ],
)
async def test_words_are_found_in_clients_and_services(
    company: CompanyAtWork, text: str, clients: int, services: int
) -> None:
    found = await company.actions.find_anywhere(text)
    assert (len(found.clients), len(found.services)) == (clients, services)


async def test_proformas_are_found_by_the_beginning_of_their_number(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    number = await proforma(company, anna)
    for text in ("pro-202603", "PRO-202603-00001-7391"):
        (one,) = (await company.actions.find_anywhere(text)).invoices
        assert (one.id, one.client.ref) == (number, "anna")
    assert (await company.actions.find_anywhere("PRO-202604")).invoices == ()


async def test_of_many_hits_the_first_are_listed(company: CompanyAtWork) -> None:
    await company.owns(*(service_row(f"M{n}", domain=f"m{n}.example") for n in range(9)))
    found = await company.actions.find_anywhere("hosting")
    assert (len(found.services), found.is_cut) == (5, True)
