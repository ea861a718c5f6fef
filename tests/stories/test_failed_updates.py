"""Something does not work: the client is told, and answered once the cause is mended."""

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from billing.actions.inbox.failed import LEASE
from billing.actions.shop.renew import ListRenewals
from bot import again
from bot.again import TURN_SECONDS, handle_again
from bot.sandbox.people import ANNA
from bot.telegram.gate import PersonGate
from bot.telegram.handling import handle
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.world import OPERATOR, World


@contextmanager
def renewals_broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    async def fail(*_: Any, **__: Any) -> None:
        raise LookupError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(ListRenewals, "__call__", fail)
        yield


def said_to_operator(world: World) -> str:
    messages = world.api.visitor(OPERATOR).chat.messages.values()
    return "\n".join(str(message.body.get("text", "")) for message in messages)


@on_both_stores
async def test_a_client_is_answered_after_the_cause_is_mended(
    world: World, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with renewals_broken(monkeypatch):
        await anna.sends("/renew")
    anna.sees("Coś poszło nie tak")
    await world.passes(seconds=2)
    (stuck,) = await world.core.actions.list_stuck()
    assert stuck.error.endswith("LookupError")
    said = said_to_operator(world)
    assert f"In the log: {stuck.error}" in said
    assert f"panelik updates retry {stuck.id}" in said
    await world.core.actions.retry_stuck(stuck.id, by=STAFF)
    await handle_again(world.core, world.application, lambda: True)
    await anna.looks()
    anna.sees("galeria-anny-przyklad.pl")
    assert list(await world.core.actions.list_stuck()) == []
    assert (await world.core.numbers()).again.waiting == 0


def test_others_leave_an_update_alone_for_longer_than_it_takes() -> None:
    handler_seconds = inspect.signature(PersonGate).parameters["handler_seconds"].default
    assert LEASE.total_seconds() >= TURN_SECONDS + 2 * handler_seconds


@contextmanager
def busy(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[asyncio.Event]:
    """Anna's chat is being answered until the event is set."""
    release = asyncio.Event()

    async def hang(*_: Any, **__: Any) -> None:
        await release.wait()
        raise LookupError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(ListRenewals, "__call__", hang)
        yield release


@pytest.mark.parametrize("is_left_out", [True, False], ids=["left out", "turn does not come"])
async def test_one_whose_person_is_busy_waits_and_is_not_forgotten(
    world: World, anna: Person, monkeypatch: pytest.MonkeyPatch, is_left_out: bool
) -> None:
    with renewals_broken(monkeypatch):
        await anna.sends("/services")
        await anna.sends("/renew")
    (stuck,) = await world.core.actions.list_stuck()
    gate = world.application.update_processor
    assert isinstance(gate, PersonGate)
    await world.core.actions.retry_stuck(stuck.id, by=STAFF)
    with busy(world, monkeypatch) as release, monkeypatch.context() as patch:
        world.api.visitor(ANNA.id).send("/renew")
        update = world.api.updates.take()
        assert update is not None
        running = asyncio.create_task(handle(world.application, update))
        while not gate.people:  # noqa: ASYNC110 - it begins within a few turns of the loop
            await asyncio.sleep(0)
        if is_left_out:
            patch.setattr(gate, "_waiting_per_person", 0)
        else:
            patch.setattr(again, "TURN_SECONDS", 0.05)
        await handle_again(world.core, world.application, lambda: True)
        release.set()
        await running
        await gate.end_bursts()
    assert (await world.core.numbers()).again.waiting == 1
    world.clock.advance(LEASE + timedelta(seconds=1))
    await handle_again(world.core, world.application, lambda: True)
    assert (await world.core.numbers()).again.waiting == 0
    await anna.looks()
    anna.sees("galeria-anny-przyklad.pl")


async def test_one_that_fails_again_waits_again(
    world: World, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with renewals_broken(monkeypatch):
        await anna.sends("/renew")
        (stuck,) = await world.core.actions.list_stuck()
        await world.core.actions.retry_stuck(stuck.id, by=STAFF)
        await handle_again(world.core, world.application, lambda: True)
    (again,) = await world.core.actions.list_stuck()
    assert (again.id, again.attempts) == (stuck.id, 2)


async def test_an_update_that_hung_is_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    gate = world.application.update_processor
    assert isinstance(gate, PersonGate)
    monkeypatch.setattr(gate.attempts, "seconds", 0.05)
    with monkeypatch.context() as patch:
        patch.setattr(ListRenewals, "__call__", hang)
        world.api.visitor(ANNA.id).send("/renew")
        update = world.api.updates.take()
        assert update is not None
        await handle(world.application, update)
    (stuck,) = await world.core.actions.list_stuck()
    assert stuck.error == "TimeoutError"
