"""Every button and every command, tapped with the database's statements counted and their plans
read: as many for a large account as for a small one, and never a whole table.

Each tap is made when it costs most: a step waits for text and another message has the keyboard,
so the tap ends the one and takes over the other.
"""

import asyncio
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from handlers.routes import COMMANDS, TAPS
from storage.database import Database
from tests.connected.fake import FakePanel
from tests.statements import Statements, counting, plans, scans
from tests.tapping.account import open_account, prepare_account
from tests.tapping.meter import Meter, Step
from tests.tapping.operating import operate
from tests.tapping.panel import orders_of_a_panel
from tests.tapping.script import everything
from tests.world import START, open_world

# Everything is tapped once for all of them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("statements")]

FEW, MANY = 1, 30
"""Of everything: services for each use, lines in the cart, lines on a proforma, proformas."""

MOST = 6
"""Statements per tap; BEGIN, COMMIT and PRAGMA apart."""

PAYING = {
    # Who taps, the cart, its services, with new orders what is on proformas already; the order,
    # the proforma's number, the proforma, its lines, the cart that is left, the attempt to pay;
    # the place in the conversation.
    "PlaceOrder by transfer": 11,
    # And where Telegram's invoice stands in the chat.
    "PlaceOrder in Telegram": 11,
    # In place of the attempt: the credit and its history, the proforma's state, what it held,
    # other attempts, the services as they are by now and as they become, what became of each
    # line, whom to tell, and that their reminder says something else by now.
    "PlaceOrder by credit": 20,
    "PayWithCredit": 13,
    # Beside a connected panel: who taps, the cart, its services, whether the panel answers; the
    # order, what it holds, the call that the panel is owed, the cart that is left; the place in
    # the conversation.
    "SendOrder": 9,
    # Who taps, the order, its proformas, whether one is being paid, whether the panel answers;
    # the order as it is by now, the call; the place in the conversation.
    "WithdrawOrder": 8,
    # Whom to tell, and the message to them, beside what every tap has; then the service's page.
    "RequestCancellation": 9,
    # Staff decide: the thing is read, locked, changed and told of, what was done is kept, and its
    # client's page is drawn, which is kept as well.
    "DecideMatter paid": 28,
    "DecideMatter paid again": 14,
    "DecideMatter order": 18,
    "DecideMatter request": 17,
    # A question is left: it is forgotten, and the page that it stood on is drawn.
    "LeaveMatter": 10,
    # A card: who taps, the client, the figures, two on proformas, what is due, that it was looked
    # at, the place in the conversation.
    "OpenClientCard": 8,
    # A look of staff at a service with a request: who taps, the client, the service, the cart,
    # the request, that they looked, the place in the conversation.
    "OpenClientService that ends": 7,
    # A renewal that is refused: who taps, the cart, what the service stands on; then the list,
    # which is three reads, and the place in the conversation.
    "AddRenewal on a proforma": 7,
    "AddRenewal that ends": 7,
}
"""Taps that move money have more: each row is written where it belongs, in one transaction.

They come once per purchase; a second tap on the same button finds it done, and costs no more than
others.
"""

TYPED = 8
"""Statements for a text or a command, which may check a code or keep a name, and consume it."""


BOUNDS = (
    # One client's, one user's, or services named one by one.
    "(client_id=?", "(user_id=?)", "SEARCH services USING INTEGER PRIMARY KEY",
    # The unpaid proformas that a load looks through.
    "SEARCH invoices USING INDEX ix_invoices_status_expires_on (status=?)",
    # Requests that wait for the operator or for their day.
    "ix_cancellations_status_effective_on (status=?)",
    # Wrong codes of an hour, each user five at most.
    "ix_link_failures_at_user_id (at>? AND at<?)",
    # The payments of one proforma.
    "(invoice_id=?)",
    # What the desk sums by currency and price: what came in a day, and what is overdue.
    "ix_payments_paid_at (paid_at>? AND paid_at<?)", "ix_services_owed_on_id (owed_on<?)",
    "ix_services_owed_on_id (owed_on>? AND owed_on<?)",
)  # fmt: skip
"""What of the rows that are put in order keeps them few."""


