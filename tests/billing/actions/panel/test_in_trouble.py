"""A service that has failed in the panel is the operator's matter, once."""

from dataclasses import replace
from datetime import date

from billing.rules.services.service import ServiceKind
from billing.views.notices.panel import ServiceInTrouble
from tests.billing.actions.panel.company import Connected

S1 = (ServiceKind.SERVICE, "S1")


async def _notices(beside: Connected) -> list[tuple[str, str]]:
    found = await beside.company.notices(ServiceInTrouble)
    return [(one.ref, one.trouble) for _, one in found]


async def test_it_is_told_once_and_again_when_it_is_another_matter(beside: Connected) -> None:
    account = await beside.account()
    await beside.reads()
    assert await _notices(beside) == []
    account.services[S1] = replace(account.services[S1], trouble="failed_renew")
    for _ in range(3):
        await beside.reads()
    assert await _notices(beside) == [("S1", "failed_renew")]
    account.services[S1] = replace(account.services[S1], trouble="on_hold")
    await beside.reads()
    assert ("S1", "on_hold") in await _notices(beside)
    later = replace(account.services[S1], next_due_date=date(2031, 1, 1))
    account.services[S1] = later
    await beside.reads()
    assert len(await _notices(beside)) == 3
