import pytest

from billing.rules.services.endings import completed, fits_ending, has_ending

ENDINGS = ("pl", "com.pl")


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("kwiaty.pl", True),
        ("kwiaty.com.pl", True),
        ("kwiaty.com", False),
        ("kwiaty.net.pl", False),
        ("sklep.kwiaty.pl", False),
        ("com.pl", False),
        ("kwiaty", False),
        (".pl", False),
        ("pl", False),
        ("Shop server", False),
    ],
)
def test_a_name_is_one_part_and_an_ending(name: str, *, fits: bool) -> None:
    assert fits_ending(name, ENDINGS) is fits
    assert fits_ending(name, ())


def test_a_subdomain_has_the_ending_all_the_same() -> None:
    assert has_ending("sklep.kwiaty.pl", ENDINGS)
    assert not has_ending("kwiatypl", ENDINGS)
    assert not has_ending("kwiaty.com", ENDINGS)


def test_a_name_is_completed_with_each_ending() -> None:
    assert completed("kwiaty", ENDINGS) == ("kwiaty.pl", "kwiaty.com.pl")
