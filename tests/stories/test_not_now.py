"""Reminders as their readers want them: put off, muted, chosen, and drawn anew."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from locales.text import legible
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, service_of
from tests.world import World

WARSAW = ZoneInfo("Europe/Warsaw")
DUE = "⏰"


def reminders(person: Person) -> list[str]:
    """The reminders there are in the chat, as they read now."""
    return [screen for screen in person.screens if screen.startswith(DUE)]


async def goes_to(world: World, day: date, hour: int = 12) -> None:
    """Live hour by hour until a time in Warsaw."""
    until = datetime(day.year, day.month, day.day, hour, tzinfo=WARSAW)
    while world.clock.now() < until:
        await world.passes(hours=1)


@pytest.mark.slow
@on_both_stores
async def test_put_off_it_is_silent_until_the_day(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("🔕 Nie teraz")
    anna.sees("Kiedy przypomnieć ponownie?", "[Jutro]", "[Za 3 dni]", "[📅 Innego dnia]")
    await anna.taps("📅 Innego dnia")
    anna.sees("[sty 2027]", "[pn]", "[13]", "[31]")
    await anna.taps("›")
    anna.sees("[lut 2027]", "[‹]")
    await anna.taps("‹")
    await anna.taps("15")
    assert anna.toast == "Przypomnimy: pt., 15 stycznia."
    anna.sees("⏰ Czekają 3 płatności", "🔔 Przypomnimy: pt., 15 stycznia.")
    anna.sees("[Przypominaj jak dotąd]")
    await goes_to(world, date(2027, 1, 14), 20)
    assert len(reminders(anna)) == 1
    await goes_to(world, date(2027, 1, 15))
    assert len(reminders(anna)) == 2
    anna.sees("Hosting Cumulus", "dzisiaj")


@pytest.mark.slow
async def test_english_readers_put_it_off_too_and_take_it_back(world: World, john: Person) -> None:
    while not reminders(john):
        await world.passes(hours=1)
    await john.taps("🔕 Not now")
    await john.taps("Tomorrow")
    day = (world.clock.now().astimezone(WARSAW) + timedelta(days=1)).date()
    assert f" {day.day} " in john.toast
    john.sees("🔔 We will remind you on", "[Remind me as before]")
    await john.taps("Remind me as before")
    assert john.toast == "You are reminded as before."
    john.sees("[🔕 Not now]")
    john.does_not_see("I will remind you")


@pytest.mark.slow
@on_both_stores
async def test_a_service_is_muted_until_it_is_due(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("🔕 Nie teraz")
    await anna.taps("🔔 Hosting Cumulus")
    await anna.taps("Wycisz do terminu płatności")
    assert anna.toast == "🔕 cisza do terminu płatności"
    anna.sees("Hosting Cumulus", "🔕 cisza do terminu płatności", "[🔕 Nie teraz]")
    await goes_to(world, date(2027, 1, 14), 20)
    assert all("Hosting Cumulus · galeria" not in one for one in reminders(anna)[1:])
    await goes_to(world, date(2027, 1, 15))
    anna.sees("Hosting Cumulus · galeria-anny.example", "15 sty 2027 (dzisiaj)")


@pytest.mark.slow
async def test_a_service_never_speaks_again_until_it_is_wanted(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("🔕 Nie teraz")
    await anna.taps("🔔 Domena .pl")
    await anna.taps("Nie przypominaj o tej usłudze")
    anna.sees("🔕 bez przypomnień")
    await anna.taps("🔔 Przypomnienia")
    anna.sees("🔕 1 wyciszona usługa")
    await anna.taps("📦 Każda usługa osobno")
    anna.sees("Domena .pl", "🔕 bez przypomnień")
    await anna.taps("Domena .pl")
    anna.does_not_see("🔕")
    await anna.taps("‹ Wróć")
    await anna.taps("‹ Wróć")
    anna.sees("⏰ Czekają 3 płatności")
    anna.does_not_see("🔕 bez")


@pytest.mark.slow
@on_both_stores
async def test_days_hours_and_quiet_hours_are_chosen_and_kept_to(
    world: World, anna: Person
) -> None:
    await anna.sends("/settings")
    await anna.taps("🔔 Przypomnienia")
    await anna.taps("📅 Dni")
    anna.sees("[🔔 30 dni przed]", "[🔔 1 dzień przed]", "[🔔 w dniu terminu]", "[🔔 1 dzień po]")
    await anna.taps("🔔 1 dzień po")
    await anna.taps("🔔 3 dni przed")
    anna.sees("[🔕 3 dni przed]", "[🔕 1 dzień po]", "Najbliższe przypomnienie")
    await anna.taps("‹ Wróć")
    anna.sees("📅 Dni: 8 z 10")
    await anna.taps("🌙 Cisza")
    await anna.taps("21:00")
    anna.sees("Cisza: 21:00–09:00", "Wybierz, kiedy się kończy")
    await anna.taps("17:00")
    anna.sees("🌙 Cisza: 21:00–17:00")
    await anna.taps("🕙 Godzina")
    assert [label for label in anna.buttons if ":" in label] == [
        "17:00",
        "18:00",
        "19:00",
        "20:00",
    ]
    await anna.taps("19:00")
    assert "około 19:" in anna.toast or "około 20:00" in anna.toast
    sent: list[datetime] = []
    for _ in range(24 * 5):
        await world.passes(hours=1)
        if len(reminders(anna)) > len(sent):
            sent.append(world.clock.now().astimezone(WARSAW))
    assert sent
    assert all(19 <= moment.hour <= 20 for moment in sent)
    assert not any("(za 3 dni)" in legible(one) for one in reminders(anna))


@pytest.mark.slow
async def test_what_is_not_wanted_is_left_out_and_said_so(world: World, john: Person) -> None:
    await world.passes(minutes=1)
    await john.sends("/settings")
    await john.taps("🔔 Reminders")
    john.sees("Next reminder:", "About: Services, Add-ons, Unpaid proformas")
    await john.taps("🏷 About")
    await john.taps("🔔 Services")
    await john.taps("🔔 Add-ons")
    john.sees("[🔕 Services]", "[🔕 Add-ons]", "[🔔 Unpaid proformas]")
    assert john.toast == "No reminder is in sight."
    for _ in range(20):
        await world.passes(hours=12)
    assert reminders(john) == []
    await john.taps("🔕 Services")
    assert john.toast.startswith("Next reminder: ")


@pytest.mark.slow
async def test_a_proforma_that_is_forgotten_is_reminded_of(world: World, anna: Person) -> None:
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny.example")
    await anna.taps("Zapłać")
    await anna.taps("Przelew")
    await anna.taps("Zamawiam i płacę")
    await anna.sends("/settings")
    await anna.taps("🔔 Przypomnienia")
    await anna.taps("🏷 O czym")
    await anna.taps("🔔 Usługi")
    await anna.taps("🔔 Dodatki")
    while not reminders(anna):
        await world.passes(hours=6)
    anna.sees("⏰ Czeka 1 płatność", "🧾 Proforma PRO-", "ostatni dzień", "(za 3 dni)")
    await anna.taps("Dokończ płatność · 230,00 zł")
    anna.sees("do zapłaty")
    await anna.taps("‹ Wróć")
    anna.sees("⏰ Czeka 1 płatność")


@pytest.mark.slow
@on_both_stores
async def test_what_another_pays_is_said_in_the_reminder(
    world: World, anna: Person, piotr: Person
) -> None:
    await world.passes(hours=1)
    await anna.taps("Dodaj do koszyka", beside="Domena .pl")
    before = len(anna.screens)
    await anna.sends("/help")
    await piotr.sends("/cart")
    await piotr.taps("Zapłać")
    await piotr.taps("Zamawiam i płacę")
    await world.passes(minutes=1)
    (hers,) = reminders(anna)
    assert "✅ odnowiono do 11 sty 2028" in legible(hers)
    assert "[✓ W koszyku]" not in hers
    # The help and the receipt came; the reminder was edited in its place.
    assert len(anna.screens) == before + 2
    (his,) = reminders(piotr)
    assert "✅ odnowiono do 11 sty 2028" in legible(his)


@pytest.mark.slow
async def test_a_message_that_became_another_screen_is_left_alone(
    world: World, anna: Person
) -> None:
    await world.passes(hours=1)
    await anna.taps("2 · Hosting Cumulus")
    page = anna.screen
    await anna.sends("/renew")
    await anna.taps("☐ galeria-anny-przyklad.pl")
    await anna.taps("Zapłać")
    await anna.taps("Zamawiam i płacę")
    await world.passes(minutes=1)
    assert reminders(anna) == []
    assert any(page.partition("\n")[0] in screen for screen in anna.screens)


@pytest.mark.slow
async def test_a_transfer_that_arrives_is_said_in_the_reminder(world: World, john: Person) -> None:
    while not reminders(john):
        await world.passes(hours=1)
    name = reminders(john)[-1].split("1. ")[1].split(" · ")[0].strip()
    service = await service_of(world, john, name)
    client = await client_of(world, john)
    await world.core.actions.add_renewal(client, "en", service.id)
    cart = await world.core.actions.show_cart(client, "en")
    placed = await world.core.actions.place_order(
        client, "en", revision=cart.cart.revision, seal=cart.quoted_cart.seal,
        gateway_number=2, use_credit=False,
    )  # fmt: skip
    await world.core.actions.record_transfer(placed.invoice.number, by=STAFF)
    await world.passes(minutes=1)
    assert "✅ renewed until" in reminders(john)[-1]


@pytest.mark.slow
@on_both_stores
async def test_a_user_who_returns_is_reminded_as_they_chose(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("🔕 Nie teraz")
    await anna.taps("Jutro")
    await anna.blocks()
    await world.passes(days=1, hours=2)
    assert len(reminders(anna)) == 1
    await anna.unblocks()
    await world.passes(hours=3)
    assert len(reminders(anna)) == 2
    anna.sees("Hosting Cumulus", "⏰")


@pytest.mark.slow
async def test_the_page_of_a_service_leads_to_its_reminders(world: World, anna: Person) -> None:
    await world.passes(minutes=1)
    await anna.sends("/services")
    await anna.sends("galeria-anny.example")
    await anna.taps("⏳ Hosting")
    await anna.taps("🔔 Przypomnienia")
    anna.sees("Hosting Cumulus", "Przypomnienia są włączone.", "Najbliższe przypomnienie")
    await anna.taps("Nie przypominaj o tej usłudze")
    anna.sees("🔕 bez przypomnień", "[Przypominaj jak dotąd]")
    await anna.taps("‹ Wróć")
    anna.sees("Następny termin płatności")


async def test_a_day_that_has_passed_by_now_is_asked_for_again(world: World, anna: Person) -> None:
    await world.passes(hours=1)
    await anna.taps("🔕 Nie teraz")
    data = anna._find("Jutro")[1]["callback_data"]
    world.clock.advance(timedelta(days=2))
    await anna.forges(data)
    assert anna.alerted
    assert anna.toast == "Wybierz dzień po dzisiejszym, najwyżej za rok."
    anna.sees("Którego dnia przypomnieć?", "[sty 2027]")
