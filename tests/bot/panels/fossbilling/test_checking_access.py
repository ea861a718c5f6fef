"""What a check says of a panel that it does not reach, or that keeps somebody out."""

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.money import Money
from billing.rules.panel.panel_calls import Verb
from billing.views.panel import FindingState
from bot.panels.fossbilling.probe_subjects import Subjects, client_of
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.callers import Caller
from bot.sandbox.panels.fossbilling.errors import PanelError
from tests.bot.panels.fossbilling.serving import Outside, found, outside
from tests.fakes import StillClock

OK, OFF, MISSING = FindingState.OK, FindingState.OFF, FindingState.MISSING


async def test_a_wrong_token_is_all_that_is_said(clock: StillClock) -> None:
    async with outside(PanelApi(clock), token="wrong") as there:
        findings = await there.panel.check()
    assert [(one.about, one.state) for one in findings] == [("address", OK), ("token", MISSING)]
    assert "PANELIK_PANEL_TOKEN" in findings[1].text


async def test_a_machine_that_the_panel_refuses(there: Outside) -> None:
    there.api.allowed_ips = {"203.0.113.7"}
    (finding,) = await there.panel.check()
    assert (finding.about, finding.state) == ("address", MISSING)
    assert "allowed_ips" in finding.text
    there.api.allowed_ips.add("127.0.0.1")
    assert (await found(there))["address"].state is OK


async def test_a_machine_that_the_panel_refuses_is_no_answer_to_anything(there: Outside) -> None:
    (known,) = await there.panel.find_clients(there.api.world.client(1).email)
    there.api.allowed_ips = {"203.0.113.7"}
    for asked in (
        there.panel.find_clients(known.email), there.panel.client(known.ref),
        there.panel.changes(""), there.panel.catalogue(),
    ):  # fmt: skip
        with pytest.raises(PanelUnreachableError):
            await asked
    assert there.panel.capabilities.tells_changes


async def test_a_payment_waits_for_a_machine_that_the_panel_refuses(
    there: Outside, clock: StillClock
) -> None:
    subjects = Subjects(client_of("1", "PLN"), clock.now())
    invoice = subjects.invoice("4", Money(100, "PLN"))
    payment = subjects.payment(invoice)
    paid = subjects.subject(Verb.RECORD_PAYMENT, "", invoice=invoice, payment=payment)
    there.api.allowed_ips = {"203.0.113.7"}
    with pytest.raises(PanelUnreachableError):
        await there.panel.prepare(paid)
    there.api.allowed_ips = set()
    there.api.denied.add("invoice.view")
    assert "not_permitted" in await there.panel.prepare(paid)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (201, "the header Authorization"), (206, "PANELIK_PANEL_TOKEN is empty"),
        (1002, "allowed_ips"), (1004, "require_referrer_header"), (403, "code 403"),
    ],
)  # fmt: skip
async def test_why_a_token_is_refused(
    there: Outside, monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    def refuse(_world: object, role: str, **_: str) -> Caller:
        if role == "guest":
            return Caller(role)
        raise PanelError("Authentication Failed", code, status=401)

    monkeypatch.setattr("bot.sandbox.panels.fossbilling.api.caller_of", refuse)
    finding = (await found(there))["token"]
    assert (finding.state, told in finding.text) == (MISSING, True)


async def test_an_update_that_waits_to_be_finished(there: Outside) -> None:
    there.api.update_pending = True
    findings = await found(there)
    assert [(about, one.state) for about, one in findings.items()] == [
        ("address", OK), ("token", MISSING),
    ]  # fmt: skip
    assert "finish it there" in findings["token"].text
    assert await there.http.read("admin/system/update_finalization_status")


async def test_nothing_answers(there: Outside) -> None:
    there.api.faults.add(Fault("*", "cut", count=None))
    (finding,) = await there.panel.check()
    assert (finding.about, finding.state) == ("address", MISSING)


async def test_there_is_no_panel(clock: StillClock) -> None:
    async with outside(PanelApi(clock)) as there:
        there.panel.http.access = type(there.http.access)(f"{there.address}/shop", "t")
        (finding,) = await there.panel.check()
    assert "not a FOSSBilling" in finding.text


async def test_maintenance_and_its_rate_limit(there: Outside) -> None:
    there.api.maintenance = True
    findings = await found(there)
    assert (findings["address"].state, findings["token"].state) == (OFF, OK)
    assert (findings["version"].state, findings["currencies"].state) == (OK, OFF)
    assert "maintenance mode" in findings["currencies"].text
    there.api.maintenance = False
    there.api.limit.calls = 0
    there.api.limit._buckets.clear()
    assert (await found(there))["token"].text.startswith("It says that there were too many calls")
