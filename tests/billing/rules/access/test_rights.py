"""Who may change whose access."""

from datetime import timedelta

import pytest

from billing.rules.access.rights import (
    MOST_INVITATIONS,
    NAME_MAX,
    NEWCOMER_FOR,
    AccountUser,
    AccountUsers,
    Rights,
    check_invite,
    first_name,
    may_remove,
)
from billing.rules.errors import BillingError, NotAllowedError, NotFoundError
from tests.make import NOW

HOUR = timedelta(hours=1)
OWNER = AccountUser(1, "Anna", NOW - 50 * HOUR, Rights.EVERYTHING, is_owner=True)
PARTNER = AccountUser(2, "Piotr", NOW - 40 * HOUR, Rights.EVERYTHING, is_owner=False)
LOOKER = AccountUser(3, "", NOW - 30 * HOUR, Rights.LOOK, is_owner=False)
NEW = AccountUser(4, "Ola", NOW - HOUR, Rights.EVERYTHING, is_owner=False)
USERS = AccountUsers((OWNER, PARTNER, LOOKER, NEW))

REMOVABLE = {
    OWNER: {PARTNER, LOOKER, NEW},
    PARTNER: {NEW},
    LOOKER: set(),
    NEW: set(),
}


@pytest.mark.parametrize("remover", REMOVABLE, ids=lambda user: str(user.user_id))
def test_who_may_remove_whom(remover: AccountUser) -> None:
    may = {user for user in USERS.users if may_remove(remover, user, now=NOW)}
    assert may == REMOVABLE[remover]
    for user in USERS.users:
        if user in may:
            assert USERS.removable(remover.user_id, user.user_id, now=NOW) is user
        else:
            with pytest.raises(NotAllowedError):
                USERS.removable(remover.user_id, user.user_id, now=NOW)


def test_a_newcomer_is_one_for_a_day() -> None:
    last = NEW.linked_at + NEWCOMER_FOR
    assert may_remove(PARTNER, NEW, now=last - timedelta(seconds=1))
    assert not may_remove(PARTNER, NEW, now=last)
    assert may_remove(OWNER, NEW, now=last)


def test_only_the_owner_changes_others_and_never_themselves() -> None:
    assert USERS.other(1, 2) is PARTNER
    for by, user, error in (
        (1, 1, NotAllowedError),
        (2, 3, NotAllowedError),
        (1, 9, NotFoundError),
    ):
        with pytest.raises(error):
            USERS.other(by, user)
    with pytest.raises(NotFoundError):
        USERS.other(9, 2)


@pytest.mark.parametrize(
    ("user", "invitations", "is_on", "code"),
    [
        (1, MOST_INVITATIONS - 1, True, ""),
        (1, MOST_INVITATIONS, True, "too_many_invitations"),
        (1, 0, False, "no_invitations"),
        (2, 0, True, "owner_only"),
        (9, 0, True, "no_such_user"),
    ],
)
def test_who_may_invite(user: int, invitations: int, *, is_on: bool, code: str) -> None:
    refused = ""
    try:
        check_invite(USERS, user, invitations=invitations, is_on=is_on)
    except BillingError as error:
        refused = error.code
    assert refused == code


def test_each_kind_of_rights_is_a_part_of_the_larger_ones() -> None:
    everything, pay, look = (rights.allowed for rights in Rights)
    assert (everything.order, everything.cancel, everything.rename, everything.pay) == (True,) * 4
    assert (pay.order, pay.cancel, pay.rename, pay.pay) == (False, False, False, True)
    assert (look.order, look.cancel, look.rename, look.pay) == (False,) * 4
    for allowed, code in ((pay, "order"), (look, "order"), (look, "pay")):
        with pytest.raises(NotAllowedError) as refused:
            getattr(allowed, f"check_{code}")()
        assert refused.value.code == "access_limited"
    assert not (everything & everything).is_limited
    assert (everything & look).is_limited


@pytest.mark.parametrize(
    ("name", "kept"),
    [(" Ola\u200b ", "Ola"), ("", ""), ("x" * 80, "x" * NAME_MAX), ("A\nB", "A B")],
)
def test_a_name_is_kept_as_it_is_seen(name: str, kept: str) -> None:
    assert first_name(name) == kept
