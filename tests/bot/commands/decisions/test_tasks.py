"""What the operator has to do after payments, and says that it is done."""

import shlex
import sqlite3
from contextlib import closing

import pytest

from tests.bot.commands.conftest import Panelik
from tests.bot.commands.decisions.test_billing import (
    commands_told,
    orders_a_server,
    renews_by_transfer,
)


def test_nothing_is_to_be_done(loaded: Panelik) -> None:
    assert loaded("tasks").out == "There is nothing to do."
    assert loaded("tasks", "--all").out == "There were no tasks yet."
    missing = loaded("tasks", "done", "7")
    assert (missing.code, missing.err) == (
        1, "There is no task 7. `panelik tasks` lists what is to be done.",
    )  # fmt: skip
    assert loaded("tasks", "done").code == 2


@pytest.mark.slow
def test_the_operator_is_told_how_to_finish_a_task_and_it_is_done_once(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    loaded("paid", number)
    ((*done,),) = loaded.lets(commands_told)
    listed = loaded("tasks").out
    for words in ("switch on again", "żółw.example", "C-1001 Anna Nowak", number):
        assert words in listed
    first = loaded(*done[1:])
    assert first.code == 0
    assert "switch on again: done." in first.out
    again = loaded(*done[1:])
    assert (again.code, "was done already" in again.out) == (0, True)
    assert "(command line)" in again.out
    assert loaded("tasks").out == "There is nothing to do."
    assert "(command line)" in loaded("tasks", "--all").out
    assert "finish task" in loaded("audit").out


@pytest.mark.slow
def test_an_order_is_a_task_that_its_decision_does(loaded: Panelik) -> None:
    loaded("paid", loaded.lets(orders_a_server))
    accept, _ = loaded.lets(commands_told)
    assert "set up a product" in loaded("tasks").out
    done = loaded("tasks", "done", "1").out
    assert f"The order still waits: `{shlex.join(accept)}`." in done
    loaded(*accept[1:])
    again = loaded("tasks", "done", "99", "1")
    assert "still waits" not in again.out
    assert ("was done already" in again.out, again.code) == (True, 1)
    assert again.err == "There is no task 99. `panelik tasks` lists what is to be done."


@pytest.mark.slow
def test_the_chat_can_be_left_without_payments(loaded: Panelik) -> None:
    loaded("paid", loaded.lets(orders_a_server), TELL_PAYMENTS="no")
    with closing(sqlite3.connect(loaded.database)) as database:
        topics = {topic for (topic,) in database.execute("SELECT topic FROM outbox")}
    assert "order_paid" in topics
    assert "proforma_paid" not in topics
