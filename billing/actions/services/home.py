"""The first screen of a client: what needs attention, and what it costs."""

from dataclasses import dataclass
from datetime import date, timedelta

from billing.actions.environment import Environment
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.actions.shop.renewal_list import can_renew, renewal_line
from billing.rules.money import Money
from billing.rules.services.service import Service
from billing.rules.shop.cart import Cart
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, price_line
from billing.views.account import ClientInfo
from billing.views.home import DuePayment, Home


@dataclass(frozen=True, slots=True)
class ShowHome:
    """The greeting of a client."""

    env: Environment

    async def __call__(self, client: ClientInfo) -> Home:
        """Read how the client stands: three statements."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            cart, catalog = await uow.carts.get_with_catalog(client.id)
            soon = today + timedelta(days=catalog.policy.soon_days)
            left = await uow.invoices.left_to_pay(client.id)
            families = await uow.services.due(client.id, until=soon)
        pricing = make_pricing_inputs(
            self.env, client, catalog, families, language=client.language
        )
        payments = [
            _payment(one, cart, pricing)
            for one in pricing.services.values()
            if one.owed_on is not None and one.owed_on <= soon
        ]
        return Home(
            company=catalog.company,
            left_to_pay=left,
            soon_days=catalog.policy.soon_days,
            cart_lines=len(cart.lines),
            allowed=self.env.allowed(client),
            today=today,
            payments=tuple(sorted(payments, key=_urgency)),
            is_estimate=pricing.is_estimate,
        )


def _urgency(payment: DuePayment) -> tuple[bool, date, int]:
    """What has to be done first; what is on a proforma already is paid there."""
    return payment.on_proforma, payment.due_date, payment.service.id


def _payment(service: Service, cart: Cart, pricing: PricingInputs) -> DuePayment:
    """One of them, at the price its renewal has in the cart or would have there."""
    quote = quote_line(renewal_line(cart, service, pricing), pricing)
    return DuePayment(
        service=service,
        parent=pricing.services.get(service.parent_id or 0),
        due_date=service.owed_on or pricing.today,
        gross=quote.gross if isinstance(quote, Quote) else _own_price(service, pricing),
        can_pay=isinstance(quote, Quote) and can_renew(service, pricing),
        on_proforma=service.id in pricing.on_invoice,
    )


def _own_price(service: Service, pricing: PricingInputs) -> Money | None:
    if service.amount is None:
        return None
    return price_line(service.amount, pricing.taxation).gross
