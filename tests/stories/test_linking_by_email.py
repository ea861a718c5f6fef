"""Linking by e-mail: the whole bot, and a real mail server on this machine."""

import asyncio
import io
import logging
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from billing.actions.access.by_email import LIMITS
from billing.actions.access.send_codes import SendEmailCodes
from bot.logs import configure_logging
from bot.sandbox.mailbox import Mailbox, mail_server, text_of
from bot.sandbox.people import GUEST
from bot.sockets import free_port
from storage.tables.accounts import clients
from tests.database import on_both_stores
from tests.mailboxes import RefusingMailbox
from tests.person import Person
from tests.statements import counting
from tests.world import START, World, open_world

pytestmark = on_both_stores

ANNAS, JOHNS, MARTAS = (
    f"{name}@chmurnik.example" for name in ("anna.nowak", "john.smith", "marta")
)
FROM = "Chmurnik Hosting <bok@chmurnik.example>"
ON_ITS_WAY = "If that is the address of one of our clients"


@pytest.fixture
def mailbox() -> RefusingMailbox:
    """What was sent."""
    return RefusingMailbox()


@pytest.fixture
async def world(prepared: str, mailbox: Mailbox) -> AsyncIterator[World]:
    async with mail_server(mailbox) as port:
        smtp_url = f"smtp://127.0.0.1:{port}"
        async with open_world(prepared, smtp_url=smtp_url, mail_from=FROM) as opened:
            yield opened


async def asks(world: World, person: Person, address: str) -> None:
    """Ask for a code from the first screen on, and let the mail go out."""
    await person.sends("/start")
    await person.taps("Link by e-mail")
    person.sees("Type the e-mail address")
    await person.sends(address)
    person.sees(ON_ITS_WAY, "six digits", "10 minutes")
    await world.passes(seconds=2)


def code_in(mailbox: Mailbox) -> str:
    """The code of the newest mail."""
    match = re.search(r"\d{3} \d{3}", text_of(mailbox.mails[-1]))
    assert match is not None
    return match[0].replace(" ", "")


async def tries_wrong_codes(person: Person, right: str) -> None:
    """Five codes that are wrong."""
    for number in range(5):
        wrong = f"{(int(right) + number + 1) % 1_000_000:06}"
        await person.sends(wrong)
        person.sees("That code is wrong or has expired.", ON_ITS_WAY)


async def test_a_client_links_themselves(world: World, mailbox: Mailbox, guest: Person) -> None:
    await asks(world, guest, "  Marta@Chmurnik.example ")
    (mail,) = mailbox.mails
    assert (mail["From"], mail["To"]) == (FROM, MARTAS)
    code = code_in(mailbox)
    assert mail["Subject"] == f"{code} is your code for Chmurnik Hosting"
    await guest.sends(f"{code[:3]} {code[3:]}")
    guest.sees("Is this your account?", "Pracownia Zegarów, Marta Zielińska", "C-1003")
    await guest.taps("Yes, link it")
    assert guest.toast == "Linked."
    await guest.taps("Services")
    guest.sees("zegary-zielinska.example")


async def test_the_mail_has_text_and_html_in_the_language_of_the_chat(
    world: World, mailbox: Mailbox, guest: Person, anna: Person
) -> None:
    await asks(world, guest, MARTAS)
    await anna.sends("/link")
    anna.sees("Nie masz kodu?")
    await anna.taps("Połącz przez e-mail")
    await anna.sends(MARTAS)
    anna.sees("Jeśli to adres któregoś z naszych klientów")
    await world.passes(seconds=2)
    english, polish = mailbox.mails
    assert "Type it in the chat with Chmurnik Hosting" in text_of(english)
    assert "It works for 10 minutes." in text_of(english)
    assert "Wpisz go na czacie z Chmurnik Hosting" in text_of(polish)
    assert "Działa przez 10 minut." in text_of(polish)
    for mail, language in ((english, "en"), (polish, "pl")):
        html = text_of(mail, "html")
        assert f'<html lang="{language}">' in html
        assert re.search(r"<b>\d{3} \d{3}</b>", html)
    await anna.sends(code_in(mailbox))
    await anna.taps("Tak, połącz")
    anna.sees("Pracownia Zegarów")


async def test_the_other_users_are_told(
    world: World, mailbox: Mailbox, guest: Person, anna: Person
) -> None:
    await asks(world, guest, ANNAS)
    await guest.sends(code_in(mailbox))
    await guest.taps("Yes, link it")
    await world.passes(seconds=2)
    anna.sees("ma teraz dostęp do Twojego konta", "Odłącz")


