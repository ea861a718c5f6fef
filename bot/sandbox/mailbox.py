"""A local mail server: everything that is sent ends in one mailbox, which the chat page shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.errors import Json

HOST = "127.0.0.1"


@dataclass(slots=True)
class Mailbox:
    """The e-mails that came, the oldest first."""

    mails: list[EmailMessage] = field(default_factory=list)

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
    mailbox: Mailbox, *, at_once: SSLContext | None = None, **options: Any
) -> AsyncIterator[int]:
    """Take e-mail at a free port, which is yielded.

    With `at_once` connections begin with TLS; `options` are those of aiosmtpd's server.
    """

    def protocol() -> SMTP:
        return SMTP(mailbox, enable_SMTPUTF8=True, hostname=HOST, **options)

    server = await asyncio.get_running_loop().create_server(protocol, HOST, 0, ssl=at_once)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
