"""What one client has, with the traps of the lists on and off."""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.views.panel import SeenInvoice, SeenService, Snapshot
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.traps import NO_TRAPS, Traps
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

SERVICE, ADDON, DOMAIN = ServiceKind.SERVICE, ServiceKind.ADDON, ServiceKind.DOMAIN
UNPAID = (ServiceStatus.SUSPENDED, SuspendedFor.NON_PAYMENT, "")


async def read(there: Outside, client: int) -> Snapshot:
    account = await there.panel.reading.account(str(client))
    assert account is not None
    return account.snapshot


async def services(there: Outside, client: int) -> dict[str, SeenService]:
    return {one.ref: one for one in (await read(there, client)).services}


async def invoices(there: Outside, client: int) -> dict[str, SeenInvoice]:
    return {one.ref: one for one in (await read(there, client)).invoices}


async def test_a_service_as_the_panel_has_it(there: Outside) -> None:
    assert (await services(there, 1))["1"] == SeenService(
        SERVICE, "1", "2", "Hosting Start", ServiceStatus.ACTIVE, BillingCycle.ANNUALLY,
        Money(19900, "PLN"), date(2026, 11, 28), "jan.example", date(2027, 6, 16),
    )  # fmt: skip


@pytest.mark.parametrize("traps", [Traps(), Traps(addons_hidden=False), NO_TRAPS])
async def test_add_ons_are_found_whether_they_are_listed_or_not(
    clock: StillClock, traps: Traps
) -> None:
    async with outside(PanelApi(clock, traps=traps)) as there:
        jan, piotr = await services(there, 1), await services(there, 3)
    assert jan["2"].kind is ADDON
    assert (jan["2"].parent, jan["2"].amount) == ((SERVICE, "1"), Money(9000, "PLN"))
    assert piotr["11"].parent == (SERVICE, "10")
    assert (piotr["11"].cycle, piotr["11"].status) == (
        BillingCycle.ONE_TIME, ServiceStatus.PENDING,
    )  # fmt: skip


async def test_where_add_ons_are_listed_none_is_asked_for(clock: StillClock) -> None:
    async with outside(PanelApi(clock, traps=Traps(addons_hidden=False))) as there:
        await read(there, 1)
        # What is a service of its own is known from the products, which are read once an hour.
        assert sorted(there.calls()) == [
            "admin/client/get", "admin/invoice/get_list", "admin/order/get_list",
            "admin/product/get_list",
        ]  # fmt: skip
        there.forget()
        await read(there, 1)
        assert len(there.calls()) == 3


async def test_only_services_that_can_have_add_ons_are_asked(there: Outside) -> None:
    await read(there, 2)
    # Three of the five services are of a product with add-ons; none has one.
    assert there.calls().count("admin/order/addons") == 3
    there.forget()
    await read(there, 2)
    assert sorted(there.calls()) == [
        "admin/client/get", "admin/invoice/get_list", "admin/order/get_list",
    ]  # fmt: skip


async def test_a_new_add_on_is_found_at_once_by_its_invoice_and_within_the_hour_without(
    there: Outside,
) -> None:
    await read(there, 2)
    group = there.api.world.order(6).group_id
    number = await there.http.write(
        "admin/order/create", client_id=2, product_id=6, period="1M", group_id=group,
        invoice_option="no-invoice",
    )  # fmt: skip
    assert str(number) not in await services(there, 2)
    there.panel.reading.addons.seconds = lambda: time.monotonic() + 3601
    assert (await services(there, 2))[str(number)].parent == (SERVICE, "6")
    there.panel.reading.addons.without[6] = time.monotonic() + 3601
    line = {"title": "x", "price": 9, "type": "order", "rel_id": number, "task": "activate"}
    await there.http.write("admin/invoice/prepare", client_id=2, items=[line])
    there.forget()
    assert (await services(there, 2))[str(number)].parent == (SERVICE, "6")
    assert there.calls().count("admin/order/addons") == 0


async def test_an_add_on_whose_service_has_ended_is_known_from_its_invoice(
    there: Outside,
) -> None:
    await there.http.write("admin/order/cancel", id=1)
    there.forget()
    jan = await services(there, 1)
    assert (jan["1"].status, jan["1"].next_due_date) == (ServiceStatus.CANCELLED, None)
    assert (jan["2"].status, jan["2"].parent) == (ServiceStatus.ACTIVE, (SERVICE, "1"))
    assert ("admin/order/get", {"id": 2}) in there.api.calls


async def test_an_order_that_was_deleted_is_asked_for_once(there: Outside) -> None:
    await there.http.write("admin/order/delete", id=2)
    for _ in range(3):
        assert "2" not in await services(there, 1)
    assert there.calls().count("admin/order/get") == 1


async def test_an_order_with_meta_is_there_once(there: Outside) -> None:
    await there.http.write("admin/order/update", id=3, meta={f"k{n}": "x" for n in range(7)})
    seen = (await read(there, 1)).services
    assert sorted(one.ref for one in seen) == ["1", "2", "3", "4"]


