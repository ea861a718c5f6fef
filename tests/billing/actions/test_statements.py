"""How many statements each action runs: the same for a small account and for a large one.

A tap reads who is talking and where the conversation stands, and may have to note where it goes:
two statements. It may run six in all, so four are left for its action. Only what moves money has
more, a constant as well.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest

from billing.actions.registry import Actions
from billing.rules.access.link_codes import hash_code
from billing.rules.access.rights import Rights
from billing.rules.cycles import BillingCycle
from billing.rules.errors import BillingError
from billing.rules.money import Money
from billing.rules.shop.catalog import ProductKind
from billing.views.desk import Waiting
from billing.views.services import CancelWhen, ServiceFilter, Sort
from billing.views.staff import MatterId, MatterKind
from tests.billing.actions.company import (
    ANNA,
    BANK,
    CREDIT,
    GUEST,
    PIOTR,
    PL,
    TELEGRAM,
    make_company,
)
from tests.billing.actions.large import Account, open_account, prepare_account
from tests.database import open_database
from tests.make import STAFF, renewal_line
from tests.statements import counting

FEW, MANY = 3, 60
MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY

SSL, IP, START = 6, 7, 1
"""Products by their numbers."""

Call = Callable[[Account], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Statements that read and that write."""

    reads: int
    writes: int = 0


def place(gateway: int | None, *, use_credit: bool = False) -> Call:
    """Pay what is in the cart."""
    return lambda a: a.actions.place_order(
        a.anna,
        PL,
        revision=a.revision,
        seal=a.seal,
        gateway_number=gateway,
        use_credit=use_credit,
    )


def confirm(minor: int) -> Call:
    """A provider confirms an amount."""
    return lambda a: a.actions.confirm_payment(
        gateway="telegram", payment_id=a.payment, charge_id="charge", amount=Money(minor, "PLN")
    )


LOOKING: dict[str, tuple[Call, Cost]] = {
    "identify": (lambda a: a.actions.identify(ANNA), Cost(1)),
    "show_allowed": (lambda a: a.actions.show_allowed(a.anna), Cost(0)),
    "show_home": (lambda a: a.actions.show_home(a.anna), Cost(3)),
    "list_services": (lambda a: a.actions.list_services(a.anna, ServiceFilter()), Cost(3)),
    "show_offer": (lambda a: a.actions.show_offer(a.anna), Cost(1)),
    "list_services, searched and sorted": (
        lambda a: a.actions.list_services(
            a.anna, ServiceFilter(sort=Sort.NAME, search="hosting", page=99)
        ),
        Cost(3),
    ),
    "show_service": (lambda a: a.actions.show_service(a.anna, a.free, PL), Cost(2)),
    "show_service, to be cancelled": (
        lambda a: a.actions.show_service(a.anna, a.ending, PL),
        Cost(3),
    ),
    "list_renewals": (lambda a: a.actions.list_renewals(a.anna, PL), Cost(3)),
    "show_renewal_cycles": (lambda a: a.actions.show_renewal_cycles(a.anna, PL, a.free), Cost(2)),
    "show_cart": (lambda a: a.actions.show_cart(a.anna, PL), Cost(2)),
    "show_line_cycles": (lambda a: a.actions.show_line_cycles(a.anna, PL, a.line), Cost(2)),
    "review_checkout": (lambda a: a.actions.review_checkout(a.anna, PL), Cost(2)),
    "show_shop": (lambda a: a.actions.show_shop(a.anna, ProductKind.ADDON), Cost(1)),
    "show_product": (lambda a: a.actions.show_product(a.anna, START), Cost(1)),
    "show_addon": (lambda a: a.actions.show_addon(a.anna, PL, IP, a.free), Cost(3)),
    "show_service_addons": (lambda a: a.actions.show_service_addons(a.anna, PL, a.free), Cost(3)),
    "find_fitting_services": (
        lambda a: a.actions.find_fitting_services(a.anna, PL, IP, MONTHLY),
        Cost(3),
    ),
    "check_name": (lambda a: a.actions.check_name(a.anna, START, "inna.example"), Cost(2)),
    "list_invoices": (lambda a: a.actions.list_invoices(a.anna, is_open=True), Cost(2)),
    "list_invoices, past the end": (
        lambda a: a.actions.list_invoices(a.anna, is_open=True, page=9),
        Cost(2),
    ),
    "show_invoice": (lambda a: a.actions.show_invoice(a.anna, a.invoice), Cost(1)),
    "find_own_service": (lambda a: a.actions.find_own_service(a.anna, str(a.free)), Cost(1)),
    "find_own_invoice": (lambda a: a.actions.find_own_invoice(a.anna, a.number), Cost(1)),
    "show_credit": (lambda a: a.actions.show_credit(a.anna), Cost(1)),
    "show_costs": (lambda a: a.actions.show_costs(a.anna, PL), Cost(2)),
    "list_due_dates": (lambda a: a.actions.list_due_dates(a.anna, PL), Cost(3)),
    "show_access": (lambda a: a.actions.show_access(a.anna, ANNA), Cost(2)),
    "show_account": (lambda a: a.actions.show_account(a.visitor), Cost(1)),
    "search, several": (
        lambda a: a.actions.search(a.anna, "example", sort=Sort.DUE_DATE),
        Cost(3),
    ),
    "search, nothing": (
        lambda a: a.actions.search(a.anna, "why is that so?", sort=Sort.DUE_DATE),
        Cost(1),
    ),
    "find_namesake": (lambda a: a.actions.find_namesake(a.anna, "menu"), Cost(1)),
    "show_catalog": (lambda a: a.actions.show_catalog(), Cost(1)),
    "show_help": (lambda a: a.actions.show_help(ANNA, 1), Cost(2)),
    "check_pre_checkout": (
        lambda a: a.actions.check_pre_checkout(ANNA, a.payment, Money(1, "PLN")),
        Cost(3),
    ),
}

