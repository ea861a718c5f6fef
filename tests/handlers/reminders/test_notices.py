from dataclasses import replace
from typing import get_args

import pytest
from markupsafe import escape

from billing.rules.charges import Misfit
from billing.rules.invoices import InvoiceStatus
from billing.rules.reach import ClosedChat
from billing.rules.superseded import Superseded
from billing.views.account import Reach
from billing.views.notices.money import CreditChanged, InvoiceClosed, ReminderUpdate
from billing.views.notices.notice import ClientNotice, Notice, UnreadableNotice
from billing.views.notices.operator import MessagesWaited, OperatorNotice, ReminderSummary
from billing.views.reminder_reports import DigestCounts
from billing.views.services import CancelWhen
from handlers.buttons import OpenCart, OpenCredit, OpenInvoice, OpenService, SwitchClient
from handlers.chat.origin import Origin
from handlers.chat.screen import Copy, Screen
from handlers.reminders import notices, operator
from tests.gallery import notices as samples
from tests.gallery.notices import ENDS, NUMBER, SERVICE, to_client, to_operator
from tests.gallery.reminders import AGENCY
from tests.handlers.reading import EN, PL, actions, button, read
from tests.make import money


def notice(told: Notice | UnreadableNotice) -> Screen:
    return notices.notice(EN, to_client(told))


def event(told: Notice | UnreadableNotice) -> Screen:
    return operator.operator_notice(EN, to_operator(told))


def named(told: Notice) -> str:
    return told.topic


def test_there_is_a_sample_of_every_kind() -> None:
    assert {type(told) for told in samples.NOTICES} == set(get_args(Notice))


@pytest.mark.parametrize(
    "told",
    [
        one for one in samples.NOTICES
        if isinstance(one, ClientNotice) and not isinstance(one, ReminderUpdate)
    ],
    ids=named,
)  # fmt: skip
def test_every_notice_has_a_screen_with_a_way_on(told: Notice) -> None:
    screen = notice(told)
    assert screen.rows
    assert screen != notices.short(EN)


def test_a_notice_that_cannot_be_read_still_says_that_there_is_news() -> None:
    assert notice(UnreadableNotice("something_new", "{}")) == notices.short(EN)


def test_a_receipt_says_what_became_of_each_line() -> None:
    screen = notices.notice(PL, samples.receipt())
    assert "Zapłacono: 35,67 zł" in read(screen)
    assert "odnowiono do 22 kwi 2026" in read(screen)


def test_a_receipt_whose_proforma_is_gone_still_says_that_it_is_paid() -> None:
    assert "Proforma PRO-2026-0005 is paid" in read(notice(samples.RECEIPT))


def test_an_accepted_order_leads_to_the_service() -> None:
    screen = notice(samples.ACCEPTED)
    assert "Active, paid until 10 Apr 2026" in read(screen)
    assert actions(screen, OpenService) == [OpenService(12, Origin.SERVICES)]


def test_a_rejected_order_says_where_the_money_is() -> None:
    screen = notice(replace(samples.REJECTED, credited=money("1234.50")))
    assert "PLN 1,234.50 is on your account as credit." in read(screen)
    assert actions(screen, OpenCredit)
    free = notice(replace(samples.REJECTED, credited=None))
    assert "credit" not in read(free)
    loaded = notice(replace(samples.REJECTED, credited=None, number=""))
    assert "Proforma" not in read(loaded)
    assert not actions(free, OpenCredit)


def test_a_cancellation_says_when_it_takes_effect() -> None:
    later = notice(samples.CANCELLATION_ACCEPTED)
    assert "It ends on 10 Apr 2026." in read(later)
    now = replace(samples.CANCELLATION_ACCEPTED, when=CancelWhen.NOW)
    assert "It has ended now." in read(notice(now))


def test_a_part_payment_says_what_is_left_and_leads_to_paying_it() -> None:
    screen = notice(replace(samples.PART_PAID, amount=money("10.00"), balance=money("25.67")))
    assert "Received: PLN 10.00" in read(screen)
    assert "Left to pay: PLN 25.67" in read(screen)
    assert button(screen, "Pay PLN 25.67").action == OpenInvoice(5, origin=Origin.INVOICES)


