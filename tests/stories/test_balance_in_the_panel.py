"""The client's balance in the panel pays a proforma when they ask for it, once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import chain, repeat

import pytest

from billing.rules.payments.charges import Charge, Misfit
from tests.connected.fake import OUTSIDE, Account, FakePanel, Trouble
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, data_of, taps_twice
from tests.stories.beside_a_panel import (
    adopt,
    goes_away,
    has_balance,
    orders_a_renewal,
)
from tests.world import START, World, open_world

pytestmark = on_both_stores

FROM_BALANCE = "Zapłać 290,00 zł z salda"
YES = "Tak, zapłać 290,00 zł z salda"


@pytest.fixture
def panel() -> FakePanel:
    return FakePanel(START.date(), START, capabilities=replace(OUTSIDE, pays_balance=True))


@pytest.fixture
async def world(prepared: str, panel: FakePanel) -> AsyncIterator[World]:
    async with open_world(prepared, connected=panel) as opened:
        yield opened


@pytest.fixture
async def account(world: World, panel: FakePanel, anna: Person) -> Account:
    """Anna's, with a proforma of 290 zł on her screen and 500 zł on her balance."""
    account = await adopt(world, panel, anna)
    await has_balance(world, panel, anna, 50_000)
    await orders_a_renewal(anna)
    await world.passes(seconds=30)
    await anna.taps("Pokaż proformę")
    return account


async def test_it_pays_once_the_client_has_seen_what_it_takes(
    world: World, account: Account, anna: Person
) -> None:
    anna.sees("Twoje saldo: 500,00 zł", f"[{FROM_BALANCE}]", "Przelew bankowy · 290,00 zł")
    asks = data_of(anna, FROM_BALANCE)
    await anna.taps(FROM_BALANCE)
    anna.sees("💳 Zapłacić 290,00 zł z salda?", "Proforma FV-B1", "po zapłacie zostanie 210,00 zł")
    assert account.balance == 50_000
    await taps_twice(anna, YES)
    anna.sees("🕓 Płacimy za nią z Twojego salda.")
    anna.does_not_see("Przelew bankowy", "z salda?", f"[{FROM_BALANCE}]")
    await anna.forges(asks)
    anna.sees("🕓 Płacimy za nią z Twojego salda.")
    await world.passes(seconds=30)
    assert (account.balance, len(account.renewed)) == (21_000, 1)
    await anna.sends("/invoices")
    await anna.taps("Zamknięte (1)")
    await anna.taps("1")
    anna.sees("✅ zapłacona", "✅ odnowiono do 15 sty 2028")


