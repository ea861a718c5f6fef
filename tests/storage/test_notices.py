"""Notices come back from the database as they were written; what cannot be read stops nobody."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import String, insert

from billing.ports.outbox import Notification, Outgoing
from billing.views.notices.money import Receipt
from billing.views.notices.notice import TOPICS, Notice, UnreadableNotice
from billing.views.notices.operator import OperatorNotice
from storage.database import Database
from storage.notices import from_columns, to_columns
from storage.tables.messages import NOBODY, outbox
from storage.tables.states import SendState
from tests.gallery.notices import CLOSED, NOTICES
from tests.make import NOW
from tests.storage.company import add_client

FACTS = {"invoice_id": 5, "number": "PRO-2026-0005"}

UNREADABLE: dict[str, tuple[str, Any]] = {
    "a topic of a newer version": ("something_new", FACTS),
    "no facts": ("receipt", {}),
    "nothing": ("receipt", None),
    "a list": ("receipt", [FACTS]),
    "a word": ("receipt", "Anna"),
    "no number": ("receipt", {"invoice_id": "Anna", "number": "PRO-2026-0005"}),
    "no date": (
        "order_accepted",
        {"service": {"id": 1, "name": "", "domain": ""}, "due_date": "Anna"},
    ),
    "an unknown currency": ("payment_credited", {"amount": {"minor": 1, "currency": "Anna"}}),
    "an unknown reason": ("messages_waited", {"why": "Anna"}),
}


def test_every_kind_has_a_topic_that_fits_its_column() -> None:
    column = outbox.c.topic.type
    assert isinstance(column, String)
    assert column.length is not None
    assert set(TOPICS.values()) == set(get_args(Notice))
    assert max(map(len, TOPICS)) <= column.length


def test_what_is_written_can_be_read_by_people() -> None:
    assert to_columns(CLOSED) == {
        "topic": "invoice_closed",
        "facts": {
            "number": "PRO-2026-0005", "reason": "paid",
            "service": {"id": 12, "name": "Hosting Start", "domain": "anna.example"},
            "released": {"minor": 0, "currency": "PLN"},
            "due_date": "2026-04-10", "more": 1, "others": 2, "is_credit": True,
        },
    }  # fmt: skip


def test_what_a_newer_version_adds_does_not_matter() -> None:
    assert from_columns("receipt", FACTS | {"colour": "green"}) == Receipt(5, "PRO-2026-0005")


@pytest.mark.parametrize(("topic", "facts"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_handed_on_and_not_logged(
    topic: str, facts: Any, caplog: pytest.LogCaptureFixture
) -> None:
    notice = from_columns(topic, facts)
    assert isinstance(notice, UnreadableNotice)
    assert notice.topic == topic
    assert f"a notice of the topic {topic} cannot be read" in caplog.text
    assert "Anna" not in caplog.text


async def claim(database: Database) -> tuple[Outgoing, ...]:
    async with database.work.writing() as uow:
        claimed = await uow.outbox.claim(NOW, lease_until=NOW + timedelta(minutes=1), limit=99)
        await uow.commit()
    return claimed


async def test_every_kind_survives_a_restart(database: Database) -> None:
    anna = await add_client(database, telegram_ids=(7,))
    notes = [
        Notification(one.topic, one, client_id=None if isinstance(one, OperatorNotice) else anna)
        for one in NOTICES
    ]
    async with database.work.writing() as uow:
        await uow.outbox.add(notes, at=NOW)
        await uow.commit()
    restarted = await Database.open(str(database.engines.url), migrate=False)
    try:
        claimed = await claim(restarted)
    finally:
        await restarted.close()
    assert {one.key: one.notice for one in claimed} == {one.topic: one for one in NOTICES}


async def test_rows_that_cannot_be_read_do_not_stop_the_others(database: Database) -> None:
    rows = [
        {
            "key": key, "user_id": NOBODY, "topic": topic, "facts": facts, "due_at": NOW,
            "moved_at": NOW, "added_at": NOW, "attempts": 0, "state": SendState.WAITING,
        }
        for key, (topic, facts) in UNREADABLE.items() if facts is not None
    ]  # fmt: skip
    async with database.engines.writer.begin() as connection:
        await connection.execute(insert(outbox), rows)
    async with database.work.writing() as uow:
        good = [Notification(str(n), one) for n, one in enumerate(OPERATORS)]
        await uow.outbox.add(good, at=NOW)
        await uow.commit()
    claimed = {one.key: one.notice for one in await claim(database)}
    assert len(claimed) == len(rows) + len(good)
    assert [claimed[note.key] for note in good] == list(OPERATORS)
    assert all(isinstance(claimed[str(row["key"])], UnreadableNotice) for row in rows)


OPERATORS = [one for one in NOTICES if isinstance(one, OperatorNotice)]
