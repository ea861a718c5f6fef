"""No query reads a whole table: every method of every port is called, every plan is read.

SQLite plans by its indexes alone here (nothing was analysed), so empty tables plan as full ones;
PostgreSQL is told to do so.
"""

import inspect
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from billing.actions.reminders.item_plans import due_service
from billing.ports.access import EmailCodeResult, NewCode
from billing.ports.conversations import Position, Talk
from billing.ports.inbox import EventState
from billing.ports.loading import Replacing
from billing.ports.outbox import Notification
from billing.ports.reminders.digests import Deferral, DigestResult
from billing.ports.reminders.items import NewDigest, OpenProforma, Window
from billing.ports.work import UnitOfWork
from billing.rules.access.rights import Rights
from billing.rules.audit import Audited
from billing.rules.cycles import BillingCycle
from billing.rules.panel.owner import Owner
from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.charges import Charge, Misfit
from billing.rules.payments.invoices import InvoiceLine
from billing.rules.payments.orders import OrderState
from billing.rules.payments.payment import CreditReason, PaymentStatus
from billing.rules.payments.tasks import Task
from billing.rules.reach import ClosedChat
from billing.rules.reminders.preferences import Pause, ReminderPreferences
from billing.rules.reminders.stages import ReminderItem, ReminderReason
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.rules.shop.cart import Cart
from billing.rules.work import WorkKind
from billing.views.notices.money import Receipt
from billing.views.notices.operator import WrongCodes
from billing.views.page import Part
from billing.views.panel import PanelCatalogue
from billing.views.reminders.reports import AtRisk
from billing.views.renewals import RenewalCriteria
from billing.views.services import CancellationStatus, CancelWhen, ServiceFilter, Sort
from storage.database import Database
from storage.engines.engine import is_sqlite
from storage.processes import Process
from tests import postgresql_plans
from tests.gallery.panel import FEE, bill
from tests.make import NOW, STAFF, TODAY, catalog, owned_addon, payment, quote, service
from tests.statements import counting, scans
from tests.storage.company import (
    PLN_100,
    add_invoice,
    client_row,
    new_line,
    service_row,
)
from tests.storage.panel import order

READS_ALL = {
    "loading.read_known", "loading.currencies", "access.unlinked",
    "desk_search.clients", "desk_search.services", "adopting.clients", "adopting.unfinished",
    *(
        f"restoring.{name}"
        for name in (
            "lock", "read_restore", "note", "newest", "end_codes", "forget_drafts",
            "give_up_messages", "skip_numbers", "contents",
        )
    ),
}  # fmt: skip
"""A load checks its folder against everything that is stored, `panelik check` counts clients, and
a restored copy is looked through, `panelik link --all` finds clients without a user: once, with
nobody waiting. Staff search for parts of words among all clients: less than 100 ms for 100 000
services, see `tests/benchmarks/finding.py`."""

READ_WHOLE = ("SCAN leases", "Scan of leases")
"""A few rows, one for each task that one process does for all."""

LATER = NOW + timedelta(hours=1)


class Watched:
    """A unit of work that notes which methods of its repositories are called."""

    def __init__(self, inner: Any, seen: set[str], prefix: str = "") -> None:
        self._inner, self._seen, self._prefix = inner, seen, prefix

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if callable(found):
            self._seen.add(self._prefix + name)
            return found
        return Watched(found, self._seen, f"{name}.")


def every_method() -> set[str]:
    """All that the ports ask of a unit of work, as "repository.method"."""
    repositories = {
        name: inspect.get_annotations(member.fget)["return"]
        for name, member in vars(UnitOfWork).items()
        if isinstance(member, property) and member.fget
    }
    return {
        f"{name}.{method}"
        for name, port in repositories.items()
        for method, member in vars(port).items()
        if inspect.isfunction(member) and not method.startswith("_")
    }


@pytest.mark.slow
async def test_no_query_scans_a_table(database: Database) -> None:
    seen: set[str] = set()
    with counting(database) as statements:
        async with database.work.writing() as uow:
            watched: Any = Watched(uow, seen)
            await _accounts(watched)
            await _services(watched)
            await _company(watched)
            await _sales(watched)
            await _messages(watched)
            await _money(watched)
            await _panel(watched)
            await uow.commit()
        await _running(database)
    seen |= READS_ALL | {"strangers.prune"}  # with a conversation, among what runs
    assert every_method() - seen == set()
    if is_sqlite(database.engines.url):
        steps = scans(database, statements.run)
    else:
        steps = await postgresql_plans.scans(database, statements.run)
    assert [step for step in steps if not any(name in step for name in READ_WHOLE)] == []


