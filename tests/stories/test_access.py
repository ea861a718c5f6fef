"""Who has access: newcomers are told of, owners invite, give rights, hand over and remove."""

import re
from datetime import timedelta

import pytest

from billing.rules.access.rights import Rights
from bot.sandbox.people import ANNA, JOHN, PIOTR
from handlers.chat.screens.codec import decode
from handlers.paying import PAYING
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, data_of, taps_twice
from tests.stories.test_service_page import open_page
from tests.world import World

pytestmark = on_both_stores

LIMITED = "Your access to this account does not include that. Ask its owner."
OGRANICZONY = "Twój dostęp do tego konta tego nie obejmuje. Zapytaj jego właściciela."


async def opens_access(person: Person) -> None:
    """Open the list of those who have access."""
    await person.sends("/settings")
    await person.taps("Kto ma dostęp")


async def is_invited(
    world: World, owner: Person, person: Person, rights: str = "wszystko"
) -> None:
    """Take an invitation to the owner's account, a minute after the others were linked."""
    world.clock.advance(timedelta(minutes=1))
    await opens_access(owner)
    await owner.taps("Zaproś kogoś")
    await owner.taps("wszystko")
    match = re.search(r"start=(c_[A-Z0-9]{8})", owner.screen)
    assert match is not None
    await person.sends(f"/start {match[1]}")
    await person.taps("Yes, link it")


async def has_rights(world: World, person: Person, rights: Rights) -> None:
    """Have these rights from now on."""
    async with world.core.database.work.writing() as uow:
        await uow.access.set_rights((await client_of(world, person)).id, person.id, rights)
        await uow.commit()


async def test_the_list_names_everybody_and_the_owner(anna: Person, piotr: Person) -> None:
    await opens_access(anna)
    anna.sees("Kto ma dostęp", "Anna Nowak (C-1001)", "Ty", "właściciel konta · od 12 sty 2027")
    anna.sees("Osoba 2", "wszystko · od 12 sty 2027", "Zaproś kogoś")
    await opens_access(piotr)
    piotr.sees("Osoba 1", "właściciel konta", "Ty")
    piotr.does_not_see("Zaproś kogoś", "[Osoba 1]")


async def test_an_invitation_is_for_one_person_and_a_day(
    world: World, anna: Person, guest: Person, john: Person
) -> None:
    await opens_access(anna)
    await anna.taps("Zaproś kogoś")
    anna.sees("Co ta osoba ma móc robić?", "tylko płatności", "tylko podgląd")
    await anna.taps("tylko płatności")
    anna.sees("Działa raz, do 13 sty 2027", "Uprawnienia: tylko płatności")
    link = anna.copies("Kopiuj link")
    assert re.fullmatch(r"https://t\.me/\w+\?start=c_[A-Z0-9]{8}", link)
    await guest.sends(link)
    guest.sees("Is this your account?", "will see its services and can renew and pay", "told")
    await guest.taps("Yes, link it")
    await john.sends(link)
    john.sees("That code is wrong, used or expired.")
    await opens_access(anna)
    await anna.taps("Zaproś kogoś")
    await anna.taps("wszystko")
    late = anna.copies("Kopiuj link")
    world.clock.advance(timedelta(hours=24, minutes=1))
    await john.sends(f"/start {late.partition('start=')[2]}")
    john.sees("That code is wrong, used or expired.")


async def test_everybody_is_told_of_a_newcomer_and_may_unlink_them(
    world: World, anna: Person, piotr: Person, guest: Person
) -> None:
    await is_invited(world, anna, guest)
    await world.passes(minutes=1)
    for person in (anna, piotr):
        person.sees("Maya ma teraz dostęp do Twojego konta.", "Anna Nowak (C-1001)")
        person.sees("To nie Ty ani nikt znajomy?")
    assert not [screen for screen in guest.screens if "ma teraz dostęp" in screen]
    await piotr.taps("To nie Ty? Odłącz")
    piotr.sees("Odłączyć? Maya", "Powiadomimy ją.")
    await taps_twice(piotr, "Tak, odłącz")
    assert piotr.toast == "Ta osoba nie ma (już) dostępu do tego konta."
    piotr.sees("Kto ma dostęp", "Osoba 1")
    piotr.does_not_see("Maya")
    await world.passes(minutes=1)
    guest.sees("You have no access to the account of Anna Nowak any more.", "I have a code")
    await guest.sends("/services")
    guest.does_not_see("galeria")
    await anna.taps("To nie Ty? Odłącz")
    assert anna.toast == "Ta osoba nie ma (już) dostępu do tego konta."