@cache
def done(size: int, *, interrupts: bool = True) -> tuple[Step, ...]:
    """Everything that can be done in an account of some size."""

    async def tap(path: Path) -> tuple[Step, ...]:
        async with open_world(path) as world:
            meter = Meter(await open_account(world, size), interrupts)
            await everything(meter)
        return tuple(meter.steps)

    with TemporaryDirectory() as folder:
        return asyncio.run(tap(prepare_account(Path(folder) / "taps.db", size)))


@cache
def beside_a_panel(size: int) -> tuple[tuple[Step, ...], Statements]:
    """What is ordered beside a connected panel; the statements of what it is owed."""

    async def tap(path: Path) -> tuple[tuple[Step, ...], Statements]:
        panel = FakePanel(START.date(), START)
        async with open_world(path, connected=panel) as world:
            meter = Meter(await open_account(world, size), interrupts=True)
            ticks = await orders_of_a_panel(meter, panel)
        return tuple(meter.steps), ticks

    with TemporaryDirectory() as folder:
        return asyncio.run(tap(prepare_account(Path(folder) / "panel.db", size)))


def every_step(size: int) -> tuple[Step, ...]:
    """Whoever owns the data."""
    return (*done(size), *beside_a_panel(size)[0])


@pytest.mark.parametrize("size", [FEW, MANY])
def test_a_tap_runs_six_statements_at_most(size: int) -> None:
    steps = every_step(size)
    counted = {step.name: len(step.statements) for step in steps if step.what is not str}
    above = {name: count for name, count in counted.items() if count > MOST}
    assert above == PAYING


def test_a_large_account_costs_as_many_as_a_small_one() -> None:
    costs = [
        [(step.name, len(step.statements)) for step in every_step(size)] for size in (FEW, MANY)
    ]
    assert costs[0] == costs[1]


def test_ending_a_step_and_taking_the_keyboard_over_is_one_statement_at_most() -> None:
    calm, interrupting = done(FEW, interrupts=False), done(FEW)
    for one, other in zip(calm, interrupting, strict=True):
        assert 0 <= len(other.statements) - len(one.statements) <= 1, other.name


def test_a_text_or_a_command_has_its_limit_too() -> None:
    assert max(len(step.statements) for step in done(MANY) if step.what is str) <= TYPED


def test_every_button_and_every_command_was_counted() -> None:
    tapped = {step.what for step in every_step(FEW)}
    typed = {step.name for step in done(FEW) if step.what is str}
    assert {route.payload for route in TAPS} - tapped == set()
    assert {f"/{command.name}" for command in COMMANDS} - typed == set()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Statements]:
    """Every statement of a tap, a command or a tick, and the database they ran on."""
    path = prepare_account(tmp_path_factory.mktemp("plans") / "ran.db", MANY)

    async def act() -> tuple[Database, Statements]:
        async with open_world(path) as world:
            database = world.core.database
            with counting(database) as statements:
                await operate(await open_account(world, MANY))
            return database, statements

    database, statements = asyncio.run(act())
    for step in every_step(MANY):
        statements.run += step.statements.run
    statements.run += beside_a_panel(MANY)[1].run
    return database, statements


def test_no_statement_reads_a_whole_table(ran: tuple[Database, Statements]) -> None:
    database, statements = ran
    assert scans(database, statements.run) == []


def test_nothing_is_sorted_but_what_is_one_clients_or_waits(
    ran: tuple[Database, Statements],
) -> None:
    database, statements = ran
    unbounded = [
        statement
        for statement, steps in plans(database, statements.run).items()
        if any("TEMP B-TREE" in step for step in steps)
        and not any(bound in step for step in steps for bound in BOUNDS)
    ]
    assert unbounded == []
