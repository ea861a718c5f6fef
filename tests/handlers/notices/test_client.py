from dataclasses import replace
from typing import get_args

import pytest

from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.superseded import Superseded
from billing.views.notices.money import CreditChanged, InvoiceClosed, ReminderUpdate
from billing.views.notices.notice import ClientNotice, Notice, UnreadableNotice
from billing.views.services import CancelWhen
from handlers.buttons import OpenCart, OpenCredit, OpenInvoice, OpenService, SwitchClient
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Screen
from handlers.notices import client
from tests.gallery import notices as samples
from tests.gallery.notices import NUMBER, SERVICE, to_client
from tests.gallery.reminders import AGENCY
from tests.handlers.reading import EN, PL, actions, button, read
from tests.make import money


def notice(told: Notice | UnreadableNotice) -> Screen:
    return client.client_notice(EN, to_client(told))


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
    assert screen != client.short(EN)


def test_a_notice_that_cannot_be_read_still_says_that_there_is_news() -> None:
    assert notice(UnreadableNotice("something_new", "{}")) == client.short(EN)


def test_a_receipt_says_what_became_of_each_line() -> None:
    screen = client.client_notice(PL, samples.receipt())
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
    screen = client.client_notice(EN, replace(samples.receipt(), is_elsewhere=True, client=AGENCY))
    assert "Account: Agencja Kowalski" in read(screen)
    assert [button.action for row in screen.rows for button in row] == [SwitchClient(2)]
