"""Different things at the same moment, in two processes: as if one had come after the other."""

import asyncio
from datetime import timedelta

import pytest

from billing.rules.access.link_codes import hash_code
from billing.rules.errors import BillingError, LinkCodeError
from billing.rules.money import Money
from billing.rules.payments.invoices import InvoiceStatus
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen
from tests.billing.actions.company import (
    ANNA,
    GUEST,
    PL,
    TELEGRAM,
    CompanyAtWork,
    Folder,
    catalogue,
)
from tests.make import STAFF, money, topic
from tests.storage.company import client_row, service_row


@pytest.fixture(autouse=True)
async def _connected(company: CompanyAtWork, twin: CompanyAtWork) -> None:
    """Both have connections open: opening one takes longer than an action, and would part them."""
    for process in (company, twin):
        await asyncio.gather(*(process.actions.show_catalog() for _ in range(6)))


@pytest.mark.slow
async def test_two_users_fill_one_cart(
    company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
) -> None:
    numbers = await company.owns(*(service_row(f"S{n}") for n in range(2, 10)))
    await asyncio.gather(
        *(
            process.actions.add_renewal(anna, PL, number)
            for number, process in zip(numbers, [company, twin] * 4, strict=True)
        )
    )
    cart = (await company.actions.show_cart(anna, PL)).cart
    assert sorted(line.service_id or 0 for line in cart.lines) == sorted(numbers)
    assert cart.revision == 8


