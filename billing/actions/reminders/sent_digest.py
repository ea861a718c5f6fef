"""A reminder that was sent: drawn again, and what is put into the cart from it."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.actions.reminders.digest import redraw_digest
from billing.actions.reminders.digest_items import DigestInputs
from billing.actions.reminders.read import read_digest_inputs
from billing.actions.shop.renew import can_add, drop_renewal, put_renewals
from billing.rules.errors import NotFoundError
from billing.rules.services.service import Service
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.digests import Digest


@dataclass(frozen=True, slots=True)
class ShowDigest:
    """A digest again, as its services stand now."""

    env: Environment

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, digest_id: int | None, language: str
    ) -> Digest:
        """Read it, or the last one sent; NotFoundError if there is none of this user's."""
        async with self.env.work.reading() as uow:
            if digest_id is None:
                digest_id = await uow.digests.latest(client.id, visitor.user_id)
            if digest_id is None:
                raise NotFoundError
            reader, inputs = await read_digest_inputs(
                self.env, uow, visitor, client, digest_id, language=language
            )
        return redraw_digest(digest_id, reader, inputs)


@dataclass(frozen=True, slots=True)
class AddFromDigest:
    """Put one service of a digest, or all of them, into the cart."""

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int | None = None,
    ) -> Digest:
        """Add what can be renewed and return the digest as it stands then.

        NotRenewableError or AlreadyInvoicedError say why one service cannot be added; of all of
        them, those that can are. What has been renewed since the reminder is left alone.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            reader, inputs = await read_digest_inputs(
                self.env, uow, visitor, client, digest_id, language=language
            )
            renewals = [(id_, None) for id_ in sorted(_services_to_add(inputs, service_id))]
            cart = await put_renewals(uow, inputs.cart, inputs.pricing, renewals)
            await uow.commit()
        return redraw_digest(digest_id, reader, replace(inputs, cart=cart))


def _services_to_add(inputs: DigestInputs, service_id: int | None) -> set[int]:
    due = {service.id: service for service in due_services(inputs)}
    if service_id is not None:
        return {service_id} & set(due)
    return {id_ for id_, service in due.items() if can_add(inputs.cart, inputs.pricing, service)}


def due_services(inputs: DigestInputs) -> list[Service]:
    """The services of a digest whose due date is still the one it was planned for."""
    return [
        entry.owned_service.service
        for entry in inputs.entries
        if entry.owned_service and entry.owned_service.service.next_due_date == entry.item.due_date
    ]


@dataclass(frozen=True, slots=True)
class RemoveFromDigest:
    """Take the renewal of a service of a digest out of the cart; absent is fine."""

    env: Environment

    async def __call__(
        self,
        visitor: Visitor,
        client: ClientInfo,
        digest_id: int,
        language: str,
        *,
        service_id: int,
    ) -> Digest:
        """Remove the line and return the digest as it stands then."""
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            reader, inputs = await read_digest_inputs(
                self.env, uow, visitor, client, digest_id, language=language
            )
            cart = await drop_renewal(uow, inputs.cart, service_id)
            await uow.commit()
        return redraw_digest(digest_id, reader, replace(inputs, cart=cart))