DESK: dict[str, tuple[Call, Cost]] = {
    # Staff: figures over all clients; a look at one is a row in the audit trail.
    "show_desk": (lambda a: a.actions.show_desk(), Cost(4)),
    "list_waiting, orders": (lambda a: a.actions.list_waiting(Waiting.ORDERS), Cost(2)),
    "list_waiting, proformas": (lambda a: a.actions.list_waiting(Waiting.PROFORMAS), Cost(1)),
    "list_waiting, unreachable": (
        lambda a: a.actions.list_waiting(Waiting.UNREACHABLE),
        Cost(2),
    ),
    "find_anywhere": (lambda a: a.actions.find_anywhere("example"), Cost(3)),
    "list_client_services": (
        lambda a: a.actions.list_client_services(a.anna.id, 0, by=STAFF),
        Cost(3, 1),
    ),
    "list_client_invoices": (
        lambda a: a.actions.list_client_invoices(a.anna.id, 0, is_past=False, by=STAFF),
        Cost(2, 1),
    ),
    "show_client_service": (
        lambda a: a.actions.show_client_service(a.anna.id, a.free, PL, by=STAFF),
        Cost(3, 1),
    ),
    "show_client_invoice": (
        lambda a: a.actions.show_client_invoice(a.anna.id, a.invoice, by=STAFF),
        Cost(2, 1),
    ),
}