async def _accounts(uow: Any) -> None:
    await uow.loading.begin()
    await uow.loading.upsert_clients([client_row(credit=PLN_100, telegram_ids=(7,))], at=NOW)
    await uow.loading.upsert_clients([client_row(name="Ala")], at=NOW)
    await uow.clients.by_ref("anna")
    await uow.clients.get(1)
    await uow.clients.move_credit(1, PLN_100, reason=CreditReason.ADJUSTED, at=NOW)
    await uow.clients.movements(1, limit=9, offset=0)
    await uow.users.link(7, 1, at=NOW)
    await uow.users.visitor(7)
    await uow.users.linked_clients(7)
    await uow.users.reach(1)
    await uow.users.switch(7, 1)
    await uow.users.set_language(7, "pl")
    await uow.users.set_timezone(7, "UTC")
    await uow.users.set_unreachable(7, None)
    await uow.access.users(1)
    await uow.access.promote(1)
    await uow.access.set_rights(1, 7, Rights.EVERYTHING)
    await uow.access.hand_over(1, 7)
    await uow.access.remove(1, 8, by=7)
    await uow.link_codes.invitations(1, now=NOW)
    await uow.link_codes.withdraw_invitations(1)
    await uow.users.unlink(8, 1)
    await uow.link_codes.add([NewCode("a", 1, LATER)])
    await uow.link_codes.add_absent([NewCode("a", 1, LATER)])
    await uow.link_codes.find("a", now=NOW)
    await uow.link_codes.use("a", 7, now=NOW)
    await uow.link_codes.used_by("a", 7)
    await uow.link_codes.record_failure(7, at=NOW)
    await uow.link_codes.failures(7, since=NOW)
    await uow.link_codes.wrong_guesses(since=NOW, until=LATER)
    await uow.link_codes.prune(expired_before=NOW, now=NOW, limit=9)
    await uow.access.with_email("anna@anna.example")
    await uow.access.address_of(1)
    await uow.users.prove(7, 1, at=NOW)
    await uow.email_codes.count(7, "anna@anna.example", since=NOW)
    await uow.email_codes.add(7, "anna@anna.example", "pl", at=NOW, expires_at=LATER)
    await uow.email_codes.newest(7, now=NOW)
    await uow.email_codes.count_for(7, 1, since=NOW)
    await uow.email_codes.newest(7, now=NOW, client_id=1)
    await uow.email_codes.has_due(NOW)
    await uow.email_codes.claim(NOW, lease_until=LATER)
    await uow.email_codes.set_code(1, "a", expires_at=LATER)
    await uow.email_codes.defer(1, until=NOW)
    await uow.email_codes.finish(1, EmailCodeResult.SENT)
    await uow.email_codes.prune(before=LATER, limit=9)
    await uow.votes.vote(7, "dns", useful=True)
    await uow.votes.tally(7, "dns")


