"""What the operator does about money and orders, and what the client reads of it."""

import re
import shlex
import sqlite3
from contextlib import closing

import pytest

from bot.sandbox.people import ANNA, PIOTR, Profile
from tests.bot.commands.conftest import Panelik
from tests.person import Person
from tests.world import OPERATOR, World


async def renews_by_transfer(world: World) -> str:
    """Anna orders a renewal for 42 zł, to be paid by bank transfer; the proforma's number."""
    anna = world.person(ANNA)
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    return await by_transfer(anna)


async def renews_twice(world: World) -> tuple[str, str]:
    """Anna does so for another service as well."""
    anna, first = world.person(ANNA), await renews_by_transfer(world)
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    return first, await by_transfer(anna)


async def cancels_a_renewal(world: World) -> str:
    """Anna gives the proforma up again; its number."""
    anna, number = world.person(ANNA), await renews_by_transfer(world)
    await anna.taps("Pokaż proformę")
    await anna.taps("Anuluj proformę")
    await anna.taps("Tak, anuluj proformę")
    return number


async def everybody_blocks(world: World) -> None:
    """Nobody of Anna's account wants to hear anything."""
    for profile in (ANNA, PIOTR):
        await world.person(profile).blocks()


async def orders_a_server(world: World) -> str:
    """Anna orders a server that the company sets up, 448 zł; the proforma's number."""
    anna = world.person(ANNA)
    await anna.sends("/order")
    await anna.taps("Serwery VPS")
    await anna.taps("VPS Orkan")
    await anna.taps("miesięcznie")
    await anna.sends("serwer-gier")
    await anna.taps("Dodaj do koszyka")
    return await by_transfer(anna)


async def by_transfer(anna: Person) -> str:
    """Anna orders what is in the cart, to be paid by bank transfer; the proforma's number."""
    await anna.taps("Zapłać")
    if any("☑" in label for label in anna.buttons):
        await anna.taps("☑")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    return anna.copies("Kopiuj tytuł")


async def asks_to_cancel(world: World, reason: str = "Zamykam galerię", service: str = "") -> None:
    """Anna asks to cancel her hosting, at the end of the period, and says why."""
    anna = world.person(ANNA)
    await anna.sends("/services")
    if service:
        await anna.sends(service)
        await anna.taps(anna.buttons[0])
    else:
        await anna.taps("⏳ Hosting")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Z końcem okresu")
    await anna.sends(reason)
    await anna.taps("Tak, rezygnuję")


async def news(world: World) -> str:
    """What Anna is told next."""
    await world.passes(minutes=1)
    return world.person(ANNA).screen


async def commands_told(world: World) -> list[list[str]]:
    """The commands in the operator's newest message with some, as the shell takes them apart.

    News of a payment, and in the evening the summary of the day, may come after it.
    """
    await world.passes(minutes=1)
    told = Person(world.driver, Profile(OPERATOR, "Operator")).screens
    newest = [one for one in told if ": panelik" in one and "📊" not in one][-1]
    return [shlex.split(words) for words in re.findall(r": (panelik .+)", newest)]


@pytest.mark.slow
def test_the_operator_is_told_how_to_decide_an_order(loaded: Panelik) -> None:
    loaded("paid", loaded.lets(orders_a_server))
    accept, reject = loaded.lets(commands_told)
    assert "active, next due on" in loaded(*accept[1:]).out
    assert loaded(*reject[1:]).code == 1


@pytest.mark.slow
def test_the_operator_is_told_how_to_decide_a_cancellation(loaded: Panelik) -> None:
    loaded.lets(asks_to_cancel)
    accept, reject = loaded.lets(commands_told)
    assert "rejected" in loaded(*reject[1:]).out
    assert loaded(*accept[1:]).code == 1


@pytest.mark.slow
def test_the_operator_is_told_how_to_take_back_what_was_too_much(loaded: Panelik) -> None:
    loaded("paid", loaded.lets(renews_by_transfer), "50.00")
    (take_back,) = loaded.lets(commands_told)
    assert loaded(*take_back[1:]).out == (
        "C-1001 Anna Nowak: credit is 60.00 PLN now. The client is told."
    )