async def test_of_a_domain_and_what_has_no_period(there: Outside) -> None:
    anna = await services(there, 2)
    assert (anna["9"].kind, anna["9"].domain) == (DOMAIN, "nowakstudio.pl")
    # What its renewal costs depends on its ending, not on what the order did.
    assert (anna["9"].amount, anna["9"].next_due_date) == (None, date(2026, 12, 28))
    assert (anna["8"].cycle, anna["8"].next_due_date) == (BillingCycle.ONE_TIME, None)
    assert anna["7"].amount == Money(9800, "PLN")


async def test_the_day_is_the_panels_own(clock: StillClock) -> None:
    api = PanelApi(clock, zone=ZoneInfo("Pacific/Auckland"))
    night = datetime.fromisoformat("2027-01-31 00:30:00")
    async with outside(api, zone="Pacific/Auckland") as there:
        api.world.order(3).expires_at = night
        api.world.invoice(4).created_at = night
        assert (await services(there, 1))["3"].next_due_date == date(2027, 1, 31)
        made = (await invoices(there, 1))["4"].created_at
        assert made == datetime(2027, 1, 30, 11, 30, tzinfo=UTC)


async def test_a_month_after_the_end_of_january_is_what_the_panel_says(there: Outside) -> None:
    number = int(await there.http.write("admin/invoice/renewal_invoice", id=5))
    await there.http.write(
        "admin/invoice/mark_as_paid", id=number, gateway_id=1, transactionId="t", execute=True
    )
    assert (await services(there, 2))["5"].next_due_date == date(2027, 3, 3)


@pytest.mark.parametrize(
    ("word", "reason", "expires", "expected"),
    [
        ("active", None, 30, (ServiceStatus.ACTIVE, None, "")),
        ("pending_setup", None, None, (ServiceStatus.PENDING, None, "")),
        ("failed_setup", None, None, (ServiceStatus.PENDING, None, "failed_setup")),
        ("canceled", None, None, (ServiceStatus.CANCELLED, None, "")),
        ("suspended", None, -1, UNPAID),
        ("suspended", "brak wpłaty", -1, UNPAID),
        ("suspended", "Invoice overdue", 1, UNPAID),
        ("suspended", "sends spam", 9, (ServiceStatus.SUSPENDED, SuspendedFor.OTHER, "")),
        ("failed_renew", None, 9, (ServiceStatus.ACTIVE, None, "failed_renew")),
        ("failed_renew", None, -9, (ServiceStatus.SUSPENDED, SuspendedFor.OTHER, "failed_renew")),
        ("failed_renew", None, None, (ServiceStatus.PENDING, None, "failed_renew")),
        ("on_hold", None, 9, (ServiceStatus.SUSPENDED, SuspendedFor.OTHER, "on_hold")),
    ],
)  # fmt: skip
async def test_each_status_has_a_meaning(
    there: Outside,
    clock: StillClock,
    word: str,
    reason: str | None,
    expires: int | None,
    expected: tuple[ServiceStatus, SuspendedFor | None, str],
) -> None:
    order = there.api.world.order(3)
    order.status, order.reason = word, reason
    now = clock.now().replace(tzinfo=None)
    order.expires_at = None if expires is None else now + timedelta(days=expires)
    seen = (await services(there, 1))["3"]
    assert (seen.status, seen.suspended_for, seen.trouble) == expected


async def test_balance_and_who_may_buy(there: Outside) -> None:
    await there.http.write("admin/client/balance_add_funds", id=2, amount=10.1, description="x")
    anna = await read(there, 2)
    assert (anna.balance, anna.is_closed) == (Money(4010, "PLN"), False)
    for word in ("suspended", "canceled", None):
        there.api.world.client(2).status = word
        assert (await read(there, 2)).is_closed


async def test_a_client_of_another_currency(there: Outside) -> None:
    eva = await read(there, 4)
    assert eva.services[0].amount == Money(12250, "EUR")
    assert eva.invoices[0].totals.gross == Money(12250, "EUR")
    there.api.world.client(4).currency = there.api.world.order(15).currency = "XTS"
    there.api.world.invoice(16).currency = "XTS"
    eva = await read(there, 4)
    assert (eva.services[0].amount, eva.invoices, eva.balance) == (None, (), None)


async def test_a_client_who_is_not_there_has_nothing(there: Outside) -> None:
    assert await there.panel.reading.account("99") is None
    assert await there.panel.reading.account("1abc") is None


@pytest.mark.parametrize("message", ["SQLSTATE[HY000]: gone away", "Something odd"])
async def test_something_wrong_is_not_a_client_who_is_gone(
    there: Outside, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    """One code stands for an unknown id and for a broken database."""

    def broken(_number: int) -> None:
        raise PanelError(message)

    monkeypatch.setattr(there.api.world, "client", broken)
    with pytest.raises(PanelUnreachableError):
        await there.panel.reading.account("2")
