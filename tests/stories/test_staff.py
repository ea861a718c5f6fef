"""The people of the operator's chat decide there by buttons, and everybody sees who did what."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from billing.ports.outbox import Notification
from billing.rules.audit import Audited, AuditEntry
from billing.rules.payments.charges import Charge, Misfit
from billing.views.notices.operator import UnplacedPayment
from billing.views.staff import Deed, MatterKind
from bot.app import make_application
from bot.sandbox.faults import Fault
from bot.sandbox.people import ANNA, GROUP_ID, Profile
from bot.sandbox.talk.driver import Place
from handlers.buttons import DecideMatter, OpenServices
from handlers.chat.screens.codec import encode
from tests.database import on_both_stores
from tests.make import STAFF
from tests.person import Person
from tests.stories.acts import client_of, data_of
from tests.stories.test_paying import transfers
from tests.telegram import FakeRequest
from tests.world import OPERATOR, UNHURRIED, World, open_world

pytestmark = on_both_stores

OLGA = Profile(2001, "Olga")
MAREK = Profile(2002, "Marek", language_code="pl")
NOBODY_IN_PARTICULAR = Profile(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@pytest.fixture
async def world(prepared: str) -> AsyncIterator[World]:
    """The operator's chat is a group, in which Olga and Marek may act."""
    staff = frozenset({OLGA.id, MAREK.id})
    async with open_world(prepared, operator_chat=GROUP_ID, staff=staff) as opened:
        for profile in (OLGA, MAREK, NOBODY_IN_PARTICULAR):
            opened.api.add_person(profile)
        yield opened


def in_group(world: World, profile: Profile) -> Person:
    """Somebody who looks at the operator's group."""
    person = world.person(profile)
    person.enters(GROUP_ID)
    return person


@pytest.fixture
def olga(world: World) -> Person:
    return in_group(world, OLGA)


@pytest.fixture
def marek(world: World) -> Person:
    return in_group(world, MAREK)


async def makes_proforma(person: Person) -> str:
    """Order a hosting and choose to pay it by transfer; the proforma's number."""
    await person.sends("/order")
    for label in ("Hosting stron", "Hosting Obłok", "rocznie"):
        await person.taps(label)
    await person.sends("nowa.example")
    for label in ("Dodaj do koszyka", "Zapłać", "☑", "Przelew bankowy", "Zamawiam i płacę"):
        await person.taps(label)
    return person.copies("Kopiuj tytuł")


async def orders_and_pays(world: World, person: Person) -> None:
    """Order a hosting for 149 zł and pay it; the operator's chat is told."""
    await world.core.actions.record_transfer(await makes_proforma(person), by=STAFF)
    await world.passes(seconds=2)


async def asks_to_cancel(world: World, person: Person) -> None:
    """Ask to cancel the gallery's hosting; the operator's chat is told."""
    await person.sends("/services")
    for label in ("⏳ Hosting Cumulus", "Zgłoś rezygnację", "Z końcem okresu"):
        await person.taps(label)
    await person.sends("Zamykam galerię")
    await person.taps("Tak, rezygnuję")
    await world.passes(seconds=2)


async def audited(world: World) -> list[AuditEntry]:
    """What staff changed in the chat, the newest first."""
    page = await world.core.actions.list_audit()
    by_staff = [entry for entry in page if "(staff" in entry.actor.name]
    return [entry for entry in by_staff if entry.action is not Audited.VIEW_CLIENT]


async def restarts(world: World) -> None:
    """Another process goes on with the same database."""
    application = make_application(world.core, request=FakeRequest(world.api), pace=UNHURRIED)
    await application.initialize()
    world.application = application
    world.driver.application = application


