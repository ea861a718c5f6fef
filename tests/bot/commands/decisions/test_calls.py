"""What the operator does about writes that a connected panel is owed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.panel.panel_calls import CallState, PanelCall, Verb
from billing.rules.payments.payment import Payment, PaymentStatus
from bot.sandbox.people import ANNA
from tests.bot.commands.conftest import BEGIN, Panelik
from tests.gallery.panel import bill, stated
from tests.stories.acts import client_of
from tests.world import World

WAITS = PanelCall(0, 0, Verb.CANCEL_SERVICE, CallState.WAITING, BEGIN, BEGIN)


def owes(call: PanelCall = WAITS) -> Callable[[World], Awaitable[None]]:
    """The panel is owed this call about Anna."""

    async def happen(world: World) -> None:
        client = await client_of(world, world.person(ANNA))
        async with world.core.database.work.writing() as uow:
            await uow.panel_calls.add(replace(call, client_id=client.id))
            await uow.commit()

    return happen


async def owes_money(world: World) -> None:
    """The panel refuses to record 35.67 PLN that came for its proforma."""
    client = await client_of(world, world.person(ANNA))
    item = stated(service_id=None)
    async with world.core.database.work.writing() as uow:
        made = replace(bill(item), client_id=client.id, order_id=None)
        invoice = await uow.invoices.add(replace(made, paid=made.gross))
        payment = await uow.payments.add(
            Payment(
                0, invoice.id, client.id, "bank", PaymentStatus.PAID, made.gross, BEGIN,
                charge_id="PRO-2043/1", paid_at=BEGIN,
            )
        )  # fmt: skip
        await uow.panel_calls.add(
            PanelCall(
                0, client.id, Verb.RECORD_PAYMENT, CallState.REFUSED, BEGIN, BEGIN,
                invoice_id=invoice.id, payment_id=payment.id, amount=3567, sendings=1,
                error="invoice_gone",
            )
        )  # fmt: skip
        await uow.commit()


def test_nothing_is_owed(loaded: Panelik) -> None:
    assert loaded("calls").out == "Your panel is owed nothing."


def test_what_is_owed_is_listed_in_plain_words(loaded: Panelik) -> None:
    loaded.lets(owes(replace(WAITS, error="TimeoutError", failures=3)))
    loaded.lets(owes_money)
    listed = loaded("calls")
    assert listed.code == 0
    head, first, second = [line for line in listed.out.splitlines() if "┃" in line or "│" in line]
    assert [cell.strip() for cell in head.strip("┃").split("┃")] == [
        "no.", "since", "what", "client", "proforma", "amount", "state", "why",
    ]  # fmt: skip
    for words in ("1 ", "cancel a service", "C-1001", "waits", "TimeoutError"):
        assert words in first
    assert "PLN" not in first
    for words in ("2 ", "record a payment", "C-1001", "PRO-2043", "35.67 PLN", "refused"):
        assert words in second
    assert "invoice_gone" in second


def test_one_is_asked_about_again(loaded: Panelik) -> None:
    loaded.lets(owes_money)
    again = loaded("calls", "retry", "1")
    assert (again.code, again.out) == (
        0, "No. 1: the running bot asks again within a few seconds."
    )  # fmt: skip
    assert "outcome not known" in loaded("calls").out


def test_one_was_done_by_hand(loaded: Panelik) -> None:
    loaded.lets(owes())
    missing = loaded("calls", "done", "1", " ")
    assert missing.code == 1
    assert missing.err == "Say the number that it has in your panel, at most 64 characters."
    assert loaded("calls", "done", "1").code == 2
    done = loaded("calls", "done", "1", "4711")
    assert (done.code, done.out) == (
        0, "No. 1: counted as done; the running bot reads what has changed."
    )  # fmt: skip
    assert "done, to be read back" in loaded("calls").out
    assert "4711" in loaded("audit").out


def test_one_is_given_up(loaded: Panelik) -> None:
    loaded.lets(owes())
    dropped = loaded("calls", "drop", "1")
    assert (dropped.code, dropped.out) == (0, "No. 1: given up.")
    assert loaded("calls").out == "Your panel is owed nothing."
    again = loaded("calls", "drop", "1")
    assert (again.code, again.err) == (1, "Call no. 1 is over already; nothing was changed.")


def test_money_of_one_that_is_given_up_is_unplaced_money(loaded: Panelik) -> None:
    loaded.lets(owes_money)
    dropped = loaded("calls", "drop", "1")
    assert dropped.code == 0
    assert dropped.out.splitlines() == [
        "No. 1: given up.",
        "35.67 PLN of C-1001 waits in `panelik unplaced`.",
    ]
    assert "35.67 PLN" in loaded("unplaced").out
    assert loaded("calls").out == "Your panel is owed nothing."


@pytest.mark.parametrize("command", ["retry 7", "done 7 4711", "drop 7"])
def test_a_number_that_is_not_listed_is_refused(loaded: Panelik, command: str) -> None:
    refused = loaded("calls", *command.split())
    assert refused.code == 1
    assert refused.err == "There is no call no. 7. `panelik calls` lists what is not done."


def test_what_is_being_sent_is_left_alone(loaded: Panelik) -> None:
    until = BEGIN + timedelta(minutes=10)
    loaded.lets(owes(replace(WAITS, state=CallState.SENDING, lease_until=until)))
    refused = loaded("calls", "retry", "1")
    assert (refused.code, refused.err) == (
        1, "No. 1 is being asked just now. Please try again in two minutes."
    )  # fmt: skip
