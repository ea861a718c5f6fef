from dataclasses import replace

from handlers.buttons import OpenTopic, VoteTopic
from handlers.chat.screens.codec import encode
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import taps_twice
from tests.stories.catalogue import publishes
from tests.world import World


async def test_a_guide_is_read_and_rated(anna: Person) -> None:
    await anna.sends("/help")
    anna.sees("❓ Pomoc", "1. Jak skierować domenę na hosting", "6. Przeniesienie domeny do nas")
    await anna.taps("1")
    anna.sees(
        "ns1.chmurnik.example", "Czy ta informacja była pomocna?", "Twój głos będzie pierwszy"
    )
    await anna.taps("👍")
    assert anna.toast == "Dziękujemy za ocenę."
    anna.sees("1 klient ocenił tę informację jako przydatną (1 głos)", "[✓ 👍] [👎]")
    await anna.taps("👎")
    anna.sees("[👍] [✓ 👎]")
    anna.does_not_see("0 klientów")
    await anna.taps("Wróć")
    anna.sees("❓ Pomoc")
    await anna.taps("2")
    anna.sees("Twój głos będzie pierwszy")


async def test_each_person_has_one_vote(
    anna: Person, piotr: Person, john: Person, guest: Person
) -> None:
    for person in (anna, piotr, guest):
        await person.sends("/help")
        await person.taps("1")
        await taps_twice(person, "👍")
    await john.sends("/help")
    await john.taps("1")
    john.sees("3 clients found this information helpful (3 votes)", "[👍] [👎]")
    await john.taps("👎")
    john.sees("3 clients found this information helpful (4 votes)", "[👍] [✓ 👎]")
    await anna.taps("👎")
    anna.sees("2 klientów oceniło tę informację jako przydatną (4 głosy)")


async def test_help_is_there_without_an_account(guest: Person) -> None:
    await guest.sends("/help")
    await guest.taps("1")
    assert guest.opens("Contact us").startswith("https://chmurnik.example/")
    for command, seen in (
        ("/terms", "Terms of an invented company"),
        ("/privacy", "The controller of your data"),
        ("/paysupport", "A payment is missing"),
    ):
        await guest.sends(command)
        guest.sees(seen)


async def test_the_companys_texts_come_in_the_readers_language(john: Person) -> None:
    await john.sends("/terms")
    john.sees("Terms of service", "A service is paid for in advance")
    await john.sends("/help")
    await john.taps("Help with payments")
    john.sees("A payment is missing", "[Contact us]")
    await john.taps("Back")
    john.sees("❓ Help", "1. Pointing a domain to your hosting")
    await john.taps("Privacy")
    john.sees("The controller of your data")


async def test_a_text_that_nobody_wrote_is_asked_for(world: World, anna: Person) -> None:
    await publishes(world, lambda c: replace(c, company=replace(c.company, terms={})))
    await anna.sends("/terms")
    anna.sees("Ten tekst nie został tu jeszcze opublikowany.", "[Kontakt]")
    await anna.sends("/help")
    anna.does_not_see("[Regulamin]")


async def test_a_guide_that_was_taken_back_leads_home(world: World, anna: Person) -> None:
    await anna.sends("/help")
    await publishes(world, lambda c: replace(c, topics=c.topics[1:]))
    await anna.taps("1")
    assert anna.toast == "Tego (już) tu nie ma."
    await anna.forges(encode(VoteTopic(9999, True)))
    await anna.forges(encode(OpenTopic(0)))
    anna.sees("Usługi")


async def test_a_very_long_guide_is_cut(world: World, anna: Person) -> None:
    body = {"pl": "Długi <b>tekst</b> & 🌬 wiatr. " * 300}
    await publishes(
        world, lambda c: replace(c, topics=tuple(replace(topic, body=body) for topic in c.topics))
    )
    await anna.sends("/help")
    await anna.taps("1")
    anna.sees("Długi <b>tekst</b> & 🌬", "o resztę zapytaj nas", "Czy ta informacja była pomocna?")
    await anna.taps("👍")
    anna.sees("1 klient ocenił")


async def test_a_tap_takes_six_statements_at_most(world: World, anna: Person) -> None:
    await anna.sends("/help")
    for label in ("1", "👍", "👎", "Wróć", "Regulamin"):
        with counting(world.core.database) as seen:
            await anna.taps(label)
        assert len(seen) <= 6, f"{label}:\n{seen}"