CHANGING: dict[str, tuple[Call, Cost]] = {
    "rename_service": (lambda a: a.actions.rename_service(a.anna, a.free, "moja"), Cost(1, 1)),
    "add_renewal": (lambda a: a.actions.add_renewal(a.anna, PL, a.free), Cost(3, 1)),
    "add_renewal, again": (lambda a: a.actions.add_renewal(a.anna, PL, a.ticked), Cost(3)),
    "add_renewal, another cycle": (
        lambda a: a.actions.add_renewal(a.anna, PL, a.ticked, ANNUALLY),
        Cost(3, 1),
    ),
    "add_all_due_soon": (lambda a: a.actions.add_all_due_soon(a.anna, PL), Cost(3, 1)),
    "remove_renewal": (lambda a: a.actions.remove_renewal(a.anna, PL, a.ticked), Cost(3, 1)),
    "renew_from_page": (lambda a: a.actions.renew_from_page(a.anna, a.free, PL), Cost(2, 1)),
    "drop_from_page": (lambda a: a.actions.drop_from_page(a.anna, a.ticked, PL), Cost(2, 1)),
    "check_out_due": (lambda a: a.actions.check_out_due(a.anna, PL, soon=True), Cost(2, 1)),
    "check_out_renewal": (
        lambda a: a.actions.check_out_renewal(a.anna, PL, a.free, ANNUALLY),
        Cost(2, 1),
    ),
    "remove_line": (lambda a: a.actions.remove_line(a.anna, PL, a.line), Cost(2, 1)),
    "restore_lines": (
        lambda a: a.actions.restore_lines(a.anna, PL, [renewal_line(a.free, id=10**6)]),
        Cost(2, 1),
    ),
    "change_cycle": (
        lambda a: a.actions.change_cycle(a.anna, PL, a.line, ANNUALLY),
        Cost(2, 1),
    ),
    "empty_cart": (lambda a: a.actions.empty_cart(a.anna, PL), Cost(2, 1)),
    "add_addon": (
        lambda a: a.actions.add_addon(
            a.anna, PL, product_number=SSL, cycle=MONTHLY, service_id=a.free
        ),
        Cost(3, 1),
    ),
    "add_product": (
        lambda a: a.actions.add_product(
            a.anna,
            PL,
            product_number=START,
            cycle=MONTHLY,
            name="inna.example",
            addons=[(SSL, MONTHLY), (IP, MONTHLY)],
        ),
        Cost(3, 1),
    ),
    "request_cancellation": (
        lambda a: a.actions.request_cancellation(a.anna, a.free, when=CancelWhen.NOW, reason=""),
        Cost(2, 2),
    ),
    "withdraw_cancellation": (
        lambda a: a.actions.withdraw_cancellation(a.anna, a.ending),
        Cost(2, 2),
    ),
    "pay_invoice by transfer": (
        lambda a: a.actions.pay_invoice(a.anna, invoice_id=a.invoice, gateway_number=BANK),
        Cost(2, 1),
    ),
    "pay_invoice in Telegram, again": (
        lambda a: a.actions.pay_invoice(a.anna, invoice_id=a.invoice, gateway_number=TELEGRAM),
        Cost(2),
    ),
    "cancel_invoice": (lambda a: a.actions.cancel_invoice(a.anna, a.invoice), Cost(1, 3)),
    "preview_link": (lambda a: a.actions.preview_link(GUEST, a.code), Cost(2)),
    # The code, the user, the link, and whom to tell.
    "confirm_link": (lambda a: a.actions.confirm_link(GUEST, a.code), Cost(0, 4)),
    "switch_client": (lambda a: a.actions.switch_client(ANNA, a.anna.id), Cost(0, 1)),
    # The link, the user, who owns the account then, and that they are told.
    "unlink": (lambda a: a.actions.unlink(a.anna, ANNA), Cost(0, 4)),
    "invite": (lambda a: a.actions.invite(a.anna, ANNA, Rights.PAY), Cost(2, 1)),
    "withdraw_invitations": (lambda a: a.actions.withdraw_invitations(a.anna, ANNA), Cost(1, 1)),
    "change_rights": (
        lambda a: a.actions.change_rights(a.anna, ANNA, PIOTR, Rights.PAY),
        Cost(1, 2),
    ),
    "hand_over": (lambda a: a.actions.hand_over(a.anna, ANNA, PIOTR), Cost(1, 3)),
    "remove_user": (lambda a: a.actions.remove_user(a.anna, ANNA, PIOTR), Cost(0, 4)),
    "choose_language": (lambda a: a.actions.choose_language(a.visitor, "en"), Cost(0, 1)),
    "choose_timezone": (lambda a: a.actions.choose_timezone(a.visitor, "Asia/Tokyo"), Cost(0, 1)),
    "show_reminder_settings": (
        lambda a: a.actions.show_reminder_settings(a.visitor, a.anna),
        Cost(3, 0),
    ),
    "change_reminder_settings": (
        lambda a: a.actions.change_reminder_settings(
            a.visitor, a.anna, lambda chosen: replace(chosen, on=False)
        ),
        Cost(3, 1),
    ),
    "switch_service_reminders": (
        lambda a: a.actions.switch_service_reminders(a.visitor, a.anna, a.free, on=False),
        Cost(3, 1),
    ),
    "vote": (lambda a: a.actions.vote(ANNA, 1, useful=True), Cost(2, 1)),
    "note_blocked": (lambda a: a.actions.note_blocked(ANNA, blocked=True), Cost(0, 1)),
}

