"""What the operator does: orders that wait for him, and credit."""

from dataclasses import dataclass, replace

from billing.actions.environment import Environment
from billing.ports.outbox import Notification, Topic
from billing.rules.errors import InvalidInputError, NotFoundError
from billing.rules.money import Money
from billing.rules.payments import CreditReason
from billing.rules.services import Service, ServiceStatus, activated
from billing.views.account import ClientInfo
from billing.views.operator import PendingOrder
from billing.views.services import Cancellation


@dataclass(frozen=True, slots=True)
class ListOrders:
    """Paid products that wait for the operator."""

    env: Environment

    async def __call__(self) -> tuple[PendingOrder, ...]:
        """Oldest first."""
        async with self.env.work.reading() as uow:
            return await uow.services.pending_orders()


@dataclass(frozen=True, slots=True)
class ListCancellations:
    """Requests to cancel that wait for the operator."""

    env: Environment

    async def __call__(self) -> tuple[tuple[Cancellation, Service, str], ...]:
        """Oldest first, with the service and the client's own id."""
        async with self.env.work.reading() as uow:
            return await uow.cancellations.waiting()


@dataclass(frozen=True, slots=True)
class DecideOrder:
    """Accept an order (it becomes active today) or reject it (its price becomes credit)."""

    env: Environment

    async def __call__(self, service_id: int, *, accept: bool) -> Service:
        """Decide and tell the client; NotFoundError if no such order waits."""
        async with self.env.work.writing() as uow:
            order = await uow.services.pending_order(service_id)
            if order is None:
                raise NotFoundError("no_such_order", id=service_id)
            addons = [
                addon
                for addon in await uow.services.addons_of(service_id)
                if addon.status is ServiceStatus.PENDING
            ]
            family = [order.service, *addons]
            if accept:
                decided = [activated(service, today=self.env.today()) for service in family]
            else:
                decided = [replace(s, status=ServiceStatus.CANCELLED) for s in family]
            await uow.services.save(decided)
            facts = _facts(order, decided[0])
            if not accept:
                paid = await uow.services.gross_paid([s.id for s in family])
                if paid:
                    await uow.clients.move_credit(
                        order.service.client_id,
                        paid,
                        reason=CreditReason.REJECTED,
                        at=self.env.now(),
                        invoice_number=order.invoice_number,
                    )
                facts["credited"] = str(paid) if paid else ""
            topic = Topic.ORDER_ACCEPTED if accept else Topic.ORDER_REJECTED
            note = Notification(f"order:{service_id}", topic, order.service.client_id, facts)
            await uow.outbox.add([note], at=self.env.now())
            await uow.commit()
        return decided[0]


def _facts(order: PendingOrder, service: Service) -> dict[str, str | int]:
    return {
        "service_id": service.id,
        "name": service.title,
        "domain": service.domain,
        "number": order.invoice_number,
        "due_date": service.next_due_date.isoformat() if service.next_due_date else "",
    }


@dataclass(frozen=True, slots=True)
class AdjustCredit:
    """Give a client credit, or take some back."""

    env: Environment

    async def __call__(self, client_ref: str, amount: str) -> tuple[ClientInfo, Money]:
        """Move it and return the client and the new credit; errors name what is wrong."""
        async with self.env.work.writing() as uow:
            client = await uow.clients.by_ref(client_ref)
            if client is None:
                raise NotFoundError("no_such_client", ref=client_ref)
            money = Money.parse(amount, client.currency)
            if not money:
                raise InvalidInputError("bad_amount", text=amount)
            credit = await uow.clients.move_credit(
                client.id, money, reason=CreditReason.ADJUSTED, at=self.env.now()
            )
            await uow.commit()
        return client, credit
