"""Renewals put into the cart in order to pay exactly them: the rest of the cart stays in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from billing.actions.environment import Environment
from billing.actions.payments.placing import nothing_to_pay, review
from billing.actions.shop.pricing_inputs import make_pricing_inputs, read_renewal_inputs
from billing.actions.shop.renew import with_renewals
from billing.actions.shop.renewal_list import can_renew
from billing.ports.outside import PaymentGateway
from billing.ports.work import UnitOfWork
from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart import Cart
from billing.rules.shop.cart_parts import gather, lines_of, number_lines, part_of
from billing.rules.shop.pricing import quote_cart
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.views.account import ClientInfo
from billing.views.payments import Checkout

Renewals = Sequence[tuple[int, BillingCycle | None]]


@dataclass(frozen=True, slots=True)
class PartCheckout:
    """Puts renewals into the cart and reviews the checkout of exactly those."""

    env: Environment
    gateways: Sequence[PaymentGateway]

    async def begin(
        self,
        uow: UnitOfWork,
        client: ClientInfo,
        cart: Cart,
        pricing: PricingInputs,
        renewals: Renewals,
    ) -> Checkout:
        """Put them there and commit if that changes the cart; EmptyCartError for none.

        The caller's transaction has locked the client.
        """
        service_ids = [service_id for service_id, _ in renewals]
        changed = number_lines(with_renewals(cart, pricing, renewals))
        changed = gather(changed, _lines(changed, service_ids))
        if changed.lines != cart.lines:
            changed = await uow.carts.save(changed, changed.lines)
            await uow.commit()
        part = part_of(changed, _lines(changed, service_ids))
        quoted = quote_cart(lines_of(changed, part) if part else Cart(cart.client_id, 0), pricing)
        if not quoted.quotes:
            raise nothing_to_pay(quoted)
        return review(
            self.env, client, quoted, pricing, gateways=self.gateways, use_credit=True, part=part
        )


def _lines(cart: Cart, service_ids: Collection[int]) -> set[int]:
    renewals = (cart.renewal_of(service_id) for service_id in service_ids)
    return {line.id for line in renewals if line is not None}


@dataclass(frozen=True, slots=True)
class CheckOutDue:
    """Begin to pay what is overdue, or also what is due soon."""

    env: Environment
    checkout: PartCheckout

    async def __call__(self, client: ClientInfo, language: str, *, soon: bool = False) -> Checkout:
        """Review the checkout of exactly those; EmptyCartError if there are none by now.

        What is on an open proforma already is paid there and is left out. NotAllowedError for a
        user who may not pay.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            until = self.env.today() + timedelta(days=catalog.policy.soon_days if soon else -1)
            families = await uow.services.due(client.id, until=until)
            pricing = make_pricing_inputs(self.env, client, catalog, families, language=language)
            renewals = [
                (service.id, None)
                for service in pricing.services.values()
                if service.owed_on is not None
                and service.owed_on <= until
                and can_renew(service, pricing)
            ]
            return await self.checkout.begin(uow, client, cart, pricing, renewals)


@dataclass(frozen=True, slots=True)
class CheckOutRenewal:
    """Begin to pay the renewal of one service for a billing cycle."""

    env: Environment
    checkout: PartCheckout

    async def __call__(
        self, client: ClientInfo, language: str, service_id: int, cycle: BillingCycle
    ) -> Checkout:
        """Review the checkout of it alone; NotFoundError, NotRenewableError say why not.

        AlreadyInvoicedError names the proforma that it is on. NotAllowedError for a user who may
        not pay.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            cart, pricing = await read_renewal_inputs(
                self.env, uow, client, language=language, also=[service_id]
            )
            return await self.checkout.begin(uow, client, cart, pricing, [(service_id, cycle)])
