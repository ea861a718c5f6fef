from zoneinfo import ZoneInfo

import pytest

from billing.rules.reminders.stages import ReminderReason
from billing.views.services import CancelWhen
from bot import running
from handlers.buttons import AddFromDigest, OpenDigest
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import client_of, data_of, service_of
from tests.world import OPERATOR, World

pytestmark = on_both_stores

WARSAW = ZoneInfo("Europe/Warsaw")
TAP = 6
"""The most statements that one tap may need."""


async def to_the_next_reminder(world: World) -> None:
    moment = await world.core.actions.next_reminder()
    assert moment is not None
    world.clock.advance(moment - world.clock.now())
    await running.tick(world.core)


def texts(person: Person) -> list[str]:
    return [message.get("text", "") for message in person._bot_messages()]


@pytest.mark.slow
async def test_one_message_in_the_morning_says_everything_that_is_due(
    world: World, anna: Person, piotr: Person
) -> None:
    await world.passes(minutes=1)
    assert texts(anna) == []
    await world.passes(hours=1)
    assert len(texts(anna)) == len(texts(piotr)) == 1
    anna.sees(
        "⏰ Czekają 3 płatności",
        "1. Domena .pl · galeria-anny-przyklad.pl",
        "⚠️ 11 sty 2027 · 1 dzień po terminie",
        "2. Hosting Cumulus · galeria-anny.example",
        "(za 3 dni)",
        "3. Dodatkowy adres IP · dodatek do: Hosting Cumulus",
        "Razem:",
    )
    await world.passes(hours=3)
    assert len(texts(anna)) == 1


