from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from bot.sandbox.people import ANNA
from tests import make
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.statements import counting
from tests.stories.acts import client_of, service_of, taps_twice
from tests.world import START, World

pytestmark = on_both_stores


async def issued(world: World, client: str) -> str:
    code, _ = await world.core.actions.issue_link_code(client, by=STAFF)
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
        "no such thing",
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
    assert guest.toast == "Linked."
    guest.sees("Pracownia Zegarów", "Client C-1003")
    await guest.taps("Services")
    guest.sees("zegary-zielinska.example")


async def test_linking_keeps_the_language_and_offers_that_of_the_account(
    world: World, guest: Person
) -> None:
    await guest.sends(f"/link {await issued(world, 'C-1003')}")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of", "[Services]", "[🌐 Polski]")
    await guest.sends("/settings")
    guest.sees("Language: English")
    await guest.sends(f"/link {await issued(world, 'C-1002')}")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of John Smith.")
    guest.does_not_see("🌐")


async def test_the_language_of_the_account_is_one_tap_away(world: World, guest: Person) -> None:
    await guest.sends(f"/link {await issued(world, 'C-1003')}")
    await guest.taps("Yes, link it")
    await guest.taps("🌐 Polski")
    assert guest.toast == "Zmieniono język."
    await guest.sends("/services")
    guest.sees("Usługi", "zegary-zielinska.example")


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
    await guest.sends("wrng-keys")
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
    guest.sees("You have used that code before.")


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


async def test_reusing_ones_own_code_is_not_a_guess(world: World, guest: Person) -> None:
    code = await issued(world, "C-1002")
    await guest.sends(f"/start {code}")
    await guest.taps("Yes, link it")
    for _ in range(6):
        await guest.sends(f"/start {code}")
        guest.sees("You have used that code before.")


