import asyncio
from datetime import timedelta

import pytest

from billing.views.services import Cancellation, CancellationStatus, CancelWhen
from storage.database import Database
from tests.make import NOW, TODAY, service
from tests.storage.company import add_client, add_services

REQUESTED, ACCEPTED, REJECTED, WITHDRAWN, DONE = CancellationStatus


async def ask(database: Database, client_id: int, service_id: int) -> Cancellation | None:
    async with database.work.writing() as uow:
        asked = await uow.cancellations.add(
            client_id,
            service_id,
            when=CancelWhen.PERIOD_END,
            reason="za drogo",
            at=NOW,
            effective_on=TODAY + timedelta(days=12),
        )
        await uow.commit()
    return asked


async def test_a_request_is_open_until_it_is_decided(database: Database) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna, domain="a.pl"))
    asked = await ask(database, anna, number)
    assert asked is not None
    async with database.work.writing() as uow:
        assert await uow.cancellations.open_for(anna, number) == asked
        assert await uow.cancellations.open_for(anna + 1, number) is None
        with_service = await uow.cancellations.open_with_service(anna, number)
        assert with_service is not None
        assert (with_service[0], with_service[1].id) == (asked, number)
        assert await uow.cancellations.open_with_service(anna + 1, number) is None
        assert await uow.cancellations.get(asked.id) == asked
        ((waiting, of_service, ref),) = await uow.cancellations.waiting()
        assert (waiting, of_service.domain, ref) == (asked, "a.pl", "anna")
        assert await uow.cancellations.decide(asked.id, ACCEPTED)
        assert await uow.cancellations.waiting() == ()
        assert await uow.cancellations.open_for(anna, number) is not None
        assert await uow.cancellations.decide(asked.id, DONE)
        assert await uow.cancellations.open_for(anna, number) is None


async def test_one_of_many_simultaneous_requests_succeeds(database: Database) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    asked = await asyncio.gather(*(ask(database, anna, number) for _ in range(4)))
    assert len([each for each in asked if each]) == 1


async def test_a_decided_request_leaves_room_for_another(database: Database) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    first = await ask(database, anna, number)
    assert first is not None
    async with database.work.writing() as uow:
        await uow.cancellations.decide(first.id, REJECTED)
        await uow.commit()
    assert await ask(database, anna, number) is not None


@pytest.mark.parametrize(
    ("before", "to", "moves"),
    [
        ((), REJECTED, True),
        ((), WITHDRAWN, True),
        ((), DONE, False),
        ((), REQUESTED, False),
        ((ACCEPTED,), ACCEPTED, False),
        ((ACCEPTED,), REJECTED, False),
        ((ACCEPTED,), WITHDRAWN, True),
        ((WITHDRAWN,), ACCEPTED, False),
        ((ACCEPTED, DONE), WITHDRAWN, False),
    ],
)
async def test_a_request_moves_only_forward(
    database: Database,
    before: tuple[CancellationStatus, ...],
    to: CancellationStatus,
    *,
    moves: bool,
) -> None:
    anna = await add_client(database)
    (number,) = await add_services(database, service(client_id=anna))
    asked = await ask(database, anna, number)
    assert asked is not None
    async with database.work.writing() as uow:
        for status in before:
            assert await uow.cancellations.decide(asked.id, status)
        assert await uow.cancellations.decide(asked.id, to) is moves


async def test_accepted_requests_are_due_on_their_day(database: Database) -> None:
    anna = await add_client(database)
    first, second, third = await add_services(
        database, *(service(client_id=anna) for _ in range(3))
    )
    accepted, _, now = await ask(database, anna, first), await ask(database, anna, second), None
    async with database.work.writing() as uow:
        now = await uow.cancellations.add(
            anna, third, when=CancelWhen.NOW, reason="", at=NOW, effective_on=None
        )
        assert accepted is not None
        assert now is not None
        await uow.cancellations.decide(accepted.id, ACCEPTED)
        await uow.cancellations.decide(now.id, ACCEPTED)
        await uow.commit()
    async with database.work.reading() as uow:
        early = await uow.cancellations.due(TODAY + timedelta(days=11), limit=9)
        due = await uow.cancellations.due(TODAY + timedelta(days=12), limit=9)
        assert await uow.cancellations.due(TODAY + timedelta(days=12), limit=1) == due[:1]
    assert [asked.service_id for asked, _ in early] == [third]
    assert [(asked.service_id, of.id) for asked, of in due] == [(first, first), (third, third)]