async def _services(uow: Any) -> None:
    await uow.search.services_and_catalog(1, "galeria example", limit=5)
    await uow.search.is_named(1, "menu")
    row = service_row()
    await uow.loading.differing_clients([client_row()])
    taken = Replacing(changed_there=True, sold_here=True)
    await uow.loading.differing_services([row], replacing=taken)
    await uow.loading.upsert_services([row], today=TODAY, replacing=Replacing())
    other = service_row(name="N", amount=PLN_100)
    await uow.loading.upsert_services([other], today=TODAY, replacing=taken)
    await uow.loading.open_invoices([1, 2])
    async for _ in uow.loading.state_changes([row]):
        pass
    await uow.services.add([owned_addon()], invoice_line_ids=[None])
    await uow.services.save([service()])
    await uow.services.set_label(1, 1, "Sklep")
    for search in ("", "ann", "ann hosting a.pl"):
        await uow.services.counts(1, search=search, today=TODAY, soon=LATER.date())
        for sort in Sort:
            for status in (None, ServiceStatus.ACTIVE):
                await uow.services.page(1, ServiceFilter(status, sort, search), size=8)
        await uow.services.page(1, ServiceFilter(search=search, every=True), size=8)
    await uow.services.due(1, until=TODAY)
    await uow.services.get(1, 1)
    await uow.services.family(1, 2)
    await uow.services.live(1)
    await uow.services.ended(1, due_from=TODAY)
    await uow.services.families(1, [1, 2])
    await uow.renewals.judged_apart(1, [1, 2], due_by=TODAY)
    for opens in ({}, {BillingCycle.MONTHLY: TODAY, BillingCycle.ANNUALLY: TODAY}):
        criteria = RenewalCriteria(1, "PLN", opens, TODAY, [1, 2])
        await uow.renewals.pages(criteria, offers=Part(4, 0), refused=Part(8, 8))
    for name in ("s", "1"):
        await uow.services.by_ref(name)
        await uow.services.own(1, name)
    await uow.services.pending_orders(Part(9, 0))
    await uow.services.pending_orders()
    await uow.services.pending_order(1)
    await uow.services.addons_of(1)
    await uow.services.gross_paid([1, 2])
    asked = {"when": CancelWhen.NOW, "reason": "", "at": NOW, "effective_on": TODAY}
    await uow.cancellations.add(1, 1, **asked)
    await uow.cancellations.open_for(1, 1)
    await uow.cancellations.open_with_service(1, 1)
    await uow.cancellations.get(1)
    await uow.cancellations.waiting(Part(9, 0))
    await uow.cancellations.decide(1, CancellationStatus.ACCEPTED)
    await uow.cancellations.due(TODAY, limit=9)


async def _company(uow: Any) -> None:
    await uow.audit.add(STAFF, Audited.LOAD, "company", at=NOW)
    await uow.audit.page(Part(9, 0))
    await uow.audit.last([Audited.LOAD, Audited.RESTORE], "company")
    new = Task(0, 1, WorkKind.ORDER, 1, 1, "Hosting", "", "PRO-1", NOW)
    (task,) = await uow.tasks.open([new])
    await uow.tasks.get(task.id)
    await uow.tasks.open_beside(task)
    await uow.tasks.page(Part(9, 0))
    await uow.tasks.page(Part(9, 0), done_too=True)
    await uow.tasks.page(Part(9, 0), orders_apart=True)
    await uow.tasks.still_open([task.id, 2])
    await uow.tasks.finish(task.id, by=STAFF, at=NOW)
    await uow.tasks.finish_for([1, 2], [WorkKind.ORDER, WorkKind.ADDON], by=STAFF, at=NOW)
    await uow.desk.money(since=NOW, until=LATER, lapses_by=TODAY)
    await uow.desk.overdue(today=TODAY, long_before=TODAY)
    await uow.desk.todo(earliest=TODAY, latest=TODAY)
    await uow.desk.unreachable(Part(9, 0), earliest=TODAY, latest=TODAY)
    await uow.desk.client(1)
    await uow.desk_search.invoices("pro-2026", limit=6)


async def _sales(uow: Any) -> None:
    await uow.owner.take(Owner("embedded", "", NOW))
    await uow.owner.move("elsewhere")
    await uow.owner.get()
    await uow.invoices.unpaid(Part(9, 0))
    await uow.invoices.left_to_pay(1)
    await uow.carts.get(1)
    await uow.carts.get_with_catalog(1)
    await uow.carts.save(Cart(1, 0), [new_line()])
    await uow.catalogs.current()
    await uow.catalogs.save(catalog(), at=NOW)
    await uow.catalogs.prune(before=NOW, keep=2, limit=9)
    bill = await add_invoice(uow, quote(), client_id=1)
    await uow.invoices.of_cart(1, 1, 1)
    await uow.invoices.get(1, bill.id)
    await uow.invoices.get_with_catalog(1, bill.id)
    await uow.invoices.by_id(bill.id)
    await uow.invoices.own(1, "PRO-202603-00001")
    await uow.invoices.by_number(bill.number)
    for is_open in (True, False):
        await uow.invoices.page(1, is_open=is_open, limit=8, offset=8)
    await uow.invoices.counts(1)
    await uow.invoices.expired(TODAY, limit=9)
    for names in ((), ("a.pl", "Sklep")):
        await uow.invoices.existing_orders(1, names)
    await uow.invoices.save_lines(bill.id, bill.lines)
    await uow.payments.add(payment())
    await uow.payments.get(1)
    await uow.payments.open_of(1, "bank")
    await uow.payments.first_for_charge("bank", "c")
    await uow.payments.for_charge("bank", "c")
    await uow.payments.confirm(1, charge_id="c", amount=PLN_100, at=NOW)
    await uow.payments.paid_of(1)
    await uow.payments.close_open(1, PaymentStatus.EXPIRED)
    await uow.invoices.update_if_unchanged(bill, status=bill.status.PAID, paid=bill.gross, at=NOW)


