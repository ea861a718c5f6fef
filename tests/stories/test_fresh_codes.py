"""A company that asks for a code by e-mail before paying and cancelling, now and then."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from billing.rules.errors import FreshCodeNeededError
from bot.sandbox.mailbox import Mailbox, mail_server, text_of
from bot.sandbox.people import ANNA
from bot.sockets import free_port
from storage.tables.accounts import clients, links
from tests.connected.fake import OUTSIDE, FakePanel
from tests.database import on_both_stores
from tests.make import STAFF, known
from tests.person import Person
from tests.stories.acts import client_of, data_of, reprice, service_of
from tests.stories.beside_a_panel import adopt, has_balance, orders_a_renewal
from tests.stories.test_access import is_invited
from tests.stories.test_linking_by_email import ANNAS, FROM, asks, code_in
from tests.stories.test_paying import checks_out, invoices_of
from tests.stories.test_service_page import open_page
from tests.world import START, World, open_world

pytestmark = on_both_stores

HOURS = 24
MASKED = "a…k@chmurnik.example"
ASKED = ("Czy to Ty?", MASKED, "Kod działa przez 10 minut.")


@pytest.fixture
def mailbox() -> Mailbox:
    """What was sent."""
    return Mailbox()


@pytest.fixture
async def world(prepared: str, mailbox: Mailbox) -> AsyncIterator[World]:
    async with asking(prepared, mailbox) as opened:
        yield opened


@asynccontextmanager
async def asking(
    prepared: str, mailbox: Mailbox, panel: FakePanel | None = None
) -> AsyncIterator[World]:
    """The world of a company that asks."""
    async with mail_server(mailbox) as port:
        smtp_url = f"smtp://127.0.0.1:{port}"
        async with open_world(
            prepared, connected=panel, smtp_url=smtp_url, mail_from=FROM, fresh_code_hours=HOURS
        ) as opened:
            yield opened


@pytest.fixture
def late(world: World, anna: Person) -> Person:
    """Anna, a day and a minute after she was linked."""
    world.clock.advance(timedelta(hours=HOURS, minutes=1))
    return anna


async def goes_to_pay(person: Person) -> None:
    """Up to the button that orders and pays, by bank transfer and without credit."""
    await checks_out(person)
    await person.taps("Przelew bankowy")


async def gets_code(world: World, mailbox: Mailbox) -> str:
    """Let the mail go out; its code."""
    before = len(mailbox.mails)
    await world.passes(seconds=2)
    assert len(mailbox.mails) == before + 1
    return code_in(mailbox)


async def test_paying_goes_on_after_the_code_exactly_where_it_was(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    anna = late
    await goes_to_pay(anna)
    anna.sees("42,00 zł", "[Zamawiam i płacę")
    await anna.taps("Zamawiam i płacę")
    anna.sees(*ASKED, "[Wyślij nowy kod] [Anuluj]")
    assert await invoices_of(world, anna) == 0
    code = await gets_code(world, mailbox)
    mail = mailbox.mails[-1]
    assert mail["To"] == ANNAS
    assert "Ktoś chce zapłacić albo zrezygnować z usługi" in text_of(mail)
    assert "nie podawaj nikomu tego kodu" in text_of(mail).lower()
    await anna.sends(f"{code[:3]}-{code[3:]}")
    anna.sees("Przelew bankowy: 42,00 zł")
    assert await invoices_of(world, anna) == 1
    await anna.sends(code)
    assert await invoices_of(world, anna) == 1

    await goes_to_pay(anna)
    await anna.taps("Zamawiam i płacę")
    anna.sees("Przelew bankowy:")
    assert len(mailbox.mails) == 1
    world.clock.advance(timedelta(hours=HOURS, minutes=1))
    await anna.sends("/invoices")
    await anna.taps("1")
    await anna.taps("Przelew bankowy")
    anna.sees(*ASKED)
    await anna.taps("Anuluj")
    anna.sees("Proforma PRO-202701-00002-7391")
    await anna.taps("Przelew bankowy")
    await anna.sends(await gets_code(world, mailbox))
    anna.sees("Przelew bankowy: 27,00 zł")


async def test_who_has_proved_it_lately_is_not_asked(
    world: World, mailbox: Mailbox, anna: Person
) -> None:
    world.clock.advance(timedelta(hours=HOURS))
    await goes_to_pay(anna)
    await anna.taps("Zamawiam i płacę")
    anna.sees("Przelew bankowy: 42,00 zł")
    assert mailbox.mails == []


async def test_without_the_setting_nobody_is_asked(prepared: str) -> None:
    async with open_world(prepared) as world:
        anna = world.person(ANNA)
        async with world.core.database.engines.writer.begin() as connection:
            await connection.execute(update(links).values(proved_at=None))
        await goes_to_pay(anna)
        await anna.taps("Zamawiam i płacę")
        anna.sees("Przelew bankowy: 42,00 zł")


async def test_a_proforma_and_a_cancellation_need_it_too(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    anna = late
    service = await service_of(world, anna, "Hosting Cumulus", "galeria-anny.example")
    await open_page(anna, "cumulus")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Jak najszybciej")
    await anna.sends("Przenoszę się")
    await anna.taps("Tak")
    anna.sees(*ASKED)
    async with world.core.database.work.reading() as uow:
        assert await uow.cancellations.open_for(service.client_id, service.id) is None
    await anna.sends(await gets_code(world, mailbox))
    async with world.core.database.work.reading() as uow:
        request = known(await uow.cancellations.open_for(service.client_id, service.id))
    assert request.reason == "Przenoszę się"


async def test_wrong_codes_are_counted_and_change_nothing(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    anna = late
    await goes_to_pay(anna)
    await anna.taps("Zamawiam i płacę")
    right = await gets_code(world, mailbox)
    await anna.sends("nie mam kodu")
    anna.sees("Kod z e-maila ma sześć cyfr.", *ASKED)
    for number in range(5):
        await anna.sends(f"{(int(right) + number + 1) % 1_000_000:06}")
        anna.sees("Ten kod jest błędny albo wygasł.", *ASKED)
    await anna.sends(right)
    anna.sees("Za dużo błędnych kodów. Odczekaj godzinę.", *ASKED)
    assert await invoices_of(world, anna) == 0
    assert len(mailbox.mails) == 1


async def test_a_cart_that_has_changed_meanwhile_is_shown_before_it_counts(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    anna = late
    await goes_to_pay(anna)
    await anna.taps("Zamawiam i płacę")
    service = await service_of(world, anna, "Hosting Obłok", "żółw.example")
    await reprice(world, service, known(service.amount) * 2)
    await anna.sends(await gets_code(world, mailbox))
    anna.sees("Zamówienie zmieniło się", "→")
    assert await invoices_of(world, anna) == 0


async def test_a_code_that_still_works_is_not_sent_again(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    anna = late
    await goes_to_pay(anna)
    button = data_of(anna, "Zamawiam i płacę")
    for _ in range(3):
        await anna.forges(button)
        anna.sees(*ASKED)
    await anna.taps("Wyślij nowy kod")
    await world.passes(seconds=2)
    assert len(mailbox.mails) == 1
    for _ in range(2):
        world.clock.advance(timedelta(minutes=2))
        await anna.taps("Wyślij nowy kod")
        await world.passes(seconds=2)
    assert len(mailbox.mails) == 3
    old = re.findall(r"\d{3} \d{3}", text_of(mailbox.mails[0]))[0]
    await anna.sends(old)
    anna.sees("Ten kod jest błędny albo wygasł.")
    world.clock.advance(timedelta(minutes=2))
    await anna.taps("Wyślij nowy kod")
    assert anna.toast == "Za dużo próśb o kod. Poczekaj godzinę albo poproś nas o kod."
    assert len(mailbox.mails) == 3
    await anna.sends(code_in(mailbox))
    anna.sees("Przelew bankowy:")


async def test_cancelling_leads_back_to_the_cart(world: World, late: Person) -> None:
    await goes_to_pay(late)
    await late.taps("Zamawiam i płacę")
    await late.taps("Anuluj")
    late.sees("🛒 Koszyk")


async def test_another_users_code_proves_nothing(
    world: World, mailbox: Mailbox, late: Person, piotr: Person
) -> None:
    await goes_to_pay(late)
    button = data_of(late, "Zamawiam i płacę")
    await late.taps("Zamawiam i płacę")
    code = await gets_code(world, mailbox)
    await piotr.sends("/start")
    await piotr.forges(button)
    piotr.sees(*ASKED)
    await piotr.sends(code)
    piotr.sees("Ten kod jest błędny albo wygasł.", *ASKED)
    assert await invoices_of(world, late) == 0


async def test_who_was_invited_needs_a_code_from_the_accounts_own_mail(
    world: World, mailbox: Mailbox, anna: Person, guest: Person
) -> None:
    """Else whoever has Anna's chat could invite themselves."""
    await is_invited(world, anna, guest)
    await guest.sends("/renew")
    await guest.taps("☐", row=0)
    await guest.taps("Pay")
    await guest.taps("Bank transfer")
    await guest.taps("Order and pay")
    guest.sees("Is it you?", MASKED)
    code = await gets_code(world, mailbox)
    assert mailbox.mails[-1]["To"] == ANNAS
    await guest.sends(code)
    guest.sees("Bank transfer:")


