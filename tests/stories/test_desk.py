"""Staff in the chat: what waits, marking as paid, finding anybody; and those who are no staff."""

from dataclasses import replace

import pytest

from bot.sandbox.people import JOHN, Profile
from handlers.buttons import OpenClientCard, OpenDesk
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import data_of
from tests.world import World

pytestmark = on_both_stores


OLGA = Profile(9002, "Olga", language_code="pl")
OSCAR = Profile(9003, "Oscar", language_code="en")


def staff(world: World, profile: Profile) -> Person:
    """Somebody new, who is staff."""
    world.api.add_person(profile)
    world.api.meet(profile.id)
    appoint(world, OLGA.id, OSCAR.id, JOHN.id)
    return world.person(profile)


def appoint(world: World, *users: int) -> None:
    """Let these users be the company's staff, and nobody else."""
    deps = world.application.deps
    world.application.deps = replace(deps, config=replace(deps.config, staff=frozenset(users)))


@pytest.fixture
def olga(world: World) -> Person:
    """Staff, Polish, with no services of her own."""
    return staff(world, OLGA)


@pytest.fixture
def oscar(world: World) -> Person:
    """Staff, English."""
    return staff(world, OSCAR)


async def transfers(anna: Person) -> str:
    """Anna orders a renewal and will pay it by transfer: the number of her proforma."""
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("Zapłać")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    return anna.copies("Kopiuj tytuł")


async def audited(world: World) -> list[tuple[str, str, str, str]]:
    """Who did what to whom, the newest first."""
    entries = await world.core.actions.list_audit()
    return [(one.actor.name, one.action.value, one.subject, one.note) for one in entries]


async def test_start_shows_what_waits(olga: Person) -> None:
    await olga.sends("/start")
    assert olga.screen.splitlines() == [
        "🗂 Co czeka",
        "",
        "💰 Dzisiejsze wpłaty: 0",
        "⚠️ 4 usługi po terminie · 24,00 € · 128,00 zł",
        "Zagrożone",
        "· 2 usługi ponad tydzień po terminie · 69,00 zł",
        "[🛒 Zamówienia do przyjęcia: 1]",
        "[🚫 Klienci nieosiągalni: 1]",
        "[🔎 Znajdź klienta lub usługę]",
    ]


async def test_staff_who_are_clients_have_both(world: World, olga: Person, john: Person) -> None:
    await john.sends("/start")
    john.sees("🗂 What waits", "[🛒 Orders to accept: 1]", "[My services]")
    await john.taps("My services")
    john.sees("Place a new order")
    await john.sends("/services")
    assert "🗂" not in john.screen


async def test_deep_links_of_staff_work_as_everybodys(olga: Person, john: Person) -> None:
    await john.sends("/start s_S-2101")
    assert "🗂" not in john.screen


async def test_a_transfer_is_recorded_once_however_often_it_is_tapped(
    world: World, olga: Person, oscar: Person, anna: Person
) -> None:
    number = await transfers(anna)
    await olga.sends("/start")
    await olga.taps("Proformy do zapłaty: 1")
    olga.sees("🧾 Proformy do zapłaty", f"{number} · 42,00 zł", "C-1001 · Anna Nowak")
    await olga.taps(number)
    olga.sees("👁 Tak widzi to C-1001 · Anna Nowak", "Hosting Obłok", "do zapłaty")
    await olga.taps("Oznacz jako zapłacone · 42,00 zł")
    olga.sees(f"Proforma {number}", "Klient: C-1001 · Anna Nowak", "[Anuluj]")
    data = data_of(olga, "42,00 zł")
    await olga.taps("42,00 zł")
    assert olga.toast == "✅ Zapisano wpłatę · Olga, 10:00"
    olga.sees("✅ zapłacona")
    assert "Oznacz jako zapłacone" not in olga.screen
    await olga.forges(data)
    assert olga.toast == "Już rozpatrzone: ✅ Zapisano wpłatę · Olga, 10:00"
    await oscar.sends("/start")
    await oscar.forges(data)
    assert oscar.toast == "Decided already: ✅ Payment recorded · Olga, 10:00"
    oscar.sees("✅ paid")
    await world.passes(seconds=30)
    anna.sees(number)
    recorded = [row for row in await audited(world) if row[1] == "record_transfer"]
    assert recorded == [(f"Olga (staff {OLGA.id})", "record_transfer", number, "42.00 PLN")]


async def test_another_amount_than_the_one_confirmed_is_not_recorded(
    world: World, olga: Person, anna: Person
) -> None:
    number = await transfers(anna)
    await olga.sends(f"/find {number}")
    await olga.taps("Oznacz jako zapłacone")
    await world.core.actions.record_transfer(number, "12.00", by=STAFF)
    await olga.taps("42,00 zł")
    assert "się zmieniła" in olga.toast
    olga.sees("[Oznacz jako zapłacone · 30,00 zł]")
    await olga.taps("Oznacz jako zapłacone")
    await olga.taps("30,00 zł")
    olga.sees("✅ zapłacona")


