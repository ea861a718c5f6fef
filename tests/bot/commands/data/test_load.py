from pathlib import Path

import pytest

from tests.billing.actions.company import BANK
from tests.bot.commands.conftest import Panelik
from tests.bot.datafolder.folders import CATALOG, client, service, write
from tests.world import World

PAYABLE = CATALOG.replace(
    "  name: Chmurnik\n",
    "  name: Chmurnik\n  bank_accounts: {PLN: {holder: Chmurnik, number: '1001'}}\n",
    1,
)

CHANGED = {"amount": "31.00", "next_due_date": "2027-03-31", "anchor_day": "31"}


def folder(home: Path, **changes: str) -> Path:
    return write(home, clients=[client()], services=[service(**changes)])


@pytest.mark.slow
def test_a_folder_is_loaded_once(panelik: Panelik, tmp_path: Path) -> None:
    first = panelik("load", folder(tmp_path))
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "Catalogue changed (revision 1); clients: 1 of 1 new or changed; services: 1 of 1 new or "
        "changed."
    )
    again = panelik("load", tmp_path)
    assert again.out == (
        "Catalogue unchanged (revision 1); clients: 0 of 1 new or changed; services: 0 of 1 new "
        "or changed."
    )


def test_every_mistake_is_listed_and_nothing_is_changed(panelik: Panelik, tmp_path: Path) -> None:
    wrong = write(
        tmp_path,
        clients=[client(currency="EUROS")],
        services=[service(cycle="fortnightly"), service(id="S-2", product="nothing")],
    )
    told = panelik("load", wrong)
    assert told.code == 1
    assert "clients.csv:2" in told.err
    assert "services.csv:2" in told.err
    assert "services.csv:3" in told.err
    assert told.err.endswith("3 mistakes. Nothing was changed.")
    assert panelik("credit", "C-1", "1.00").err == (
        'There is no client "C-1". The id is the one in clients.csv or in your panel.'
    )