async def test_codes_that_link_and_codes_that_prove_are_not_the_same(
    world: World, mailbox: Mailbox, late: Person, guest: Person
) -> None:
    await goes_to_pay(late)
    await late.taps("Zamawiam i płacę")
    proof = await gets_code(world, mailbox)
    await late.sends("/link")
    await late.taps("Połącz przez e-mail")
    await late.sends("marta@chmurnik.example")
    await world.passes(seconds=2)
    await late.sends(proof)
    late.sees("Ten kod jest błędny albo wygasł.")


async def test_linking_the_account_anew_proves_it_as_well(
    world: World, mailbox: Mailbox, late: Person
) -> None:
    """As for an account without an address."""
    anna = late
    client = await client_of(world, anna)
    async with world.core.database.engines.writer.begin() as connection:
        of_anna = update(clients).where(clients.c.id == client.id)
        await connection.execute(of_anna.values(email="", email_key=""))
    await goes_to_pay(anna)
    await anna.taps("Zamawiam i płacę")
    anna.sees("Czy to Ty?", "nie mamy adresu e-mail tego konta", "[Mam kod]")
    code, _ = await world.core.actions.issue_link_code(client.ref, by=STAFF)
    await anna.taps("Mam kod")
    await anna.sends(code)
    await anna.taps("Tak, połącz")
    await anna.sends("/cart")
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Przelew bankowy: 42,00 zł")
    assert mailbox.mails == []


