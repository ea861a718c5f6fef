"""Linking by e-mail: whoever reads the mail of a client's address may act for the client.

Nobody learns here whether an address is a client's. What is asked for goes into a queue, by the
same statements for every address, and only the one who sends looks whose address it is.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from billing.actions.access.guesses import check_guesses
from billing.actions.environment import Environment
from billing.ports.access import EmailCodeCounts, NewCode
from billing.ports.work import UnitOfWork
from billing.rules.access.emails import (
    VALID_FOR,
    email_code_in,
    email_in,
    email_key,
    hash_email_code,
    hash_proof,
)
from billing.rules.errors import InvalidInputError, LinkCodeError
from billing.views.access import AccountOfEmail, ProvenAccount

LIMITS = EmailCodeCounts(by_user=3, for_email=3, in_all=100)
"""Codes that may be asked for in an hour."""

LIMIT_WINDOW = timedelta(hours=1)
REPEATED = timedelta(minutes=1)
"""A second request for the same address within that time is the first one once more."""


async def find_clients(uow: UnitOfWork, email: str) -> Sequence[AccountOfEmail]:
    """The clients with an address; `email` as by `email_key`."""
    return await uow.access.with_email(email)


@dataclass(frozen=True, slots=True)
class RequestEmailCode:
    """Ask for a code by e-mail, for an address that may be a client's."""

    env: Environment

    async def __call__(self, user_id: int, text: str, language: str) -> None:
        """Queue it, in the user's `language`.

        InvalidInputError for a text without an address, LinkCodeError over a limit.
        """
        address = email_in(text)
        if address is None:
            raise InvalidInputError("no_email")
        email, now = email_key(address), self.env.now()
        async with self.env.work.writing() as uow:
            counts = await uow.email_codes.count(user_id, email, since=now - LIMIT_WINDOW)
            last = await uow.email_codes.newest(user_id, now=now)
            if last and last.email == email and now - last.asked_at < REPEATED:
                return
            if _is_over(counts):
                raise LinkCodeError("too_many_emails")
            await uow.email_codes.add(user_id, email, language, at=now, expires_at=now + VALID_FOR)
            await uow.commit()


def _is_over(counts: EmailCodeCounts) -> bool:
    return (
        counts.by_user >= LIMITS.by_user
        or counts.for_email >= LIMITS.for_email
        or counts.in_all >= LIMITS.in_all
    )


@dataclass(frozen=True, slots=True)
class CheckEmailCode:
    """See which accounts the code of an e-mail opens; wrong ones are counted."""

    env: Environment

    async def __call__(self, user_id: int, text: str) -> tuple[ProvenAccount, ...]:
        """One or more accounts, each with the hash of a code that `ConfirmLink` takes.

        InvalidInputError for a text without six digits. LinkCodeError for a wrong code, or the
        sixth wrong guess in an hour. The same again gives the same.
        """
        code, now = email_code_in(text), self.env.now()
        if code is None:
            raise InvalidInputError("no_email_code")
        async with self.env.work.writing() as uow:
            await check_guesses(uow, user_id, now=now)
            row = await uow.email_codes.newest(user_id, now=now)
            accounts: Sequence[AccountOfEmail] = ()
            if row and hmac.compare_digest(row.code_hash or "", hash_email_code(row.id, code)):
                accounts = await find_clients(uow, row.email)
            if row is None or not accounts:
                await uow.link_codes.record_failure(user_id, at=now)
                await uow.commit()
                raise LinkCodeError("wrong_email_code")
            proven = tuple(
                ProvenAccount(one.preview, hash_proof(row.id, code, one.preview.client_id))
                for one in accounts
            )
            await uow.link_codes.add_absent(
                [NewCode(one.code_hash, one.preview.client_id, row.expires_at) for one in proven]
            )
            await uow.commit()
        return proven
