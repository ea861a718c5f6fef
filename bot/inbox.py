"""Money that Telegram reports: kept before it is acknowledged, then booked, then shown.

Polling hands over these updates unchanged, and a webhook can do the same. Keeping one takes one
INSERT, which is tried again for as long as Telegram keeps the update; meanwhile the payer reads
that the money has come. Booking and showing come after that and cannot undo it: a tick books what
is not booked now, and the outbox sends the receipts.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from shlex import join

from billing.actions.registry import Actions
from billing.ports.outbox import Outgoing
from billing.ports.outside import Clock, Notifier
from billing.ports.work import UnavailableError
from billing.rules.allowed import NOTHING
from billing.rules.pauses import without_end
from billing.rules.payments.charges import Charge
from billing.views.notices.money import PaymentArrived
from bot.gateways.telegram import CODE
from bot.gateways.telegram_notices import Notice, carries_money, notice_of
from bot.telegram.money import Raw

log = logging.getLogger(__name__)

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between attempts to keep an update; the last pause repeats."""

PATIENCE = 2.0
"""The payer reads that the money has come if it is not booked after so many seconds."""

TELEGRAM_KEEPS = timedelta(hours=24)
"""Telegram drops an update that was not acknowledged for so long."""

LEAST_PATIENCE = timedelta(hours=1)
"""An update is never given up sooner: the clock of this machine may be ahead by days."""


@dataclass(slots=True)
class TelegramInbox:
    """Implements `MoneyInbox` by billing's actions; `notifier` says that money has come."""

    actions: Actions
    notifier: Notifier
    clock: Clock
    on_outage: Callable[[UnavailableError], None]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    patience: float = PATIENCE
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    def carries_money(self, update: Raw) -> bool:
        """Return whether an update reports money."""
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
        """Keep the notice; False if that failed for as long as Telegram keeps the update."""
        now = self.clock.now()
        until = max((notice.sent_at or now) + TELEGRAM_KEEPS, now + LEAST_PATIENCE)
        for attempt, pause in enumerate(without_end(PAUSES), start=1):
            try:
                await self.actions.keep_event(CODE, notice.event_id, notice.body)
            except Exception as error:  # noqa: BLE001 - whatever it is, the money has come
                if self.clock.now() >= until:
                    log.critical("Money is not kept anywhere. %s", by_hand(notice.charge))
                    return False
                self._note(error, attempt)
                arrival.tell()
                await self.sleep(pause)
            else:
                if attempt > 1:
                    log.warning("Money is kept after %s attempts", attempt)
                return True
        raise AssertionError("the pauses never end")

    def _note(self, error: Exception, attempt: int) -> None:
        """Say once that this money waits; the outage itself is noted elsewhere."""
        if isinstance(error, UnavailableError):
            self.on_outage(error)
        level = logging.ERROR if attempt == 1 else logging.DEBUG
        log.log(level, "Money cannot be kept yet, attempt %s: %s", attempt, error)

    async def _book(self, notice: Notice, arrival: "_Arrival") -> None:
        try:
            await self.actions.book_event(CODE, notice.event_id, is_told=arrival.is_told)
        except UnavailableError as error:
            self.on_outage(error)
            log.warning("Money is kept and waits for the database: a tick will book it")
            arrival.tell()
        except Exception:
            log.exception("money is kept and could not be booked at once: a tick will do it")
            arrival.tell()

    async def _show(self) -> None:
        """Send what booking has left in the outbox, without waiting for a tick."""
        try:
            async with self._sending:
                await self.actions.send_outbox()
        except UnavailableError as error:
            self.on_outage(error)
        except Exception:
            log.exception("what was booked could not be told at once: a tick will do it")


def by_hand(charge: Charge) -> str:
    """Make a ready command for the operator to book money that could not be stored."""
    details = f"({charge.stated}, payload {charge.payload!r}, user {charge.user_id})"
    if charge.is_refund:
        return f"Telegram has given back charge {charge.charge_id}: {details}"
    amount = str(charge.money.decimal) if charge.money else "AMOUNT"
    line = join(("panelik", "paid", charge.number or "PRO-NUMBER", amount))
    return f"Book it by hand: {line} {join(('--reference', charge.charge_id))} {details}"


class _Arrival:
    """The sentence that the money has come: sent once, soon, and only before the booking."""

    def __init__(self, notifier: Notifier, charge: Charge, patience: float) -> None:
        self._notifier = notifier
        self._charge = charge
        self._is_told = False
        self._now = asyncio.Event()
        self._telling = asyncio.create_task(self._tell_late(patience))

    def tell(self) -> None:
        """Send the sentence now."""
        self._now.set()

    def is_told(self) -> bool:
        """Whether it has been sent, or is being sent."""
        return self._is_told or self._now.is_set()

    async def end(self) -> None:
        """Do not send it any more, unless that has begun."""
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
    """Make the outbox's sentence without the database, which may not answer now."""
    return Outgoing(
        id=0,
        user_id=user_id,
        notice=PaymentArrived(charge.stated, charge.money, charge.language),
        languages=(),
        timezone="",
        attempts=1,
        client_id=None,
        allowed=NOTHING,
    )