async def _messages(uow: Any) -> None:
    notes = [
        Notification("1", Receipt(1, "PRO-1"), client_id=1), Notification("2", WrongCodes(30, 10)),
    ]  # fmt: skip
    await uow.outbox.add(notes, at=NOW)
    await uow.outbox.add_for_users(notes[0], at=NOW)
    await uow.outbox.has_due(NOW)
    await uow.outbox.claim(NOW, lease_until=LATER, limit=9)
    await uow.outbox.give_back(NOW, lease_until=LATER, limit=9)
    await uow.outbox.has("1")
    await uow.outbox.close_chat(1, ClosedChat.REMOVED, now=NOW, until=LATER)
    await uow.outbox.closed_chat()
    await uow.outbox.for_operator(limit=9)
    await uow.outbox.to_operator(1)
    await uow.outbox.try_chat(now=NOW, lease_until=NOW)
    await uow.outbox.open_chat()
    await uow.outbox.give_up_for_operator(before=NOW, now=NOW)
    await uow.outbox.revive(7, since=NOW, now=NOW)
    await uow.outbox.defer(1, until=NOW)
    await uow.outbox.part_receipts(7, 1, limit=5)
    await uow.outbox.prune(before=NOW, limit=9)
    await uow.outbox.finish(1, status="sent", at=NOW)
    await _planning(uow)
    await _sending(uow)


async def _money(uow: Any) -> None:
    await uow.inbox.add("telegram", "paid:1", "{}", at=NOW)
    await uow.inbox.has_due(NOW)
    taken = await uow.inbox.take(NOW)
    await uow.inbox.take_one("telegram", "paid:1")
    await uow.inbox.state("telegram", "paid:1")
    await uow.inbox.defer(taken.id, until=LATER, error="OSError")
    await uow.inbox.finish(taken.id, EventState.NOT_BOOKED, at=NOW)
    await uow.inbox.reopen("telegram", "paid:1", attempts=2, until=LATER)
    number = await uow.inbox.add_failed("update", "7:1", "{}", error="OSError", at=NOW)
    await uow.inbox.stuck(Part(9, 0))
    await uow.inbox.get_stuck(number)
    await uow.inbox.repeat(number, at=NOW)
    await uow.inbox.has_again(NOW)
    await uow.inbox.take_again(NOW, until=LATER)
    await uow.inbox.close_update(number, dropped=False, at=NOW)
    await uow.inbox.prune(before=NOW, limit=9)
    number = await uow.unplaced.add(Charge("telegram", "paid:1"), Misfit.STRANGER, at=NOW)
    await uow.unplaced.get(number)
    await uow.unplaced.waiting(Part(9, 0))
    await uow.unplaced.settle("telegram", "paid:2", "refunded", at=NOW)
    await uow.unplaced.close(number, "sent back", at=NOW)
    await uow.unplaced.reopen(number)