async def test_the_answer_is_the_same_for_an_address_of_nobody(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await guest.sends("/start")
    seen = []
    for address in (MARTAS, "nobody@chmurnik.example"):
        await guest.taps("Link by e-mail")
        with counting(world.core.database) as statements:
            await guest.sends(address)
        seen.append((guest.screen, [sql for sql, _ in statements.run]))
        await world.passes(seconds=2)
        await guest.sends("/start")
    assert seen[0] == seen[1]
    assert len(seen[0][1]) <= 8
    assert [mail["To"] for mail in mailbox.mails] == [MARTAS]


async def test_a_code_for_an_address_of_nobody_is_never_right(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, "nobody@chmurnik.example")
    await guest.sends("123456")
    guest.sees("That code is wrong or has expired.")


async def test_after_five_wrong_codes_the_right_one_is_refused(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, MARTAS)
    code = code_in(mailbox)
    await tries_wrong_codes(guest, code)
    await guest.sends(code)
    guest.sees("Too many wrong codes. Please wait an hour.")


async def test_text_without_six_digits_is_no_guess(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, MARTAS)
    for said in ("nic nie przyszło", "1234567", "12345", "ABCD2345"):
        await guest.sends(said)
        guest.sees("The code of the e-mail has six digits.")
    async with world.core.database.work.writing() as uow:
        assert await uow.link_codes.failures(guest.id, since=START) == 0
    await guest.sends(f"kod to {code_in(mailbox)}.")
    guest.sees("Is this your account?")


async def test_a_code_works_for_ten_minutes(world: World, mailbox: Mailbox, guest: Person) -> None:
    await asks(world, guest, MARTAS)
    world.clock.advance(timedelta(minutes=10, seconds=1))
    await guest.sends(code_in(mailbox))
    guest.sees("That code is wrong or has expired.")


async def test_what_was_proven_has_to_be_confirmed_in_time(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, MARTAS)
    await guest.sends(code_in(mailbox))
    world.clock.advance(timedelta(minutes=11))
    await guest.taps("Yes, link it")
    assert guest.toast == "That code is wrong, used or expired."


async def test_only_the_newest_code_works_and_only_for_who_asked(
    world: World, mailbox: Mailbox, guest: Person, john: Person
) -> None:
    await asks(world, guest, MARTAS)
    first = code_in(mailbox)
    await john.sends(first)
    john.does_not_see("Pracownia")
    await world.passes(minutes=2)
    await asks(world, guest, MARTAS)
    second = code_in(mailbox)
    if first != second:
        await guest.sends(first)
        guest.sees("That code is wrong or has expired.")
    await guest.sends(second)
    guest.sees("Is this your account?")


async def test_typing_the_code_again_shows_the_account_again(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, MARTAS)
    code = code_in(mailbox)
    await guest.sends(code)
    await guest.taps("No")
    await guest.taps("Link by e-mail")
    await guest.sends(MARTAS)
    await guest.sends(code)
    guest.sees("Is this your account?", "Pracownia Zegarów")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of")


async def test_of_several_accounts_one_is_chosen(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await _gives_address(world, "C-1002", MARTAS)
    await asks(world, guest, MARTAS)
    assert len(mailbox.mails) == 1
    await guest.sends(code_in(mailbox))
    guest.sees("Which account is it?", "John Smith (C-1002)", "Pracownia Zegarów")
    await guest.taps("John Smith (C-1002)")
    guest.sees("Is this your account?", "John Smith")
    await guest.taps("Yes, link it")
    guest.sees("This chat shows the account of John Smith.")


async def test_there_are_limits(world: World, mailbox: Mailbox, guest: Person) -> None:
    for number in range(LIMITS.by_user):
        await asks(world, guest, f"nobody{number}@chmurnik.example")
    await guest.sends("/start")
    await guest.taps("Link by e-mail")
    await guest.sends(MARTAS)
    guest.sees("Too many codes were asked for. Please wait an hour")
    await world.passes(hours=1, minutes=1)
    await guest.sends(MARTAS)
    guest.sees(ON_ITS_WAY)
    await world.passes(seconds=2)
    assert [mail["To"] for mail in mailbox.mails] == [MARTAS]


async def test_asking_twice_in_a_minute_sends_one_mail(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    for _ in range(3):
        await asks(world, guest, MARTAS)
    assert len(mailbox.mails) == 1


async def test_text_without_an_address_is_said_so(world: World, guest: Person) -> None:
    await guest.sends("/start")
    await guest.taps("Link by e-mail")
    await guest.sends("nie pamiętam")
    guest.sees("There is no e-mail address in that.", "Type the e-mail address")


@pytest.mark.parametrize("is_final", [True, False])
async def test_an_address_that_the_server_refuses_looks_like_any_other(
    world: World, mailbox: RefusingMailbox, guest: Person, *, is_final: bool
) -> None:
    mailbox.refused, mailbox.busy = ({MARTAS}, False) if is_final else (set(), True)
    await asks(world, guest, MARTAS)
    shown = guest.screen
    for _ in range(4):
        await world.passes(seconds=21)
    assert mailbox.mails == []
    assert guest.screen == shown


async def test_a_server_that_is_busy_is_tried_again(
    world: World, mailbox: RefusingMailbox, guest: Person
) -> None:
    mailbox.busy = True
    await asks(world, guest, MARTAS)
    mailbox.busy = False
    await world.passes(seconds=21)
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?")


async def test_after_a_crash_the_mail_goes_out_once_more_with_another_code(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SendEmailCodes, "_note", dies)
        with pytest.raises(asyncio.CancelledError):
            await asks(world, guest, MARTAS)
    await world.passes(seconds=30)
    assert len(mailbox.mails) == 1
    await world.passes(minutes=2)
    assert len(mailbox.mails) == 2
    await guest.sends(code_in(mailbox))
    guest.sees("Is this your account?")


async def test_what_waited_while_nothing_ran_is_not_sent_much_later(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await guest.sends("/start")
    await guest.taps("Link by e-mail")
    await guest.sends(MARTAS)
    await world.passes(minutes=6)
    assert mailbox.mails == []
    guest.sees("We could not send you an e-mail.")


async def test_no_transaction_is_open_while_the_mail_server_is_asked(
    prepared: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Looking(Mailbox):
        """Writes to the database while it takes an e-mail."""

        async def handle_DATA(self, *args: Any) -> str:  # noqa: N802 - aiosmtpd's name
            async with asyncio.timeout(5), here.core.database.work.writing() as uow:
                await uow.link_codes.record_failure(1, at=START)
                await uow.commit()
            return await super().handle_DATA(*args)

    mailbox = Looking()
    async with mail_server(mailbox) as port:
        smtp_url = f"smtp://127.0.0.1:{port}"
        async with open_world(prepared, smtp_url=smtp_url, mail_from=FROM) as here:
            await asks(here, here.person(GUEST), MARTAS)
    assert len(mailbox.mails) == 1


async def test_nothing_of_it_is_logged(
    world: World, mailbox: RefusingMailbox, guest: Person, logging_as_before: None
) -> None:
    logging.getLogger("mail.log").disabled = True  # that of the mail server
    stream = io.StringIO()
    configure_logging("DEBUG", secrets=world.core.settings.hidden, stream=stream)
    mailbox.busy = True
    await asks(world, guest, MARTAS)
    mailbox.busy = False
    await world.passes(seconds=21)
    code = code_in(mailbox)
    await guest.sends(code)
    await guest.taps("Yes, link it")
    written = stream.getvalue()
    assert "The mail server does not take an e-mail" in written
    for private in (MARTAS, "marta@", code, f"{code[:3]} {code[3:]}"):
        assert private not in written


async def test_codes_and_their_rows_are_forgotten_after_a_day(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    await asks(world, guest, MARTAS)
    await world.passes(days=1, minutes=1)
    with counting(world.core.database) as statements:
        async with world.core.database.work.writing() as uow:
            assert await uow.email_codes.prune(before=world.clock.now(), limit=9) == 0
    assert len(statements) == 1


async def test_only_a_hash_of_the_code_is_stored(
    world: World, mailbox: Mailbox, guest: Person
) -> None:
    with counting(world.core.database) as statements:
        await asks(world, guest, MARTAS)
        code = code_in(mailbox)
        await guest.sends(code)
    written = str([parameters for _, parameters in statements.run])
    assert MARTAS in written
    assert code not in written


async def _gives_address(world: World, ref: str, address: str) -> None:
    """Let the company have another address of a client."""
    of_client = update(clients).where(clients.c.ref == ref)
    async with world.core.database.engines.writer.begin() as connection:
        await connection.execute(of_client.values(email=address, email_key=address))


@pytest.mark.parametrize("address", [MARTAS, "nobody@chmurnik.example"])
async def test_a_mail_server_that_is_down_is_said_so_for_every_address(
    prepared: str, address: str
) -> None:
    smtp_url = f"smtp://127.0.0.1:{free_port()}"
    async with open_world(prepared, smtp_url=smtp_url, mail_from=FROM) as world:
        guest = world.person(GUEST)
        await asks(world, guest, address)
        guest.sees(ON_ITS_WAY)
        for _ in range(2):
            await world.passes(seconds=21)
        guest.sees("We could not send you an e-mail.", "It does not work on our side just now.")
        await guest.taps("Try again")
        guest.sees("Type the e-mail address")


async def test_without_a_mail_server_nothing_offers_it(prepared: str) -> None:
    async with open_world(prepared) as world:
        guest = world.person(GUEST)
        for said in ("/start", "/link"):
            await guest.sends(said)
            guest.does_not_see("e-mail")
