"""Help topics and their votes: one per user, changeable."""

import pytest

from billing.rules.errors import NotFoundError
from tests.billing.actions.company import ANNA, GUEST, JOHN, CompanyAtWork, catalogue
from tests.make import topic


@pytest.fixture
async def dns(company: CompanyAtWork) -> int:
    """The number of the one topic there is."""
    await company.publishes(catalogue(topics=(topic(),)))
    return (await company.actions.show_catalog()).topics[0].number


async def test_a_topic_is_shown_with_its_tally(company: CompanyAtWork, dns: int) -> None:
    page = await company.actions.show_help(ANNA, dns)
    assert (page.topic.id, page.useful, page.votes, page.mine) == ("dns", 0, 0, None)
    for user, useful in ((ANNA, True), (JOHN, False), (GUEST, True)):
        page = await company.actions.vote(user, dns, useful=useful)
    assert (page.useful, page.votes, page.mine) == (2, 3, True)
    assert await company.actions.show_help(GUEST, dns) == page
    assert (await company.actions.show_help(JOHN, dns)).mine is False


async def test_voting_twice_is_voting_once_and_a_vote_can_be_changed(
    company: CompanyAtWork, dns: int
) -> None:
    for useful, expected in ((True, 1), (True, 1), (False, 0), (True, 1)):
        page = await company.actions.vote(ANNA, dns, useful=useful)
        assert (page.useful, page.votes, page.mine) == (expected, 1, useful)


async def test_a_topic_that_is_gone_is_not_found(company: CompanyAtWork, dns: int) -> None:
    await company.publishes(catalogue(topics=(topic(id="mail"),)))
    with pytest.raises(NotFoundError):
        await company.actions.show_help(ANNA, dns)
    with pytest.raises(NotFoundError):
        await company.actions.vote(ANNA, dns, useful=True)
    assert (await company.actions.show_catalog()).topics[0].number == dns + 1


async def test_votes_outlive_a_topic_that_comes_back(company: CompanyAtWork, dns: int) -> None:
    await company.actions.vote(ANNA, dns, useful=True)
    await company.publishes(catalogue())
    await company.publishes(catalogue(topics=(topic(),)))
    page = await company.actions.show_help(ANNA, dns)
    assert (page.votes, page.mine) == (1, True)
