import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from billing.ports.conversations import Position, Talk
from billing.ports.outbox import Outgoing, SentDigest, SentReceipt
from billing.ports.outside import Delivery
from billing.rules.reach import ClosedChat, Unreachable
from billing.views.account import Visitor
from billing.views.notices.money import ReminderUpdate
from bot.sandbox.faults import Fault
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import Profile
from bot.telegram import pacing
from bot.telegram.pacing import Pace, PacedRateLimiter
from handlers.chat.conversation.reminder_messages import note_message
from handlers.chat.sending import lanes
from handlers.notices import client
from handlers.notices.notifier import ChatNotifier
from handlers.reminders import screens
from locales.translator import Translator
from tests.fakes import MORNING, MemoryConversations
from tests.gallery.notices import (
    ARRIVED,
    CANCELLED,
    ORDER,
    PART_PAID,
    to_client,
    to_operator,
)
from tests.gallery.reminders import digest, due, renewed
from tests.telegram import FakeRequest

ANNA, OPERATOR, STRANGER = 1001, 9001, 4444
WARSAW = ZoneInfo("Europe/Warsaw")


class Lanes(PacedRateLimiter):
    """The real limiter, keeping in which lane each call came."""

    __slots__ = ("seen",)

    def __init__(self) -> None:
        super().__init__(Pace(retries=0))
        self.seen: list[object] = []

    async def process_request(self, *args: Any, **kwargs: Any) -> Any:
        self.seen.append(kwargs.get("rate_limit_args", args[-1] if args else None))
        return await super().process_request(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Sent:
    message_id: int = 5


@dataclass(slots=True)
class Refusing:
    """In the place of a bot: says no with one error, so many times."""

    error: Exception
    times: int = 99
    chats: list[int] = field(default_factory=list)
    rate_limiter: None = None

    async def send_message(self, chat_id: int, *_: Any, **__: Any) -> Sent:
        self.chats.append(chat_id)
        if len(self.chats) <= self.times:
            raise self.error
        return Sent()


@pytest.fixture
def api() -> BotApi:
    made = BotApi()
    made.add_person(Profile(OPERATOR, "Operator"))
    for user in (ANNA, OPERATOR):
        made.meet(user)
    return made


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[ExtBot[Any]]:
    request = FakeRequest(api)
    made: ExtBot[Any] = ExtBot(
        TOKEN, request=request, get_updates_request=request, rate_limiter=Lanes()
    )
    async with made:
        yield made


def notifier(
    bot: ExtBot[Any] | Refusing, *, operator: int | None = OPERATOR, **more: Any
) -> ChatNotifier:
    kept = more.pop("kept", None) or MemoryConversations(nobody)
    return ChatNotifier(
        cast("ExtBot[Any]", bot),
        operator_chat=operator,
        operator_t=Translator(more.pop("language", "en"), WARSAW),
        timezone=WARSAW,
        conversations=kept,
        **more,
    )


def lost(why: Unreachable) -> Delivery:
    return Delivery(unreachable=why)


async def nobody(user_id: int) -> Visitor:
    return Visitor(user_id)


def lane_of(bot: ExtBot[Any]) -> object:
    limiter = bot.rate_limiter
    assert isinstance(limiter, Lanes)
    return limiter.seen[-1]


def text_of(api: BotApi) -> str:
    text = api.called("sendMessage")[-1]["text"]
    assert isinstance(text, str)
    return text


def test_the_lanes_are_those_that_pacing_knows() -> None:
    assert {lanes.PROMPT, lanes.BULK} == set(get_args(pacing.Lane))


async def test_a_reminder_goes_to_its_user_in_the_bulk_lane(bot: ExtBot[Any], api: BotApi) -> None:
    delivery = await notifier(bot).digest(digest(due(3)))
    (sent,) = api.called("sendMessage")
    assert (sent["chat_id"], lane_of(bot)) == (ANNA, lanes.BULK)
    assert "Zbliża się 1 płatność" in text_of(api)
    assert sent["reply_markup"]["inline_keyboard"]
    assert delivery.message_id


async def test_a_notice_goes_out_promptly_in_the_users_language(
    bot: ExtBot[Any], api: BotApi
) -> None:
    both = replace(to_client(CANCELLED), languages=("en", "pl"))
    assert (await notifier(bot).notify(both)).message_id
    assert (lane_of(bot), "Cancelled as you asked" in text_of(api)) == (lanes.PROMPT, True)


async def test_a_language_or_zone_that_is_not_there_does_not_matter(
    bot: ExtBot[Any], api: BotApi
) -> None:
    strange = replace(to_client(CANCELLED), languages=("xx",), timezone="Mars/Olympus")
    assert (await notifier(bot).notify(strange)).message_id
    assert "Cancelled as you asked" in text_of(api)


async def test_a_payer_who_is_unknown_reads_in_the_language_of_their_app(
    bot: ExtBot[Any], api: BotApi
) -> None:
    for language, words in (("pl", "Twoja wpłata 35,67"), ("en", "Your payment")):
        arrived = to_client(replace(ARRIVED, language=language), languages=())
        assert (await notifier(bot).notify(arrived)).message_id
        assert words in text_of(api)
    chosen = to_client(replace(ARRIVED, language="pl"), languages=("en",))
    assert (await notifier(bot).notify(chosen)).message_id
    assert "Your payment" in text_of(api)


async def test_the_operator_reads_in_their_own_chat(bot: ExtBot[Any], api: BotApi) -> None:
    assert (await notifier(bot).notify(to_operator(ORDER))).message_id
    assert api.called("sendMessage")[-1]["chat_id"] == OPERATOR
    assert "panelik orders accept 12" in text_of(api)
    assert "New order" in text_of(api)


async def test_the_operator_reads_in_the_language_of_the_settings(
    bot: ExtBot[Any], api: BotApi
) -> None:
    speaking_polish = notifier(bot, language="pl")
    assert (await speaking_polish.notify(to_operator(ORDER))).message_id
    assert "Nowe opłacone zamówienie" in text_of(api)
    assert "Przyjmij" in text_of(api)


async def test_without_a_chat_of_the_operator_their_messages_wait(
    bot: ExtBot[Any], api: BotApi
) -> None:
    not_set = Delivery(closed=ClosedChat.NOT_SET)
    assert await notifier(bot, operator=None).notify(to_operator(ORDER)) == not_set
    assert api.called("sendMessage") == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), ClosedChat.REMOVED),
        (Forbidden("Forbidden: bot is not a member of the channel chat"), ClosedChat.REMOVED),
        (Forbidden("Forbidden: bot was blocked by the user"), ClosedChat.REMOVED),
        (BadRequest("CHANNEL_PRIVATE"), ClosedChat.REMOVED),
        (
            BadRequest("Not enough rights to send text messages to the chat"),
            ClosedChat.MAY_NOT_WRITE,
        ),
        (BadRequest("Have no rights to send a message"), ClosedChat.MAY_NOT_WRITE),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), ClosedChat.MAY_NOT_WRITE),
        (Forbidden("Forbidden: CHAT_WRITE_FORBIDDEN"), ClosedChat.MAY_NOT_WRITE),
        (BadRequest("CHAT_SEND_PLAIN_FORBIDDEN"), ClosedChat.MAY_NOT_WRITE),
        (
            BadRequest("Need administrator rights in the channel chat"),
            ClosedChat.MAY_NOT_WRITE,
        ),
        (BadRequest("TOPIC_CLOSED"), ClosedChat.TOPIC_CLOSED),
        (BadRequest("Chat not found"), ClosedChat.NOT_FOUND),
        (BadRequest("Group chat was deactivated"), ClosedChat.NOT_FOUND),
        (Forbidden("Forbidden: the group chat was deleted"), ClosedChat.NOT_FOUND),
        (
            Forbidden("Forbidden: bot can't initiate conversation with a user"),
            ClosedChat.NOT_FOUND,
        ),
    ],
)
async def test_a_chat_of_the_operator_that_cannot_be_written_to_says_why(
    error: Exception, why: ClosedChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert await notifier(Refusing(error)).notify(to_operator(ORDER)) == Delivery(closed=why)
    assert f"the operator chat {OPERATOR} cannot be written to" in caplog.text
    assert "user" not in caplog.text.replace(str(error), "")


@pytest.mark.parametrize("error", [BadRequest("Can't parse entities"), TelegramError("Odd")])
async def test_what_telegram_refuses_without_a_known_reason_waits_for_the_operator(
    error: Exception,
) -> None:
    delivery = await notifier(Refusing(error)).notify(to_operator(ORDER))
    assert (delivery.retry_after, delivery.closed) == (1, None)


async def test_blocking_and_never_starting_are_told_apart(bot: ExtBot[Any], api: BotApi) -> None:
    assert await notifier(bot).digest(replace(digest(due(3)), user_id=STRANGER)) == Delivery(
        unreachable=Unreachable.NEVER_STARTED
    )
    api.faults.add(Fault("sendMessage", "403"))
    assert await notifier(bot).digest(digest(due(3))) == Delivery(unreachable=Unreachable.BLOCKED)


async def test_a_flood_says_when_to_come_back(bot: ExtBot[Any], api: BotApi) -> None:
    api.faults.add(Fault("sendMessage", "429", retry_after=7))
    assert await notifier(bot).digest(digest(due(3))) == Delivery(retry_after=7)


@pytest.mark.parametrize("kind", ["500", "502", "drop"])
async def test_trouble_on_the_way_is_tried_again(bot: ExtBot[Any], api: BotApi, kind: str) -> None:
    api.faults.add(Fault("sendMessage", kind))
    assert (await notifier(bot).digest(digest(due(3)))).retry_after is not None
    assert (await notifier(bot).digest(digest(due(3)))).message_id


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimedOut(), Delivery(retry_after=1, answered=False)),
        (InvalidToken(), Delivery(retry_after=1, answered=False)),
        (Forbidden("Forbidden: user is deactivated"), lost(Unreachable.DEACTIVATED)),
        (Forbidden("Forbidden: bot was blocked by the user"), lost(Unreachable.BLOCKED)),
        (
            Forbidden("Forbidden: bot can't initiate conversation with a user"),
            lost(Unreachable.NEVER_STARTED),
        ),
        (
            Forbidden("Forbidden: bot can't send messages to bots"),
            lost(Unreachable.NEVER_STARTED),
        ),
        (BadRequest("Chat not found"), lost(Unreachable.NEVER_STARTED)),
        (BadRequest("PEER_ID_INVALID"), lost(Unreachable.NEVER_STARTED)),
        (BadRequest("Can't parse entities"), Delivery()),
    ],
)
async def test_every_refusal_has_its_meaning(error: Exception, expected: Delivery) -> None:
    assert await notifier(Refusing(error)).digest(digest(due(3))) == expected


