"""A load: people who order, renew and pay, people who search, and one who sends far too much.

Everything happens in the chat, as people do it. Who gets no answer does it again.
"""

import asyncio
import re
import time
from dataclasses import dataclass, field
from statistics import quantiles

from bot.sandbox.methods.api import BotApi
from bot.sandbox.talk.driver import UnexpectedError
from tests.crowd import Crowd
from tests.trials.hands import Hands

FLOOD = 200
"""How many messages one person sends at once."""

_AT_ONCE = 3
"""How many searches somebody sends before they wait for the answers."""


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
    """What came of it: who got no answer to what, how long answers took, what was repeated."""

    unanswered: set[tuple[int, str]] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Seconds in which nineteen of twenty searches were answered."""
        return quantiles(self.waits, n=20)[18]

    def __str__(self) -> str:
        slowest = f"p50 {quantiles(self.waits, n=20)[9]:.2f} s, p95 {self.p95:.2f} s"
        lost = f"{len(self.unanswered)} without an answer, {len(self.repeats)} acts repeated"
        return f"{len(self.waits)} searches answered: {slowest}; {lost}"


async def everybody_acts(api: BotApi, load: Load) -> Record:
    """Let all of them act at once; return when each has what they want."""
    record = Record()
    if load.has_flood:
        for number in range(FLOOD):
            api.visitor(load.flooding).send(f"nr {number}")
    async with asyncio.timeout(load.seconds), asyncio.TaskGroup() as group:
        for user in load.buying:
            group.create_task(_buys(Hands(api, user), record))
        for user in load.searching:
            group.create_task(_searches(Hands(api, user), load.each, api, record))
    return record


def product_name(user: int) -> str:
    """What somebody calls the service that they order."""
    return f"serwer {user}"


async def _buys(hands: Hands, record: Record) -> None:
    """Order a service and renew another one, and pay for both in Telegram."""
    while True:
        try:
            await _fills_the_cart(hands)
            break
        except UnexpectedError as error:
            # A button is gone that they saw before: they begin anew.
            hands.repeats.append(f"{hands.user} begins anew: {error}")
    while True:
        try:
            await hands.taps("Zamawiam i płacę", sees="[Zapłać 58,00 zł]")
            break
        except UnexpectedError as error:
            hands.repeats.append(f"{hands.user} has no invoice: {error}")
            await _finds_the_proforma(hands)
            break
    await hands.pays()
    record.repeats += hands.repeats


async def _fills_the_cart(hands: Hands) -> None:
    await hands.sends("/renew", sees="Odnów usługi")
    if "☑" not in hands.person.screen:
        await hands.taps("☐", sees="☑")
        await hands.taps("☑", sees="☐")
        await hands.taps("☐", sees="☑")
    await hands.sends("/cart", sees="Koszyk")
    if product_name(hands.user) not in hands.person.screen:
        await hands.sends("/order", sees="Złóż nowe zamówienie")
        await hands.taps("Hosting", sees="[Hosting start]")
        await hands.taps("Hosting start", sees="Wybierz okres")
        await hands.taps("miesięcznie", sees="Wpisz nazwę")
        await hands.sends(product_name(hands.user), sees="Dodaj do koszyka")
        await hands.taps("Dodaj do koszyka", sees="Razem: 58,00 zł")
    await hands.taps("Zapłać 58,00 zł", sees="Jak chcesz zapłacić?")
    await hands.taps("Płatność w Telegramie", sees="Zamawiam i płacę")


async def _finds_the_proforma(hands: Hands) -> None:
    """Look for what was ordered when its invoice has not come."""
    raise UnexpectedError(hands.person.screen)


async def _searches(hands: Hands, count: int, api: BotApi, record: Record) -> None:
    """Search for one number after the other, a few at a time."""
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count))
        begun = time.monotonic()
        for number in numbers:
            await hands.person.sends(f"nr {number}")
        missing = set(numbers)
        while missing:
            is_handled = not hands.waiting()
            came = missing & set(searches(api, hands.user))
            record.waits += [time.monotonic() - begun] * len(came)
            missing -= came
            if is_handled:
                break
            await asyncio.sleep(0.02)
        record.unanswered |= {(hands.user, f"nr {number}") for number in missing}


def searches(api: BotApi, user: int) -> list[int]:
    """The numbers that somebody searched for, in the order in which they were answered."""
    messages = api.visitor(user).chat.messages.values()
    texts = (str(one.body.get("text", "")) for one in messages if one.from_bot)
    return [int(number) for said in texts for number in re.findall(r"nr (\d+)[”\"]", said)]
