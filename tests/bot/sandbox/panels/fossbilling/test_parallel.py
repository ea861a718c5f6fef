"""The trap of calls at the same time: they do not see each other's writes; on and off."""

import asyncio

from tests.bot.sandbox.panels.fossbilling.calling import TrapCase, trap


def _let_meet(case: TrapCase) -> None:
    """Let four writes look before the first one writes; without the trap they only take time."""
    meeting = asyncio.Barrier(4)
    case.panel.api.world.pause = meeting.wait if case.is_on else lambda: asyncio.sleep(0.02)


@trap("parallel_doubles")
async def test_four_renewals_at_once_make_four_invoices(case: TrapCase) -> None:
    _let_meet(case)
    numbers = await case.panel.at_once(4, "admin/invoice/renewal_invoice", id=4)
    expected = {"21", "22", "23", "24"} if case.is_on else {"21", 21}
    assert set(numbers) == expected
    unpaid = await case.panel.ask("admin/invoice/get_list", order_id=4, status="unpaid")
    assert unpaid["total"] == (4 if case.is_on else 1)


@trap("parallel_doubles")
async def test_four_payments_of_an_invoice_at_once_move_the_date_four_times(
    case: TrapCase,
) -> None:
    _let_meet(case)
    payment = {"id": 4, "gateway_id": 1, "transactionId": "t-1", "execute": 1}
    assert await case.panel.at_once(4, "admin/invoice/mark_as_paid", **payment) == [True] * 4
    expected = "2027-04-03 12:00:00" if case.is_on else "2027-01-03 12:00:00"
    assert (await case.panel.order(3))["expires_at"] == expected
    rows = await case.panel.ask("admin/invoice/transaction_get_list", txn_id="T-1")
    assert rows["total"] == 1


@trap("parallel_doubles")
async def test_four_payments_from_the_balance_at_once_charge_four_times(case: TrapCase) -> None:
    await case.panel.ask("admin/client/balance_add_funds", id=1, amount=500, description="x")
    _let_meet(case)
    answers = await case.panel.at_once(4, "admin/invoice/pay_with_credits", id=4)
    assert answers == [True] * 4
    balance = (await case.panel.ask("admin/client/get", id=1))["balance"]
    assert balance == 500 - 49 * (4 if case.is_on else 1)
    assert (await case.panel.order(3))["expires_at"] == "2027-01-03 12:00:00"