def test_a_folder_that_is_not_there(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("load", tmp_path / "nowhere")
    assert told.code == 1
    assert "nowhere" in told.err


@pytest.mark.slow
def test_amounts_and_dates_of_known_services_stay(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", folder(tmp_path))
    kept = panelik("load", folder(tmp_path, name="Start Plus", **CHANGED))
    assert "services: 1 of 1 new or changed" in kept.out
    shown = panelik("load", tmp_path, "--state", "replace")
    assert "S-1: amount 29.00 PLN -> 31.00 PLN" in shown.out


@pytest.mark.slow
def test_replacing_the_state_says_what_was_and_what_is(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", folder(tmp_path))
    shown = panelik("load", folder(tmp_path, **CHANGED), "--state", "replace")
    assert shown.code == 0
    assert shown.out.startswith(
        "S-1: amount 29.00 PLN -> 31.00 PLN\n"
        "S-1: next_due_date 2027-02-28 -> 2027-03-31\n"
        "Catalogue unchanged (revision 1); clients: 0 of 1 new or changed; services: 1 of 1 new"
    )
    again = panelik("load", tmp_path, "--state", "replace")
    assert "->" not in again.out
    assert "services: 0 of 1" in again.out


def test_rows_that_differ_are_told_with_what_to_do(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", folder(tmp_path))
    told = panelik("load", folder(tmp_path, **CHANGED))
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[1] == (
        "1 service differs in amounts, cycle, dates or status, and what is here was kept: S-1. "
        "To take what the folder says, load with --state replace."
    )


def renew(panelik: Panelik, ref: str = "S-1") -> str:
    """Have Anna renew a service, and record her transfer; the proforma's number."""
    number = order(panelik, ref)
    assert panelik("paid", number).code == 0
    return number


def order(panelik: Panelik, ref: str = "S-1") -> str:
    """Have Anna order the renewal of a service; the proforma's number."""

    async def place(world: World) -> str:
        actions = world.core.actions
        async with world.core.database.work.reading() as uow:
            anna, service = await uow.clients.by_ref("C-1"), await uow.services.by_ref(ref)
        assert anna is not None
        assert service is not None
        await actions.add_renewal(anna, "pl", service.id)
        review = await actions.review_checkout(anna, "pl", use_credit=False)
        placed = await actions.place_order(
            anna, "pl", revision=review.quoted_cart.revision, seal=review.quoted_cart.seal,
            gateway_number=BANK, use_credit=False,
        )  # fmt: skip
        return placed.invoice.number

    return panelik.lets(place)


def payable(home: Path, **changes: str) -> Path:
    """The same folder of a company with a bank account."""
    return write(home, catalog=PAYABLE, clients=[client()], services=[service(**changes)])


@pytest.mark.slow
def test_a_renewal_made_here_is_not_taken_back(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", payable(tmp_path))
    renew(panelik)
    told = panelik("load", tmp_path, "--state", "replace")
    assert told.code == 3
    assert told.err == (
        "S-1: next_due_date kept: 2027-03-31 here, 2027-02-28 in the folder\n"
        "1 service was changed here after the last load (renewed, cancelled, accepted or "
        "rejected), and the folder does not know of it: S-1. What is here was kept. Enter it in "
        "your own system too; or, if the folder is right, load with --state replace --over-sales."
    )
    assert "->" not in told.out
    kept = panelik("load", tmp_path)
    assert kept.code == 0
    assert "1 service was changed here after the last load" in kept.out
    taken = panelik("load", tmp_path, "--state", "replace", "--over-sales")
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.startswith("S-1: next_due_date 2027-03-31 -> 2027-02-28\n")


def test_over_sales_goes_with_replace(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("load", folder(tmp_path), "--over-sales")
    assert (told.code, told.err) == (2, "--over-sales goes with --state replace.")


@pytest.mark.slow
def test_a_proforma_that_was_paid_elsewhere_is_closed_and_told(
    panelik: Panelik, tmp_path: Path
) -> None:
    panelik("load", payable(tmp_path))
    number = order(panelik)
    further = {"next_due_date": "2027-03-31"}
    told = panelik("load", payable(tmp_path, **further), "--state", "replace")
    assert told.code == 0
    assert told.out.splitlines()[-1] == (
        f"Proforma {number} of client C-1 was closed: S-1 is paid until 2027-03-31 already. "
        "The client is told."
    )
    assert f"Proforma {number} is cancelled" in panelik("paid", number).err


@pytest.mark.slow
def test_many_ids_are_cut_with_their_number(panelik: Panelik, tmp_path: Path) -> None:
    rows = [service(id=f"S-{number:02}") for number in range(12)]
    panelik("load", write(tmp_path, services=rows))
    dearer = [{**row, "amount": "31.00"} for row in rows]
    told = panelik("load", write(tmp_path, services=dearer))
    assert "12 services differ in amounts" in told.out
    assert "S-09 and 2 more. To take" in told.out


@pytest.mark.slow
def test_ids_that_look_like_loaded_ones_are_asked_about(panelik: Panelik, tmp_path: Path) -> None:
    panelik("load", write(tmp_path, clients=[client(id="1")]))
    again = write(tmp_path, clients=[client(id="001", telegram_ids="")])
    told = panelik("load", again)
    assert told.code == 1
    assert 'clients.csv:2: id: "001" looks like "1", which is loaded already.' in told.err
    assert told.err.endswith("1 mistake. Nothing was changed.")
    assert panelik("credit", "001", "1.00").code == 1
    assert panelik("load", again, "--new-ids").code == 0
    assert panelik("load", again).code == 0


def test_odd_texts_are_told(panelik: Panelik, tmp_path: Path) -> None:
    told = panelik("load", write(tmp_path, clients=[client(name="A &amp; B")]))
    assert told.code == 0
    assert told.err.splitlines() == [
        "Please look at this; it is loaded as it is:",
        'clients.csv:2: name: "&amp;" is HTML; should it be the character itself?',
    ]
