"""A local mail server: everything that is sent ends in one mailbox, which the chat page shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.sandbox.errors import Json

HOST = "127.0.0.1"


@dataclass(slots=True)
class Mailbox:
    """The e-mails that came, the oldest first; each recipient in `refused` is refused."""

    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Take a recipient."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep an e-mail."""
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        mail = message_from_bytes(raw, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 - what the policy makes
        self.mails.append(mail)
        return "250 OK"

    def as_json(self) -> list[Json]:
        """The e-mails for the page, the newest first."""
        return [
            {"to": str(mail["To"]), "subject": str(mail["Subject"]), "text": text_of(mail)}
            for mail in reversed(self.mails)
        ]


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """The text of an e-mail; `kind` is plain or html."""
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())


@asynccontextmanager
async def mail_server(
    mailbox: Mailbox,
    *,
    port: int = 0,
    tls: SSLContext | None = None,
    at_once: bool = False,
    password: str = "",
) -> AsyncIterator[int]:
    """Take e-mail at a port, by default a free one, which is yielded.

    With `tls` the server offers STARTTLS, or begins with TLS `at_once`. With a `password`
    everybody has to log in with it.
    """

    def check(*given: object) -> AuthResult:
        login = given[-1]
        is_right = isinstance(login, LoginPassword) and login.password.decode() == password
        return AuthResult(success=is_right)

    def protocol() -> SMTP:
        return SMTP(
            mailbox,
            enable_SMTPUTF8=True,
            hostname=HOST,
            tls_context=None if at_once else tls,
            require_starttls=tls is not None and not at_once,
            auth_required=bool(password),
            auth_require_tls=False,
            authenticator=check,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, HOST, port, ssl=tls if at_once else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
