"""Whatever the operator does leaves a row that says who did it; what is refused leaves none."""

import pytest

from billing.rules.audit import LONGEST_ACTOR, Actor, Audited, AuditEntry
from billing.rules.errors import BillingError
from billing.rules.services.service import ServiceStatus
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen
from tests.billing.actions.company import CompanyAtWork
from tests.storage.company import service_row

BASIA = Actor("basia")


async def entries(company: CompanyAtWork) -> list[tuple[str, Audited, str, str]]:
    """What Basia did, the newest first."""
    done = await company.actions.list_audit()
    return [_told(entry) for entry in done if entry.actor == BASIA]


def _told(entry: AuditEntry) -> tuple[str, Audited, str, str]:
    return entry.actor.name, entry.action, entry.subject, entry.note


async def pending(company: CompanyAtWork, ref: str) -> int:
    (number,) = await company.owns(
        service_row(ref, name="Hosting", status=ServiceStatus.PENDING, next_due_date=None)
    )
    return number


@pytest.mark.parametrize(
    ("accept", "action"), [(True, Audited.ACCEPT_ORDER), (False, Audited.REJECT_ORDER)]
)
async def test_a_decided_order(company: CompanyAtWork, *, accept: bool, action: Audited) -> None:
    number = await pending(company, "new")
    await company.actions.decide_order(number, accept=accept, by=BASIA)
    ((who, what, order, about),) = await entries(company)
    assert (who, what, order) == ("basia", action, f"order {number}")
    assert about.startswith("Hosting")
    with pytest.raises(BillingError):
        await company.actions.decide_order(number, accept=accept, by=BASIA)
    assert len(await entries(company)) == 1


@pytest.mark.parametrize(
    ("accept", "action"),
    [(True, Audited.ACCEPT_CANCELLATION), (False, Audited.REJECT_CANCELLATION)],
)
async def test_a_decided_request_to_cancel(
    company: CompanyAtWork, anna: ClientInfo, *, accept: bool, action: Audited
) -> None:
    service = (await company.ids())["S1"]
    asked = await company.actions.request_cancellation(
        anna, service, when=CancelWhen.NOW, reason=""
    )
    await company.actions.decide_cancellation(asked.id, accept=accept, by=BASIA)
    ((_, what, request, _),) = await entries(company)
    assert (what, request) == (action, f"request {asked.id}")


async def test_a_transfer_once(company: CompanyAtWork) -> None:
    number = (await company.renew((await company.ids())["S1"])).invoice.number
    for _ in range(2):
        await company.actions.record_transfer(number, "10.00", reference="B-1", by=BASIA)
    assert await entries(company) == [("basia", Audited.RECORD_TRANSFER, number, "10.00 PLN B-1")]


async def test_credit_and_a_link_code(company: CompanyAtWork) -> None:
    await company.actions.adjust_credit("anna", "-5.00", note="by mistake", by=BASIA)
    code, _ = await company.actions.issue_link_code("anna", by=BASIA)
    link, credit = await entries(company)
    assert credit == ("basia", Audited.ADJUST_CREDIT, "anna", "-5.00 PLN by mistake")
    assert link == ("basia", Audited.ISSUE_LINK_CODE, "anna", "")
    assert code not in str(await company.actions.list_audit())


async def test_what_is_refused_leaves_nothing(company: CompanyAtWork) -> None:
    for refused in (
        company.actions.adjust_credit("nobody", "5.00", by=BASIA),
        company.actions.adjust_credit("anna", "-5000.00", by=BASIA),
        company.actions.issue_link_code("nobody", by=BASIA),
        company.actions.record_transfer("PRO-202603-00001-0000", by=BASIA),
        company.actions.close_unplaced(1, "sent back", by=BASIA),
        company.actions.book_again(1, by=BASIA),
    ):
        with pytest.raises(BillingError):
            await refused
    assert await entries(company) == []


@pytest.mark.slow
async def test_a_load_and_a_restore(company: CompanyAtWork) -> None:
    await company.load(service_row("S7"))
    await company.actions.note_restore(by=BASIA)
    restored, loaded, *_ = list(await company.actions.list_audit())
    assert (restored.action, restored.subject) == (Audited.RESTORE, "database")
    assert loaded.note.endswith("0 clients, 1 services new or changed")


@pytest.mark.slow
async def test_pages_of_what_was_done(company: CompanyAtWork) -> None:
    for number in range(1, 121):
        await company.actions.adjust_credit("anna", f"{number}.00", by=BASIA)
    first = await company.actions.list_audit()
    assert (first.number, first.has_next, len(first)) == (1, True, 50)
    assert [entry.note for entry in first][:2] == ["120.00 PLN", "119.00 PLN"]
    second = await company.actions.list_audit(2)
    assert next(iter(second)).note == "70.00 PLN"
    last = await company.actions.list_audit(3)
    assert (last.number, last.has_next) == (3, False)
    assert not await company.actions.list_audit(4)


async def test_pages_of_what_waits(company: CompanyAtWork) -> None:
    await company.owns(
        *(
            service_row(f"P{n}", status=ServiceStatus.PENDING, next_due_date=None)
            for n in range(60)
        )
    )
    pages = [await company.actions.list_orders(page) for page in (1, 2, 3)]
    assert [(len(page), page.has_next) for page in pages] == [(50, True), (10, False), (0, False)]
    assert len({order.service.id for page in pages[:2] for order in page}) == 60


async def test_unpaid_proformas_of_all_clients(company: CompanyAtWork) -> None:
    invoice = (await company.renew((await company.ids())["S1"])).invoice
    await company.actions.record_transfer(invoice.number, "10.00", by=BASIA)
    (unpaid,) = await company.actions.list_proformas()
    assert (unpaid.number, unpaid.client_ref) == (invoice.number, "anna")
    assert (unpaid.gross, str(unpaid.paid)) == (invoice.gross, "10.00 PLN")
    await company.actions.record_transfer(invoice.number, by=BASIA)
    assert not await company.actions.list_proformas()


@pytest.mark.parametrize("name", ["", "x" * (LONGEST_ACTOR + 1), "a\nb", "\u202ea"])
def test_an_actor_has_a_name_that_can_be_kept(name: str) -> None:
    with pytest.raises(ValueError, match="actor"):
        Actor(name)
