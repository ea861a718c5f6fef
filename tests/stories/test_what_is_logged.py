"""Everything is tapped and typed, and much of it fails, while all is logged: no line says who a
client is, what they wrote or have, or any secret; and each line says to which turn it belongs."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.logs import Form, configure_logging
from bot.sandbox.faults import EVERY_METHOD, Fault
from bot.sandbox.methods.api import TOKEN
from bot.sandbox.people import ANNA, PEOPLE
from handlers.buttons import OpenServices
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import encode
from storage.tables.accounts import clients
from storage.tables.services import services
from tests.bot.metrics.conftest import ThroughTheGate
from tests.tapping.account import open_account, prepare_account
from tests.tapping.meter import Meter
from tests.tapping.operating import operate
from tests.tapping.script import everything
from tests.world import World, open_world, prepare

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("logging_as_before")]

TYPED = "Oddzwonić: 600100200 Kowalska kowalska.example.pl"
SECRETS = (TOKEN, TOKEN.partition(":")[2], "284685063:TEST:sandbox")

BOTH: tuple[Form, ...] = ("text", "json")


@contextmanager
def everything_logged(form: Form) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("DEBUG", secrets=SECRETS[:1], stream=stream, form=form)
    yield stream
    logging.getLogger().handlers.clear()


def through_the_gate(world: World) -> World:
    world.driver = ThroughTheGate(world.application, world.api, world.driver.money)
    return world


async def private_words(world: World) -> set[str]:
    """Who the clients are and what they have, as the database knows it."""
    c, s = clients.c, services.c
    async with world.core.database.engines.readers.connect() as connection:
        people = (await connection.execute(select(c.name, c.email, c.tax_id))).all()
        things = (await connection.execute(select(s.domain, s.label))).all()
    words = {word for row in (*people, *things) for word in row if word and len(word) > 3}
    return words | {person.first_name for person in PEOPLE} | {ANNA.username, *TYPED.split()}


def leaks(written: str, words: set[str]) -> set[str]:
    return {word for word in (*words, *SECRETS) if word in written}


@pytest.fixture
def account_file(tmp_path: Path) -> Path:
    return prepare_account(tmp_path / "taps.db", 1)


@pytest.fixture
def world_file(tmp_path: Path) -> Path:
    return prepare(tmp_path / "world.db")


@pytest.mark.parametrize("form", BOTH)
async def test_all_buttons_commands_and_ticks(form: Form, account_file: Path) -> None:
    async with open_world(account_file) as world:
        with everything_logged(form) as stream:
            account = await open_account(through_the_gate(world), 1)
            await everything(Meter(account, interrupts=True))
            await operate(account)
        words = await private_words(world)
    assert len(words) > 20
    assert leaks(stream.getvalue(), words) == set()


@pytest.mark.parametrize("form", BOTH)
async def test_all_that_can_fail(
    form: Form, world_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(world_file) as world:
        with everything_logged(form) as stream:
            await fail_at_everything(through_the_gate(world), monkeypatch)
        words = await private_words(world)
    written = stream.getvalue()
    assert "incident" in written
    assert "Traceback" in written
    assert leaks(written, words) == set()


async def fail_at_everything(world: World, patch: pytest.MonkeyPatch) -> None:
    """Telegram refuses, and errors quote what somebody wrote."""
    anna = world.person(ANNA)
    await anna.sends("/start")
    for kind in ("429", "500", "403", "drop"):
        world.api.faults.add(Fault(EVERY_METHOD, kind))
        await anna.sends(TYPED)
        world.api.faults.clear()
    await anna.unblocks()
    await anna.forges(f"{TYPED}"[:30])
    await anna.forges(encode(OpenServices()) + ":Kowalska")

    async def breaks(_: Context, *__: object) -> None:
        raise LookupError(TYPED, ANNA.first_name, TYPED.split())

    with patch.context() as broken:
        broken.setattr(Context, "read_visitor", breaks)
        await anna.sends(TYPED)
        await anna.sends(f"/start {TYPED}")
    await world.passes(days=3)


async def test_every_line_of_an_update_has_its_number(
    world_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(world_file) as world:
        with everything_logged("json") as stream:
            await fail_at_everything(through_the_gate(world), monkeypatch)
        handled = {str(update["update_id"]) for update in world.driver.handled}
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    of_updates = [line for line in lines if line["logger"].startswith("handlers")]
    assert len(of_updates) > 4
    assert {line["turn"] for line in of_updates} <= handled
    assert {line["kind"] for line in of_updates} <= {"text", "command", "tap", "member"}
