"""A load: people who order, renew and pay, people who search, and one who sends far too much.

Everything happens in the chat, as people do it. Who gets no answer does it again.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

from bot.sandbox.methods.api import BotApi
from bot.sandbox.talk.driver import UnexpectedError
from tests.crowd import Crowd
from tests.trials.hands import Hands, searched

FLOOD = 200
"""How many messages one person sends at once."""

TOTAL, INVOICE = "58,00 zł", "5800 PLN"
"""What both cost, on screens and on the invoice."""

_AT_ONCE = 3
"""How many searches somebody sends before they wait for the answers."""

_LAST = 5
"""How many of the last acts in vain are named when people do not get what they want."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many people order something and renew their service, others search `each` times.

    `seconds` is the time in which all of it has to be over.
    """

    buyers: int
    searchers: int
    each: int
    seconds: float
    has_flood: bool = False

    @property
    def crowd(self) -> Crowd:
        """Everybody, and one more person who only floods."""
        return Crowd(self.buyers + self.searchers + 1)

    @property
    def buying(self) -> range:
        """Who orders and pays."""
        return self.crowd.users[: self.buyers]

    @property
    def searching(self) -> range:
        """Who searches."""
        return self.crowd.users[self.buyers : -1]

    @property
    def flooding(self) -> int:
        """Who sends too much."""
        return self.crowd.users[-1]


@dataclass(slots=True)
class Record:
    """What came of it: texts without an answer, seconds until answers, acts done again."""

    unanswered: set[tuple[int, str]] = field(default_factory=set)
    asked: Counter[int] = field(default_factory=Counter)
    """How many searches each has sent."""
    waits: list[float] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    detours: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Seconds in which nineteen of twenty searches were answered."""
        return quantiles(self.waits, n=20)[18]

    def __str__(self) -> str:
        slowest = "nobody has waited"
        if len(self.waits) > 1:
            slowest = f"p50 {quantiles(self.waits, n=20)[9]:.2f} s, p95 {self.p95:.2f} s"
        lost = f"{len(self.unanswered)} without an answer, {len(self.repeats)} acts repeated"
        lost += f", {len(self.detours)} begun anew"
        return f"{len(self.waits)} searches answered: {slowest}; {lost}"


async def everybody_acts(
    api: BotApi, load: Load, *, is_enough: Callable[[], bool] = lambda: True
) -> Record:
    """Let all of them act at once; return when each has what they want, and it `is_enough`."""
    record = Record()
    if load.has_flood:
        for number in range(FLOOD):
            api.visitor(load.flooding).send(f"nr {number}")
    try:
        async with asyncio.timeout(load.seconds), asyncio.TaskGroup() as group:
            for user in load.buying:
                group.create_task(_buys(Hands(api, user), record))
            for user in load.searching:
                group.create_task(_searches(Hands(api, user), load.each, record, is_enough))
    except TimeoutError:
        last = "\n".join((*record.repeats[-_LAST:], *record.detours[-_LAST:]))
        raise AssertionError(f"not over in {load.seconds} s: {record}\n{last}") from None
    return record


def product_name(user: int) -> str:
    """What somebody calls the service that they order."""
    return f"serwer {user}"


async def _buys(hands: Hands, record: Record) -> None:
    """Order a service and renew another one, and pay for both in Telegram."""
    try:
        while not hands.has_invoice():
            try:
                await _orders(hands)
            except UnexpectedError as error:
                # A button that they saw is gone, or nothing comes of it: they begin anew.
                hands.detours.append(f"{hands.user}: {error}")
        await hands.pays()
    finally:
        record.repeats += hands.repeats
        record.detours += hands.detours


async def _orders(hands: Hands) -> None:
    screen = await hands.sends("/renew", sees="Odnów usługi")
    if "Dokończ płatność" in screen:
        await hands.taps("Dokończ płatność", sees="🧾 do zapłaty")
        await hands.taps("Płatność w Telegramie", sees=INVOICE)
        return
    if "☑" not in screen:
        await hands.taps("☐", sees="☑")
        await hands.taps("☑", sees="☐")
        await hands.taps("☐", sees="☑")
    if product_name(hands.user) not in await hands.sends("/cart", sees="🛒 Koszyk"):
        await _adds_a_service(hands)
    await hands.taps(f"Zapłać {TOTAL}", sees="Jak chcesz zapłacić?")
    await hands.taps("Płatność w Telegramie", sees="Zamawiam i płacę")
    # An older tap that comes once more may have changed the cart, and the bot then asks again.
    await hands.taps("Zamawiam i płacę", sees=INVOICE, on=f"Razem: {TOTAL}")


async def _adds_a_service(hands: Hands) -> None:
    await hands.sends("/order", sees="Złóż nowe zamówienie")
    await hands.taps("Hosting", sees="[Hosting start]")
    await hands.taps("Hosting start", sees="Wybierz okres")
    await hands.taps("miesięcznie", sees="Wpisz nazwę")
    await hands.sends(product_name(hands.user), sees="Dodaj do koszyka")
    await hands.taps("Dodaj do koszyka", sees=f"Razem: {TOTAL}")


async def _searches(
    hands: Hands, count: int, record: Record, is_enough: Callable[[], bool]
) -> None:
    """Search for one number after the other, a few at a time; a quick machine needs more."""
    while (first := record.asked[hands.user]) < count or not is_enough():
        numbers = range(first, first + _AT_ONCE)
        record.asked[hands.user] += _AT_ONCE
        waits = await hands.searches(numbers)
        record.waits += waits.values()
        missing = set(numbers) - waits.keys()
        record.unanswered |= {(hands.user, f"nr {number}") for number in missing}


def searches(api: BotApi, user: int) -> list[int]:
    """The numbers that somebody searched for, in the order in which they were answered."""
    messages = api.visitor(user).chat.messages.values()
    return [n for one in messages if one.from_bot for n in searched(str(one.body.get("text", "")))]
