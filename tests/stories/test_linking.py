from datetime import timedelta

from bot.sandbox.people import ANNA
from tests.database import on_both_stores
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import taps_twice
from tests.world import World

pytestmark = on_both_stores


async def issued(world: World, client: str) -> str:
    code, _ = await world.heart.actions.issue_link_code(client)
    return code


async def test_a_visitor_learns_what_the_bot_is_and_how_to_link(guest: Person) -> None:
    await guest.sends("/start")
    guest.sees("Chmurnik Hosting", "/link CODE", "Our offer and prices")
    assert guest.opens("Become a client") == "https://chmurnik.example/rejestracja"


async def test_a_visitor_sees_the_public_catalogue_in_the_companys_currency(
    guest: Person,
) -> None:
    await guest.sends("/start")
    await guest.taps("Our offer and prices")
    guest.sees("Our offer", "VPS servers", "from PLN 35.00 / month", "Prices include 23% tax.")
    await guest.taps("VPS servers")
    guest.sees("VPS Orkan", "PLN 249.00 / month + PLN 199.00 setup", "8 cores")
    guest.does_not_see("Add to cart", "Order")
    await guest.taps("‹ Back")
    await guest.taps("Browse available add-ons")
    guest.sees("Security", "from PLN 9.90 / month")
    await guest.taps("‹ Back")
    guest.sees("I have a code")


async def test_every_account_command_of_a_visitor_shows_how_to_link(guest: Person) -> None:
    for command in (
        "/services",
        "/renew",
        "/cart",
        "/invoices",
        "/unlink",
        "hosting",
    ):
        await guest.sends(command)
        guest.sees("/link CODE", "I have a code")


async def test_a_code_is_confirmed_before_it_links(world: World, guest: Person) -> None:
    code = await issued(world, "C-1003")
    await guest.sends(f"/link {code.lower()[:4]}-{code[4:]}")
    guest.sees("Is this your account?", "Pracownia Zegarów, Marta Zielińska", "C-1003")
    await guest.taps("No")
    guest.sees("I have a code")
    await guest.sends("/services")
    guest.sees("/link CODE")
    await guest.sends(f"/link {code[:4]} {code[4:]}")
    await guest.taps("Yes, link it")
    assert guest.toast == "Połączono."  # the account's language, from now on
    guest.sees("Pracownia Zegarów", "Klient C-1003")
    await guest.taps("Usługi")
    guest.sees("zegary-zielinska.example")


async def test_the_deep_link_does_the_same(world: World, guest: Person) -> None:
    code = await issued(world, "C-1002")
    await guest.sends(f"/start {code}")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of John Smith.")
    await guest.taps("Menu")
    guest.sees("Account: John Smith")


async def test_the_code_can_be_typed_when_it_is_asked_for(world: World, guest: Person) -> None:
    await guest.sends("/link")
    guest.sees("Type the code")
    await guest.sends("wrong-one")
    guest.sees("That code is wrong, used or expired.", "Type the code")
    await guest.sends(await issued(world, "C-1002"))
    guest.sees("Is this your account?", "John Smith")


async def test_what_needs_an_account_says_so_to_a_visitor(guest: Person) -> None:
    await guest.sends("/start")
    guest.does_not_see("Please link your account first.")
    for asked in ("/services", "/unlink", "shop.example"):
        await guest.sends(asked)
        guest.sees("Please link your account first.", "Already our client?")
    await guest.sends("/help")
    await guest.taps("‹ Back")
    assert guest.toast == ""
    guest.does_not_see("Please link your account first.")


async def test_confirming_twice_links_once(world: World, guest: Person) -> None:
    await guest.sends(f"/link {await issued(world, 'C-1002')}")
    await taps_twice(guest, "Yes, link it")
    guest.sees("This chat shows the account of John Smith.")


async def test_a_code_works_once(world: World, guest: Person, john: Person) -> None:
    code = await issued(world, "C-1003")
    await guest.sends(f"/start {code}")
    await guest.taps("Yes, link it")
    await john.sends(f"/link {code}")
    john.sees("That code is wrong, used or expired.")
    await guest.sends(f"/start {code}")
    guest.sees("Ten kod został już przez Ciebie użyty.")