async def test_others_may_unlink_only_newcomers_and_only_for_a_day(
    world: World, anna: Person, piotr: Person, guest: Person
) -> None:
    await is_invited(world, anna, guest)
    await world.passes(minutes=1)
    world.clock.advance(timedelta(days=1))
    await piotr.taps("To nie Ty? Odłącz")
    assert piotr.toast == "To może zrobić tylko właściciel konta."
    await anna.taps("To nie Ty? Odłącz")
    await anna.taps("Tak, odłącz")
    anna.sees("Maya nie ma już dostępu.")


async def test_a_user_who_may_only_look_is_told_but_cannot_unlink(
    world: World, anna: Person, piotr: Person, guest: Person
) -> None:
    await has_rights(world, piotr, Rights.LOOK)
    await is_invited(world, anna, guest)
    await world.passes(minutes=1)
    piotr.sees("Maya ma teraz dostęp", "Kto ma dostęp")
    piotr.does_not_see("[To nie Ty? Odłącz]")


async def test_a_removed_user_is_asked_for_nothing_any_more(
    world: World, anna: Person, piotr: Person
) -> None:
    await open_page(piotr, "galeria-anny.example")
    await piotr.taps("Zmień nazwę")
    await opens_access(anna)
    await anna.taps("Osoba 2")
    await anna.taps("Odłącz: Osoba 2")
    await anna.taps("Tak, odłącz")
    anna.sees("Ta osoba nie ma już dostępu.")
    before = (await client_of(world, anna)).id
    await piotr.sends("Moja nazwa")
    piotr.does_not_see("Moja nazwa", "galeria")
    await world.passes(days=40)
    assert not [screen for screen in piotr.screens[-3:] if "⏰" in screen]
    assert before == (await client_of(world, anna)).id


async def test_rights_are_given_told_and_hold(world: World, anna: Person, piotr: Person) -> None:
    await piotr.sends("/order")
    order = data_of(piotr, "Serwery VPS")
    await piotr.sends("/cart")
    await opens_access(anna)
    await anna.taps("Osoba 2")
    anna.sees("✓ wszystko")
    await anna.taps("tylko płatności")
    anna.sees("✓ tylko płatności", "Niczego nie zamówi.")
    await world.passes(minutes=1)
    piotr.sees("Twoje uprawnienia się zmieniły.", "Uprawnienia: tylko płatności")
    await piotr.forges(order)
    assert piotr.toast == OGRANICZONY
    await piotr.sends("/start")
    piotr.sees("Odnów usługi")
    piotr.does_not_see("Złóż nowe zamówienie")
    await piotr.sends("/renew")
    piotr.sees("galeria-anny.example")


async def test_who_may_only_look_sees_everything_and_is_offered_nothing_else(
    world: World, anna: Person, piotr: Person
) -> None:
    await piotr.sends("/renew")
    add = data_of(piotr, "Dodaj") if "[Dodaj]" in piotr.screen else None
    await has_rights(world, piotr, Rights.LOOK)
    for command in ("/renew", "/cart", "/order", "/addons"):
        await piotr.sends(command)
        piotr.sees(OGRANICZONY, "Konto: Anna Nowak")
        piotr.does_not_see("[Odnów usługi]", "[Koszyk", "[Złóż nowe zamówienie]")
    if add:
        await piotr.forges(add)
        assert piotr.toast == OGRANICZONY
    await piotr.sends("/services")
    piotr.sees("galeria-anny.example")
    await open_page(piotr, "galeria-anny.example")
    piotr.does_not_see("Odnów", "Zmień nazwę", "Zgłoś rezygnację", "Zamów dodatek")
    await piotr.sends("/invoices")
    piotr.does_not_see("Odnów")


async def test_a_reminder_offers_no_payment_to_who_may_only_look(
    world: World, anna: Person, piotr: Person
) -> None:
    await has_rights(world, piotr, Rights.LOOK)
    await world.passes(hours=3)
    reminders = [screen for screen in piotr.screens if "⏰" in screen]
    assert reminders
    kinds = {type(decode(data)) for data in callbacks(piotr)}
    assert kinds
    assert not kinds & PAYING
    assert {type(decode(data)) for data in callbacks(anna)} & PAYING
    assert [screen for screen in anna.screens if "⏰" in screen]


