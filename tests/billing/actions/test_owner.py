"""A database belongs to one panel, by its name and identity."""

import asyncio

import pytest

from billing.actions.registry import Actions
from billing.rules.audit import Audited
from billing.rules.errors import BillingError
from billing.rules.panel.owner import Owner
from tests.billing.actions.company import CompanyAtWork, make_company
from tests.make import STAFF
from tests.panels import named


def under(company: CompanyAtWork, name: str, address: str = "") -> Actions:
    """The same database as a bot with this panel sees it."""
    return make_company(company.database, company.clock, panel=named(name, address)).actions


async def moves(actions: Actions) -> list[tuple[str, str]]:
    """What the audit trail says of moves: the panel and how."""
    entries = await actions.list_audit()
    return [(e.subject, e.note) for e in entries if e.action is Audited.MOVE_PANEL]


async def test_a_new_database_takes_the_panel_that_is_there(company: CompanyAtWork) -> None:
    actions = under(company, "whmcs", "https://a.example")
    assert (await actions.read_owner()).owner is None
    expected = Owner("whmcs", "https://a.example", company.clock.now())
    assert (await actions.keep_first_owner()).owner == expected
    company.passes(days=1)
    ownership = await actions.keep_first_owner()
    assert ownership == await actions.read_owner()
    assert ownership.owner == expected
    assert not ownership.is_other_panel
    assert not ownership.has_moved


async def test_an_owner_stays_whatever_panel_comes_later(company: CompanyAtWork) -> None:
    await company.actions.keep_first_owner()
    other = await under(company, "whmcs", "https://a.example").keep_first_owner()
    assert other.owner is not None
    assert other.owner.panel == "embedded"
    assert other.is_other_panel
    assert not other.has_moved


async def test_of_two_that_start_at_once_one_is_the_owner(company: CompanyAtWork) -> None:
    ownerships = await asyncio.gather(
        *(under(company, name).keep_first_owner() for name in ("embedded", "whmcs"))
    )
    assert ownerships[0].owner == ownerships[1].owner
    assert sorted(one.is_other_panel for one in ownerships) == [False, True]


async def test_the_same_panel_may_move_once_and_the_audit_trail_says_who(
    company: CompanyAtWork,
) -> None:
    before, after = "https://a.example", "https://b.example"
    await under(company, "whmcs", before).keep_first_owner()
    actions = under(company, "whmcs", after)
    assert (await actions.read_owner()).has_moved
    for _ in range(2):
        await actions.move_owner(by=STAFF)
        ownership = await actions.read_owner()
        assert ownership.owner is not None
        assert (ownership.owner.panel, ownership.owner.identity) == ("whmcs", after)
        assert not ownership.has_moved
    assert await moves(actions) == [("whmcs", f"{before} -> {after}")]
    assert (await under(company, "whmcs", before).read_owner()).has_moved


async def test_another_panel_never_moves_in(company: CompanyAtWork) -> None:
    actions = under(company, "whmcs", "https://a.example")
    with pytest.raises(BillingError, match="no_owner"):
        await actions.move_owner(by=STAFF)
    await company.actions.keep_first_owner()
    before = await company.actions.read_owner()
    with pytest.raises(BillingError, match="other_panel"):
        await actions.move_owner(by=STAFF)
    assert await company.actions.read_owner() == before
    assert await moves(actions) == []
