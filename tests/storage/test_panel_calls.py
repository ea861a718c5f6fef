"""Calls on both stores: in turn, one writer per client, and each written by its holder alone."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from billing.rules.panel.panel_calls import HOLDS_OTHERS, LEASE, PAUSES, CallState, PanelCall, Verb
from billing.views.page import Part
from storage.database import Database
from tests.make import NOW, money, quote
from tests.storage.company import add_client, add_invoice
from tests.storage.panel import add_order

SECOND = timedelta(seconds=1)


async def owe(database: Database, client_id: int, **changes: Any) -> PanelCall:
    """Write a call that is due at once."""
    call = PanelCall(0, client_id, Verb.PLACE_ORDER, CallState.WAITING, NOW, NOW)
    async with database.work.writing() as uow:
        added = await uow.panel_calls.add(replace(call, **changes))
        await uow.commit()
    return added


async def take(database: Database, now: datetime = NOW) -> PanelCall | None:
    """Claim the next one for the length of a lease."""
    async with database.work.writing() as uow:
        call = await uow.panel_calls.claim(now, until=now + LEASE)
        await uow.commit()
    return call


async def taken(database: Database, now: datetime = NOW) -> int | None:
    call = await take(database, now)
    return call.id if call else None


async def is_due(database: Database, now: datetime = NOW) -> bool:
    async with database.work.reading() as uow:
        return await uow.panel_calls.has_due(now)


async def moves(
    database: Database,
    call: PanelCall,
    state: CallState,
    *,
    due_at: datetime = NOW,
    at: datetime = NOW,
) -> PanelCall | None:
    async with database.work.writing() as uow:
        moved = await uow.panel_calls.move(call, state, due_at=due_at, at=at)
        await uow.commit()
    return moved


async def claimed(database: Database, client_id: int, **changes: Any) -> PanelCall:
    """A call that this process has in hand."""
    await owe(database, client_id, **changes)
    call = await take(database)
    assert call is not None
    return call


async def ends(database: Database, call: PanelCall, state: CallState = CallState.DONE) -> None:
    assert await moves(database, replace(call, is_open=False), state)


async def test_a_call_is_kept_whole(database: Database) -> None:
    anna = await add_client(database)
    order = await add_order(database, anna)
    call = await owe(
        database, anna, order_id=order.id, step="2", ref="O1", facts='{"newest": 7}',
        amount=3567, failures=2, sendings=1, error="TimeoutError",
    )  # fmt: skip
    async with database.work.reading() as uow:
        assert await uow.panel_calls.get(call.id) == call
        assert await uow.panel_calls.get(call.id + 1) is None


async def test_the_one_due_for_longest_is_taken_first(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    later = await owe(database, anna)
    first = await owe(database, john, due_at=NOW - SECOND)
    await owe(database, await add_client(database, "ewa"), due_at=NOW + SECOND)
    assert [await taken(database) for _ in range(3)] == [first.id, later.id, None]


async def test_a_client_has_one_writer(database: Database) -> None:
    anna = await add_client(database)
    first, second = [await owe(database, anna) for _ in range(2)]
    call = await take(database)
    assert call is not None
    assert (call.id, call.lease_until) == (first.id, NOW + LEASE)
    assert not await is_due(database)
    assert await taken(database) is None
    await ends(database, call)
    assert await is_due(database)
    assert await taken(database) == second.id


async def test_two_processes_take_two_clients_calls(database: Database, twin: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    calls = {(await owe(database, client)).id for client in (anna, john) for _ in range(2)}
    both = await asyncio.gather(taken(database), taken(twin))
    assert len({*both} & calls) == len({*both} - {None})
    rest = [await taken(database) for _ in range(2)]
    clients = set()
    async with database.work.reading() as uow:
        for number in {*both, *rest} - {None}:
            call = await uow.panel_calls.get(number or 0)
            assert call is not None
            assert call.client_id not in clients
            clients.add(call.client_id)
    assert clients == {anna, john}


@pytest.mark.parametrize("about", ["order_id", "invoice_id"])
@pytest.mark.parametrize("state", [CallState.UNKNOWN, CallState.WAITING])
async def test_calls_about_one_thing_run_in_turn(
    database: Database, about: str, state: CallState
) -> None:
    anna = await add_client(database)
    number = (await add_order(database, anna)).id
    if about == "invoice_id":
        async with database.work.writing() as uow:
            number = (await add_invoice(uow, quote(service_id=None), client_id=anna)).id
            await uow.commit()
    first = await claimed(database, anna, **{about: number})
    second = await owe(database, anna, **{about: number})
    hour = NOW + timedelta(minutes=30)
    waiting = await moves(database, first, state, due_at=hour)
    assert waiting is not None
    assert await taken(database, NOW + HOLDS_OTHERS + SECOND) is None
    first_again = await take(database, hour)
    assert first_again is not None
    assert first_again.id == first.id
    await ends(database, first_again)
    assert await taken(database, hour) == second.id


async def test_an_unknown_outcome_holds_up_the_others_for_two_minutes(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    first = await claimed(database, anna)
    other = await owe(database, anna)
    assert await moves(database, first, CallState.UNKNOWN, due_at=NOW + timedelta(hours=1))
    elsewhere = await owe(database, john)
    assert await taken(database, NOW + HOLDS_OTHERS - SECOND) == elsewhere.id
    assert await taken(database, NOW + HOLDS_OTHERS - SECOND) is None
    assert await taken(database, NOW + HOLDS_OTHERS + SECOND) == other.id


async def test_what_is_to_be_read_back_waits_for_no_unknown_outcome(database: Database) -> None:
    anna = await add_client(database)
    first = await claimed(database, anna)
    assert await moves(database, first, CallState.UNKNOWN, due_at=NOW + timedelta(hours=1))
    done = await owe(database, anna, state=CallState.DONE)
    assert await taken(database) == done.id


async def test_a_lease_that_has_ended_is_free_again(database: Database) -> None:
    anna = await add_client(database)
    call = await claimed(database, anna)
    assert await taken(database, NOW + LEASE - SECOND) is None
    assert await taken(database, NOW + LEASE + SECOND) == call.id


async def test_what_a_clock_ahead_has_written_holds_nothing_up(database: Database) -> None:
    anna, john = await add_client(database), await add_client(database, "john")
    ahead = NOW + timedelta(days=1)
    leased = await owe(database, anna)
    assert await taken(database, ahead) == leased.id
    assert await taken(database) == leased.id
    due = await owe(database, john, due_at=ahead)
    assert await taken(database) == due.id
    later = await owe(database, await add_client(database, "ewa"), due_at=NOW + PAUSES[-1])
    assert await taken(database) is None
    assert await taken(database, later.due_at) is not None


@pytest.mark.parametrize(
    ("verb", "state", "is_open", "waits"),
    [
        (Verb.RECORD_PAYMENT, CallState.REFUSED, True, False),
        (Verb.PLACE_ORDER, CallState.REFUSED, True, True),
        (Verb.PLACE_ORDER, CallState.REFUSED, False, False),
        (Verb.PLACE_ORDER, CallState.DONE, False, False),
        (Verb.PLACE_ORDER, CallState.DONE, True, True),
        (Verb.PLACE_ORDER, CallState.SENDING, True, True),
    ],
)
async def test_what_is_over_or_the_operators_is_left_alone(
    database: Database, verb: Verb, state: CallState, *, is_open: bool, waits: bool
) -> None:
    anna = await add_client(database)
    await owe(database, anna, verb=verb, state=state, is_open=is_open)
    assert await is_due(database) is waits
    assert (await taken(database) is not None) is waits


async def test_only_who_holds_the_lease_writes(database: Database) -> None:
    anna = await add_client(database)
    old = await claimed(database, anna)
    later = NOW + LEASE + SECOND
    new = await take(database, later)
    assert new is not None
    assert await moves(database, old, CallState.DONE) is None
    async with database.work.writing() as uow:
        assert await uow.panel_calls.send(old, until=later, at=later) is None
        sent = await uow.panel_calls.send(new, until=later + LEASE, at=later)
        await uow.commit()
    assert sent is not None
    assert (sent.state, sent.lease_until) == (CallState.SENDING, later + LEASE)
    assert await moves(database, new, CallState.DONE) is None
    moved = await moves(database, sent, CallState.DONE, at=later)
    assert moved is not None
    assert moved.lease_until is None
    await ends(database, moved)
    assert await moves(database, moved, CallState.WAITING) is None


async def test_the_operator_sees_what_is_open_with_its_proforma_and_money(
    database: Database,
) -> None:
    anna, john = await add_client(database), await add_client(database, "john", currency="EUR")
    async with database.work.writing() as uow:
        bill = await add_invoice(uow, quote(service_id=None), client_id=anna)
        await uow.commit()
    order = await add_order(database, anna)
    paid = await owe(database, anna, verb=Verb.RECORD_PAYMENT, invoice_id=bill.id, amount=3567)
    placed = await owe(database, anna, order_id=order.id)
    cancel = await owe(database, john, verb=Verb.CANCEL_SERVICE)
    await owe(database, john, is_open=False)
    async with database.work.reading() as uow:
        rows = await uow.panel_calls.page(Part(9, 0))
        assert [row.call for row in await uow.panel_calls.page(Part(1, 1))] == [placed]
        assert tuple(await uow.panel_calls.open_for_client(anna)) == (paid, placed)
    assert [row.call for row in rows] == [paid, placed, cancel]
    assert [(row.client_ref, row.invoice_number, row.amount) for row in rows] == [
        ("anna", bill.number, money("35.67")),
        ("anna", "", money("0.00")),
        ("john", "", money("0.00", "EUR")),
    ]