async def test_a_message_that_telegram_does_not_take_is_said_in_short(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = Refusing(BadRequest("Button_data_invalid"), times=1)
    assert await notifier(bot).digest(digest(due(3))) == Delivery(5)
    assert "Button_data_invalid" in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR


async def test_a_group_that_became_another_chat_still_gets_its_message() -> None:
    bot = Refusing(ChatMigrated(-100777), times=1)
    assert await notifier(bot).notify(to_operator(ORDER)) == Delivery(5)
    assert bot.chats == [OPERATOR, -100777]


async def test_a_screen_that_cannot_be_drawn_is_said_in_short(
    bot: ExtBot[Any],
    api: BotApi,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(screens, "digest", broken)
    monkeypatch.setattr(client, "client_notice", broken)
    assert (await notifier(bot).digest(digest(due(3)))).message_id
    assert "Zbliża się termin" in text_of(api)
    told_all: Outgoing = to_client(CANCELLED)
    assert (await notifier(bot).notify(told_all)).message_id
    assert "coś nowego" in text_of(api)
    assert "ZeroDivisionError" in caplog.text


# -- drawn anew ---------------------------------------------------------------------------------


def redrawn(*message_ids: int) -> Outgoing:
    return replace(
        to_client(ReminderUpdate(5)), redrawn=tuple(SentDigest(renewed(), m) for m in message_ids)
    )


async def test_a_reminder_that_was_sent_is_edited_and_nothing_is_sent(
    bot: ExtBot[Any], api: BotApi
) -> None:
    sent = await notifier(bot).digest(digest(due(3)))
    assert sent.message_id
    assert await notifier(bot).notify(redrawn(sent.message_id)) == sent
    (edited,) = api.called("editMessageText")
    assert (edited["chat_id"], edited["message_id"]) == (ANNA, sent.message_id)
    assert "odnowiono do" in str(edited["text"])
    assert len(api.called("sendMessage")) == 1


async def test_a_message_that_shows_another_screen_by_now_is_left_alone(
    bot: ExtBot[Any], api: BotApi
) -> None:
    kept = MemoryConversations(nobody)
    view = note_message({}, 7, None, reminds=False)
    await kept.move(Talk(ANNA, ANNA), Position(None, {}, 0, view, MORNING))
    assert await notifier(bot, kept=kept).notify(redrawn(7)) == Delivery(7)
    assert api.called("editMessageText") == []


@pytest.mark.slow
async def test_every_reminder_that_still_shows_it_is_edited(bot: ExtBot[Any], api: BotApi) -> None:
    sent = [(await notifier(bot).digest(digest(due(3)))).message_id or 0 for _ in range(3)]
    kept = MemoryConversations(nobody)
    view = note_message({}, sent[1], None, reminds=False)
    await kept.move(Talk(ANNA, ANNA), Position(None, {}, 0, view, MORNING))
    assert await notifier(bot, kept=kept).notify(redrawn(*sent)) == Delivery(sent[2])
    edited = [call["message_id"] for call in api.called("editMessageText")]
    assert edited == [sent[0], sent[2]]


async def test_a_reminder_that_cannot_be_edited_any_more_stays_as_it_is(
    bot: ExtBot[Any], api: BotApi
) -> None:
    assert await notifier(bot).notify(redrawn(99)) == Delivery(99)
    sent = await notifier(bot).digest(renewed())
    assert sent.message_id
    assert await notifier(bot).notify(redrawn(sent.message_id)) == sent
    assert len(api.called("sendMessage")) == 1


async def test_an_edit_waits_when_telegram_asks_for_it(bot: ExtBot[Any], api: BotApi) -> None:
    sent = await notifier(bot).digest(digest(due(3)))
    assert sent.message_id
    api.faults.add(Fault(kind="429", method="editMessageText", retry_after=40))
    delivery = await notifier(bot).notify(redrawn(sent.message_id))
    assert delivery.retry_after == 40


async def test_the_receipt_of_a_part_loses_its_pay_button_once_all_is_paid(
    bot: ExtBot[Any], api: BotApi
) -> None:
    sent = await notifier(bot).notify(to_client(PART_PAID))
    assert sent.message_id
    receipts = (SentReceipt(PART_PAID, sent.message_id),)
    update = replace(to_client(ReminderUpdate(5)), part_receipts=receipts)
    assert await notifier(bot).notify(update) == sent
    (edited,) = api.called("editMessageText")
    assert "opłacona w całości" in str(edited["text"])
    assert "Zapłać" not in str(edited["reply_markup"])
