"""After a restore: what a copy must not promise any more, once, and what it cannot know."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from billing.actions.restore import SKIPPED
from billing.rules.access.link_codes import hash_code
from billing.rules.cycles import BillingCycle
from billing.rules.errors import LinkCodeError
from billing.views.account import ClientInfo
from billing.views.notices.money import CreditChanged
from billing.views.restoring import UnpaidProforma, UnsentMessage
from billing.views.services import CancelWhen
from storage.tables.messages import outbox
from storage.tables.running import conversations
from tests.billing.actions.company import (
    ANNA,
    CREDIT,
    GUEST,
    PIOTR,
    PL,
    CompanyAtWork,
    make_company,
)
from tests.database import connect
from tests.make import NOW, STAFF, TODAY, money


async def states(company: CompanyAtWork) -> dict[tuple[str, int], str]:
    """What became of the messages, by topic and user."""
    asked = select(outbox.c.topic, outbox.c.user_id, outbox.c.state)
    async with company.database.engines.readers.connect() as connection:
        return {(str(t), user): str(s) for t, user, s in await connection.execute(asked)}


async def waits_for_text(company: CompanyAtWork, user: int, **changes: Any) -> None:
    """Somebody is asked for something."""
    row = {
        "bot_id": 1, "chat_id": user, "user_id": user, "step": "orders.name", "draft": {"a": 1},
        "draft_id": 5, "view": {"filter": "x"}, "consumed": 7, "keyboard_id": 8, "answered": 0,
        "used_on": TODAY, "expires_at": NOW + timedelta(hours=1),
    } | changes  # fmt: skip
    async with company.database.engines.writer.begin() as connection:
        await connection.execute(insert(conversations).values(row))


async def talks(company: CompanyAtWork) -> Mapping[int, tuple[Any, ...]]:
    c = conversations.c
    asked = select(c.user_id, c.step, c.draft, c.draft_id, c.view, c.consumed, c.keyboard_id)
    async with company.database.engines.readers.connect() as connection:
        return {row[0]: tuple(row[1:]) for row in await connection.execute(asked)}


async def test_open_codes_end_and_used_ones_stay(company: CompanyAtWork) -> None:
    used, _ = await company.actions.issue_link_code("john", by=STAFF)
    await company.actions.confirm_link(GUEST, hash_code(used))
    code, _ = await company.actions.issue_link_code("anna", by=STAFF)
    report = await company.actions.note_restore(by=STAFF)
    assert report.ended_codes == ("anna",)
    with pytest.raises(LinkCodeError):
        await company.actions.preview_link(GUEST, hash_code(code))
    visitor = await company.actions.confirm_link(GUEST, hash_code(used))
    assert visitor.client is not None
    fresh, _ = await company.actions.issue_link_code("anna", by=STAFF)
    assert (await company.actions.preview_link(GUEST, hash_code(fresh))).ref == "anna"


async def test_questions_and_drafts_are_forgotten_and_views_are_not(
    company: CompanyAtWork,
) -> None:
    await waits_for_text(company, 11)
    await waits_for_text(company, 12, step=None)
    await waits_for_text(company, 13, draft_id=0, draft={})
    await waits_for_text(company, 14, step=None, draft_id=0, draft={})
    assert (await company.actions.note_restore(by=STAFF)).forgotten_drafts == 3
    assert await talks(company) == dict.fromkeys(
        (11, 12, 13, 14), (None, {}, 0, {"filter": "x"}, 7, 8)
    )


async def test_what_waited_for_clients_is_given_up_and_the_operators_messages_stay(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    ids = await company.ids()
    await company.actions.request_cancellation(anna, ids["S1"], when=CancelWhen.NOW, reason="")
    await company.actions.adjust_credit("john", "5.00", by=STAFF)
    report = await company.actions.note_restore(by=STAFF)
    assert report.unsent == (
        UnsentMessage("cancellation_news", "anna"),
        UnsentMessage("cancellation_news", "anna"),
        UnsentMessage("credit_changed", "john"),
    )
    assert report.contents.to_operator == 1
    assert (report.contents.requests, report.contents.orders) == (1, 0)
    assert await states(company) == {
        ("cancellation_requested", 0): "waiting",
        ("credit_changed", 21): "void",
        ("cancellation_news", ANNA): "void",
        ("cancellation_news", PIOTR): "void",
    }


@pytest.mark.slow
async def test_numbers_go_on_from_a_higher_one(company: CompanyAtWork) -> None:
    ids = await company.ids()
    first = (await company.renew(ids["S1"])).invoice
    await company.actions.note_restore(by=STAFF)
    second = (await company.renew(ids["A1"])).invoice
    assert first.number == "PRO-202603-00001-7391"
    assert second.number == "PRO-202603-10002-7391"
    assert second.id > first.id + SKIPPED
    company.passes(days=31)
    assert (await company.renew(ids["J1"], ref="john", gateway=3)).invoice.number == (
        "PRO-202604-00001-7391"
    )


async def test_numbers_that_were_never_given_in_the_copy_are_skipped_too(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await company.actions.note_restore(by=STAFF)
    ids = await company.ids()
    invoice = (await company.renew(ids["S1"])).invoice
    assert invoice.number == "PRO-202603-10001-7391"
    assert invoice.id > SKIPPED
    await company.actions.request_cancellation(anna, ids["A1"], when=CancelWhen.NOW, reason="")
    ((request, _, _),) = await company.actions.list_cancellations()
    assert request.id > SKIPPED


async def test_an_order_has_a_number_that_no_old_message_names(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    known = max((await company.ids()).values())
    await company.actions.note_restore(by=STAFF)
    await company.actions.adjust_credit("anna", "400.00", by=STAFF)
    await company.actions.add_product(
        anna, PL, product_number=company.number("vps"), cycle=BillingCycle.MONTHLY, name="gra"
    )
    await company.place(gateway=CREDIT)
    (order,) = await company.actions.list_orders()
    assert order.service.id > known + SKIPPED


async def test_the_time_of_a_copy_is_that_of_its_newest_row(company: CompanyAtWork) -> None:
    ids = await company.ids()
    company.passes(days=2)
    await company.renew(ids["S1"])
    newest = company.clock.now()
    await company.actions.issue_link_code("anna", by=STAFF)
    company.passes(hours=9)
    report = await company.actions.note_restore(by=STAFF)
    assert report.restore.copy_of == newest
    assert report.restore.noted_at == company.clock.now()


async def test_unpaid_proformas_are_named_the_first_to_expire_first(
    company: CompanyAtWork,
) -> None:
    ids = await company.ids()
    first = (await company.renew(ids["S1"])).invoice.number
    await company.actions.record_transfer(first, "5.67", by=STAFF)
    second = (await company.renew(ids["J1"], ref="john", gateway=3)).invoice.number
    paid = (await company.renew(ids["A1"], gateway=CREDIT)).invoice
    assert not paid.is_open
    contents = (await company.actions.note_restore(by=STAFF)).contents
    assert contents.unpaid == (
        UnpaidProforma(first, "anna", money("30.00")),
        UnpaidProforma(second, "john", money("7.00", "EUR")),
    )
    assert contents.all_unpaid == 2


async def test_a_second_time_changes_nothing_and_says_when_it_was_done(
    company: CompanyAtWork,
) -> None:
    ids = await company.ids()
    before = await company.actions.note_restore(by=STAFF)
    company.passes(hours=1)
    code, _ = await company.actions.issue_link_code("anna", by=STAFF)
    await waits_for_text(company, 11)
    await company.actions.adjust_credit("anna", "5.00", by=STAFF)
    invoice = (await company.renew(ids["S1"])).invoice
    again = await company.actions.note_restore(by=STAFF)
    assert again.was_noted
    assert again.restore == before.restore
    assert (again.ended_codes, again.forgotten_drafts, again.unsent) == ((), 0, ())
    assert again.contents.all_unpaid == 1
    assert (await company.actions.preview_link(GUEST, hash_code(code))).ref == "anna"
    assert (await talks(company))[11][0] == "orders.name"
    assert set((await states(company)).values()) == {"waiting"}
    assert await company.notices(CreditChanged)
    assert invoice.number == "PRO-202603-10001-7391"


@pytest.mark.slow
async def test_another_restore_is_done_where_it_is_said(company: CompanyAtWork) -> None:
    ids = await company.ids()
    await company.actions.note_restore(by=STAFF)
    company.passes(days=1)
    await company.renew(ids["S1"])
    await company.actions.issue_link_code("anna", by=STAFF)
    newest = company.clock.now()
    company.passes(days=1)
    report = await company.actions.note_restore(again=True, by=STAFF)
    assert not report.was_noted
    assert report.restore.copy_of == newest
    assert report.ended_codes == ("anna",)
    assert (await company.renew(ids["A1"])).invoice.number == "PRO-202603-20002-7391"


async def test_an_empty_database_knows_of_nothing(empty: str) -> None:
    database = await connect(empty)
    try:
        report = await make_company(database).actions.note_restore(by=STAFF)
    finally:
        await database.close()
    assert report.restore.copy_of is None
    assert report.contents.all_unpaid == 0
