"""Proving once more that an account is one's own, before paying or cancelling.

Where the company asks for that, a code goes to the client's own address. Whoever has got hold of
somebody's chat, but not of their e-mail, can then look, but neither pay nor cancel.
"""

import hmac
from dataclasses import dataclass

from billing.actions.access.by_email import LIMIT_WINDOW, REPEATED
from billing.actions.access.guesses import check_guesses
from billing.actions.environment import Environment
from billing.ports.access import EmailCodeCounts
from billing.rules.access.emails import (
    VALID_FOR,
    email_code_in,
    email_key,
    hash_email_code,
    masked,
)
from billing.rules.errors import InvalidInputError, LinkCodeError, NotAllowedError
from billing.views.account import ClientInfo, Visitor

MOST_BY_USER, MOST_FOR_CLIENT = 3, 6
"""Codes that may be asked for in an hour."""


@dataclass(frozen=True, slots=True)
class RequestFreshCode:
    """Have a code sent to the address of the client for whom a user acts."""

    env: Environment

    async def __call__(
        self, client: ClientInfo, user_id: int, language: str, *, anew: bool = False
    ) -> str:
        """The address with most of it hidden.

        One that is on its way or still works is not sent again, unless the user wants it `anew`.
        NotAllowedError("no_address") for a client without an address, LinkCodeError over a limit.
        """
        now = self.env.now()
        async with self.env.work.writing(client.id) as uow:
            address = await uow.access.address_of(client.id)
            if not address:
                raise NotAllowedError("no_address")
            counts = await uow.email_codes.count_for(user_id, client.id, since=now - LIMIT_WINDOW)
            last = await uow.email_codes.newest(user_id, now=now, client_id=client.id)
            if last is not None and (not anew or now - last.asked_at < REPEATED):
                return masked(address)
            if _is_over(counts):
                raise LinkCodeError("too_many_emails")
            await uow.email_codes.add(
                user_id, email_key(address), language, at=now, expires_at=now + VALID_FOR,
                client_id=client.id,
            )  # fmt: skip
            await uow.commit()
        return masked(address)


def _is_over(counts: EmailCodeCounts) -> bool:
    return counts.by_user >= MOST_BY_USER or counts.in_all >= MOST_FOR_CLIENT


@dataclass(frozen=True, slots=True)
class ProveLink:
    """Take the code of such an e-mail; wrong ones are counted."""

    env: Environment

    async def __call__(self, client: ClientInfo, user_id: int, text: str) -> Visitor:
        """The visitor, who may pay and cancel now; the same code again does the same.

        InvalidInputError for a text without six digits. LinkCodeError for a wrong code, or the
        sixth wrong guess in an hour.
        """
        code, now = email_code_in(text), self.env.now()
        if code is None:
            raise InvalidInputError("no_email_code")
        async with self.env.work.writing(client.id) as uow:
            await check_guesses(uow, user_id, now=now)
            row = await uow.email_codes.newest(user_id, now=now, client_id=client.id)
            right = hash_email_code(row.id, code) if row else ""
            if row is None or not hmac.compare_digest(row.code_hash or "", right):
                await uow.link_codes.record_failure(user_id, at=now)
                await uow.commit()
                raise LinkCodeError("wrong_email_code")
            visitor = await uow.users.prove(user_id, client.id, at=now)
            await uow.commit()
        return visitor