TYPED: dict[str, tuple[Call, Cost]] = {
    # Typed, not tapped: a wrong code is counted, and guesses of long ago are forgotten.
    "preview_link, wrong": (
        lambda a: a.actions.preview_link(GUEST, hash_code("WRONG")),
        Cost(3, 2),
    ),
    "request_email_code": (
        lambda a: a.actions.request_email_code(GUEST, "x@example.com", PL),
        Cost(2, 1),
    ),
    "check_email_code, wrong": (
        lambda a: a.actions.check_email_code(GUEST, "123456"),
        Cost(2, 2),
    ),
    "request_fresh_code": (
        lambda a: a.actions.request_fresh_code(a.anna, ANNA, PL),
        Cost(3, 1),
    ),
    "prove_link, wrong": (
        lambda a: a.actions.prove_link(a.anna, ANNA, "123456"),
        Cost(2, 2),
    ),
    "accept_signed_link, wrong": (
        lambda a: a.actions.accept_signed_link(GUEST, "A" * 30),
        Cost(1, 2),
    ),
}

MOVING_MONEY: dict[str, tuple[Call, Cost]] = {
    # Read: the cart (and which catalogue prices it), services. Written: the order, the
    # number, the proforma, its lines, the cart, the attempt to pay.
    "place_order by transfer": (place(BANK), Cost(2, 6)),
    "place_order in Telegram": (place(TELEGRAM), Cost(2, 6)),
    # Instead of the attempt: credit and its history, the proforma's state, what it held, other
    # attempts, services, what became of the lines, the outbox; the panel reads services as they
    # are then, the outbox who is told.
    "place_order with credit": (place(CREDIT), Cost(4, 13)),
    "pay_invoice with credit": (
        lambda a: a.actions.pay_invoice(a.anna, invoice_id=a.invoice, gateway_number=CREDIT),
        Cost(3, 8),
    ),
    "confirm_payment, a part": (confirm(100), Cost(4, 3)),
    "confirm_payment, in full and more": (confirm(10**9), Cost(7, 10)),
    # What the operator does is one row more: the audit trail.
    "record_transfer, a part": (
        lambda a: a.actions.record_transfer(a.number, "1.00", by=STAFF),
        Cost(4, 4),
    ),
    "record_transfer, in full": (
        lambda a: a.actions.record_transfer(a.number, by=STAFF),
        Cost(6, 8),
    ),
    "decide_order, accepted": (
        lambda a: a.actions.decide_order(a.order, accept=True, by=STAFF),
        Cost(4, 4),
    ),
    "decide_order, rejected": (
        lambda a: a.actions.decide_order(a.order, accept=False, by=STAFF),
        Cost(5, 6),
    ),
    "decide_cancellation, accepted": (
        lambda a: a.actions.decide_cancellation(a.request, accept=True, by=STAFF),
        Cost(5, 5),
    ),
    # The movement gives the message its number, and the outbox reads who is told.
    "adjust_credit": (lambda a: a.actions.adjust_credit("anna", "1.00", by=STAFF), Cost(3, 4)),
}
"""What moves money: more than four, for each row is written where it belongs, in one transaction.

Only paying is tapped, once per purchase; the rest is done by providers and by the operator.
"""

AGAIN: dict[str, tuple[Call, Cost]] = {
    "place_order by transfer": (place(BANK), Cost(3)),
    "place_order with credit": (place(CREDIT), Cost(2)),
    "confirm_payment": (confirm(10**9), Cost(3)),
    # And with what it was paid: money that came in another way is no transfer.
    "record_transfer": (lambda a: a.actions.record_transfer(a.number, by=STAFF), Cost(3)),
}
"""What the second of two equal calls costs."""

FOR_STAFF: dict[str, tuple[Call, Cost]] = {
    "show_client_card": (lambda a: a.actions.show_client_card(a.anna.id, by=STAFF), Cost(5, 1)),
    "show_standing": (
        lambda a: a.actions.show_standing(MatterId(MatterKind.ORDER, a.order)),
        Cost(2),
    ),
    "show_standing, of a request": (
        lambda a: a.actions.show_standing(MatterId(MatterKind.CANCELLATION, a.request)),
        Cost(2),
    ),
    "show_standing, of a proforma": (
        lambda a: a.actions.show_standing(MatterId(MatterKind.PROFORMA, a.invoice)),
        Cost(2),
    ),
    "show_bill": (lambda a: a.actions.show_bill(a.invoice), Cost(2)),
    "read_message": (lambda a: a.actions.read_message(1), Cost(1)),
}
"""What is tapped in the operator's chat, by few people."""