def test_a_closed_proforma_says_why_and_what_to_do() -> None:
    paid = notice(replace(samples.CLOSED, others=1))
    assert "Proforma PRO-2026-0005 is closed" in read(paid)
    assert "It is paid until 10 Apr 2026 already." in read(paid)
    assert "Please do not pay this proforma." in read(paid)
    assert actions(paid, OpenCart)
    ended = notice(InvoiceClosed(NUMBER, Superseded.ENDED, SERVICE, money("5.00"), more=2))
    assert "There is nothing to pay for it any more." in read(ended)
    assert "and 2 more" in read(ended)
    assert "PLN 5.00 is on your account as credit again." in read(ended)
    assert actions(ended, OpenService)
    assert not actions(ended, OpenCart)


def test_changed_credit_says_how_much_and_what_is_there_now() -> None:
    note = "Sorry for <the outage>"
    more = notice(CreditChanged(money("50.00"), money("85.67"), note))
    assert read(more).splitlines() == [
        "💳 Added to your credit: PLN 50.00",
        "",
        "Your credit: PLN 85.67",
        "",
        "Sorry for <the outage>",
    ]
    less = notice(CreditChanged(money("-50.00"), money("0.00")))
    assert read(less).splitlines() == [
        "💳 Taken from your credit: PLN 50.00",
        "",
        "It is used up now.",
    ]
    assert actions(more, OpenCredit)


def test_money_that_came_late_for_a_proforma_that_is_gone_still_says_so() -> None:
    text = read(notice(replace(samples.LATE, status=InvoiceStatus.CANCELLED)))
    assert "Received: PLN 35.67" in text
    assert "Proforma PRO-2026-0005 had been cancelled by then." in text
    assert "had expired by then" in read(notice(samples.LATE))


def test_an_expired_proforma_says_what_came_back() -> None:
    assert "as credit again" not in read(notice(samples.EXPIRED))
    assert "PLN 5.00 is on your account as credit again." in read(
        notice(replace(samples.EXPIRED, released=money("5.00")))
    )


def test_money_in_a_currency_that_nobody_bills_in_is_named_as_its_provider_does() -> None:
    stars = replace(samples.ARRIVED, stated="100 XTR", amount=None)
    assert "Your payment of 100 XTR has arrived" in read(notice(stars))
    assert "Your payment of PLN 35.67 has arrived" in read(notice(samples.ARRIVED))


def test_a_notice_of_another_account_first_leads_there() -> None:
    screen = notices.notice(EN, replace(samples.receipt(), is_elsewhere=True, client=AGENCY))
    assert "Account: Agencja Kowalski" in read(screen)
    assert [button.action for row in screen.rows for button in row] == [SwitchClient(2)]


FIVE = money("5.00")


@pytest.mark.parametrize(
    ("told", "commands"),
    [
        (samples.ORDER, ["panelik orders accept 12", "panelik orders reject 12"]),
        (
            samples.REQUESTED,
            ["panelik cancellations accept 3", "panelik cancellations reject 3"],
        ),
        (samples.WITHDRAWN, ["panelik cancellations"]),
        (replace(samples.OVERPAID, amount=FIVE), ["panelik credit -- C-1 -5.00"]),
        (replace(samples.TOO_LATE, amount=FIVE), ["panelik credit -- C-1 -5.00"]),
        (samples.UNDELIVERED, ["panelik credit -- C-1 -35.67"]),
        (samples.AFTER_MOVE, []),
        (
            replace(samples.UNPLACED, misfit=Misfit.STRANGER),
            ["panelik unplaced credit 7 C-1", "panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            replace(samples.UNPLACED, misfit=Misfit.OTHER_CURRENCY),
            ["panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            replace(samples.UNPLACED, misfit=Misfit.NOT_BOOKED),
            [
                "panelik unplaced book 7",
                "panelik unplaced credit 7 C-1",
                "panelik unplaced close 7 --note 'what you did'",
            ],
        ),
    ],
)
def test_the_operator_reads_and_copies_the_commands(told: Notice, commands: list[str]) -> None:
    screen = event(told)
    assert [copy.text for copy in actions(screen, Copy)] == commands
    for command in commands:
        assert f"<code>{escape(command)}</code>" in screen.text
    assert "C-1 · Anna Nowak" in read(screen)


def test_a_clients_id_is_quoted_in_a_command() -> None:
    overpaid = to_operator(samples.OVERPAID)
    assert overpaid.client is not None
    strange = replace(overpaid, client=replace(overpaid.client, ref="a b; rm"))
    (command,) = actions(operator.operator_notice(EN, strange), Copy)
    assert command.text == "panelik credit -- 'a b; rm' -35.67"


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (Reach.REACHED, "The client is told"),
        (Reach.NOBODY_LINKED, "Nobody reads the bot"),
        (Reach.UNREACHABLE, "Nobody reads the bot"),
    ],
)
def test_the_operator_reads_whether_the_client_hears_of_late_money(
    reach: Reach, words: str
) -> None:
    assert words in read(event(replace(samples.TOO_LATE, reach=reach)))