async def test_an_order_is_accepted_and_a_cancellation_rejected(
    world: World, olga: Person, anna: Person
) -> None:
    await anna.sends("/services")
    await anna.taps("⏳ Hosting Cumulus")
    await anna.taps("Zgłoś rezygnację")
    await anna.taps("Z końcem okresu")
    await anna.taps("Pomiń")
    await anna.taps("Tak, rezygnuję")
    await olga.sends("/start")
    await olga.taps("Zamówienia do przyjęcia: 1")
    await olga.taps("VPS Halny")
    data = data_of(olga, "Przyjmij")
    await olga.taps("Przyjmij")
    assert olga.toast.startswith("✅ Przyjęto · Olga, 10:00")
    olga.sees("🟢 Aktywna")
    await olga.forges(data)
    olga.sees("🟢 Aktywna")
    await olga.taps("Wróć")
    olga.sees("Nic tu już nie czeka.")
    await olga.taps("Wróć")
    await olga.taps("Rezygnacje: 1")
    await olga.taps("galeria-anny")
    await olga.taps("Odrzuć…")
    await olga.replies("Umowa trwa do końca roku.", to="✍️")
    olga.sees("❌ Odrzucono · Olga, 10:00")
    await world.passes(seconds=30)
    done = [row[:2] for row in await audited(world) if row[1] != "view_client"]
    assert done[:2] == [
        (f"Olga (staff {OLGA.id})", "reject_cancellation"),
        (f"Olga (staff {OLGA.id})", "accept_order"),
    ]


async def test_a_client_is_found_by_whatever_is_known_of_them(
    world: World, olga: Person, anna: Person
) -> None:
    for words in ("C-1001", "nowak ANNA", "1001", "anna.nowak@chmurnik.example"):
        await olga.sends(f"/find {words}")
        olga.sees("👤 Anna Nowak", "C-1001 · PLN · pl", "[Usługi (9)]")
    for words in ("https://www.żółw.example/sklep?a=1", "zolw"):
        await olga.sends(f"/find {words}")
        olga.sees("👁 Tak widzi to C-1001 · Anna Nowak", "📦 Hosting Obłok", "żółw.example")
    assert not {"Odnów", "Do koszyka", "Zgłoś rezygnację"} & set(" ".join(olga.buttons).split())
    assert (await audited(world))[0] == (
        f"Olga (staff {OLGA.id})", "view_client", "C-1001", "service Hosting Obłok żółw.example",
    )  # fmt: skip


async def test_several_hits_are_listed_and_open(oscar: Person) -> None:
    await oscar.sends("/find galeria-anny")
    oscar.sees("🔎 Search: “galeria-anny”", "[📦 Hosting Cumulus · galeria-anny.example]")
    await oscar.taps("Hosting Cumulus")
    oscar.sees("👁 As C-1001 · Anna Nowak sees it", "galeria-anny.example")
    await oscar.taps("👤 Anna Nowak")
    await oscar.taps("Services (9)")
    await oscar.taps("Next ›")
    await oscar.taps("‹ Back")
    await oscar.taps("Proformas")
    oscar.sees("Nothing is here.", "[• To pay] [Past]")


async def test_words_are_asked_for_and_may_be_typed_again(oscar: Person) -> None:
    await oscar.sends("/find")
    oscar.sees("🔎 What are you looking for?", "Type a client's name, id or e-mail")
    await oscar.sends("nobody at all")
    oscar.sees("🔎 Nothing found: “nobody at all”", "Type a client's name, id or e-mail")
    await oscar.sends("C-1002")
    oscar.sees("👤 John Smith")
    await oscar.sends("/find")
    await oscar.taps("Cancel")
    oscar.sees("🗂 What waits")


async def test_others_know_nothing_of_it(world: World, olga: Person, guest: Person) -> None:
    await guest.sends("/find anna")
    guest.sees("We don't know that command. Try /help.")
    await guest.sends("/start")
    before = guest.screen
    assert "🗂" not in before
    for forged in (OpenDesk(), OpenClientCard(1)):
        await guest.forges(encode(forged))
        assert guest.toast == "Only our staff can do that."
        assert guest.screen == before
    assert [row for row in await audited(world) if row[1] == "view_client"] == []


async def test_who_has_left_the_staff_is_refused_by_old_buttons_and_questions(
    world: World, olga: Person
) -> None:
    await olga.sends("/start")
    await olga.sends("/find")
    appoint(world, OSCAR.id)
    await olga.sends("C-1001")
    assert "Anna" not in olga.screen
    await olga.sends("/find C-1001")
    olga.sees("Nie znamy tego polecenia")
    await olga.forges(encode(OpenDesk()))
    assert olga.toast == "To może zrobić tylko nasz zespół."


async def test_what_has_to_be_done_after_a_payment_waits_on_the_desk(
    world: World, olga: Person, anna: Person
) -> None:
    number = await transfers(anna)
    await world.core.actions.record_transfer(number, by=STAFF)
    await olga.sends("/start")
    await olga.taps("🛠 Do zrobienia: 1")
    olga.sees("🛠 Do zrobienia po wpłatach", "Hosting Obłok żółw.example", number)
    data = data_of(olga, "✅ Hosting Obłok")
    await olga.taps("✅ Hosting Obłok")
    assert olga.toast == "✅ Zrobione · Olga, 10:00"
    olga.sees("Nic tu już nie czeka.")
    await olga.forges(data)
    assert olga.toast == "Już rozpatrzone: ✅ Zrobione · Olga, 10:00"
    await olga.taps("Wróć")
    olga.does_not_see("🛠")
