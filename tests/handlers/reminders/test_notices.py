from dataclasses import replace

import pytest
from markupsafe import escape

from billing.ports.outbox import Topic
from billing.rules.reach import ClosedChat
from handlers.buttons import OpenCart, OpenCredit, OpenInvoice, OpenService, SwitchClient
from handlers.chat.origin import Origin
from handlers.chat.screen import Copy, Screen
from handlers.reminders import notices, operator
from handlers.reminders.facts import amount_of, date_of, number_of
from tests.gallery.reminders import AGENCY, ENDS, event, receipt, summary, told
from tests.handlers.reading import EN, PL, actions, button, read


def notice(topic: Topic, **facts: str | int) -> Screen:
    return notices.notice(EN, told(topic, **facts))


@pytest.mark.parametrize("topic", sorted(set(Topic) - {Topic.OPERATOR, Topic.REDRAW}))
def test_every_topic_has_a_screen_with_a_way_on(topic: Topic) -> None:
    assert notice(topic).rows


def test_a_receipt_says_what_became_of_each_line() -> None:
    screen = notices.notice(PL, receipt())
    assert "Zapłacono: 35,67 zł" in read(screen)
    assert "odnowiono do 22 kwi 2026" in read(screen)


def test_a_receipt_whose_proforma_is_gone_still_says_that_it_is_paid() -> None:
    assert "Proforma PRO-2026-0005 is paid" in read(notice(Topic.RECEIPT))


def test_an_accepted_order_leads_to_the_service() -> None:
    screen = notice(Topic.ORDER_ACCEPTED, due_date="2026-04-10")
    assert "Active, paid until 10 Apr 2026" in read(screen)
    assert actions(screen, OpenService) == [OpenService(12, Origin.SERVICES)]


def test_a_rejected_order_says_where_the_money_is() -> None:
    screen = notice(Topic.ORDER_REJECTED, credited="1234.50 PLN")
    assert "PLN 1,234.50 is on your account as credit." in read(screen)
    assert actions(screen, OpenCredit)
    free = notice(Topic.ORDER_REJECTED, credited="")
    assert "credit" not in read(free)
    loaded = notice(Topic.ORDER_REJECTED, credited="", number="")
    assert "Proforma" not in read(loaded)
    assert not actions(free, OpenCredit)


def test_a_cancellation_says_when_it_takes_effect() -> None:
    later = notice(Topic.CANCELLATION_ACCEPTED, effective_on="2026-04-10", when="period_end")
    assert "It ends on 10 Apr 2026." in read(later)
    now = notice(Topic.CANCELLATION_ACCEPTED, effective_on="2026-03-10", when="now")
    assert "It has ended now." in read(now)


def test_a_part_payment_says_what_is_left_and_leads_to_paying_it() -> None:
    screen = notice(Topic.PART_PAID, amount="10.00 PLN", balance="25.67 PLN")
    assert "Received: PLN 10.00" in read(screen)
    assert "Left to pay: PLN 25.67" in read(screen)
    assert button(screen, "Pay PLN 25.67").action == OpenInvoice(5, origin=Origin.INVOICES)


def test_a_closed_proforma_says_why_and_what_to_do() -> None:
    paid = notice(Topic.INVOICE_CLOSED, due_date="2026-04-10", others=1)
    assert "Proforma PRO-2026-0005 is closed" in read(paid)
    assert "It is paid until 10 Apr 2026 already." in read(paid)
    assert "Please do not pay this proforma." in read(paid)
    assert actions(paid, OpenCart)
    ended = notice(Topic.INVOICE_CLOSED, due_date="", released="5.00 PLN", more=2)
    assert "There is nothing to pay for it any more." in read(ended)
    assert "and 2 more" in read(ended)
    assert "PLN 5.00 is on your account as credit again." in read(ended)
    assert actions(ended, OpenService)
    assert not actions(ended, OpenCart)


def test_changed_credit_says_how_much_and_what_is_there_now() -> None:
    note = "Sorry for <the outage>"
    more = notice(Topic.CREDIT_CHANGED, amount="50.00 PLN", balance="85.67 PLN", note=note)
    assert read(more).splitlines() == [
        "💳 Added to your credit: PLN 50.00",
        "",
        "Your credit: PLN 85.67",
        "",
        "Sorry for <the outage>",
    ]
    less = notice(Topic.CREDIT_CHANGED, amount="-50.00 PLN", balance="0.00 PLN", note="")
    assert read(less).splitlines() == [
        "💳 Taken from your credit: PLN 50.00",
        "",
        "It is used up now.",
    ]
    assert actions(more, OpenCredit)