async def test_a_lost_answer_pays_nothing_a_second_time(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    await anna.taps(FROM_BALANCE)
    panel.troubles = chain([Trouble.NONE, Trouble.ANSWER_LOST], repeat(Trouble.NONE))
    await anna.taps(YES)
    await world.passes(seconds=30)
    await world.passes(minutes=3)
    assert (account.balance, len(account.renewed)) == (21_000, 1)


async def test_what_the_panel_refuses_is_told_and_can_be_paid_otherwise(
    world: World, account: Account, anna: Person
) -> None:
    await anna.taps(FROM_BALANCE)
    account.balance = 100
    await anna.taps(YES)
    await world.passes(seconds=30)
    anna.sees("❌ Proforma FV-B1 nie została opłacona z salda", "Nic nie pobraliśmy.")
    await anna.taps("Inne sposoby")
    anna.sees("🧾 do zapłaty", "Przelew bankowy · 290,00 zł")
    assert (account.balance, account.renewed) == (100, [])


async def test_what_has_changed_meanwhile_is_shown_first(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    await anna.taps(FROM_BALANCE)
    yes = data_of(anna, YES)
    await has_balance(world, panel, anna, 28_999)
    await anna.forges(yes)
    assert anna.toast == "Twoje saldo na to nie wystarcza."
    anna.sees("Twoje saldo: 289,99 zł", "Przelew bankowy")
    anna.does_not_see(f"[{FROM_BALANCE}]")
    await has_balance(world, panel, anna, 50_000)
    parts = yes.split(":")
    await anna.forges(":".join([*parts[:2], parts[2][:-1], *parts[3:]]))
    anna.sees("🧾 do zapłaty", f"[{FROM_BALANCE}]")
    await world.passes(seconds=30)
    assert account.balance == 50_000


async def test_nobody_pays_from_anothers_balance(
    world: World, account: Account, anna: Person, john: Person
) -> None:
    await anna.taps(FROM_BALANCE)
    yes = data_of(anna, YES)
    await john.sends("/start")
    await john.forges(yes)
    john.does_not_see("FV-B1", "290,00")
    await world.passes(seconds=30)
    assert account.balance == 50_000


async def test_it_waits_while_the_panel_does_not_answer(
    world: World, account: Account, anna: Person
) -> None:
    await anna.taps(FROM_BALANCE)
    await goes_away(world)
    await anna.taps(YES)
    assert anna.toast.startswith("Nasz panel chwilowo nie odpowiada")
    await goes_away(world, answers=True)
    await world.passes(seconds=30)
    assert account.balance == 50_000


async def test_money_that_fits_nothing_reaches_it_by_the_operators_command_only(
    world: World, panel: FakePanel, account: Account, anna: Person
) -> None:
    number = await sets_aside(world, 1_000)
    await world.passes(minutes=10)
    assert account.added == []
    actions, ref = world.core.actions, (await client_of(world, anna)).ref
    _, amount, credit = await actions.credit_unplaced(number, ref, by=STAFF)
    assert (str(amount), credit) == ("10.00 PLN", None)
    assert not await actions.list_unplaced()
    await world.passes(seconds=30)
    anna.sees("💳 Na Twoje saldo wpłynęło 10,00 zł")
    assert ([minor for _, minor in account.added], account.balance) == ([1_000], 51_000)


@pytest.mark.parametrize("drops", [False, True])
async def test_money_that_the_panel_does_not_take_waits_again(
    world: World, panel: FakePanel, account: Account, anna: Person, drops: bool
) -> None:
    number = await sets_aside(world, 1_000)
    actions, ref = world.core.actions, (await client_of(world, anna)).ref
    await actions.credit_unplaced(number, ref, by=STAFF)
    if drops:
        (listed,) = await actions.list_calls()
        await actions.drop_call(listed.call.id, by=STAFF)
    else:
        account.refusal = "client_closed"
        await world.passes(seconds=30)
        account.refusal = ""
    (waiting,) = await actions.list_unplaced()
    assert (waiting.id, waiting.note, account.added) == (number, "", [])
    await actions.credit_unplaced(number, ref, by=STAFF)
    await world.passes(seconds=30)
    assert [minor for _, minor in account.added] == [1_000]
    anna.sees("💳 Na Twoje saldo wpłynęło 10,00 zł")


async def test_one_bank_reference_is_recorded_there_once(
    world: World, panel: FakePanel, account: Account
) -> None:
    record = world.core.actions.record_transfer
    for _ in range(2):
        await record("FV-B1", "290.00", by=STAFF, reference="BANK/1")
    await world.passes(seconds=30)
    await record("FV-B1", "290.00", by=STAFF, reference="BANK/1")
    await world.passes(seconds=30)
    assert [minor for *_, minor in account.payments] == [29_000]
    assert len(account.renewed) == 1


async def sets_aside(world: World, minor: int) -> int:
    """Let money come that fits nothing; its number in the operator's list."""
    charge = Charge(source="telegram", event_id="e1", charge_id="c1", amount=minor, currency="PLN")
    async with world.core.database.work.writing() as uow:
        number = await uow.unplaced.add(charge, Misfit.UNKNOWN_PAYLOAD, at=world.clock.now())
        await uow.commit()
    assert number is not None
    return number
