"""Sending the codes that were asked for by e-mail.

A row is claimed; then a connected panel is asked whose address it is; then the code is made, the
mail server called and the result noted, each in turn and with no transaction open around a call. A
process that dies in between leaves a row that is due again when its claim runs out: another code
is made and sent, and only the newest one is right.

Panel and server are called for every address, also for one that is no client's: there the server
is only tried. So a user is told that one does not answer whether or not they know a client's
address.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from billing.actions.access.by_email import find_clients
from billing.actions.access.from_panel import PanelClients
from billing.actions.environment import Environment
from billing.ports.access import EmailCode, EmailCodeResult
from billing.ports.connected import PanelUnreachableError
from billing.ports.outbox import Notification
from billing.ports.outside import CodeMail, Mailer, MailResult
from billing.ports.work import UnitOfWork
from billing.rules.access.emails import CODE_DIGITS, VALID_FOR, hash_email_code
from billing.views.notices.access import CodeNotMailed

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than the mail server may take to answer."""

ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=20)
LATEST = timedelta(minutes=5)
"""Whoever has waited for longer has gone away, or asks again."""


@dataclass(frozen=True, slots=True)
class SendEmailCodes:
    """Send the codes that are due; any process may do it at any time."""

    env: Environment
    mailer: Mailer | None
    there: PanelClients

    async def __call__(self, go_on: Callable[[], bool] = lambda: True) -> None:
        """Send until none is due, the mail server or panel is away, or `go_on` says no."""
        if self.mailer is None:
            return
        async with self.env.work.reading() as uow:
            if not await uow.email_codes.has_due(self.env.now()):
                return
        while go_on():
            row = await self._claim()
            if row is None:
                return
            result = await self._send(self.mailer, row)
            await self._note(row, result)
            if result is MailResult.FAILED:
                return

    async def _claim(self) -> EmailCode | None:
        """Take one; what cannot be sent in time is given up and passed over."""
        now = self.env.now()
        async with self.env.work.writing() as uow:
            while row := await uow.email_codes.claim(now, lease_until=now + LEASE):
                if row.attempts <= ATTEMPTS and now - row.asked_at <= LATEST:
                    break
                await self._give_up(uow, row)
            await uow.commit()
        return row

    async def _send(self, mailer: Mailer, row: EmailCode) -> MailResult:
        """Look the address up where clients are known, make its code, and send it."""
        try:
            if row.client_id is None:
                await self.there.meet_by_email(row.email)
        except PanelUnreachableError:
            log.warning("the panel does not answer when asked whose an address is")
            return MailResult.FAILED
        except Exception:
            log.exception("the panel cannot be asked whose an address is")
            return MailResult.FAILED
        mail = await self._make(row)
        return await (mailer.try_server() if mail is None else mailer.send_code(mail))

    async def _make(self, row: EmailCode) -> CodeMail | None:
        """The mail with a new code; None for an address that is no client's."""
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        expires_at = self.env.now() + VALID_FOR
        async with self.env.work.writing() as uow:
            await uow.email_codes.set_code(
                row.id, hash_email_code(row.id, code), expires_at=expires_at
            )
            if row.client_id is None:
                clients = await find_clients(uow, row.email)
                address, asked_by = clients[0].email if clients else "", None
            else:
                address = await uow.access.address_of(row.client_id)
                user = (await uow.access.users(row.client_id)).find(row.user_id)
                asked_by = user.name if user else ""
            await uow.commit()
        return CodeMail(address, code, row.language, VALID_FOR, asked_by) if address else None

    async def _note(self, row: EmailCode, result: MailResult) -> None:
        async with self.env.work.writing() as uow:
            match result:
                case MailResult.SENT:
                    await uow.email_codes.finish(row.id, EmailCodeResult.SENT)
                case MailResult.REFUSED_NOW | MailResult.FAILED if row.attempts < ATTEMPTS:
                    await uow.email_codes.defer(row.id, until=self.env.now() + RETRY_AFTER)
                case MailResult.REFUSED | MailResult.REFUSED_NOW if row.client_id is None:
                    # The user is not told: they would learn that the address is a client's.
                    log.warning("The mail server refuses an e-mail to the address of a client")
                    await uow.email_codes.finish(row.id, EmailCodeResult.REFUSED)
                case _:
                    await self._give_up(uow, row)
            await uow.commit()

    async def _give_up(self, uow: UnitOfWork, row: EmailCode) -> None:
        """Tell the user, in the same transaction."""
        await uow.email_codes.finish(row.id, EmailCodeResult.GIVEN_UP)
        notice = CodeNotMailed(row.language, is_proof=row.client_id is not None)
        news = Notification(f"code_not_mailed:{row.id}", notice, user_id=row.user_id)
        await uow.outbox.add([news], at=self.env.now())
