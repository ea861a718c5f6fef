"""What a tap does about a matter: the action of the command line, with the person as its actor.

A new kind of matter needs a reader in `billing.actions.staff.matters`, its deeds here, in
`handlers.notices.operator.deeds` (labels) and in `handlers.staff.outcomes` (what is read of them),
and a `Way` with the deed in its notice.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from billing.rules.audit import Actor
from billing.rules.errors import BillingError
from billing.views.account import Reach
from billing.views.payments import PaymentOutcome
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton


@dataclass(frozen=True, slots=True)
class Decision:
    """A deed of somebody; `seal` is that of the proforma that they were asked about."""

    matter: MatterId
    by: Actor
    reason: str = ""
    seal: int | None = None

    @property
    def number(self) -> int:
        """The matter's number."""
        return self.matter.number


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: whose client it concerns, and whether it changed anything."""

    client_id: int | None = None
    is_new: bool = True


NOTHING_NEW = Done(is_new=False)


async def do(ctx: Context, deed: Deed, decision: Decision) -> Done:
    """Carry it out, once: what was decided before, here or elsewhere, stays as it is.

    BillingError where it cannot be done and the matter still waits.
    """
    carry_out = DEEDS.get((decision.matter.kind, deed))
    if carry_out is None:
        raise StaleButton(f"no {deed} for {decision.matter.kind}")
    try:
        return await carry_out(ctx, decision)
    except BillingError:
        if (await ctx.actions.show_standing(decision.matter)).waits:
            raise
        return NOTHING_NEW


async def is_reached(ctx: Context, done: Done) -> bool:
    """Whether the client hears of it by themselves."""
    if done.client_id is None:
        return True
    return (await ctx.actions.find_recipient(done.client_id)).reach is Reach.REACHED


async def _decide_order(ctx: Context, decision: Decision, *, accept: bool) -> Done:
    decided = await ctx.actions.decide_order(
        decision.number, accept=accept, by=decision.by, reason=decision.reason
    )
    return Done(decided.service.client_id)


async def _decide_cancellation(ctx: Context, decision: Decision, *, accept: bool) -> Done:
    request = await ctx.actions.decide_cancellation(
        decision.number, accept=accept, by=decision.by, reason=decision.reason
    )
    return Done(request.client_id)


async def _mark_paid(ctx: Context, decision: Decision) -> Done:
    if decision.seal is None:
        raise StaleButton("nobody was asked about the amount")
    bill = await ctx.actions.show_bill(decision.number)
    # The seal tells a second transfer of the same amount from a second tap.
    result = await ctx.actions.record_transfer(
        bill.invoice.number, by=decision.by, again=True, seal=decision.seal
    )
    if result.outcome is PaymentOutcome.REPEATED:
        return NOTHING_NEW
    return Done(bill.client.id)


async def _book_again(ctx: Context, decision: Decision) -> Done:
    await ctx.actions.book_again(decision.number, by=decision.by)
    return Done()


async def _ask_again(ctx: Context, decision: Decision) -> Done:
    await ctx.actions.retry_call(decision.number, by=decision.by)
    return Done()


async def _give_up(ctx: Context, decision: Decision) -> Done:
    await ctx.actions.drop_call(decision.number, by=decision.by)
    return Done()


async def _finish_tasks(ctx: Context, decision: Decision) -> Done:
    finished = await ctx.actions.finish_tasks(decision.number, by=decision.by)
    return Done() if finished else NOTHING_NEW


async def _finish_task(ctx: Context, decision: Decision) -> Done:
    finished = await ctx.actions.finish_task(decision.number, by=decision.by)
    return NOTHING_NEW if finished.was_done else Done()


DEEDS: Mapping[tuple[MatterKind, Deed], Callable[[Context, Decision], Awaitable[Done]]] = {
    (MatterKind.ORDER, Deed.ACCEPT): partial(_decide_order, accept=True),
    (MatterKind.ORDER, Deed.REJECT): partial(_decide_order, accept=False),
    (MatterKind.CANCELLATION, Deed.ACCEPT): partial(_decide_cancellation, accept=True),
    (MatterKind.CANCELLATION, Deed.REJECT): partial(_decide_cancellation, accept=False),
    (MatterKind.PROFORMA, Deed.MARK_PAID): _mark_paid,
    (MatterKind.UNPLACED, Deed.BOOK_AGAIN): _book_again,
    (MatterKind.CALL, Deed.ASK_AGAIN): _ask_again,
    (MatterKind.CALL, Deed.GIVE_UP): _give_up,
    (MatterKind.TASKS, Deed.DONE): _finish_tasks,
    (MatterKind.TASK, Deed.DONE): _finish_task,
}
"""The action behind each deed."""
