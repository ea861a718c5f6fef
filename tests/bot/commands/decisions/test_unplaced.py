"""What the operator does about money that fits nothing."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from billing.actions.payments.settle import Settler
from bot.sandbox.people import ANNA, GUEST
from tests.bot.commands.conftest import Panelik
from tests.stories.test_money_that_comes import orders, payment_for, pays
from tests.world import World

Happen = Callable[[World], Coroutine[Any, Any, str]]


def pays_strangely(**changes: Any) -> Happen:
    """Anna's proforma of 42 zł is paid in an unusual way; what she then reads."""

    async def happen(world: World) -> str:
        anna = world.person(ANNA)
        await orders(anna)
        await pays(world, anna, payment_for(world, anna, **changes))
        return anna.screen

    return happen


async def a_stranger_pays(world: World) -> str:
    anna, guest = world.person(ANNA), world.person(GUEST)
    await orders(anna)
    await pays(world, guest, payment_for(world, anna))
    return guest.screen


def test_nothing_waits(loaded: Panelik) -> None:
    assert loaded("unplaced").out == "No money waits for your decision."


@pytest.mark.slow
def test_what_fits_nothing_is_listed_and_becomes_credit_once(loaded: Panelik) -> None:
    loaded.lets(a_stranger_pays)
    listed = loaded("unplaced")
    assert listed.code == 0
    for words in ("42.00 PLN", "payer not linked to the client", "charge-1", str(GUEST.id)):
        assert words in listed.out
    done = loaded("unplaced", "credit", "1", "C-1001")
    assert done.code == 0
    assert done.out == (
        "No. 1: 42.00 PLN is credit of C-1001 Anna Nowak, who has 102.00 PLN now. "
        "The client is told."
    )
    again = loaded("unplaced", "credit", "1", "C-1001")
    assert (again.code, again.err) == (1, "Money no. 1 is closed already; nothing was changed.")
    assert loaded("unplaced").out == "No money waits for your decision."

    async def reads(world: World) -> str:
        await world.passes(minutes=1)
        return world.person(ANNA).screen

    assert "Dopisaliśmy 42,00 zł" in loaded.lets(reads).replace("\xa0", " ")


@pytest.mark.slow
def test_stars_cannot_be_credit_and_are_closed_with_a_note(loaded: Panelik) -> None:
    loaded.lets(pays_strangely(currency="XTR", total_amount=100))
    assert "100 XTR" in loaded("unplaced").out
    refused = loaded("unplaced", "credit", "1", "C-1001")
    assert refused.code == 1
    assert "is in XTR, the client's credit in PLN" in refused.err
    missing = loaded("unplaced", "close", "1", "--note", " ")
    assert (missing.code, missing.err) == (1, "Say with --note what was done with the money.")
    assert loaded("unplaced", "close", "1").code == 2
    closed = loaded("unplaced", "close", "1", "--note", "given back")
    assert (closed.code, closed.out) == (0, "No. 1, 100 XTR: closed.")
    assert loaded("unplaced", "close", "1", "--note", "again").code == 1


@pytest.mark.slow
def test_a_charge_of_300_characters_is_cut_in_the_list(loaded: Panelik) -> None:
    loaded.lets(pays_strangely(telegram_payment_charge_id="x" * 300))
    assert "x" * 61 not in loaded("unplaced").out
    assert "charge number missing or too long" in loaded("unplaced").out


@pytest.mark.parametrize("command", ["credit 7 C-1001", "close 7 --note x", "book 7"])
def test_a_number_that_is_not_listed_is_refused(loaded: Panelik, command: str) -> None:
    refused = loaded("unplaced", *command.split())
    assert refused.code == 1
    assert "There is no money no. 7" in refused.err


@pytest.mark.slow
def test_a_client_that_is_not_known_is_refused(loaded: Panelik) -> None:
    loaded.lets(a_stranger_pays)
    refused = loaded("unplaced", "credit", "1", "C-9")
    assert refused.code == 1
    assert 'There is no client "C-9"' in refused.err


@pytest.mark.slow
def test_what_failed_three_times_is_booked_by_command(
    loaded: Panelik, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is gone")

    async def fails(world: World) -> str:
        await pays_strangely()(world)
        for _ in range(3):
            await world.passes(minutes=10)
        # At some hours a reminder follows.
        return "\n".join(world.person(ANNA).screens)

    with monkeypatch.context() as patch:
        patch.setattr(Settler, "_apply", broken)
        assert "Właśnie ją księgujemy" in loaded.lets(fails)
        assert "failed three times" in loaded("unplaced").out
        assert loaded("unplaced", "book", "1").code == 1
    booked = loaded("unplaced", "book", "1")
    assert (booked.code, booked.out) == (0, "No. 1: booked. The client is told.")
    assert loaded("unplaced").out == "No money waits for your decision."


@pytest.mark.slow
def test_what_never_fits_is_not_booked_again(loaded: Panelik) -> None:
    loaded.lets(a_stranger_pays)
    refused = loaded("unplaced", "book", "1")
    assert refused.code == 1
    assert "it fits nothing" in refused.err