TAPS = LOOKING | DESK | CHANGING
ONCE = TAPS | TYPED | MOVING_MONEY | FOR_STAFF


ELSEWHERE = {
    # Reminders and what goes out are counted with their own tests.
    "add_from_digest", "remove_from_digest", "show_digest", "snooze_digest", "check_out_digest",
    "mute_from_digest", "unmute_from_digest", "plan_reminders", "send_digests",
    "send_outbox", "next_reminder", "send_email_codes",
    # Commands and ticks: nobody taps them, and they work in batches.
    "count_currencies", "end_cancelled", "expire_invoices", "find_state_changes",
    "issue_link_code", "issue_missing_codes", "end_link", "list_links",
    "find_recipient", "forget_old", "give_back_claims",
    "note_restore", "list_audit", "list_cancellations", "list_orders", "list_proformas",
    "book_again", "book_event", "book_events", "close_unplaced", "credit_unplaced",
    "keep_event", "keep_first_owner", "list_unplaced", "move_owner", "read_owner",
    "list_unreachable", "load_company", "preview_reminders", "read_known", "read_reminder_log",
    "show_waiting_messages", "tell_summary", "tell_wrong_codes", "try_operator_chat",
    "drop_call", "finish_call", "list_calls", "retry_call", "run_calls",
    "fit_folder", "read_catalogue", "refresh_catalogue",
    "finish_task", "finish_tasks", "list_tasks",
    "drop_stuck", "end_update_again", "keep_failed_update", "list_stuck", "retry_stuck",
    "take_update_again",
    # Only beside a connected panel: counted with its orders.
    "adopt_panel", "merge_clients",
    "read_changes", "read_everything", "read_first", "refresh_client",
    "pay_from_balance", "send_order", "show_order", "show_pay_page", "withdraw_order",
    # It needs a proforma that was closed: counted below.
    "renew_lapsed",
}  # fmt: skip


@pytest.fixture(params=[FEW, MANY])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    found = tmp_path / "company.db"
    prepare_account(found, request.param)
    return found


def measure(path: Path, call: Call, *, before: Call | None = None) -> Cost:
    """What a call costs on that database; a refusal costs as well."""

    async def run() -> Cost:
        database = await open_database(path)
        try:
            account = await open_account(make_company(database))
            if before is not None:
                await before(account)
            with counting(database) as seen, suppress(BillingError):
                await call(account)
        finally:
            await database.close()
        reads = sum(
            statement.lstrip().upper().startswith(("SELECT", "WITH")) for statement, _ in seen.run
        )
        return Cost(reads, len(seen) - reads)

    return asyncio.run(run())


@pytest.mark.slow
@pytest.mark.parametrize("name", ONCE)
def test_an_action_runs_as_many_statements_whatever_the_size(path: Path, name: str) -> None:
    call, cost = ONCE[name]
    assert measure(path, call) == cost


@pytest.mark.slow
@pytest.mark.parametrize("name", AGAIN)
def test_doing_it_again_only_reads(path: Path, name: str) -> None:
    call, cost = AGAIN[name]
    assert measure(path, call, before=call) == cost


@pytest.mark.parametrize("name", TAPS)
def test_a_tap_has_four_statements_left(name: str) -> None:
    _, cost = TAPS[name]
    assert cost.reads + cost.writes <= 4


def test_every_action_that_a_conversation_asks_for_is_counted() -> None:
    counted = {name.split(",")[0].split(" ")[0] for name in ONCE}
    verbs = {field.name for field in fields(Actions)}
    assert counted <= verbs
    assert verbs - counted == ELSEWHERE


def test_renewing_what_has_lapsed_runs_as_many_statements_whatever_the_size(path: Path) -> None:
    async def cancel(account: Account) -> None:
        await account.actions.cancel_invoice(account.anna, account.invoice)

    cost = measure(path, lambda a: a.actions.renew_lapsed(a.anna, a.invoice, PL), before=cancel)
    assert cost == Cost(3, 1)