async def test_somebody_elses_confirmation_button_links_nothing(
    world: World, guest: Person, john: Person
) -> None:
    await guest.sends(f"/link {await issued(world, 'C-1003')}")
    (tapped,) = (
        button["callback_data"]
        for row in guest._last()["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == "Yes, link it"
    )
    await john.sends("/settings")
    await john.forges(tapped)
    john.does_not_see("Pracownia")


async def test_a_code_expires_after_seven_days(world: World, guest: Person) -> None:
    code = await issued(world, "C-1003")
    world.clock.advance(timedelta(days=7, minutes=1))
    await guest.sends(f"/link {code}")
    guest.sees("That code is wrong, used or expired.")


async def test_the_sixth_guess_in_an_hour_waits(world: World, guest: Person) -> None:
    code = await issued(world, "C-1003")
    for _ in range(5):
        await guest.sends("/link AAAABBBB")
        guest.sees("That code is wrong")
    await guest.sends(f"/link {code}")
    guest.sees("Too many wrong codes. Please wait an hour.")
    world.clock.advance(timedelta(hours=1, minutes=1))
    await guest.sends(f"/link {code}")
    guest.sees("Is this your account?")


async def test_a_used_code_of_ones_own_is_no_guess(world: World, guest: Person) -> None:
    code = await issued(world, "C-1002")
    await guest.sends(f"/start {code}")
    await guest.taps("Yes, link it")
    for _ in range(6):
        await guest.sends(f"/start {code}")
        guest.sees("You have used that code before.")


async def test_only_the_hash_of_a_code_is_ever_stored(world: World, guest: Person) -> None:
    code = await issued(world, "C-1003")
    with counting(world.heart.database) as statements:
        await guest.sends(f"/link {code}")
    assert code not in str([parameters for _, parameters in statements.run])


async def test_one_user_acts_for_several_clients(world: World, anna: Person) -> None:
    await anna.sends(f"/link {await issued(world, 'C-1003')}")
    await anna.taps("Tak, połącz")
    await anna.sends("/services")
    await anna.sends("hosting")
    anna.sees("zegary-zielinska.example", "Szukanie: „hosting”")
    await anna.sends("/settings")
    anna.sees("✓ Pracownia Zegarów,", "Anna Nowak (C-1001)")
    await anna.taps("Anna Nowak (C-1001)")
    assert anna.toast == "Przełączono."
    await anna.taps("Usługi")
    anna.sees("galeria-anny.example")
    anna.does_not_see("Szukanie", "zegary")


async def test_a_client_that_is_not_ones_own_cannot_be_switched_to(
    world: World, anna: Person, john: Person
) -> None:
    await anna.sends(f"/link {await issued(world, 'C-1003')}")
    await anna.taps("Tak, połącz")
    await anna.sends("/settings")
    tapped = str(anna._find("Pracownia")[1]["callback_data"])
    await john.sends("/settings")
    await john.forges(tapped)
    john.sees("John Smith")
    john.does_not_see("Pracownia")


async def test_leaving_an_account(anna: Person, piotr: Person) -> None:
    await anna.sends("/unlink")
    anna.sees("Odłączyć to konto?", "Anna Nowak")
    await anna.taps("Anuluj")
    anna.sees("Ustawienia")
    await anna.taps("Odłącz to konto")
    await taps_twice(anna, "Tak, odłącz")
    await anna.sends("/services")
    anna.sees("/link", "Mam kod")
    await piotr.sends("/services")
    piotr.sees("galeria-anny.example")


async def test_leaving_twice_leaves_one_account(world: World, anna: Person) -> None:
    await anna.sends(f"/link {await issued(world, 'C-1003')}")
    await anna.taps("Tak, połącz")
    await anna.sends("/unlink")
    await taps_twice(anna, "Tak, odłącz")
    anna.sees("Anna Nowak (C-1001)")
    visitor = await world.heart.actions.identify(ANNA.id)
    assert visitor.client is not None
    assert visitor.client.ref == "C-1001"
