"""Who is talking: codes that link, several clients of a user, several users of a client."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from billing.rules.access.link_codes import hash_code
from billing.rules.errors import LinkCodeError, NotFoundError
from billing.views.account import ClientInfo, Visitor
from billing.views.notices.money import Receipt
from tests.billing.actions.company import ANNA, CREDIT, GUEST, JOHN, PIOTR, PL, CompanyAtWork
from tests.make import STAFF


async def code_for(company: CompanyAtWork, ref: str = "anna") -> str:
    """The hash of a fresh code: what a draft keeps of it."""
    code, _ = await company.actions.issue_link_code(ref, by=STAFF)
    return hash_code(code)


def ref_of(visitor: Visitor) -> str | None:
    return visitor.client.ref if visitor.client else None


class TestACode:
    async def test_is_eight_letters_for_seven_days_and_kept_only_as_a_hash(
        self, company: CompanyAtWork
    ) -> None:
        code, expires_at = await company.actions.issue_link_code("anna", by=STAFF)
        assert len(code) == 8
        assert set(code).isdisjoint("0O1I")
        assert expires_at == company.clock.now() + timedelta(days=7)
        async with company.database.engines.readers.connect() as connection:
            rows = await connection.execute(text("SELECT * FROM link_codes"))
            assert code not in str(rows.all())

    async def test_is_for_a_client_there_is(self, company: CompanyAtWork) -> None:
        with pytest.raises(NotFoundError) as refused:
            await company.actions.issue_link_code("nobody", by=STAFF)
        assert refused.value.code == "no_such_client"

    @pytest.mark.parametrize("typed", [" {} ", "{}".lower(), "{}-", "„{}”"])
    async def test_may_be_typed_in_any_way(self, company: CompanyAtWork, typed: str) -> None:
        code, _ = await company.actions.issue_link_code("anna", by=STAFF)
        for written in (code, code.lower(), f"{code[:4]}-{code[4:]}"):
            found = await company.actions.preview_link(GUEST, hash_code(typed.format(written)))
            assert found.ref == "anna"

    async def test_shows_the_account_before_it_links(self, company: CompanyAtWork) -> None:
        code = await code_for(company)
        found = await company.actions.preview_link(GUEST, code)
        assert (found.ref, found.name) == ("anna", "Anna Nowak")
        assert ref_of(await company.actions.identify(GUEST)) is None
        linked = await company.actions.confirm_link(GUEST, code)
        assert ref_of(linked) == "anna"
        assert linked == await company.actions.identify(GUEST)

    async def test_keeps_the_language_that_was_read_until_then(
        self, company: CompanyAtWork
    ) -> None:
        linked = await company.actions.confirm_link(GUEST, await code_for(company), language="en")
        assert linked.language == "en"
        assert linked == await company.actions.identify(GUEST)
        same = await company.actions.confirm_link(9, await code_for(company), language="pl")
        assert same.language is None

    async def test_counts_once(self, company: CompanyAtWork) -> None:
        code = await code_for(company)
        await company.actions.confirm_link(GUEST, code)
        with pytest.raises(LinkCodeError) as refused:
            await company.actions.confirm_link(JOHN, code)
        assert refused.value.code == "wrong_code"
        assert ref_of(await company.actions.identify(JOHN)) == "john"

    async def test_confirmed_again_by_the_same_user_changes_nothing(
        self, company: CompanyAtWork
    ) -> None:
        code = await code_for(company)
        once = await company.actions.confirm_link(GUEST, code)
        assert await company.actions.confirm_link(GUEST, code) == once
        with pytest.raises(LinkCodeError) as refused:
            await company.actions.preview_link(GUEST, code)
        assert refused.value.code == "code_used_before"

    async def test_confirmed_again_after_leaving_does_not_link_again(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        code = await code_for(company)
        await company.actions.confirm_link(GUEST, code)
        await company.actions.unlink(anna, GUEST)
        assert ref_of(await company.actions.confirm_link(GUEST, code)) is None

    async def test_confirmed_by_two_at_once_links_one(
        self, company: CompanyAtWork, twin: CompanyAtWork
    ) -> None:
        code = await code_for(company)
        results = await asyncio.gather(
            company.actions.confirm_link(GUEST, code),
            twin.actions.confirm_link(GUEST + 1, code),
            return_exceptions=True,
        )
        assert sum(isinstance(result, LinkCodeError) for result in results) == 1

    async def test_expires(self, company: CompanyAtWork) -> None:
        code = await code_for(company)
        company.passes(days=7)
        with pytest.raises(LinkCodeError):
            await company.actions.preview_link(GUEST, code)
        with pytest.raises(LinkCodeError):
            await company.actions.confirm_link(GUEST, code)
        assert ref_of(await company.actions.identify(GUEST)) is None


class TestGuessing:
    async def test_five_wrong_guesses_an_hour_and_no_more(self, company: CompanyAtWork) -> None:
        code = await code_for(company)
        for _ in range(5):
            with pytest.raises(LinkCodeError) as refused:
                await company.actions.preview_link(GUEST, hash_code("WRONG"))
            assert refused.value.code == "wrong_code"
        for attempt in ("WRONG", code):
            with pytest.raises(LinkCodeError) as refused:
                await company.actions.preview_link(GUEST, attempt)
            assert refused.value.code == "too_many_guesses"
        await company.actions.preview_link(GUEST + 1, code)
        company.passes(minutes=60, seconds=1)
        assert (await company.actions.preview_link(GUEST, code)).ref == "anna"

    async def test_a_code_of_ones_own_tapped_again_is_no_guess(
        self, company: CompanyAtWork
    ) -> None:
        code = await code_for(company)
        await company.actions.confirm_link(GUEST, code)
        for _ in range(7):
            with pytest.raises(LinkCodeError) as refused:
                await company.actions.preview_link(GUEST, code)
            assert refused.value.code == "code_used_before"

    async def test_a_code_that_somebody_else_has_used_is_a_guess(
        self, company: CompanyAtWork
    ) -> None:
        code = await code_for(company)
        await company.actions.confirm_link(GUEST, code)
        for expected in [*["wrong_code"] * 5, "too_many_guesses"]:
            with pytest.raises(LinkCodeError) as refused:
                await company.actions.preview_link(JOHN, code)
            assert refused.value.code == expected


class TestSeveral:
    async def test_an_unknown_user_is_a_visitor(self, company: CompanyAtWork) -> None:
        assert await company.actions.identify(GUEST) == Visitor(GUEST)

    async def test_two_users_act_for_one_client(self, company: CompanyAtWork) -> None:
        one, other = [await company.actions.identify(user) for user in (ANNA, PIOTR)]
        assert one.client == other.client
        assert ref_of(one) == "anna"

    async def test_a_user_of_two_clients_acts_for_one_at_a_time(
        self, company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
    ) -> None:
        await company.actions.confirm_link(ANNA, await code_for(company, "john"))
        visitor = await company.actions.identify(ANNA)
        assert (ref_of(visitor), visitor.linked) == ("john", 2)
        assert ref_of(await company.actions.switch_client(ANNA, anna.id)) == "anna"
        account = await company.actions.show_account(await company.actions.identify(ANNA))
        assert [client.ref for client in account.clients] == ["anna", "john"]
        left = await company.actions.unlink(anna, ANNA)
        assert (ref_of(left), left.linked) == ("john", 1)
        gone = await company.actions.unlink(john, ANNA)
        assert (ref_of(gone), gone.linked) == (None, 0)

    async def test_a_user_cannot_act_for_an_unlinked_client(
        self, company: CompanyAtWork, anna: ClientInfo, john: ClientInfo
    ) -> None:
        for user, client in ((ANNA, john), (GUEST, anna)):
            with pytest.raises(NotFoundError):
                await company.actions.switch_client(user, client.id)
        with pytest.raises(NotFoundError):
            await company.actions.switch_client(ANNA, 4711)
        assert ref_of(await company.actions.identify(ANNA)) == "anna"

    async def test_leaving_twice_is_leaving_once(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        for _ in range(2):
            assert ref_of(await company.actions.unlink(anna, ANNA)) is None
        assert ref_of(await company.actions.identify(PIOTR)) == "anna"


class TestChoices:
    async def test_language_and_time_zone_are_the_users_own_until_taken_back(
        self, company: CompanyAtWork
    ) -> None:
        visitor = await company.actions.identify(ANNA)
        visitor = await company.actions.choose_language(visitor, "en")
        visitor = await company.actions.choose_timezone(visitor, "Asia/Tokyo")
        assert visitor == await company.actions.identify(ANNA)
        assert (visitor.language, visitor.timezone) == ("en", "Asia/Tokyo")
        other = await company.actions.identify(PIOTR)
        assert (other.language, other.timezone) == (None, None)
        visitor = await company.actions.choose_language(visitor, None)
        visitor = await company.actions.choose_timezone(visitor, None)
        assert visitor == await company.actions.identify(ANNA)
        assert (visitor.language, visitor.timezone) == (None, None)

    async def test_a_visitor_chooses_too(self, company: CompanyAtWork) -> None:
        visitor = await company.actions.choose_language(Visitor(GUEST), PL)
        assert visitor == await company.actions.identify(GUEST)

    async def test_who_has_blocked_the_bot_is_told_nothing_until_they_are_back(
        self, company: CompanyAtWork
    ) -> None:
        ids = await company.ids()
        await company.actions.note_blocked(ANNA, blocked=True)
        await company.renew(ids["S1"], gateway=CREDIT)
        assert await company.users_with(Receipt) == [PIOTR]
        await company.actions.note_blocked(ANNA, blocked=False)
        assert await company.users_with(Receipt) == [ANNA, PIOTR]
        await company.renew(ids["A1"], gateway=CREDIT)
        assert await company.users_with(Receipt) == [ANNA, PIOTR, ANNA, PIOTR]
