import pytest

from bot.sandbox.people import ANNA
from tests.person import Person
from tests.statements import counting
from tests.world import World


async def test_the_settings_say_how_things_are(anna: Person, john: Person) -> None:
    await anna.sends("/settings")
    anna.sees("Konto: Anna Nowak (C-1001)", "Polski (automatycznie)", "Warszawa (Europe/Warsaw)")
    await john.sends("/settings")
    john.sees("Account: John Smith (C-1002)", "Dublin (Europe/Dublin)", "[🔔 Reminders]")


async def test_a_language_is_spoken_at_once_and_kept(anna: Person) -> None:
    await anna.sends("/language")
    anna.sees("✓ Automatycznie", "English", "Polski")
    await anna.taps("English")
    assert anna.toast == "Language changed."
    anna.sees("✓ English", "Automatic")
    await anna.sends("/services")
    anna.sees("📦 Services", "[Add-ons]")
    await anna.sends("/language")
    await anna.taps("Automatic")
    anna.sees("Język", "✓ Automatycznie")


async def test_a_visitor_chooses_a_language_too(guest: Person) -> None:
    await guest.sends("/start")
    await guest.taps("Language")
    await guest.taps("Polski")
    await guest.taps("‹ Wróć")
    guest.sees("Mam kod", "Oferta i ceny")


async def test_a_visitor_can_only_set_the_language(guest: Person) -> None:
    await guest.sends("/settings")
    guest.sees("⚙️ Settings", "Language: English (automatic)", "[I have a code]")
    guest.does_not_see("Time zone", "Reminders")
    await guest.taps("Language")
    await guest.taps("Polski")
    await guest.sends("/settings")
    guest.sees("Język: Polski")
    await guest.taps("Mam kod")
    guest.sees("Wpisz otrzymany kod")


async def test_a_question_for_a_code_leads_back_to_where_it_was_asked(
    anna: Person, guest: Person
) -> None:
    await anna.sends("/settings")
    await anna.taps("Połącz inne konto")
    await anna.taps("Anuluj")
    anna.sees("⚙️ Ustawienia")
    await guest.sends("/start")
    await guest.taps("I have a code")
    await guest.taps("Cancel")
    guest.sees("Already our client?")


async def test_a_language_that_there_is_not_redraws(anna: Person) -> None:
    await anna.sends("/language")
    await anna.forges("tc1:zz")
    anna.sees("Język", "English")


async def test_a_time_zone_is_chosen_by_a_button_or_by_a_citys_name(
    world: World, anna: Person
) -> None:
    await anna.sends("/settings")
    await anna.taps("Strefa czasowa")
    await anna.taps("Londyn")
    anna.sees("Strefa czasowa: Londyn (Europe/London)")
    await anna.taps("Strefa czasowa")
    anna.sees("✓ Londyn")
    await anna.sends("nowy jork")
    anna.sees("Zmieniono strefę czasową.", "Nowy Jork (America/New_York)")
    assert (await world.core.actions.identify(ANNA.id)).timezone == "America/New_York"
    await anna.taps("Strefa czasowa")
    await anna.taps("Automatycznie")
    anna.sees("Warszawa (Europe/Warsaw)")


async def test_a_place_that_is_not_known_is_asked_for_again(john: Person) -> None:
    await john.sends("/settings")
    await john.taps("Time zone")
    await john.sends("Atlantis")
    john.sees("We do not know that place.", "type the name of another large one")
    await john.sends("paris")
    john.sees("Time zone changed.", "Paris (Europe/Paris)")


async def test_the_time_that_was_understood_is_shown(anna: Person) -> None:
    await anna.sends("/settings")
    anna.sees("Strefa czasowa: Warszawa (Europe/Warsaw), jest 10:00")
    await anna.taps("Strefa czasowa")
    anna.sees("Obecnie: Warszawa (Europe/Warsaw), 10:00")
    await anna.taps("Londyn")
    assert anna.toast == "Zmieniono strefę czasową. Jest tam 09:00."
    anna.sees("Londyn (Europe/London), jest 09:00")


