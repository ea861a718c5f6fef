"""Linking by a link that the operator's own site has signed for a client who is logged in."""

from dataclasses import dataclass
from datetime import datetime

from billing.actions.access.from_panel import PanelClients
from billing.actions.access.guesses import check_guesses
from billing.actions.environment import Environment
from billing.ports.access import NewCode
from billing.ports.connected import PanelUnreachableError
from billing.ports.work import UnitOfWork
from billing.rules.access.signed_links import (
    LONGEST_LIFE,
    SignedClient,
    hash_signed,
    read_signed,
)
from billing.rules.errors import LinkCodeError
from billing.views.access import ProvenAccount
from billing.views.account import LinkPreview


@dataclass(frozen=True, slots=True)
class AcceptSignedLink:
    """Look at the account of a signed link before joining it; wrong ones are counted."""

    env: Environment
    there: PanelClients

    async def __call__(self, user_id: int, payload: str) -> ProvenAccount:
        """The account, and the hash of a code that `ConfirmLink` takes, once.

        LinkCodeError for a link that is not ours, has expired or was used, and after five wrong
        guesses in an hour; for a client whom a connected panel knows at most, while it does not
        answer. A link that this very user has used is no guess.
        """
        now, secret = self.env.now(), self.env.link_secret
        client = read_signed(payload, secret) if secret else None
        if client is not None and now < client.expires_at <= now + LONGEST_LIFE:
            await self._meet(client)
        async with self.env.work.writing() as uow:
            await check_guesses(uow, user_id, now=now)
            if client is None:
                await uow.link_codes.record_failure(user_id, at=now)
                await uow.commit()
                raise LinkCodeError
            if not now < client.expires_at <= now + LONGEST_LIFE:
                raise LinkCodeError("link_expired")
            preview = await _preview(uow, user_id, client, now=now)
            await uow.commit()
        return ProvenAccount(preview, hash_signed(client))

    async def _meet(self, client: SignedClient) -> None:
        """Let a client of a connected panel be known here."""
        try:
            await self.there.meet(client.ref)
        except PanelUnreachableError as error:
            raise LinkCodeError("account_not_asked") from error


async def _preview(
    uow: UnitOfWork, user_id: int, signed: SignedClient, *, now: datetime
) -> LinkPreview:
    """The account, with a code that can be used once, made when the link is first opened."""
    client, code_hash = await uow.clients.by_ref(signed.ref), hash_signed(signed)
    if client is None:
        raise LinkCodeError("link_of_nobody")
    await uow.link_codes.add_absent([NewCode(code_hash, client.id, signed.expires_at)])
    preview = await uow.link_codes.find(code_hash, now=now)
    if preview is None:
        used = await uow.link_codes.used_by(code_hash, user_id)
        raise LinkCodeError("wrong_code" if used is None else "code_used_before")
    return preview