@pytest.mark.slow
async def test_a_reminder_is_put_into_the_cart_and_paid(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("Dodaj do koszyka", row=0)
    assert anna.toast == "Dodano do koszyka."
    assert anna.buttons[:2] == ["1 · Domena .pl", "✓ W koszyku"]
    await anna.taps("✓ W koszyku")
    assert anna.toast == "Usunięto z koszyka."
    anna.does_not_see("[Zapłać 59,00 zł]")
    await anna.taps("Dodaj do koszyka", row=0)
    await anna.taps("Zapłać 59,00 zł")
    anna.sees("Jak chcesz zapłacić?")
    await anna.taps("‹ Wróć")
    anna.sees("⏰ Czekają 3 płatności")
    await anna.taps("Zapłać 59,00 zł")
    await anna.taps("Zamawiam i płacę")
    anna.sees("Zapłacono")
    assert len(texts(anna)) == 1


@pytest.mark.slow
async def test_credit_that_covers_what_is_due_is_mentioned_until_it_is_spent(
    world: World, anna: Person, piotr: Person
) -> None:
    await world.core.actions.adjust_credit("C-1001", "900.00", by=STAFF)
    await world.passes(minutes=1)
    await world.passes(hours=1)
    anna.sees("Razem: 469,00 zł", "💳 Saldo na to wystarczy: 960,00 zł")
    await anna.taps("Dodaj wszystkie")
    await anna.taps("Zapłać")
    await anna.taps("Saldo")
    await anna.taps("Zamawiam i płacę")
    await world.passes(minutes=1)
    assert not any("Wystarczą" in screen for screen in piotr.screens)


@pytest.mark.slow
async def test_everything_is_added_at_once(anna: Person, world: World) -> None:
    await world.passes(hours=1)
    await anna.taps("Dodaj wszystkie do koszyka (3)")
    assert anna.buttons.count("✓ W koszyku") == 3
    anna.sees("🛒 3 pozycje w koszyku")
    anna.does_not_see("Dodaj wszystkie")


@pytest.mark.slow
async def test_a_reminder_knows_what_was_done_elsewhere(
    world: World, anna: Person, piotr: Person
) -> None:
    await world.passes(hours=1)
    await anna.taps("Dodaj wszystkie")
    await anna.taps("Zapłać")
    await anna.taps("Przelew")
    await anna.taps("Zamawiam i płacę")
    await piotr.taps("Dodaj do koszyka", row=1)
    assert piotr.alerted
    piotr.sees("czeka proforma PRO-", "Dokończ płatność")
    await piotr.taps("Dokończ płatność", row=0)
    piotr.sees("Proforma", "do zapłaty")
    await piotr.taps("‹ Wróć")
    piotr.sees("⏰")


@pytest.mark.slow
async def test_a_transfer_that_arrives_is_told_to_everybody_and_ends_the_reminders(
    world: World, anna: Person, piotr: Person
) -> None:
    await world.passes(hours=1)
    await anna.taps("Dodaj wszystkie")
    await anna.taps("Zapłać")
    await anna.taps("Przelew")
    await anna.taps("Zamawiam i płacę")
    client = await client_of(world, anna)
    found = await world.core.actions.list_invoices(client, is_open=True)
    number = found.invoices[0].number
    await world.core.actions.record_transfer(number, "100.00", by=STAFF)
    await world.passes(minutes=1)
    piotr.sees("💳 Otrzymano: 100,00 zł", "Pozostało do zapłaty")
    await world.core.actions.record_transfer(number, by=STAFF)
    await world.passes(minutes=1)
    for person in (anna, piotr):
        person.sees("✅ Zapłacono", "odnowiono do")
    before = len(texts(anna))
    for _ in range(6):
        await world.passes(hours=12)
    assert len(texts(anna)) == before


@pytest.mark.slow
async def test_the_next_reminder_is_where_the_time_machine_goes(
    world: World, anna: Person, john: Person
) -> None:
    seen = 0
    for _ in range(5):
        await to_the_next_reminder(world)
        assert len(texts(anna)) + len(texts(john)) > seen
        seen = len(texts(anna)) + len(texts(john))
    assert any("payment" in text for text in texts(john))


@pytest.mark.slow
async def test_every_tap_on_a_reminder_needs_few_statements(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    database = world.core.database
    await anna.taps("Dodaj wszystkie")
    await anna.taps("✓ W koszyku", nth=0)
    await anna.taps("✓ W koszyku", nth=0)
    for label in ("Dodaj do koszyka", "✓ W koszyku", "Dodaj wszystkie", "Zapłać", "‹ Wróć"):
        with counting(database) as seen:
            await anna.taps(label, nth=0)
        assert len(seen) <= TAP, f"{label}: {seen}"


@pytest.mark.slow
async def test_a_reminder_of_somebody_else_opens_nothing(
    world: World, anna: Person, john: Person
) -> None:
    await world.passes(hours=1)
    hers = data_of(anna, "Dodaj wszystkie")
    await john.sends("/start")
    await john.forges(hers)
    john.does_not_see("galeria-anny")
    client = await client_of(world, john)
    for forged in (AddFromDigest(1, client.id), AddFromDigest(999, client.id), OpenDigest(1)):
        await john.forges(encode(forged))
        john.does_not_see("galeria-anny")
    cart = await world.core.actions.show_cart(await client_of(world, anna), "pl")
    assert cart.cart.lines == ()


@pytest.mark.slow
async def test_a_user_of_two_clients_is_led_to_the_right_one(
    world: World, anna: Person, john: Person
) -> None:
    code, _ = await world.core.actions.issue_link_code(
        (await client_of(world, john)).ref, by=STAFF
    )
    await anna.sends(f"/link {code}")
    await anna.taps("Tak")
    await world.passes(hours=1)
    mine, other = texts(anna)[-2:]
    assert "Konto: Anna Nowak" in mine + other
    place = next(message for message in anna._bot_messages() if "Konto: Anna" in message["text"])
    assert place["reply_markup"]["inline_keyboard"][0][0]["text"].startswith("Przejdź na konto")
    await anna.forges(place["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    assert (await client_of(world, anna)).name == "Anna Nowak"
    anna.sees("⏰ Czekają 3 płatności", "Dodaj do koszyka")


@pytest.mark.slow
async def test_the_operator_sees_what_to_do_and_the_client_what_was_decided(
    world: World, anna: Person
) -> None:
    hosting = await service_of(world, anna, "Hosting Cumulus")
    client = await client_of(world, anna)
    asked = await world.core.actions.request_cancellation(
        client, hosting.id, when=CancelWhen.PERIOD_END, reason="za <drogo>"
    )
    await world.passes(minutes=1)
    told = [m["text"] for m in world.driver.messages(OPERATOR)]
    assert f"panelik cancellations accept {asked.id}" in told[-1]
    assert "za <drogo>" in told[-1]
    await world.core.actions.decide_cancellation(asked.id, accept=False, by=STAFF)
    await world.passes(minutes=1)
    anna.sees("Nie możemy przyjąć rezygnacji", "Hosting Cumulus")
    await anna.taps("Strona usługi")
    anna.sees("Hosting Cumulus")


@pytest.mark.slow
async def test_a_user_who_blocks_the_bot_gets_nothing_and_can_return(
    world: World, anna: Person
) -> None:
    await anna.blocks()
    for _ in range(3):
        await world.passes(days=1)
    assert texts(anna) == []
    await anna.unblocks()
    for _ in range(4):
        await world.passes(days=1)
    assert len(texts(anna)) >= 1


@pytest.mark.slow
async def test_a_user_who_writes_is_reachable_even_without_an_update_about_it(
    world: World, anna: Person
) -> None:
    await world.core.actions.note_blocked(anna.id, blocked=True)
    for _ in range(3):
        await world.passes(days=1)
    assert texts(anna) == []
    await anna.sends("/start")
    before = len(texts(anna))
    for _ in range(4):
        await world.passes(days=1)
    assert len(texts(anna)) > before


@pytest.mark.slow
async def test_a_user_who_never_pressed_start_is_reminded_on_start(
    world: World, john: Person
) -> None:
    del world.api.world.chats[john.id]
    await world.passes(hours=3)
    lost = {one.ref: one.reason async for one in world.core.actions.list_unreachable()}
    assert lost["C-1002"] is ReminderReason.NEVER_STARTED
    await john.sends("/start")
    john.sees("Account: John Smith")
    await world.passes(minutes=1)
    john.sees("⏰ 1 payment is coming up", "Hosting Cumulus")


@pytest.mark.slow
async def test_reminders_keep_to_the_hours_of_the_day(world: World, anna: Person) -> None:
    sent = 0
    for _ in range(96):
        await world.passes(hours=1)
        if len(texts(anna)) > sent:
            sent = len(texts(anna))
            assert 9 <= world.clock.now().astimezone(WARSAW).hour < 20
    assert sent >= 3
