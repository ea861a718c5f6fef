"""Reading back: what the panel shows of a client replaces what we keep of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from billing.actions.environment import Environment
from billing.actions.panel.answers import order_answered
from billing.actions.panel.differences import Differences
from billing.actions.panel.keep import Replan, replan_where_moved
from billing.actions.panel.mirror import mirror
from billing.actions.panel.outcomes import placed_state
from billing.actions.panel.owners import writing_with_owners
from billing.ports.connected import CallSubject
from billing.ports.work import UnitOfWork
from billing.rules.panel.panel_calls import Verb
from billing.rules.payments.orders import LineState, Order, OrderState
from billing.views.panel import Snapshot


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Keep a snapshot that was read after a call was done; then the call is over."""

    env: Environment
    replan: Replan

    async def __call__(
        self, subject: CallSubject, snapshot: Snapshot, *, began_at: datetime
    ) -> None:
        """Write it, unless somebody else has done so for this call."""
        now, call = self.env.now(), subject.call

        async def write(uow: UnitOfWork, locked: frozenset[int]) -> Differences | None:
            over = replace(call, is_open=False, failures=0)
            if await uow.panel_calls.move(over, call.state, due_at=now, at=now) is None:
                return None
            client = await uow.clients.get(call.client_id) or subject.client
            differences = await mirror(
                self.env, uow, client, snapshot, began_at=began_at, locked=locked
            )
            order = await uow.orders.get(call.client_id, call.order_id) if call.order_id else None
            if order is not None:
                await _answer(uow, order, call.verb, at=now)
            await uow.commit()
            return differences

        differences = await writing_with_owners(self.env, call.client_id, write)
        await replan_where_moved(self.replan, call.client_id, differences)


async def _answer(uow: UnitOfWork, order: Order, verb: Verb, *, at: datetime) -> None:
    """The order is placed as a whole, or withdrawn."""
    if verb is Verb.WITHDRAW_ORDER:
        order = replace(order, state=OrderState.WITHDRAWN)
    elif verb is Verb.PLACE_ORDER:
        lines = tuple(
            replace(line, state=LineState.PLACED) if line.state is LineState.WAITING else line
            for line in order.lines
        )
        order = replace(order, lines=lines)
        order = replace(order, state=placed_state(order))
    else:
        return
    await uow.orders.save(order)
    await order_answered(uow, order, f"{order.state}:{order.id}", at=at)
