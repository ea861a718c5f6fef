"""Mail servers that refuse."""

from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bot.sandbox.mailbox import Mailbox


@dataclass(slots=True)
class RefusingMailbox(Mailbox):
    """Refuses some recipients for good, and all others for now while it is `busy`."""

    refused: set[str] = field(default_factory=set)
    busy: bool = False

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient."""
        if address in self.refused:
            return f"550 5.1.1 <{address}>: no such mailbox"
        if self.busy:
            return f"451 4.3.0 <{address}>: try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def with_password(password: str) -> dict[str, Any]:
    """The options of a server that lets in whoever has it, after STARTTLS."""

    def check(*given: object) -> AuthResult:
        login = given[-1]
        is_right = isinstance(login, LoginPassword) and login.password.decode() == password
        return AuthResult(success=is_right, handled=False)

    return {"auth_required": True, "authenticator": check}