PASTED = (
    "https://t.me/chmurnik_bot?start=c_{code}", "t.me/chmurnik_bot?start={code}",
    "tg://resolve?domain=chmurnik_bot&start=c_{code}", "kod: {code}", "Mój kod to {lower}.",
    "Proszę kliknąć https://t.me/chmurnik_bot?start=c_{code} i potwierdzić", "c_{code}",
    "„{code}”", "kod {dashed}", "\u200e{code}\u200b",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("written", PASTED)
@pytest.mark.parametrize("where", ["/link", "/link {}", "{}"])
async def test_a_link_or_a_sentence_around_a_code_is_read(
    world: World, guest: Person, where: str, written: str
) -> None:
    code = await issued(world, "C-1002")
    pasted = written.format(code=code, lower=code.lower(), dashed=f"{code[:4]} – {code[4:]}")
    if where == "/link":
        await guest.sends("/link")
        await guest.sends(pasted)
    else:
        await guest.sends(where.format(pasted))
    guest.sees("Is this your account?", "John Smith")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of John Smith.")


async def test_the_link_with_its_mark_and_the_old_bare_code_open_the_account(
    world: World, guest: Person
) -> None:
    code = await issued(world, "C-1002")
    for said in (f"c_{code}", code, f"c_{code.lower()}", f"{code[:4]}-{code[4:]}"):
        await guest.sends(f"/start {said}")
        guest.sees("Is this your account?", "John Smith")


NO_CODES = (
    "kiedy wyślecie prezenty", "22334455", "prezenty", "/start newsletter", "/start m_SUMMER25",
    "/start m_ABCD234", "/start c_newsletter", "/start S_x", "/start s_S-9",
    "/start p_PRO-202701-00001", "/link wrong-one", "/link kod", "/link proszę o kod",
    "https://t.me/chmurnik_bot?start=newsletter", "/link c_ABC",
)  # fmt: skip


@pytest.mark.slow
async def test_what_does_not_look_like_a_code_is_never_a_guess(
    world: World, guest: Person, john: Person
) -> None:
    code = await issued(world, "C-1003")
    for person in (guest, john):
        for said in NO_CODES:
            await person.sends(said)
            person.does_not_see("wrong, used or expired", "Too many")
    async with world.core.database.work.writing() as uow:
        for user in (guest, john):
            assert await uow.link_codes.failures(user.id, since=START) == 0
    await guest.sends(f"/link {code}")
    guest.sees("Is this your account?")


async def test_text_without_a_code_says_what_a_code_looks_like(guest: Person) -> None:
    for said in ("/link wrong-one", "skąd mam go wziąć?", "/start c_ABC"):
        await guest.sends(said)
        guest.sees("There is no code in that. A code has 8 letters and digits", "Type the code")


async def test_a_link_of_a_campaign_greets(anna: Person, guest: Person) -> None:
    for said in ("newsletter", "m_SUMMER25", "c0ffee", "jesień_2027"):
        await anna.sends(f"/start {said}")
        anna.sees("Konto: Anna Nowak")
        await guest.sends(f"/start {said}")
        guest.sees("Already our client?")
        guest.does_not_see("Please link your account first.")


async def test_a_link_opens_a_service_of_ones_own(
    world: World, anna: Person, john: Person, guest: Person
) -> None:
    with counting(world.core.database) as seen:
        await anna.sends("/start s_S-2002")
    assert len(seen) <= 8, seen
    anna.sees("📦 Domena .pl", "galeria-anny-przyklad.pl")
    await anna.taps("‹ Wróć")
    anna.sees("Konto: Anna Nowak")
    for said in ("s_S-2002", "s_1", "s_999999999999999999", "s_S-9", f"s_{'9' * 60}"):
        await john.sends(f"/start {said}")
        john.sees("The service is not in your account (any more).", "Account: John Smith")
        john.does_not_see("galeria")
    await guest.sends("/start s_S-2002")
    guest.sees("Please link your account first.", "Already our client?")


async def test_a_link_opens_a_service_that_has_our_number_only(
    world: World, anna: Person, john: Person
) -> None:
    client = await client_of(world, anna)
    async with world.core.database.work.writing() as uow:
        ordered = make.service(id=0, client_id=client.id, name="VPS", domain="", ref="")
        (number,) = await uow.services.add([ordered], invoice_line_ids=[None])
        await uow.commit()
    await anna.sends(f"https://t.me/chmurnik_bot?start=s_{number}")
    anna.sees("📦 VPS")
    await john.sends(f"/start s_{number}")
    john.sees("The service is not in your account (any more).")


async def test_a_link_opens_a_proforma_of_ones_own(
    world: World, anna: Person, john: Person
) -> None:
    service = await service_of(world, anna, "Hosting Cumulus")
    client = await client_of(world, anna)
    await world.core.actions.add_renewal(client, "pl", service.id)
    view = await world.core.actions.show_cart(client, "pl")
    await world.core.actions.place_order(
        client, "pl", revision=view.cart.revision, seal=view.quoted_cart.seal, gateway_number=2,
        use_credit=False,
    )  # fmt: skip
    (row,) = (await world.core.actions.list_invoices(client, is_open=True)).invoices
    for written in (row.number, row.number.lower()):
        await anna.sends(f"/start p_{written}")
        anna.sees(f"Proforma {row.number}")
        await john.sends(f"/start p_{written}")
        john.sees("There is no such proforma.", "Account: John Smith")


async def test_a_client_who_pastes_a_link_links_another_account(
    world: World, anna: Person
) -> None:
    code = await issued(world, "C-1003")
    await anna.sends(f"https://t.me/chmurnik_bot?start=c_{code}")
    anna.sees("Pracownia Zegarów, Marta Zielińska")
    await anna.sends(code)
    anna.sees("Szukanie")


async def test_only_the_hash_of_a_code_is_ever_stored(world: World, guest: Person) -> None:
    code = await issued(world, "C-1003")
    with counting(world.core.database) as statements:
        await guest.sends(f"/link {code}")
    assert code not in str([parameters for _, parameters in statements.run])


async def test_one_user_acts_for_several_clients(world: World, anna: Person) -> None:
    await anna.sends(f"/link {await issued(world, 'C-1003')}")
    await anna.taps("Tak, połącz")
    await anna.sends("/services")
    await anna.sends("hosting")
    anna.sees("📦 Usługi: 1", "zegary-zielinska.example", "Szukanie: „hosting”")
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
    visitor = await world.core.actions.identify(ANNA.id)
    assert visitor.client is not None
    assert visitor.client.ref == "C-1001"


async def test_who_is_not_linked_yet_lands_on_what_they_wanted_to_open(
    world: World, guest: Person
) -> None:
    await guest.sends("/start s_S-2002")
    guest.sees("Please link your account first.", "Already our client?")
    await guest.sends(await issued(world, "C-1001"))
    await guest.taps("Yes, link it")
    await guest.taps("Open the link")
    guest.sees("📦 Domena .pl", "galeria-anny-przyklad.pl")
    world.clock.advance(timedelta(days=2))
    await guest.sends(f"/link {await issued(world, 'C-1002')}")
    await guest.taps("Yes, link it")
    guest.does_not_see("Open the link")


async def test_a_link_names_a_service_by_an_id_with_other_signs(
    world: World, anna: Person
) -> None:
    client = await client_of(world, anna)
    async with world.core.database.work.writing() as uow:
        owned = make.service(id=0, client_id=client.id, name="VPS", domain="", ref="VPS/7 ż")
        await uow.services.add([owned], invoice_line_ids=[None])
        await uow.commit()
    encoded = urlsafe_b64encode("VPS/7 ż".encode()).decode().rstrip("=")
    await anna.sends(f"/start s__{encoded}")
    anna.sees("📦 VPS")
    for broken in ("s__", "s__%%", "s__A", "s___w"):
        await anna.sends(f"/start {broken}")
        anna.sees("Konto: Anna Nowak")