@pytest.mark.slow
def test_a_transfer_is_recorded_once(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    told = loaded("paid", number)
    assert told.code == 0
    assert re.fullmatch(
        rf"{number} of C-1001 Anna Nowak: paid\.\n"
        r"Hosting Obłok \(żółw\.example\): renewed until \d{4}-\d\d-\d\d\n"
        r"The client is told\.",
        told.out,
    )
    assert "odnowiono do" in loaded.lets(news)
    again = loaded("paid", number)
    assert again.code == 0
    assert re.match(
        rf"{number} of C-1001 Anna Nowak: recorded already, 42\.00 PLN on \d{{4}}-\d\d-\d\d; "
        r"nothing was changed\.\nHosting Obłok \(żółw\.example\): renewed until ",
        again.out,
    )
    assert again.out.endswith("add --again or --reference.")


@pytest.mark.slow
def test_a_part_is_recorded_and_the_rest_is_asked_for(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    for again, left in (((), "30.00"), (("--again",), "18.00")):
        told = loaded("paid", number, "12.00", *again).out
        assert re.fullmatch(
            rf"{number} of C-1001 Anna Nowak: 12\.00 PLN recorded, {left} PLN still to pay by "
            r"\d{4}-\d\d-\d\d\.\nThe client is told\.",
            told,
        )
        assert "nothing was changed" in loaded("paid", number, "12.00").out
    assert ": paid." in loaded("paid", number).out


@pytest.mark.slow
def test_a_reference_that_belongs_to_another_proforma_is_named(loaded: Panelik) -> None:
    first, second = loaded.lets(renews_twice)
    loaded("paid", first, "12.00", "--reference", "17")
    told = loaded("paid", second, "--reference", "17")
    assert (told.code, told.out) == (1, "")
    assert re.match(
        rf'The transfer "17" belongs to {first}: 12\.00 PLN, recorded on \d{{4}}-\d\d-\d\d\. '
        r"Nothing was changed\. .* add --also\.",
        told.err,
    )
    assert loaded("paid", second, "--reference", "17", "--also").code == 0
    assert "nothing was changed" in loaded("paid", second, "--reference", "17").out
    assert loaded("paid", second, "--also").code == 2


@pytest.mark.slow
def test_what_comes_for_a_paid_proforma_becomes_credit(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    loaded("paid", number)
    told = loaded("paid", number, "5.00", "--reference", "bank-2")
    assert told.out == (
        f"{number} of C-1001 Anna Nowak is paid already: 5.00 PLN became the client's credit.\n"
        "The client is told."
    )


@pytest.mark.slow
def test_too_much_becomes_credit(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    told = loaded("paid", number, "50.00")
    assert told.out.endswith("\n8.00 PLN too much became credit.\nThe client is told.")


@pytest.mark.slow
def test_what_came_too_late_is_said_to_have_renewed_nothing(loaded: Panelik) -> None:
    number = loaded.lets(cancels_a_renewal)
    told = loaded("paid", number)
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"Proforma {number} is cancelled. Say how much came, and that becomes the client's credit."
    )
    assert loaded("paid", number, "42.00").out.splitlines() == [
        f"{number} of C-1001 Anna Nowak was cancelled, so this was neither renewed nor ordered:",
        "Hosting Obłok (żółw.example)",
        "42.00 PLN is the client's credit now, and can be used for it.",
        "The client is told.",
    ]


@pytest.mark.slow
def test_the_operator_hears_when_nobody_can_be_told(loaded: Panelik) -> None:
    number = loaded.lets(renews_by_transfer)
    loaded.lets(everybody_blocks)
    told = loaded("paid", number, "2.00").out
    assert "Nobody is told: whoever is linked to C-1001 has blocked the bot" in told
    assert "has blocked the bot" in loaded("credit", "C-1001", "1.00").out
    assert "has blocked the bot" in loaded("paid", number).out
    assert "`panelik link C-1003` makes a code" in loaded("credit", "C-1003", "1.00").out


@pytest.mark.slow
def test_what_was_bought_is_told_line_by_line(loaded: Panelik) -> None:
    told = loaded("paid", loaded.lets(orders_a_server)).out.splitlines()
    assert re.fullmatch(
        r"VPS Orkan \(serwer-gier\): ordered; `panelik orders accept \d+` when it is set up",
        told[1],
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "amount", "reason"),
    [
        (
            "PRO-209901-00001-7391",
            "1.00",
            'There is no proforma "PRO-209901-00001-7391". Its number looks like',
        ),
        (
            "PRO-209901-00001",
            "1.00",
            'There is no proforma "PRO-209901-00001": a number has four more digits at the end',
        ),
        ("", "12,5,0", '"12,5,0" is not an amount.'),
        ("", "1.999", '"1.999" has more than 2 decimals.'),
        ("", "-5.00", '"-5.00"'),
    ],
)
def test_a_transfer_that_cannot_be(loaded: Panelik, number: str, amount: str, reason: str) -> None:
    there = loaded.lets(renews_by_transfer)
    told = loaded("paid", "--", number or there, amount)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(reason)
    assert f"{there} of C-1001 Anna Nowak: paid." in loaded("paid", there).out


@pytest.mark.slow
def test_credit_is_given_and_taken_back(loaded: Panelik) -> None:
    assert loaded("credit", "C-1001", "15.50").out == (
        "C-1001 Anna Nowak: credit is 75.50 PLN now. The client is told."
    )
    assert "Dodaliśmy do salda: 15,50 zł" in loaded.lets(news)
    taken = loaded("credit", "C-1001", "-70.50", "--note", "Zwrot na rachunek")
    assert taken.out.startswith("C-1001 Anna Nowak: credit is 5.00 PLN now.")
    said = loaded.lets(news)
    assert "Odjęliśmy z salda: 70,50 zł" in said
    assert "Zwrot na rachunek" in said
    assert loaded("credit", "--", "C-1001", "-5.00").out.startswith(
        "C-1001 Anna Nowak: credit is 0.00 PLN now."
    )
    told = loaded("credit", "--", "C-1001", "-0.01")
    assert (told.code, told.err) == (
        1,
        "The client's credit does not cover that; nothing was changed.",
    )
    assert loaded("credit", "C-9", "1").err.startswith('There is no client "C-9".')


@pytest.mark.slow
def test_an_order_waits_and_is_accepted(loaded: Panelik) -> None:
    number = loaded.lets(orders_a_server)
    assert "serwer-gier" not in loaded("orders").out
    loaded("paid", number)
    listed = loaded("orders").out
    assert number in listed
    assert "C-1001 Anna Nowak" in listed
    order = _number_of("serwer-gier", listed)
    told = loaded("orders", "accept", order)
    assert re.fullmatch(
        rf"Order {order}, VPS Orkan serwer-gier: active, next due on \d{{4}}-\d\d-\d\d\. "
        "The client is told.",
        told.out,
    )
    assert "serwer-gier" in loaded.lets(news)
    again = loaded("orders", "accept", order)
    assert (again.code, again.out) == (1, "")
    assert again.err.startswith(f"No order {order} is waiting.")


@pytest.mark.slow
def test_a_service_that_was_loaded_as_pending_waits_too(loaded: Panelik) -> None:
    listed = loaded("orders").out
    assert "(loaded) │ - │" in listed
    order = _number_of("VPS Halny", listed)
    assert loaded("orders", "accept", order).out.startswith(f"Order {order}, VPS Halny ")
    assert "VPS Halny" in loaded.lets(news)
    assert loaded("orders").out == "No orders wait."


@pytest.mark.slow
def test_a_rejected_order_becomes_credit(loaded: Panelik) -> None:
    loaded("paid", loaded.lets(orders_a_server))
    order = _number_of("serwer-gier", loaded("orders").out)
    told = loaded("orders", "reject", order)
    assert told.out.endswith(
        "rejected, the 448.00 PLN paid for it are the client's credit now. The client is told."
    )
    assert "credit is 509.00 PLN now." in loaded("credit", "C-1001", "1.00").out


def test_a_rejected_order_that_nobody_paid_for_speaks_of_no_credit(loaded: Panelik) -> None:
    order = _number_of("VPS Halny", loaded("orders").out)
    assert loaded("orders", "accept", order, "--reason", "za drogo").code == 2
    told = loaded("orders", "reject", order, "--reason", "Domena jest zajęta.").out
    assert told.endswith("rejected, nothing was paid for it here. The client is told.")
    assert "Nasz powód: Domena jest zajęta." in loaded.lets(news)


@pytest.mark.slow
def test_a_request_to_cancel_waits_and_is_accepted(loaded: Panelik) -> None:
    assert loaded("cancellations").out == "No requests to cancel wait."
    loaded.lets(asks_to_cancel)
    listed = loaded("cancellations").out
    for words in ("C-1001", "Hosting Cumulus galeria-anny.example", "Zamykam galerię"):
        assert words in listed
    number = _number_of("Hosting Cumulus", listed)
    told = loaded("cancellations", "accept", number).out
    assert re.fullmatch(
        rf"Request {number}: accepted, ends on \d{{4}}-\d\d-\d\d\. The client is told\.", told
    )
    assert "Hosting Cumulus" in loaded.lets(news)
    again = loaded("cancellations", "reject", number)
    assert (again.code, again.out) == (1, "")


def test_a_request_for_the_end_of_an_unknown_period_has_no_day(loaded: Panelik) -> None:
    with closing(sqlite3.connect(loaded.database)) as database, database:
        database.execute(
            "UPDATE services SET next_due_date = NULL, due_date_known = 0 WHERE ref = 'S-2001'"
        )
    loaded.lets(lambda world: asks_to_cancel(world, "Zamykam galerię", service="cumulus"))
    listed = loaded("cancellations").out
    assert "│ with its period, on a day not known yet │" in listed
    number = _number_of("Hosting Cumulus", listed)
    told = loaded("cancellations", "accept", number).out
    assert told.startswith(
        f"Request {number}: accepted, ends with its period, on a day not known yet."
    )
    assert "nie znamy jeszcze tego dnia" in loaded.lets(news)


@pytest.mark.slow
def test_a_rejected_request_changes_nothing(loaded: Panelik) -> None:
    loaded.lets(asks_to_cancel)
    number = _number_of("Hosting Cumulus", loaded("cancellations").out)
    assert loaded("cancellations", "accept", number, "--reason", "umowa").code == 2
    too_long = loaded("cancellations", "reject", number, "--reason", "x" * 601)
    assert "The reason is longer than 600 characters; nothing was decided." in too_long.err
    told = loaded("cancellations", "reject", number, "--reason", "Umowa trwa rok & <koniec>.")
    assert told.out.endswith("rejected. The client is told.")
    assert loaded("cancellations").out == "No requests to cancel wait."
    assert "Nasz powód: Umowa trwa rok & <koniec>." in loaded.lets(news)


@pytest.mark.slow
def test_lists_show_what_people_wrote_as_they_wrote_it(loaded: Panelik) -> None:
    reason = "[/b] [red]:warning: dość"
    loaded.lets(lambda world: asks_to_cancel(world, reason))
    assert f"│ {reason} │" in loaded("cancellations").out


def test_while_another_process_writes_one_can_read_and_is_told_to_try_again(
    loaded: Panelik, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engines.sqlite.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(loaded.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "VPS Halny" in loaded("orders").out
        told = loaded("credit", "C-1001", "1.00")
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"{loaded.database}: another process has been writing for too long; is a load running? "
        "Try again"
    )


def test_a_decision_needs_its_number(loaded: Panelik) -> None:
    for command in ("orders", "cancellations"):
        told = loaded(command, "accept")
        assert (told.code, told.err) == (2, "Which one? Give its number from the list.")
        assert loaded(command, "maybe", "1").code == 2
        assert loaded(command, "accept", "0").code == 2
        assert loaded(command, "accept", str(2**63)).code == 2
        assert loaded(command, "accept", str(2**63 - 1)).code == 1


def _number_of(words: str, listed: str) -> str:
    found = re.search(rf"^│ (\d+) │.*{words}", listed, re.MULTILINE)
    assert found, listed
    return found[1]


@pytest.mark.slow
def test_what_was_done_is_listed_with_who_did_it(
    loaded: Panelik, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "basia\x07")
    loaded("credit", "C-1001", "5.00")
    listed = loaded("audit")
    assert listed.code == 0
    for words in ("basia (command line)", "adjust credit", "C-1001", "5.00 PLN", "load"):
        assert words in listed.out
    monkeypatch.delenv("SUDO_USER")
    monkeypatch.setattr("getpass.getuser", _without_a_name)
    loaded("credit", "C-1001", "-5.00")
    assert "user " in loaded("audit").out


def _without_a_name() -> str:
    raise KeyError("uid not found")


def test_proformas_that_wait_are_listed(loaded: Panelik) -> None:
    assert loaded("proformas").out == "No proformas wait to be paid."