async def test_a_difference_from_utc_is_asked_about_and_means_what_it_says(
    world: World, anna: Person
) -> None:
    await anna.sends("/settings")
    await anna.taps("Strefa czasowa")
    await anna.sends("GMT+2")
    anna.sees("Która to strefa?", "[Kijów · 11:00]", "[UTC+2 przez cały rok · 11:00]")
    with counting(world.core.database) as statements:
        await anna.taps("UTC+2 przez cały rok")
    assert len(statements) <= 6, statements
    assert anna.toast == "Zmieniono strefę czasową. Jest tam 11:00."
    anna.sees("Strefa czasowa: UTC+2, jest 11:00")
    assert (await world.core.actions.identify(ANNA.id)).timezone == "Etc/GMT-2"


async def test_one_of_several_places_is_chosen_by_its_time(world: World, john: Person) -> None:
    await john.sends("/settings")
    await john.taps("Time zone")
    await john.sends("Petersburg")
    john.sees("Which one do you mean?", "[Moscow · 12:00]", "[New York · 04:00]")
    await john.sends("Central")
    john.sees("Chicago · 03:00", "Mexico City")
    await john.sends("Factory")
    john.sees("We do not know that place.", "Choose a city in your time zone")
    await john.sends("Petersburg")
    await john.taps("Moscow")
    john.sees("Time zone: Moscow (Europe/Moscow), 12:00")
    assert (await world.core.actions.identify(john.id)).timezone == "Europe/Moscow"


async def test_zones_that_were_offered_before_lead_back_to_the_question(
    world: World, anna: Person
) -> None:
    await anna.sends("/settings")
    await anna.taps("Strefa czasowa")
    await anna.sends("Petersburg")
    tapped = str(anna._find("Moskwa")[1]["callback_data"])
    await anna.sends("GMT+2")
    await anna.forges(tapped)
    assert anna.toast.startswith("Ten przycisk był nieaktualny")
    anna.sees("Wybierz miasto ze swojej strefy")
    await anna.sends("Petersburg")
    await anna.forges(str(anna._find("Moskwa")[1]["callback_data"])[:-1] + "z")
    assert anna.toast.startswith("Ten przycisk był nieaktualny")
    assert (await world.core.actions.identify(ANNA.id)).timezone is None


@pytest.mark.slow
async def test_reminders_are_each_users_own(world: World, anna: Person, piotr: Person) -> None:
    await world.passes(minutes=1)
    await anna.sends("/settings")
    await anna.taps("🔔 Przypomnienia")
    await anna.taps("Wyłącz przypomnienia")
    assert anna.toast == "Przypomnienia są wyłączone: nic nie wysyłamy."
    anna.sees("Przypomnienia są wyłączone", "[Włącz przypomnienia]")
    anna.does_not_see("Godzina")
    await piotr.sends("/settings")
    await piotr.taps("🔔 Przypomnienia")
    piotr.sees("Najbliższe przypomnienie", "[Wyłącz przypomnienia]")
    await anna.taps("Włącz przypomnienia")
    assert anna.toast.startswith("Najbliższe przypomnienie: wt., 12 stycznia")


async def test_no_tap_in_the_settings_takes_more_than_six_statements(
    world: World, anna: Person
) -> None:
    await anna.sends("/settings")
    for label in ("Język", "Polski", "‹ Wróć", "Strefa czasowa", "Warszawa", "Odłącz to konto",
                  "Anuluj", "Odłącz to konto", "Tak, odłącz",
                  "Menu", "Język", "‹ Wróć", "Oferta i ceny", "Domeny", "‹ Wróć"):  # fmt: skip
        with counting(world.core.database) as statements:
            await anna.taps(label)
        assert len(statements) <= 6, f"{label}:\n{statements}"


async def test_two_similar_addons_can_be_told_apart(world: World, anna: Person) -> None:
    await anna.sends("/settings")
    await anna.taps("🔔 Przypomnienia")
    await anna.taps("📦 Każda usługa osobno")
    anna.sees(
        "Kopia zapasowa Plus · dodatek do: Hosting Cumulus, galeria-anny.example",
        "Kopia zapasowa Plus · dodatek do: Hosting Obłok, żółw.example",
    )