def test_money_that_came_late_for_a_proforma_that_is_gone_still_says_so() -> None:
    text = read(notice(Topic.MONEY_CAME_LATE, status="cancelled"))
    assert "Received: PLN 35.67" in text
    assert "Proforma PRO-2026-0005 had been cancelled by then." in text
    assert "had expired by then" in read(notice(Topic.MONEY_CAME_LATE))


def test_an_expired_proforma_says_what_came_back() -> None:
    assert "as credit again" not in read(notice(Topic.INVOICE_EXPIRED, released=""))
    assert "PLN 5.00 is on your account as credit again." in read(
        notice(Topic.INVOICE_EXPIRED, released="5.00 PLN")
    )


def test_a_notice_of_another_account_first_leads_there() -> None:
    screen = notices.notice(EN, replace(receipt(), is_elsewhere=True, client=AGENCY))
    assert "Account: Agencja Kowalski" in read(screen)
    assert [button.action for row in screen.rows for button in row] == [SwitchClient(2)]


@pytest.mark.parametrize(
    ("name", "facts", "commands"),
    [
        ("order", {}, ["panelik orders accept 12", "panelik orders reject 12"]),
        (
            "cancellation",
            {"id": 3},
            ["panelik cancellations accept 3", "panelik cancellations reject 3"],
        ),
        ("withdrawn", {"id": 3}, ["panelik cancellations"]),
        ("surplus", {"amount": "5.00 PLN"}, ["panelik credit -- C-1 -5.00"]),
        ("late", {"amount": "5.00 PLN"}, ["panelik credit -- C-1 -5.00"]),
        ("credited", {}, ["panelik credit -- C-1 -35.67"]),
        ("renewed_after_move", {}, []),
        (
            "unplaced",
            {"id": 7, "misfit": "stranger"},
            ["panelik unplaced credit 7 C-1", "panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            "unplaced",
            {"id": 7, "misfit": "other_currency"},
            ["panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            "unplaced",
            {"id": 7, "misfit": "not_booked"},
            [
                "panelik unplaced book 7",
                "panelik unplaced credit 7 C-1",
                "panelik unplaced close 7 --note 'what you did'",
            ],
        ),
    ],
)
def test_the_operator_reads_and_copies_the_commands(
    name: str, facts: dict[str, str | int], commands: list[str]
) -> None:
    assert name in operator.EVENTS
    screen = operator.event(EN, event(name, **facts))
    assert [copy.text for copy in actions(screen, Copy)] == commands
    for command in commands:
        assert f"<code>{escape(command)}</code>" in screen.text
    assert "C-1 · Anna Nowak" in read(screen)


def test_a_clients_id_is_quoted_in_a_command() -> None:
    surplus = event("surplus")
    assert surplus.client is not None
    strange = replace(surplus, client=replace(surplus.client, ref="a b; rm"))
    (command,) = actions(operator.event(EN, strange), Copy)
    assert command.text == "panelik credit -- 'a b; rm' -35.67"


def test_what_the_operator_is_told_needs_no_known_event() -> None:
    assert "something_new" in read(operator.event(EN, event("something_new")))


def test_facts_of_another_version_are_simply_absent() -> None:
    old = told(Topic.RECEIPT, amount="nothing", effective_on="soon", service_id="x")
    assert amount_of(old, "amount") is None
    assert date_of(EN, old, "effective_on") is None
    assert number_of(old, "service_id") == 0


def test_the_summary_of_a_day_counts_in_words_that_fit() -> None:
    screen = operator.event(PL, summary(sent=1, deferred=2, waiting=5, void=22, failed=0))
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
    told = event("waited", n=12, why="removed", oldest="2026-04-10T08:15:00+00:00")
    assert read(operator.event(PL, told)).splitlines() == [
        "📬 12 wiadomości czekało na Ciebie",
        "",
        "Najstarsza: 10 kwi 2026, 10:15",
        "Usunięto nas z tego czatu lub zablokowano w nim.",
        "To, co wciąż jest potrzebne, wysyłamy teraz.",
    ]
    for why in ClosedChat:
        assert operator.CLOSED[why](EN)
    bare = operator.event(EN, event("waited", n=1, why="newer than this", oldest="no instant"))
    assert read(bare).splitlines() == [
        "📬 1 message waited for you", "", "What you still need follows now."
    ]  # fmt: skip


def test_a_day_on_which_all_went_well_is_summed_up_in_a_line() -> None:
    screen = operator.event(EN, event("summary", day=ENDS, sent=12))
    assert read(screen).splitlines() == ["📮 Reminders of 10 Apr 2026", "", "✅ 12 reminders sent"]
    assert screen.rows == ()