@pytest.mark.parametrize(
    "told", [one for one in samples.NOTICES if isinstance(one, OperatorNotice)], ids=named
)
def test_of_what_cannot_be_drawn_the_operator_reads_the_facts(told: Notice) -> None:
    assert event(told) != operator.short(EN, to_operator(told))
    text = read(operator.short(EN, to_operator(samples.OVERPAID)))
    assert text.splitlines()[2:] == [
        "topic: overpaid", "client_id: 1", f"number: {NUMBER}", "amount: 35.67 PLN"
    ]  # fmt: skip


def test_of_what_cannot_be_read_the_operator_reads_all_there_is() -> None:
    text = read(event(UnreadableNotice("something_new", '{"name": "<Hosting>"}')))
    assert "topic: something_new" in text
    assert '{"name": "<Hosting>"}' in text


def test_the_summary_of_a_day_counts_in_words_that_fit() -> None:
    digests = DigestCounts(sent=1, deferred=2, waiting=5, void=22, undeliverable=1)
    summary = replace(samples.SUMMARY, digests=digests)
    screen = operator.operator_notice(PL, to_operator(summary))
    assert read(screen).splitlines() == [
        "📮 Przypomnienia: 10 kwi 2026",
        "",
        "✅ 1 przypomnienie wysłane",
        "⏸ 2 przypomnienia odłożono na później",
        "⏳ 5 przypomnień wciąż czeka",
        "➖ 22 przypomnienia okazały się zbędne",
        "⚠️ 1 przypomnienie niedoręczone",
        "",
        "🚫 12 klientów nieosiągalnych",
        "· 5 – nikt nie połączył konta",
        "· 4 – bez naciśnięcia Start",
        "· 2 – bot zablokowany",
        "· 1 – konto w Telegramie wyłączone",
        "5 usług z bliskim lub minionym terminem",
        "Zagrożone: 40,00 € · 1 234,50 zł",
        "",
        "Kto to jest: panelik reminders undeliverable",
    ]
    assert [copy.text for copy in actions(screen, Copy)] == ["panelik reminders undeliverable"]


def test_what_waited_is_counted_with_the_reason() -> None:
    waited = operator.operator_notice(PL, to_operator(samples.WAITED))
    assert read(waited).splitlines() == [
        "📬 12 wiadomości czekało na Ciebie",
        "",
        "Najstarsza: 10 kwi 2026, 10:15",
        "Usunięto nas z tego czatu lub zablokowano w nim.",
        "To, co wciąż jest potrzebne, wysyłamy teraz.",
    ]
    for why in ClosedChat:
        assert read(event(MessagesWaited(why, 1))).splitlines()[0] == "📬 1 message waited for you"
        assert operator.CLOSED[why](EN) in event(MessagesWaited(why, 1)).text


def test_a_day_on_which_all_went_well_is_summed_up_in_a_line() -> None:
    screen = event(ReminderSummary(ENDS, DigestCounts(sent=12)))
    assert read(screen).splitlines() == ["📮 Reminders of 10 Apr 2026", "", "✅ 12 reminders sent"]
    assert screen.rows == ()