async def test_olga_accepts_and_marek_comes_too_late(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await orders_and_pays(world, anna)
    olga.sees("New order", "[✅ Accept] [Reject…] [The client]")
    olga.does_not_see("panelik")
    seen_by_marek = data_of(marek, "Reject…")
    await olga.taps("Accept")
    assert olga.toast == "✅ Accepted · Olga, 10:00"
    assert not olga.alerted
    olga.sees("New order", "Hosting Obłok", "✅ Accepted · Olga, 10:00")
    assert olga.buttons == []

    await world.passes(minutes=5)
    await marek.forges(seen_by_marek)
    assert (marek.toast, marek.alerted) == ("✅ Accepted · Olga, 10:00", True)
    marek.sees("✅ Accepted · Olga, 10:00")
    anna.sees("Twoje zamówienie jest gotowe")
    (entry,) = await audited(world)
    assert (entry.actor.name, entry.action) == ("Olga (staff 2001)", "accept_order")
    assert entry.subject.startswith("order ")


async def test_what_the_command_line_decided_is_drawn_at_the_next_tap(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    olga.sees("Cancellation request #1", "Zamykam galerię")
    await world.core.actions.decide_cancellation(1, accept=True, by=STAFF)
    await olga.taps("Accept")
    assert olga.toast == f"Decided already: ✅ Accepted · {STAFF.name}, 10:00"
    assert olga.alerted
    olga.sees("Zamykam galerię", f"✅ Accepted · {STAFF.name}, 10:00")
    assert olga.buttons == []
    assert await audited(world) == []


async def test_a_request_that_the_client_takes_back_says_so(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    accept = data_of(olga, "Accept")
    await anna.sends("/services")
    for label in ("🟢 Hosting Cumulus", "Cofnij rezygnację"):
        await anna.taps(label)
    await olga.forges(accept)
    olga.sees("Cancellation request #1", "↩️ Withdrawn by the client")


async def test_a_double_tap_decides_once_and_alarms_nobody(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    data = data_of(olga, "Accept")
    await olga.taps("Accept")
    await olga.forges(data)
    assert olga.toast == "Decided already: ✅ Accepted · Olga, 10:00"
    assert not olga.alerted
    assert len(await audited(world)) == 1


async def test_of_two_people_at_once_one_decides(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await asks_to_cancel(world, anna)
    accept = data_of(olga, "Accept")
    refuse = encode(DecideMatter(MatterKind.CANCELLATION, 1, Deed.REJECT, 0))
    visitors = [world.api.visitor(person.id, GROUP_ID) for person in (olga, marek)]
    message = world.driver.messages(GROUP_ID)[-1]["message_id"]
    for visitor, data in zip(visitors, (accept, refuse), strict=True):
        visitor.tap(message, data=data)
    updates = [world.api.updates.take(), world.api.updates.take()]
    await asyncio.gather(*(world.driver._handle(update) for update in updates if update))
    (entry,) = await audited(world)
    olga.sees(entry.actor.person)
    assert olga.buttons == []


async def test_others_in_the_group_change_nothing(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    before = olga.screens
    client = in_group(world, ANNA)
    await client.taps("Accept")
    assert client.alerted
    assert client.toast == (
        "Only people who are named in PANELIK_STAFF may act here. Your user id is 1001."
    )
    anonymous = in_group(world, NOBODY_IN_PARTICULAR)
    await anonymous.taps("Accept")
    assert anonymous.alerted
    assert "Switch off “Remain anonymous”" in anonymous.toast
    assert olga.screens == before
    assert await audited(world) == []


async def test_a_clients_button_is_refused_in_the_group_and_a_staff_button_elsewhere(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    accept = data_of(olga, "Accept")
    await olga.forges(encode(OpenServices()))
    assert (olga.toast, olga.alerted) == ("This button does nothing here.", True)
    await anna.forges(accept)
    assert anna.toast == "To może zrobić tylko nasz zespół."
    assert await audited(world) == []
    olga.sees("[✅ Accept]")


async def test_olga_rejects_and_her_reply_is_the_reason(
    world: World, anna: Person, olga: Person
) -> None:
    await orders_and_pays(world, anna)
    await olga.taps("Reject…")
    assert olga.toast == "Please reply to the question below."
    notice, question = olga.screens[-2:]
    assert "✍️ Olga is asked for the reason" in notice
    assert "[Reject without a reason]" in notice
    assert question == (
        "✍️ Olga, reply to this message with the reason. The client reads it word for word."
    )
    await restarts(world)
    await olga.replies("Domena jest zajęta", to="reply to this message")
    assert olga.screen == "❌ Rejected · Olga, 10:00"
    assert olga.screens[-3].endswith("❌ Rejected · Olga, 10:00")
    await world.passes(seconds=2)
    anna.sees("Nie możemy zrealizować zamówienia", "Domena jest zajęta")
    (entry,) = await audited(world)
    assert "Domena jest zajęta" in entry.note


async def test_a_reply_that_comes_twice_rejects_once(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    notice = Place(world.driver.messages(GROUP_ID)[-1]["message_id"])
    again = data_of(olga, "Reject…")
    await olga.taps("Reject…")
    await world.driver.tap(OLGA.id, GROUP_ID, notice, again)
    assert len(olga.screens) == 2
    await olga.replies("Umowa do końca roku", to="reply to this message")
    count = len(olga.screens)
    await world.driver.redeliver()
    assert len(olga.screens) == count
    await olga.replies("jeszcze coś", to="reply to this message")
    olga.sees("This question is closed.")
    assert len(await audited(world)) == 1
    await world.passes(seconds=2)
    anna.sees("Umowa do końca roku")


async def test_a_question_is_for_the_person_who_is_asked(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await asks_to_cancel(world, anna)
    await olga.taps("Reject…")
    await marek.replies("Bo tak", to="reply to this message")
    marek.sees("This question is for somebody else.")
    await marek.replies("Widziałem", to="Cancellation request")
    marek.sees("This question is for somebody else.")
    anonymous = in_group(world, NOBODY_IN_PARTICULAR)
    await anonymous.replies("Bo tak", to="reply to this message")
    anonymous.sees("Switch off “Remain anonymous”")
    assert await audited(world) == []


async def test_a_rejection_needs_no_reason_and_can_be_left(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    await olga.taps("Reject…")
    await olga.taps("Cancel")
    assert len(olga.screens) == 1
    olga.sees("[✅ Accept] [Reject…] [The client]")
    await olga.taps("Reject…")
    await olga.taps("Reject without a reason")
    assert len(olga.screens) == 1
    olga.sees("❌ Rejected · Olga, 10:00")
    await world.passes(seconds=2)
    anna.sees("Nie możemy przyjąć rezygnacji")
    anna.does_not_see("Nasz powód")


async def test_the_client_at_a_glance_and_a_proforma_marked_as_paid_once(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await asks_to_cancel(world, anna)
    number = await makes_proforma(anna)
    await olga.taps("The client")
    assert len(olga.screens) == 2
    olga.sees("👤 Anna Nowak", "C-1001", "Reads the bot.", "Credit: PLN 60.00", number)
    await olga.taps("The client")
    assert olga.toast == "The client's card below the message is up to date."
    assert len(olga.screens) == 2

    await olga.taps("Mark as paid")
    olga.sees(f"Proforma {number}", "Mark it as paid by bank transfer?", "[Cancel]")
    await olga.taps("Cancel")
    olga.sees("👤 Anna Nowak", "C-1001")
    await olga.taps("Mark as paid")
    yes = data_of(marek, "Yes")
    await olga.taps("✅ Yes, PLN 149.00 came")
    assert olga.toast == "✅ Payment recorded · Olga, 10:00"
    await marek.forges(yes)
    assert marek.toast == "Decided already: ✅ Payment recorded · Olga, 10:00"
    assert marek.alerted
    await olga.taps("The client")
    olga.sees("👤 Anna Nowak", "C-1001")
    olga.does_not_see("Mark as paid")
    assert len(await audited(world)) == 1
    assert (await client_of(world, anna)).credit.minor == 6000


async def test_an_amount_that_has_changed_is_asked_about_again(
    world: World, anna: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    number = await makes_proforma(anna)
    await olga.taps("The client")
    await olga.taps("Mark as paid")
    await world.core.actions.record_transfer(number, "100.00", by=STAFF)
    await olga.taps("✅ Yes, PLN 149.00 came")
    assert (olga.toast, olga.alerted) == ("The amount due has changed. Please start again.", True)
    await olga.taps("Mark as paid")
    await olga.taps("✅ Yes, PLN 49.00 came")
    olga.sees(f"Proforma {number}", "✅ Payment recorded · Olga, 10:00")


async def test_a_client_whom_nobody_reaches_is_named(
    world: World, anna: Person, piotr: Person, olga: Person
) -> None:
    await asks_to_cancel(world, anna)
    await anna.blocks()
    await piotr.blocks()
    await olga.taps("Accept")
    assert olga.alerted
    assert "Nobody reads the bot for this client" in olga.toast
    olga.sees("✅ Accepted · Olga, 10:00")


async def test_where_the_operators_chat_is_private_its_owner_decides(
    prepared: str,
) -> None:
    staff = frozenset({OPERATOR})
    async with open_world(prepared, staff=staff) as world:
        anna, operator = world.person(ANNA), world.person(Profile(OPERATOR, "Operator"))
        await asks_to_cancel(world, anna)
        operator.sees("[✅ Accept] [Reject…] [The client]")
        await operator.taps("Reject…")
        await operator.sends("Umowa do końca roku")
        assert operator.screen == "❌ Rejected · Operator, 10:00"
        await world.passes(seconds=2)
        anna.sees("Nasz powód: Umowa do końca roku")


async def test_without_staff_there_are_commands_to_copy(prepared: str) -> None:
    async with open_world(prepared) as world:
        anna, operator = world.person(ANNA), world.person(Profile(OPERATOR, "Operator"))
        await asks_to_cancel(world, anna)
        assert operator.copies("Accept") == "panelik cancellations accept 1"
        accept = encode(DecideMatter(MatterKind.CANCELLATION, 1, Deed.ACCEPT, 0))
        await operator.forges(accept)
        assert "PANELIK_STAFF" in operator.toast
        assert await audited(world) == []


async def test_money_that_fits_nothing_is_not_booked_again_by_a_tap(
    world: World, anna: Person, olga: Person
) -> None:
    client = await client_of(world, anna)
    charge = Charge(source="telegram", event_id="e1", charge_id="c1", amount=100, currency="PLN")
    async with world.core.database.work.writing() as uow:
        number = await uow.unplaced.add(charge, Misfit.NOT_BOOKED, at=world.clock.now())
        assert number is not None
        notice = UnplacedPayment(number, Misfit.NOT_BOOKED, "1.00 PLN", client_id=client.id)
        await uow.outbox.add([Notification("unplaced", notice)], at=world.clock.now())
        await uow.commit()
    await world.passes(seconds=2)
    olga.sees("[Book it again] [The client]", f"panelik unplaced credit {number} C-1001")
    await olga.taps("Book it again")
    assert olga.alerted
    assert olga.toast.startswith("This payment fits nothing by itself")
    again = data_of(olga, "Book it again")
    await world.core.actions.close_unplaced(number, "sent back", by=STAFF)
    await olga.forges(again)
    olga.sees(f"✅ Settled · {STAFF.name}, 10:00")
    assert olga.buttons == []


async def test_where_the_group_has_had_enough_the_deed_stands(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    await asks_to_cancel(world, anna)
    world.api.faults.add(Fault("editMessageText", "429", count=None, retry_after=60))
    await olga.taps("Accept")
    assert olga.toast == "✅ Accepted · Olga, 10:00"
    olga.sees("[✅ Accept]")
    assert len(olga.screens) == 1
    world.api.faults.clear()
    # What Telegram has asked to wait for is over.
    await restarts(world)
    await marek.taps("Accept")
    assert marek.toast == "Decided already: ✅ Accepted · Olga, 10:00"
    assert marek.buttons == []


async def test_what_has_to_be_done_after_a_payment_is_done_by_a_tap(
    world: World, anna: Person, olga: Person, marek: Person
) -> None:
    number = await transfers(anna)
    await world.core.actions.record_transfer(number, by=STAFF)
    await world.passes(seconds=2)
    (task,) = [screen for screen in olga.screens if "🛠" in screen]
    assert task.splitlines()[0] == "🛠 To do: switch on again"
    await olga.taps("✅ Done")
    assert olga.toast == "✅ Done · Olga, 10:00"
    (task,) = [screen for screen in olga.screens if "🛠" in screen]
    assert task.splitlines()[-1] == "✅ Done · Olga, 10:00"
    assert not list(await world.core.actions.list_tasks())
    await marek.forges(encode(DecideMatter(MatterKind.TASKS, 1, Deed.DONE, 0)))
    assert marek.toast == "Decided already: ✅ Done · Olga, 10:00"
    assert [entry.action for entry in await audited(world)] == [Audited.FINISH_TASK]
