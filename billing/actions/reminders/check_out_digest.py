"""A reminder that is paid at once: the checkout of exactly what it names."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.checkout_part import PartCheckout
from billing.actions.reminders.read import read_digest_inputs
from billing.actions.reminders.sent_digest import due_services
from billing.actions.shop.renewal_list import can_renew
from billing.views.account import ClientInfo, Visitor
from billing.views.payments import Checkout


@dataclass(frozen=True, slots=True)
class CheckOutDigest:
    """Begin to pay exactly what a reminder names."""

    env: Environment
    checkout: PartCheckout

    async def __call__(
        self, visitor: Visitor, client: ClientInfo, digest_id: int, language: str
    ) -> Checkout:
        """Review the checkout of those that can be renewed; NotFoundError, EmptyCartError.

        What has been renewed since, or is on an open proforma, is left out. NotAllowedError for a
        user who may not pay.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            _, inputs = await read_digest_inputs(
                self.env, uow, visitor, client, digest_id, language=language
            )
            due_ids = sorted({one.id for one in due_services(inputs)})
            services = inputs.pricing.services
            renewals = [(id_, None) for id_ in due_ids if can_renew(services[id_], inputs.pricing)]
            return await self.checkout.begin(uow, client, inputs.cart, inputs.pricing, renewals)
