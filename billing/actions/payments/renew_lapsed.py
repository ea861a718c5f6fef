"""Renewing what a closed proforma would have renewed, from the money that came for it too late."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.payments.placing import review
from billing.actions.shop.pricing_inputs import cart_view, read_pricing_inputs
from billing.actions.shop.renew import check_renewable, put_renewals
from billing.ports.outside import PaymentGateway
from billing.rules.cycles import BillingCycle
from billing.rules.errors import BillingError, NotFoundError, NotRenewableError
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote
from billing.views.account import ClientInfo
from billing.views.payments import RenewedAgain


@dataclass(frozen=True, slots=True)
class RenewLapsed:
    """Put the renewals of an expired or cancelled proforma into the cart again."""

    env: Environment
    gateways: Sequence[PaymentGateway]

    async def __call__(self, client: ClientInfo, invoice_id: int, language: str) -> RenewedAgain:
        """Put those that can still be had; raise a refusal where none can.

        NotRenewableError("renewed_already") for a service whose due date has moved on since:
        another period is not what the client has paid for.
        """
        self.env.allowed(client).check_pay()
        async with self.env.work.writing(client.id) as uow:
            invoice = await uow.invoices.get(client.id, invoice_id)
            if invoice is None:
                raise NotFoundError
            quotes = [
                line.item
                for line in invoice.lines
                if isinstance(line.item, Quote) and line.item.kind is LineKind.RENEWAL
            ]
            cart, pricing = await read_pricing_inputs(
                self.env, uow, client, language=language, also=[_service(one) for one in quotes]
            )
            renewals = _renewable_lines(quotes, pricing)
            cart_after = await put_renewals(uow, cart, pricing, renewals)
            if cart_after.revision != cart.revision:
                await uow.commit()
        return self._result(
            client, cart_after, pricing, renewals, complete=len(renewals) == len(invoice.lines)
        )

    def _result(
        self,
        client: ClientInfo,
        cart: Cart,
        pricing: PricingInputs,
        renewals: Sequence[tuple[int, BillingCycle]],
        *,
        complete: bool,
    ) -> RenewedAgain:
        view = cart_view(self.env, client, cart, pricing)
        checkout = review(
            self.env, client, view.quoted_cart, pricing, gateways=self.gateways, use_credit=True
        )
        alone = len(cart.lines) == len(renewals)
        return RenewedAgain(view, checkout, alone=alone, complete=complete)


def _renewable_lines(
    quotes: Sequence[Quote], pricing: PricingInputs
) -> list[tuple[int, BillingCycle]]:
    """The renewals that can still be had; NotFoundError or NotRenewableError if none can."""
    renewals: list[tuple[int, BillingCycle]] = []
    refusals: list[BillingError] = [NotFoundError()]
    for quote in quotes:
        try:
            _check(quote, pricing)
        except BillingError as refusal:
            refusals.append(refusal)
        else:
            renewals.append((_service(quote), quote.cycle))
    if not renewals:
        raise refusals[-1]
    return renewals


def _check(quote: Quote, pricing: PricingInputs) -> None:
    """Raise unless the same renewal can be bought again."""
    service = pricing.services.get(_service(quote))
    if service is None:
        raise NotFoundError("no_such_service")
    due, sold_due = service.next_due_date, quote.due_date
    if due is not None and sold_due is not None and due > sold_due:
        raise NotRenewableError("renewed_already")
    line = CartLine(0, LineKind.RENEWAL, quote.cycle, service.id)
    check_renewable(line, service, pricing)


def _service(quote: Quote) -> int:
    return quote.service_id or 0
