"""E-mail out, to real servers on this machine: with and without TLS, refusing, slow and away."""

import asyncio
import logging
import ssl
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from billing.ports.outside import CodeMail, MailResult
from bot import mail as mail_module
from bot.mail import SmtpMailer
from bot.mail_server import BadServerError, MailServer, Security, read_server
from bot.masking import Mask
from bot.sandbox.mailbox import Mailbox, mail_server, text_of
from bot.sockets import free_port
from tests.fakes import StillClock
from tests.mailboxes import RefusingMailbox, with_password
from tests.make import NOW
from tests.tools import certificate

FROM = "Łódzki Hosting <bok@hosting.example>"
CODE = CodeMail("Anna.Nowak@anna.example", "012345", "pl", timedelta(minutes=10))
PASSWORD = "p@ss/word:1"


def mailer(
    port: int,
    security: Security = Security.NONE,
    *,
    password: str = "",
    tls: ssl.SSLContext | None = None,
) -> SmtpMailer:
    user = "panelik" if password else ""
    server = MailServer("localhost", port, security, user, password)
    return SmtpMailer(server, FROM, StillClock(NOW), tls)


Contexts = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture
def served(tmp_path: Path) -> Contexts:
    """The contexts of a server with a certificate for localhost, and of who trusts it."""
    certificate_file, key_file = certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate_file, key_file)
    return server, ssl.create_default_context(cafile=certificate_file)


async def test_a_mail_has_its_heads_and_both_parts() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as port:
        assert await mailer(port).send_code(CODE) is MailResult.SENT
    (mail,) = mailbox.mails
    assert (mail["To"], mail["From"]) == (CODE.address, FROM)
    assert mail["Subject"] == "012345 to Twój kod do Łódzki Hosting"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@hosting.example>")
    assert mail["Date"].datetime.replace(tzinfo=UTC) == NOW
    assert "Twój kod: 012 345" in text_of(mail)
    assert "<b>012 345</b>" in text_of(mail, "html")


async def test_a_name_is_text_and_never_html() -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as port:
        server = MailServer("localhost", port, Security.NONE)
        named = SmtpMailer(server, '"<i>A & B</i>" <bok@hosting.example>', StillClock(NOW))
        assert await named.send_code(CODE) is MailResult.SENT
    (mail,) = mailbox.mails
    assert "&lt;i&gt;A &amp; B&lt;/i&gt;" in text_of(mail, "html")
    assert "<i>A & B</i>" in text_of(mail)


async def test_with_tls_from_the_start(served: Contexts) -> None:
    mailbox, (server_side, trusting) = Mailbox(), served
    async with mail_server(mailbox, at_once=server_side) as port:
        assert await mailer(port, Security.TLS, tls=trusting).send_code(CODE) is MailResult.SENT
        assert await mailer(port, Security.TLS).send_code(CODE) is MailResult.FAILED
    assert len(mailbox.mails) == 1


async def test_with_starttls_and_a_password(served: Contexts) -> None:
    mailbox, (server_side, trusting) = Mailbox(), served
    options = {"tls_context": server_side, "require_starttls": True, **with_password(PASSWORD)}
    async with mail_server(mailbox, **options) as port:
        sending = mailer(port, Security.STARTTLS, password=PASSWORD, tls=trusting)
        assert await sending.try_server() is MailResult.SENT
        assert mailbox.mails == []
        assert await sending.send_code(CODE) is MailResult.SENT
        suspicious = mailer(port, Security.STARTTLS, password=PASSWORD)
        assert await suspicious.send_code(CODE) is MailResult.FAILED
    assert len(mailbox.mails) == 1


async def test_a_server_without_starttls_gets_no_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox = Mailbox()
    async with mail_server(mailbox) as port:
        sending = mailer(port, Security.STARTTLS, password=PASSWORD)
        assert await sending.send_code(CODE) is MailResult.FAILED
    assert mailbox.mails == []


async def test_a_wrong_password_is_no_refusal_of_the_address(
    served: Contexts, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server_side, trusting = served
    options = {"tls_context": server_side, **with_password("another")}
    async with mail_server(Mailbox(), **options) as port:
        sending = mailer(port, Security.STARTTLS, password=PASSWORD, tls=trusting)
        assert await sending.send_code(CODE) is MailResult.FAILED
        assert await sending.try_server() is MailResult.FAILED
    ours = [record.getMessage() for record in caplog.records if record.name == "bot.mail"]
    assert ours == ["The mail server does not take an e-mail: SMTPAuthenticationError 535"] * 2


async def test_what_a_server_says_of_an_address_is_never_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox = RefusingMailbox(refused={CODE.address})
    async with mail_server(mailbox) as port:
        assert await mailer(port).send_code(CODE) is MailResult.REFUSED
        mailbox.refused.clear()
        mailbox.busy = True
        assert await mailer(port).send_code(CODE) is MailResult.REFUSED_NOW
        assert await mailer(port).try_server() is MailResult.SENT
    assert await mailer(free_port()).send_code(CODE) is MailResult.FAILED
    ours = [record.getMessage() for record in caplog.records if record.name == "bot.mail"]
    assert len(ours) == 3
    assert "anna" not in str(ours).lower()


async def test_a_silent_server_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "TIMEOUT_SECONDS", 0.2)
    over = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    try:
        port: int = server.sockets[0].getsockname()[1]
        assert await mailer(port).send_code(CODE) is MailResult.FAILED
    finally:
        over.set()
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, Security.STARTTLS)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, Security.TLS)),
        ("smtp://localhost:25", MailServer("localhost", 25, Security.NONE)),
        (
            "smtp://a%40b.pl:p%40ss%2Fword%3A1@mail.example.com:2525",
            MailServer("mail.example.com", 2525, Security.STARTTLS, "a@b.pl", PASSWORD),
        ),
    ],
)
def test_the_address_of_a_server(address: str, server: MailServer) -> None:
    assert read_server(address) == server
    assert PASSWORD not in repr(server)


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.com:587", "http://mail.example.com", "smtp://", "smtp://user@mail.example.com",
        "smtp://mail.example.com/inbox", "smtp://mail.example.com:none", "smtp://u:p/w@mail.pl",
        "smtp://u:p?w@mail.pl", "smtp://mail .pl",
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_server(address: str) -> None:
    with pytest.raises(BadServerError) as refused:
        read_server(address)
    assert "u:p" not in str(refused.value)


def test_the_password_is_hidden_wherever_it_is_written() -> None:
    mask = Mask(("smtp://panelik:p%40ss%2Fword%3A1@mail.example.com",))
    for shown in (PASSWORD, "p%40ss%2Fword%3A1", f"panelik:{PASSWORD}"):
        assert mask.hide(f"535 {shown} is wrong") == "535 *** is wrong"