@pytest.mark.slow
async def test_a_renewal_is_put_into_the_cart_and_the_cart_is_paid(
    company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.add_renewal(anna, PL, ids["S1"])
    seen = (await company.actions.show_cart(anna, PL)).quoted_cart
    await asyncio.gather(
        company.actions.add_renewal(anna, PL, ids["A1"]),
        twin.actions.place_order(
            anna, PL, revision=seen.revision, seal=seen.seal, gateway_number=TELEGRAM
        ),
        return_exceptions=True,
    )
    cart = (await company.actions.show_cart(anna, PL)).cart
    invoiced = [
        line.quote.service_id
        for row in (await company.actions.list_invoices(anna, is_open=True)).invoices
        for line in (await company.actions.show_invoice(anna, row.id)).invoice.lines
    ]
    held = [*invoiced, *(line.service_id for line in cart.lines)]
    assert sorted(number or 0 for number in held) == sorted([ids["S1"], ids["A1"]])


@pytest.mark.slow
async def test_a_payment_arrives_three_ways(
    company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    placed = await company.renew(ids["S1"], gateway=TELEGRAM)
    async with company.database.work.reading() as uow:
        attempt = await uow.payments.open_of(placed.invoice.id, "telegram")
    assert attempt is not None
    gross = placed.invoice.gross
    await asyncio.gather(
        company.actions.confirm_payment(
            gateway="telegram", payment_id=attempt.id, charge_id="c", amount=gross
        ),
        twin.actions.record_transfer(placed.invoice.number, "35.67", by=STAFF),
        twin.actions.confirm_payment(
            gateway="telegram", payment_id=attempt.id, charge_id="d", amount=gross
        ),
    )
    assert await company.credit() == money("100.00") + gross + gross
    paid = (await company.actions.show_invoice(anna, placed.invoice.id)).invoice
    assert (paid.status, paid.paid) == (InvoiceStatus.PAID, gross)


@pytest.mark.slow
async def test_a_proforma_is_paid_when_it_expires(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    ids = await company.ids()
    placed = await company.renew(ids["S1"])
    company.passes(days=60)
    results = await asyncio.gather(
        company.actions.record_transfer(placed.invoice.number, "35.67", by=STAFF),
        twin.actions.expire_invoices(),
        company.actions.expire_invoices(),
    )
    anna = await company.client()
    invoice = (await company.actions.show_invoice(anna, placed.invoice.id)).invoice
    expired = sum(results[1:])
    assert (invoice.status is InvoiceStatus.EXPIRED) == bool(expired)
    assert expired <= 1
    on_account = money("35.67") if expired else Money.zero("PLN")
    assert anna.credit == money("100.00") + on_account


async def test_a_request_is_withdrawn_while_it_is_accepted(
    company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    asked = await company.actions.request_cancellation(
        anna, ids["S1"], when=CancelWhen.NOW, reason=""
    )
    _, decided = await asyncio.gather(
        company.actions.withdraw_cancellation(anna, ids["S1"]),
        twin.actions.decide_cancellation(asked.id, accept=True, by=STAFF),
        return_exceptions=True,
    )
    service = await company.service(ids["S1"])
    assert service.is_live == isinstance(decided, BillingError)


@pytest.mark.slow
async def test_what_was_cancelled_ends_once(company: CompanyAtWork, twin: CompanyAtWork) -> None:
    anna, ids = await company.client(), await company.ids()
    asked = await company.actions.request_cancellation(
        anna, ids["S1"], when=CancelWhen.PERIOD_END, reason=""
    )
    await company.actions.decide_cancellation(asked.id, accept=True, by=STAFF)
    company.passes(days=30)
    ended = await asyncio.gather(
        *(process.actions.end_cancelled() for process in (company, twin, company, twin))
    )
    assert sum(ended) == 1


@pytest.mark.slow
async def test_a_user_leaves_clients_and_changes_between_them(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    anna, john = await company.client("anna"), await company.client("john")
    for _ in range(5):
        for ref in ("john", "anna"):
            code, _ = await company.actions.issue_link_code(ref, by=STAFF)
            await company.actions.confirm_link(GUEST, hash_code(code))
        await asyncio.gather(
            company.actions.unlink(anna, GUEST),
            twin.actions.switch_client(GUEST, anna.id),
            company.actions.switch_client(GUEST, anna.id),
            return_exceptions=True,
        )
        visitor = await company.actions.identify(GUEST)
        assert visitor.client is not None
        assert visitor.client.id == john.id
        await asyncio.gather(company.actions.unlink(john, GUEST), twin.actions.unlink(anna, GUEST))


@pytest.mark.slow
async def test_guesses_are_counted(company: CompanyAtWork, twin: CompanyAtWork) -> None:
    guesses = await asyncio.gather(
        *(
            process.actions.preview_link(GUEST, hash_code("WRONG"))
            for process in (company, twin) * 5
        ),
        return_exceptions=True,
    )
    codes = [guess.code for guess in guesses if isinstance(guess, LinkCodeError)]
    assert sorted(codes) == ["too_many_guesses"] * 5 + ["wrong_code"] * 5


@pytest.mark.slow
async def test_two_folders_are_loaded(company: CompanyAtWork, twin: CompanyAtWork) -> None:
    folders = [
        Folder(
            catalogue(topics=(topic(id=name),)),
            (client_row(name),),
            (service_row(f"{name}-1", client=name), service_row("S1", name=name)),
        )
        for name in ("eva", "ola")
    ]
    loaded = await asyncio.gather(
        *(
            process.actions.load_company(folder, by=STAFF)
            for folder, process in zip(folders, (company, twin), strict=True)
        )
    )
    assert sorted(one.catalog_revision for one in loaded) == [2, 3]
    assert set(await company.ids()) >= {"eva-1", "ola-1"}


@pytest.mark.slow
async def test_a_client_pays_while_their_services_are_loaded(
    company: CompanyAtWork, twin: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    placed = await company.renew(ids["S1"])
    due = (await company.service(ids["S1"])).next_due_date
    assert due is not None
    later = due + timedelta(days=400)
    await asyncio.gather(
        twin.load(service_row("S1", next_due_date=later), replace_state=True),
        company.actions.record_transfer(placed.invoice.number, "35.67", by=STAFF),
    )
    # Loaded, and the money of a proforma that was closed is credit; or renewed, then replaced.
    found = (await company.service(ids["S1"])).next_due_date
    assert found is not None
    assert found >= later


async def test_everybody_may_vote(company: CompanyAtWork, twin: CompanyAtWork) -> None:
    await company.publishes(catalogue(topics=(topic(),)))
    await asyncio.gather(
        *(
            process.actions.vote(ANNA, 1, useful=useful)
            for process in (company, twin)
            for useful in (True, False, True)
        )
    )
    assert (await company.actions.show_help(ANNA, 1)).votes == 1
