"""Money that Telegram tells of: kept before it is acknowledged, then booked, then shown.

Polling hands these updates over as they came, and a webhook can do the same. To keep one takes
one INSERT, tried again for as long as Telegram would have kept the update; meanwhile the payer
reads that the money has come. Booking and showing come after that, and neither can undo it: what
is not booked now is booked by a tick, and receipts go out by the outbox.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain, repeat
from shlex import join

from billing.actions.registry import Actions
from billing.ports.outbox import Outgoing
from billing.ports.outside import Clock, Notifier
from billing.rules.charges import Charge
from billing.views.notices.money import PaymentArrived
from bot.gateways.telegram import CODE
from bot.gateways.telegram_notices import Notice, carries_money, notice_of
from bot.telegram.money import Raw

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts to keep an update; the last one again and again."""

PATIENCE = 2.0
"""Seconds after which the payer reads that the money has come, if it is not booked by then."""

TELEGRAM_KEEPS = timedelta(hours=24)
"""After so long Telegram drops an update that was not acknowledged."""


@dataclass(slots=True)
class TelegramInbox:
    """The port `MoneyInbox` on billing's actions; `notifier` sends the first sentence."""

    actions: Actions
    notifier: Notifier
    clock: Clock
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    patience: float = PATIENCE
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    def carries_money(self, update: Raw) -> bool:
        """Whether an update speaks of money."""
        return carries_money(update)

    async def receive(self, update: Raw, on_kept: Callable[[], None]) -> None:
        """Keep, acknowledge, book and show; a failure after the first step loses nothing."""
        notice = notice_of(update)
        arrival = _Arrival(self.notifier, notice.charge, self.patience)
        try:
            is_kept = await self._keep(notice, arrival)
            on_kept()
            if is_kept:
                await self._book(notice, arrival)
        finally:
            await arrival.end()
        await self._show()

    async def _keep(self, notice: Notice, arrival: "_Arrival") -> bool:
        """Whether it is kept; False once Telegram keeps it no longer either."""
        until = (notice.sent_at or self.clock.now()) + TELEGRAM_KEEPS
        for attempt, pause in enumerate(chain(PAUSES, repeat(PAUSES[-1])), start=1):
            try:
                await self.actions.keep_event(CODE, notice.event_id, notice.body)
            except Exception as error:  # noqa: BLE001 - whatever it is, the money has come
                if self.clock.now() >= until:
                    log.critical("Money is not kept anywhere. %s", by_hand(notice.charge))
                    return False
                level = logging.ERROR if attempt == 1 else logging.INFO
                log.log(level, "Money cannot be kept yet, attempt %s: %s", attempt, error)
                arrival.tell()
                await self.sleep(pause)
            else:
                if attempt > 1:
                    log.warning("Money is kept after %s attempts", attempt)
                return True
        raise AssertionError("the pauses never end")

    async def _book(self, notice: Notice, arrival: "_Arrival") -> None:
        try:
            await self.actions.book_event(CODE, notice.event_id, is_told=arrival.is_told)
        except Exception:
            log.exception("money is kept and could not be booked at once: a tick will do it")
            arrival.tell()

    async def _show(self) -> None:
        """Send what booking has left in the outbox, without waiting for a tick."""
        try:
            async with self._sending:
                await self.actions.send_outbox()
        except Exception:
            log.exception("what was booked could not be told at once: a tick will do it")


def by_hand(charge: Charge) -> str:
    """What the operator can do about money that no table holds: a command as ready as can be."""
    said = f"({charge.stated}, payload {charge.payload!r}, user {charge.user_id})"
    if charge.is_refund:
        return f"Telegram has given back charge {charge.charge_id}: {said}"
    amount = str(charge.money.decimal) if charge.money else "AMOUNT"
    line = join(("panelik", "paid", charge.number or "PRO-NUMBER", amount))
    return f"Book it by hand: {line} {join(('--reference', charge.charge_id))} {said}"


class _Arrival:
    """The sentence that the money has come: once, soon, and only while it is not booked."""

    def __init__(self, notifier: Notifier, charge: Charge, patience: float) -> None:
        self._notifier = notifier
        self._charge = charge
        self._is_told = False
        self._now = asyncio.Event()
        self._telling = asyncio.create_task(self._tell_late(patience))

    def tell(self) -> None:
        """Say it now."""
        self._now.set()

    def is_told(self) -> bool:
        """Whether it has been said, or is being said."""
        return self._is_told or self._now.is_set()

    async def end(self) -> None:
        """Say it no more, unless that has begun."""
        if not self.is_told():
            self._telling.cancel()
        await asyncio.wait({self._telling})

    async def _tell_late(self, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                await self._now.wait()
        except TimeoutError:
            pass
        self._is_told = True
        charge = self._charge
        if charge.user_id is None or charge.is_refund:
            return
        try:
            await self._notifier.notify(_sentence(charge.user_id, charge))
        except Exception:
            log.exception("user %s is not told that their money has come", charge.user_id)


def _sentence(user_id: int, charge: Charge) -> Outgoing:
    """As the outbox would say it: it is in the database, which may be away just now."""
    return Outgoing(
        id=0,
        user_id=user_id,
        notice=PaymentArrived(charge.stated, charge.money, charge.language),
        languages=(),
        timezone="",
        attempts=1,
        client_id=None,
    )
