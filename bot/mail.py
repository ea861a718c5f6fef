"""E-mail out, by SMTP. What a server says is never logged: it repeats addresses."""

import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import formatdate, make_msgid, parseaddr
from ssl import SSLContext
from zoneinfo import ZoneInfo

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from billing.ports.outside import Clock, CodeMail, MailResult
from bot.mail_server import MailServer, Security
from handlers.notices.code_mail import MailWords, code_mail
from locales.catalogues import negotiate
from locales.translator import Translator

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15.0
PERMANENT = range(500, 600)
UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends e-mail through a server; a connection for each, for there are few.

    `sender` is a name and an address; the name is that of the company in the text as well. `tls`
    says which certificates are trusted, None for those that this machine trusts.
    """

    server: MailServer
    sender: str
    clock: Clock
    tls: SSLContext | None = None

    async def send_code(self, mail: CodeMail) -> MailResult:
        """Send a code."""
        company, _ = parseaddr(self.sender)
        t = Translator(negotiate(mail.language), UTC)
        minutes = int(mail.valid_for.total_seconds()) // 60
        words = code_mail(t, company, mail.code, minutes=minutes, asked_by=mail.asked_by)
        return await self._with_server(self._message(mail.address, words), mail.address)

    async def try_server(self) -> MailResult:
        """Do the same up to the mail itself."""
        return await self._with_server(None, "")

    @property
    def _own(self) -> str:
        return parseaddr(self.sender)[1]

    def _message(self, address: str, words: MailWords) -> EmailMessage:
        message = EmailMessage(policy=WIRE)
        message["From"] = self.sender
        message["To"] = address
        message["Subject"] = words.subject
        message["Date"] = formatdate(self.clock.now().timestamp())
        message["Message-ID"] = make_msgid(domain=self._own.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(words.text)
        message.add_alternative(words.html, subtype="html")
        return message

    async def _with_server(self, message: EmailMessage | None, address: str) -> MailResult:
        try:
            async with self._connection() as server:
                if self.server.user:
                    await server.login(self.server.user, self.server.password)
                await server.noop()
                return await self._send(server, message, address) if message else MailResult.SENT
        except (SMTPException, OSError) as error:
            _log(error)
            return MailResult.FAILED

    async def _send(self, server: SMTP, message: EmailMessage, address: str) -> MailResult:
        """Hand an e-mail over; what fails from here on may be due to its address."""
        try:
            await server.send_message(message, sender=self._own, recipients=[address])
        except SMTPRecipientsRefused as error:
            _log(error)
            codes = [one.code for one in error.recipients]
            is_final = all(code in PERMANENT for code in codes)
        except (SMTPException, OSError) as error:
            _log(error)
            is_final = isinstance(error, SMTPResponseException) and error.code in PERMANENT
        else:
            return MailResult.SENT
        return MailResult.REFUSED if is_final else MailResult.REFUSED_NOW

    def _connection(self) -> SMTP:
        return SMTP(
            hostname=self.server.host,
            port=self.server.port,
            use_tls=self.server.security is Security.TLS,
            start_tls=self.server.security is Security.STARTTLS,
            tls_context=self.tls,
            timeout=TIMEOUT_SECONDS,
        )


def _log(error: Exception) -> None:
    code = f" {error.code}" if isinstance(error, SMTPResponseException) else ""
    log.warning("The mail server does not take an e-mail: %s%s", type(error).__name__, code)