async def _panel(uow: Any) -> None:
    await uow.catalogue_sources.is_due(NOW)
    await uow.catalogue_sources.claim(NOW, until=LATER)
    await uow.catalogue_sources.keep_folder(catalog())
    await uow.catalogue_sources.keep_offers(PanelCatalogue((), ()), next_at=LATER)
    await uow.catalogue_sources.folder()
    await uow.catalogue_sources.offers()
    made = await uow.orders.add(order(1, quote(), cart_revision=9))
    await uow.orders.hold(made)
    await uow.orders.of_cart(1, 9)
    await uow.orders.get(1, made.id)
    await uow.orders.under_way(1, 5)
    await uow.orders.by_refs(1, ["O1"])
    await uow.orders.save(made, ref="O1")
    await uow.orders.save(replace(made, state=OrderState.PLACED))
    mine = await uow.invoices.add(bill(FEE, order_id=made.id))
    await uow.invoices.of_order(1, made.id)
    await uow.services.owned_elsewhere(1)
    await uow.panel_invoices.add([bill(FEE, number="OF-PANEL", ref="2044", order_id=None)])
    await uow.panel_invoices.of_panel(1)
    await uow.panel_invoices.restate(replace(mine, lines=(*mine.lines, InvoiceLine(0, FEE))))
    call = PanelCall(0, 1, Verb.RECORD_PAYMENT, CallState.WAITING, NOW, NOW, invoice_id=mine.id)
    await uow.panel_calls.add(call)
    await uow.panel_calls.has_due(NOW)
    leased = await uow.panel_calls.claim(NOW, until=LATER)
    sent = await uow.panel_calls.send(leased, until=LATER, at=NOW)
    await uow.panel_calls.move(sent, CallState.UNKNOWN, due_at=NOW, at=NOW)
    await uow.panel_calls.get(leased.id)
    await uow.panel_calls.open_for_client(1)
    await uow.panel_calls.open_for_invoice(mine.id)
    await uow.panel_invoices.elsewhere(2, [mine.ref])
    await uow.panel_invoices.holders([mine.number])
    await uow.panel_invoices.note_missing(1, [mine.id], since=NOW)
    await uow.panel_services.of_client(1)
    await uow.panel_services.elsewhere(2, [(kind, "S1") for kind in ServiceKind])
    await uow.panel_services.save([service()])
    await uow.panel_services.note_missing([1], since=NOW)
    await uow.panel_services.note_present([1])
    await uow.panel_services.hide([1])
    await uow.panel_services.give_up(1, [2])
    await uow.panel_calls.made(1, made.id)
    await uow.panel_calls.page(Part(9, 0))
    await uow.panel_calls.page(Part(9, 0), stuck=True)
    await _mirror(uow)


async def _mirror(uow: Any) -> None:
    await uow.panel_state.unread(1, at=NOW, rows="invoice 8 (status)", now=NOW)
    await uow.panel_state.unread_clients(limit=9)
    await uow.owner.give(Owner("embedded", "", NOW))
    await uow.adopting.services(1)
    await uow.adopting.rename_clients({1: "anna"})
    await uow.adopting.rename_services([1], {1: (ServiceKind.SERVICE, "S1")})
    await uow.adopting.move_services(3, 4)
    await uow.adopting.move_links(3, 4)
    await uow.catalogue_sources.let_be_due(NOW)
    await uow.panel_state.away(at=NOW)
    await uow.panel_state.changes_read("7", at=NOW)
    await uow.panel_state.everything_read(NOW)
    await uow.panel_state.away_told(at=NOW)
    await uow.panel_state.answered()
    await uow.panel_state.get()
    await uow.panel_state.see(1, at=NOW, is_closed=False, balance=PLN_100, now=NOW)
    await uow.panel_state.mark_stale(["anna"], at=NOW)
    await uow.panel_state.claim(1, NOW, until=LATER)
    await uow.panel_state.release(1)
    for linked in (False, True):
        await uow.panel_state.stale(linked=linked, limit=9)
        await uow.panel_state.not_read_since(NOW, NOW, linked=linked, after=0, limit=9)
        await uow.panel_state.unseen(linked=linked, after=0, limit=9)