async def test_linking_by_email_proves_it_for_the_first_day(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, ANNAS)
    await guest.sends(code_in(mailbox))
    await guest.taps("Yes, link it")
    client = known((await world.core.actions.identify(guest.id)).client)
    assert client.proved_at == world.clock.now()


async def test_the_action_itself_refuses(world: World, late: Person) -> None:
    """Whatever a screen may have offered."""
    actions = world.core.actions
    client = known((await actions.identify(late.id)).client)
    assert client.proved_at == START
    with pytest.raises(FreshCodeNeededError):
        await actions.place_order(client, "pl", revision=1, seal=1, gateway_number=None)
    with pytest.raises(FreshCodeNeededError):
        await actions.pay_invoice(client, invoice_id=1, gateway_number=None)


async def test_a_mail_server_that_is_down_is_said_so(prepared: str) -> None:
    smtp_url = f"smtp://127.0.0.1:{free_port()}"
    async with open_world(
        prepared, smtp_url=smtp_url, mail_from=FROM, fresh_code_hours=HOURS
    ) as world:
        person = world.person(ANNA)
        world.clock.advance(timedelta(hours=HOURS, minutes=1))
        await goes_to_pay(person)
        await person.taps("Zamawiam i płacę")
        for _ in range(3):
            await world.passes(seconds=21)
        assert any("Nie udało się wysłać" in screen for screen in person.screens)


@pytest.fixture
async def beside(prepared: str, mailbox: Mailbox) -> AsyncIterator[World]:
    """The same company beside a panel whose balance pays; nobody has proved anything lately."""
    panel = FakePanel(START.date(), START, capabilities=replace(OUTSIDE, pays_balance=True))
    async with asking(prepared, mailbox, panel) as world:
        anna = world.person(ANNA)
        account = await adopt(world, panel, anna)
        await has_balance(world, panel, anna, 50_000)
        account.client = replace(known(account.client), email=ANNAS)
        await proves_nothing(world)
        yield world


async def proves_nothing(world: World) -> None:
    """Let every proof be too old."""
    async with world.core.database.engines.writer.begin() as connection:
        await connection.execute(update(links).values(proved_at=None))


async def test_beside_a_panel_sending_and_withdrawing_an_order_need_it(
    beside: World, mailbox: Mailbox
) -> None:
    anna = beside.person(ANNA)
    await orders_a_renewal(anna)
    anna.sees(*ASKED)
    await anna.sends(await gets_code(beside, mailbox))
    anna.sees("Składamy Twoje zamówienie")
    await beside.passes(seconds=30)
    anna.sees("✅ Zamówienie jest złożone")
    await proves_nothing(beside)
    await anna.taps("Pokaż zamówienie")
    await anna.taps("Wycofaj zamówienie")
    await anna.taps("Tak, wycofaj zamówienie")
    # The code still works that was typed half a minute ago.
    anna.sees(*ASKED)
    await anna.sends(code_in(mailbox))
    anna.sees("Wycofujemy Twoje zamówienie")


async def test_beside_a_panel_paying_from_the_balance_there_needs_it(
    beside: World, mailbox: Mailbox
) -> None:
    anna = beside.person(ANNA)
    await orders_a_renewal(anna)
    await anna.sends(await gets_code(beside, mailbox))
    await beside.passes(seconds=30)
    await anna.taps("Pokaż proformę")
    await proves_nothing(beside)
    await anna.taps("Zapłać 290,00 zł z salda")
    await anna.taps("Tak, zapłać 290,00 zł z salda")
    anna.sees(*ASKED)
    await anna.sends(code_in(mailbox))
    anna.sees("🕓 Płacimy za nią z Twojego salda.")