async def test_ownership_is_handed_over_with_a_confirmation(
    world: World, anna: Person, piotr: Person
) -> None:
    await opens_access(anna)
    await anna.taps("Osoba 2")
    await anna.taps("Przekaż własność konta")
    anna.sees("Nowy właściciel: Osoba 2")
    await taps_twice(anna, "Tak, przekaż własność")
    anna.sees("Konto ma nowego właściciela.")
    await world.passes(minutes=1)
    piotr.sees("Teraz to konto należy do Ciebie.")
    await opens_access(piotr)
    piotr.sees("Zaproś kogoś")
    await opens_access(anna)
    anna.does_not_see("Zaproś kogoś")


async def test_invitations_of_a_former_owner_do_not_work(
    world: World, anna: Person, piotr: Person, guest: Person
) -> None:
    await opens_access(anna)
    await anna.taps("Zaproś kogoś")
    await anna.taps("wszystko")
    link = anna.copies("Kopiuj link")
    client = await client_of(world, anna)
    await world.core.actions.hand_over(client, ANNA.id, PIOTR.id)
    await guest.sends(link)
    guest.sees("That code is wrong, used or expired.")


async def test_invitations_are_withdrawn(anna: Person, guest: Person) -> None:
    await opens_access(anna)
    for _ in range(2):
        await anna.taps("Zaproś kogoś")
        await anna.taps("wszystko")
        link = anna.copies("Kopiuj link")
        await anna.taps("‹ Wróć")
    anna.sees("2 zaproszenia są otwarte.")
    await anna.taps("Wycofaj zaproszenia")
    assert anna.toast == "Zaproszenia już nie działają."
    anna.does_not_see("otwarte", "Wycofaj")
    await guest.sends(link)
    guest.sees("That code is wrong, used or expired.")


async def test_the_longest_linked_user_follows_an_owner_who_leaves(
    world: World, anna: Person, piotr: Person
) -> None:
    await has_rights(world, piotr, Rights.LOOK)
    await anna.sends("/unlink")
    await anna.taps("Tak, odłącz")
    await world.passes(minutes=1)
    piotr.sees("Teraz to konto należy do Ciebie.")
    await piotr.sends("/unlink")
    await piotr.taps("Tak, odłącz")
    code, _ = await world.core.actions.issue_link_code("C-1001", by=STAFF)
    await piotr.sends(f"/start c_{code}")
    await piotr.taps("Tak, połącz")
    users = await world.core.actions.list_links("C-1001")
    assert [(user.user_id, user.is_owner, user.rights) for user in users.users] == [
        (PIOTR.id, True, Rights.EVERYTHING)
    ]


async def test_nobody_changes_anothers_account(
    world: World, anna: Person, piotr: Person, john: Person
) -> None:
    await opens_access(anna)
    await anna.taps("Osoba 2")
    buttons = [data_of(anna, "tylko podgląd"), data_of(anna, "Przekaż własność konta")]
    await anna.taps("Odłącz: Osoba 2")
    buttons.append(data_of(anna, "Tak, odłącz"))
    await john.sends("/settings")
    for button in buttons:
        await john.forges(button)
        john.does_not_see("Anna")
        await piotr.sends("/settings")
        await piotr.forges(button)
        assert piotr.toast == "To może zrobić tylko właściciel konta."
    users = await world.core.actions.list_links("C-1001")
    assert [user.user_id for user in users.users] == [ANNA.id, PIOTR.id]
    assert users.users[1].rights is Rights.EVERYTHING
    assert JOHN.id not in {user.user_id for user in users.users}


@pytest.mark.parametrize("rights", [Rights.LOOK, Rights.PAY])
async def test_nothing_that_is_offered_is_refused(
    world: World, piotr: Person, rights: Rights
) -> None:
    """Every button that can be reached within some taps; the walker goes further with all."""
    await has_rights(world, piotr, rights)
    seen: set[str] = set()
    for command in ("/start", "/services", "/invoices", "/costs", "/settings", "/help"):
        await piotr.sends(command)
        waiting = callbacks(piotr)
        while waiting and len(seen) < 120:
            data = waiting.pop(0)
            if data.split(":")[0] in seen:
                continue
            seen.add(data.split(":")[0])
            await piotr.forges(data)
            assert piotr.toast != OGRANICZONY, data
            waiting += callbacks(piotr)
    assert len(seen) > 20


def callbacks(person: Person) -> list[str]:
    """What the buttons of the last message say, without leaving the account."""
    rows = person._last().get("reply_markup", {}).get("inline_keyboard", [])
    return [
        button["callback_data"]
        for row in rows
        for button in row
        if "callback_data" in button and not button["callback_data"].startswith(("tx1", "tu1"))
    ]
