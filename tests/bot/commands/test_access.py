"""Who has access, for the operator: codes for a mailing, the users of a client, ending a link."""

import csv
import stat

from bot.sandbox.people import ANNA, GUEST, JOHN, PIOTR
from tests.bot.commands.conftest import Panelik
from tests.world import World

ALL = ("link", "--all", "--bot", "@chmurnik_bot", "--csv")


def test_every_client_without_a_user_gets_a_code(loaded: Panelik) -> None:
    file = loaded.home / "codes.csv"
    outcome = loaded(*ALL, file, "--days", "30")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"1 code for clients without a user: {file}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ((row),) = csv.DictReader(file.read_text().splitlines())
    assert (row["client"], row["language"]) == ("C-1003", "pl")
    assert row["name"] == "Pracownia Zegarów, Marta Zielińska"
    assert row["link"] == f"https://t.me/chmurnik_bot?start=c_{row['code']}"

    async def joins(world: World) -> None:
        guest = world.person(GUEST)
        await guest.sends(row["link"])
        await guest.taps("Yes, link it")
        guest.sees("Pracownia Zegarów")

    loaded.lets(joins)
    again = loaded(*ALL, loaded.home / "more.csv")
    assert again.out.startswith("0 codes")
    audit = loaded("audit").out
    assert audit.count("issue link code") == 1


def test_a_file_is_never_overwritten_without_being_told(loaded: Panelik) -> None:
    file = loaded.home / "codes.csv"
    file.write_text("precious")
    refused = loaded(*ALL, file)
    assert refused.code == 1
    assert "is there already. Name another file, or add --overwrite" in refused.err
    assert file.read_text() == "precious"
    assert "issue link code" not in loaded("audit").out
    assert loaded(*ALL, file, "--overwrite").code == 0
    assert "C-1003" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(path.name for path in loaded.home.glob("*codes*")) == ["codes.csv"]


def test_wrong_usage_says_what_to_type(loaded: Panelik) -> None:
    for arguments in (("link",), ("link", "--all"), ("link", "C-1003", "--csv", "x.csv")):
        outcome = loaded(*arguments)
        assert outcome.code == 2
        assert "panelik link --all --csv FILE --bot NAME" in outcome.err
    nowhere = loaded(*ALL, loaded.home / "nowhere" / "codes.csv")
    assert nowhere.code == 1
    assert "cannot be written: No such file or directory" in nowhere.err


def test_the_users_of_a_client_are_listed(loaded: Panelik) -> None:
    outcome = loaded("links", "C-1001")
    assert outcome.code == 0
    assert str(ANNA.id) in outcome.out
    assert "owner" in outcome.out
    assert str(PIOTR.id) in outcome.out
    assert "everything" in outcome.out
    assert str(JOHN.id) not in outcome.out
    assert loaded("links", "C-1003").out == "Nobody is linked to client C-1003."
    assert loaded("links", "C-9").code == 1


def test_a_link_is_ended_once_and_its_user_is_told(loaded: Panelik) -> None:
    outcome = loaded("unlink", "C-1001", str(ANNA.id))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"User {ANNA.id} has no access to client C-1001 any more."

    async def reads(world: World) -> None:
        await world.passes(minutes=1)
        world.person(ANNA).sees("Nie masz już dostępu do konta: Anna Nowak.")
        world.person(PIOTR).sees("Teraz to konto należy do Ciebie.")

    loaded.lets(reads)
    again = loaded("unlink", "C-1001", str(ANNA.id))
    assert again.code == 1
    assert "is not linked to client C-1001" in again.err
    assert "end link" in loaded("audit").out