async def _planning(uow: Any) -> None:
    await uow.reminders.lock_planning()
    await uow.reminders.mark_planned(TODAY)
    await uow.reminders.is_planned(TODAY)
    await uow.reminders.forget_plan()
    asked = ReminderItem(1, TODAY, "snooze:2026-03-10", 1)
    proforma = OpenProforma(1, 1, NOW, TODAY)
    for window in (Window(TODAY, TODAY), Window(TODAY, TODAY, client_id=1)):
        for after in (None, due_service(service())):
            await uow.reminders.candidates(window, after=after, limit=9)
        for last in (None, proforma):
            await uow.reminders.expiring(window, after=last, limit=9)
        for before in (None, asked):
            await uow.reminders.snoozed(window, after=before, limit=9)
    await uow.reminders.cancelling([1, 2])
    items = [ReminderItem(1, TODAY, "0", 1), ReminderItem(1, TODAY, "0", invoice_id=1)]
    await uow.reminders.find_existing(items)
    await uow.reminders.add_items(dict.fromkeys(items), at=NOW)
    await uow.reminders.clients_waiting(TODAY, limit=9)
    await uow.reminders.waiting_items([1])
    await uow.reminders.newly_linked(since=NOW)
    await uow.reminders.recipients([1])
    for day in (TODAY - timedelta(days=2), TODAY - timedelta(days=1), TODAY):
        await uow.reminders.add_digests([NewDigest(1, 7, NOW, (1, 2))], day=day, at=NOW)
    await uow.reminders.leave_out([1], ReminderReason.PAUSED)
    await uow.reminders.withdraw_plans(after=TODAY, planned_after=LATER, due_from=TODAY)
    await uow.reminders.prune(before=TODAY, limit=9)
    await uow.preferences.save(7, 1, ReminderPreferences())
    await uow.preferences.pause(1, [Pause(7, 1, None, None)])
    await uow.preferences.pauses([1])
    await uow.preferences.read_settings_inputs(7, 1)
    await uow.preferences.end_pauses(7, 1, [1])
    await uow.preferences.prune(before=TODAY, limit=9)


async def _sending(uow: Any) -> None:
    await uow.digests.adopt_unsent([1], day=date.max, now=NOW, lease_until=LATER)
    await uow.reminder_plans.read([1, 2], TODAY)
    await uow.digests.latest(1, 7)
    await uow.digests.has_due(LATER)
    (due,) = await uow.digests.claim(LATER, lease_until=LATER, limit=1)
    await uow.digests.give_back(NOW, lease_until=LATER, limit=9)
    await uow.digests.readers([due.id])
    await uow.digests.contents([(due.id, 1, 7)], also=[1, 2])
    await uow.carts.by_client([1])
    deferral = Deferral(NOW, LATER, ReminderReason.QUIET_HOURS)
    await uow.digests.record([DigestResult(due, deferral=deferral)], at=NOW)
    lost = DigestResult(due, "undeliverable", dropped={1: ReminderReason.RENEWED})
    await uow.digests.record([lost], at=NOW)
    await uow.digests.revive(7, since=TODAY, day=TODAY, now=NOW)
    await uow.digests.wait_again([1])
    await uow.digests.sent_about(1, 7, (1, 2), 1, since=TODAY, limit=5)
    await uow.digests.prune(before=NOW, limit=9)
    await uow.reminder_reports.history(1, limit=9)
    await uow.reminder_reports.counts((TODAY, TODAY), since=NOW, until=LATER)
    for client in (None, 1):
        await uow.reminder_reports.of_day(TODAY, client_id=client, after=1, limit=9)
    items = [ReminderItem(1, TODAY, "0", 1), ReminderItem(1, TODAY, "0", invoice_id=1)]
    await uow.reminder_reports.left_out(items)
    await uow.reminder_reports.owed_by([1, 2], earliest=TODAY, latest=TODAY)
    last = AtRisk(service(), "T-1", "Anna", "", None, ReminderReason.BLOCKED)
    for after in (None, last):
        await uow.reminder_reports.unreachable(earliest=TODAY, latest=TODAY, after=after, limit=9)


async def _running(database: Database) -> None:
    conversations = database.conversations
    position = Position("step", {}, 1, {}, LATER)
    await conversations.load_with_visitor(Talk(1, 1))
    await conversations.load(Talk(1, 1))
    await conversations.move(Talk(1, 1), position)
    await conversations.consume(Talk(1, 1), 1, position)
    await conversations.note_keyboard(Talk(1, 1), 2, consumed=1, at=NOW)
    await conversations.purge(before=NOW)
    async with database.work.writing() as uow:
        await uow.strangers.prune(before=date.max, limit=9)
        await uow.commit()
    await database.settings_store.set("key", "value")
    await database.settings_store.get("key")
    await database.leases.acquire("poller", "a", now=NOW, length=LATER - NOW)
    await database.leases.holder("poller", now=NOW)
    await database.leases.shorten("poller", now=NOW, length=LATER - NOW)
    await database.leases.release("poller", "a")
    await database.panel_hours.give(15, most=900, now=NOW)
    await database.processes.note(Process("a:1", "1.0", NOW, NOW))
    await database.numbers.read(NOW, TODAY)
    await database.probe.read()
    await database.probe.write()
