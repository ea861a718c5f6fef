from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.shop.cart import LineKind
from billing.views.payments import TelegramInvoice
from handlers.buttons import (
    AskCancelInvoice,
    CancelInvoice,
    OpenCredit,
    OpenInvoice,
    OpenInvoices,
    OpenOrder,
    OpenRenewalCycle,
    OpenRenewals,
    OpenService,
    OpenServices,
    PayInvoice,
    PayWithCredit,
    RenewFor,
    RenewLapsed,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Copy, Pay, Style
from handlers.payments import (
    cancel_screens,
    credit_screens,
    cycle_screens,
    invoice_screens,
    list_screens,
    screens,
)
from handlers.payments.late_screens import came_late
from locales.translator import Translator
from tests.gallery.payments import (
    bank,
    history,
    listed,
    long_bill,
    outcomes,
    page,
    page_with_some_credit,
    paid,
)
from tests.gallery.renewals import choice
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.handlers.screen_check import problems
from tests.make import TODAY, invoice, money, quote, service


def test_a_receipt_says_what_happened_to_each_line() -> None:
    text = read(screens.receipt(PL, replace(paid(), lines=outcomes())))
    assert "✅ odnowiono do 22 kwi 2026" in text
    assert "termin płatności zmienił się w międzyczasie" in text
    assert "✅ aktywny do 22 kwi 2026" in text
    assert "🕓 zamówiono: uruchomimy i damy tu znać" in text
    assert "35,67 zł jest na Twoim saldzie" in text
    assert "🕓 w trakcie realizacji" in text


def test_a_receipt_leads_back_to_the_services() -> None:
    screen = screens.receipt(PL, paid())
    assert screen.rows[0][0].action == OpenServices()
    assert "Zapłacono: 35,67 zł" in read(screen)


@BOTH
def test_a_long_receipt_is_cut_and_leads_to_the_whole(t: Translator) -> None:
    bill = paid(*(line.quote for line in long_bill(100).lines))
    screen = screens.receipt(t, bill)
    assert problems(screen) == ()
    assert actions(screen, OpenInvoice) == [OpenInvoice(1)]
    assert "90" in read(screen)


def test_a_proforma_names_the_renewal_on_it_that_is_due_first() -> None:
    later = quote(due_date=TODAY + timedelta(days=40), period_from=TODAY + timedelta(days=40))
    late = quote(name="Late", due_date=TODAY - timedelta(days=3), period_from=TODAY)
    text = read(screens.transfer(EN, invoice(later, late), bank(), TODAY))
    assert "⚠️ overdue since 7 Mar 2026 (3 days) (Late)\nProforma valid until" in text


def test_what_is_not_due_on_a_day_leaves_a_proforma_with_its_validity_alone() -> None:
    text = read(screens.transfer(EN, invoice(quote(kind=LineKind.PRODUCT)), bank(), TODAY))
    assert "Pay by" not in text
    assert "Proforma valid until 24 Mar 2026 (in 14 days)" in text


def test_a_transfer_is_copied_piece_by_piece() -> None:
    screen = screens.transfer(PL, invoice(), bank(), TODAY)
    assert problems(screen) == ()
    assert button(screen, "Kopiuj tytuł").action == Copy("PRO-202603-00001-7391")
    assert button(screen, "Kopiuj kwotę").action == Copy("1035,67")
    assert isinstance(button(screen, "Kopiuj rachunek").action, Copy)
    assert isinstance(button(screen, "Kopiuj odbiorcę").action, Copy)
    assert "Zapłać do: 22 mar 2026 (Hosting start)\nProforma ważna do 24 mar 2026" in read(screen)


def test_a_telegram_invoice_is_paid_with_its_first_button() -> None:
    how = TelegramInvoice("p2:7:PRO-202603-00001-7391", money("35.67"), "PRO-202603-00001-7391")
    shown = screens.telegram_invoice(PL, long_bill(), how)
    assert problems(shown) == ()
    assert shown.payload == how.payload
    assert [minor for _, minor in shown.prices] == [3567]
    assert isinstance(shown.rows[0][0].action, Pay)
    assert shown.rows[1][0].action == OpenInvoice(1)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (InvoiceStatus.EXPIRED, "Proforma PRO-202603-00001-7391 had expired by then."),
        (InvoiceStatus.CANCELLED, "Proforma PRO-202603-00001-7391 had been cancelled by then."),
    ],
)
def test_money_that_came_late_says_what_was_not_renewed_and_offers_it(
    status: InvoiceStatus, why: str
) -> None:
    screen = came_late(EN, invoice(status=status), EN.money(money("35.67")), EVERYTHING)
    assert problems(screen) == ()
    assert read(screen).splitlines() == [
        "💳 Received: PLN 35.67",
        "",
        why,
        "Not renewed:",
        "1. Hosting start · anna.example",
        "",
        "The money is on your account as credit. You can still use it for this.",
    ]
    assert button(screen, "Renew from your credit").action == RenewLapsed(1)
    assert actions(screen, OpenOrder) == []


def test_money_for_an_order_that_lapsed_leads_to_a_new_order() -> None:
    ordered = quote(kind=LineKind.PRODUCT, service_id=None)
    closed = invoice(ordered, status=InvoiceStatus.EXPIRED)
    screen = came_late(EN, closed, EN.money(money("35.67")), EVERYTHING)
    assert "Not carried out:" in read(screen)
    assert actions(screen, RenewLapsed) == []
    assert actions(screen, OpenOrder) == [OpenOrder()]
    both = invoice(ordered, quote(), status=InvoiceStatus.EXPIRED)
    screen = came_late(EN, both, EN.money(money("35.67")), EVERYTHING)
    assert "Not carried out:" in read(screen)
    assert actions(screen, RenewLapsed)
    assert actions(screen, OpenOrder)


def test_the_first_of_many_lapsed_lines_are_named() -> None:
    closed = replace(long_bill(), status=InvoiceStatus.EXPIRED)
    screen = came_late(EN, closed, EN.money(money("35.67")), EVERYTHING)
    assert problems(screen) == ()
    assert "10. " in read(screen)
    assert "11. " not in read(screen)
    assert f"… and {len(closed.lines) - 10} more lines" in read(screen)


def test_the_list_has_open_and_past_proformas() -> None:
    screen = list_screens.invoices(PL, listed(2), EVERYTHING)
    text = read(screen)
    assert "1. PRO-202603-00001-7391 · 123,00 zł" in text
    assert "🧾 do zapłaty · pozostało: 100,00 zł\n   ważna do 11 mar 2026" in text
    assert labels(screen)[0] == ["• Do zapłaty (2)", "Zamknięte"]
    assert actions(screen, OpenInvoice) == [OpenInvoice(1), OpenInvoice(2)]


def test_both_lists_of_proformas_say_how_many_they_hold() -> None:
    opened = replace(listed(2), others=5)
    past = replace(listed(5, is_open=False), others=2)
    assert labels(list_screens.invoices(PL, opened, EVERYTHING))[0] == [
        "• Do zapłaty (2)",
        "Zamknięte (5)",
    ]
    assert labels(list_screens.invoices(PL, past, EVERYTHING))[0] == [
        "Do zapłaty (2)",
        "• Zamknięte (5)",
    ]


def test_pages_of_past_proformas_stay_past_and_numbers_go_on() -> None:
    shown = replace(listed(8, is_open=False, found=20), page=1)
    screen = list_screens.invoices(EN, shown, EVERYTHING)
    assert OpenInvoices(past=True, page=2) in actions(screen, OpenInvoices)
    assert labels(screen)[1][0] == "9"
    assert "✅ paid" in read(screen)
    assert "❌ expired" in read(screen)


def test_an_open_proforma_can_be_paid_in_every_way_and_cancelled() -> None:
    screen = invoice_screens.invoice(PL, page(invoice(), credit=True), 0, Origin.SERVICES)
    assert labels(screen)[:3] == [
        ["Zapłać 35,67 zł z salda"],
        ["Przelew bankowy · 35,67 zł"],
        ["Płatność w Telegramie · 35,67 zł"],
    ]
    assert screen.rows[0][0].action == PayWithCredit(1, invoice().seal, Origin.SERVICES)
    assert screen.rows[1][0].action == PayInvoice(1, 2, Origin.SERVICES)
    assert button(screen, "Anuluj proformę").action == AskCancelInvoice(1, Origin.SERVICES)
    assert actions(screen, OpenServices) == [OpenServices()]


def test_credit_that_covers_a_part_can_be_used_or_kept() -> None:
    kept = invoice_screens.invoice(PL, page_with_some_credit(use_credit=False))
    used = invoice_screens.invoice(PL, page_with_some_credit(use_credit=True))
    assert "Saldo: 20,00 zł" in read(kept)
    assert button(kept, "☐ Użyj salda: 20,00 zł").action == OpenInvoice(1, use_credit=True)
    assert button(kept, "Przelew bankowy · 35,67 zł").action == PayInvoice(1, 2)
    assert button(used, "☑ Użyj salda: 20,00 zł").action == OpenInvoice(1)
    assert button(used, "Przelew bankowy · 15,67 zł").action == PayInvoice(1, 2, use_credit=True)


def test_a_proforma_paid_in_part_says_what_is_left() -> None:
    text = read(invoice_screens.invoice(PL, page(invoice(paid=money("10.00")))))
    assert "Zapłacono dotąd: 10,00 zł\nPozostało: 25,67 zł" in text
    assert "Zapłać do: 22 mar 2026 (Hosting start)" in text
    assert "Proforma ważna do 24 mar 2026 (za 14 dni)" in text


@pytest.mark.parametrize(
    "status", [InvoiceStatus.PAID, InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED]
)
def test_a_closed_proforma_cannot_be_paid_or_cancelled(status: InvoiceStatus) -> None:
    screen = invoice_screens.invoice(EN, page(invoice(status=status)))
    assert not actions(screen, PayInvoice)
    assert not actions(screen, AskCancelInvoice)


def test_only_a_paid_proforma_says_what_became_of_its_lines() -> None:
    assert "being carried out" not in read(invoice_screens.invoice(EN, page(invoice())))
    done = page(replace(paid(), lines=outcomes()))
    assert "✅ renewed until 22 Apr 2026" in read(invoice_screens.invoice(EN, done))


@BOTH
def test_a_long_proforma_is_turned_page_by_page(t: Translator) -> None:
    for number in (0, 3, 99):
        screen = invoice_screens.invoice(t, page(long_bill()), number)
        assert problems(screen) == ()
        assert actions(screen, OpenInvoice)


def test_cancelling_says_what_comes_back() -> None:
    screen = cancel_screens.ask_cancel(EN, page(invoice(paid=money("10.00"))), EVERYTHING)
    assert "PLN 10.00 returns to your account as credit." in read(screen)
    yes = button(screen, "Yes, cancel the proforma")
    assert (yes.action, yes.style) == (CancelInvoice(1), Style.DANGER)


def test_credit_that_covers_all_says_what_stays_of_it() -> None:
    bill = invoice(paid=money("10.00"))
    text = read(invoice_screens.invoice(PL, page(bill, credit=True)))
    assert "zł; po zapłacie zostanie " in text
    assert bill.seal != invoice().seal


def test_the_credits_history_gives_every_movement_a_reason() -> None:
    screen = credit_screens.credit(PL, history(8, page=1, more=True))
    text = read(screen)
    assert "−10,00 zł" in text
    assert "+10,00 zł" in text
    assert "zapłata za PRO-202603-00001-7391" in text
    assert actions(screen, OpenCredit) == [OpenCredit(0), OpenCredit(2)]


def test_each_cycle_of_a_renewal_has_its_price_once_and_what_it_saves() -> None:
    screen = cycle_screens.renewal_cycles(PL, choice(service()), OpenRenewalCycle(1))
    assert "Następny termin płatności: 22 mar 2026" in read(screen)
    assert "rocznie: oszczędzasz 71,34 zł (16 %)" in read(screen)
    assert labels(screen) == [
        ["miesięcznie · 35,67 zł"],
        ["kwartalnie · 107,01 zł"],
        ["rocznie · 356,70 zł"],
        ["‹ Wróć"],
    ]
    assert screen.rows[2][0].action == RenewFor(1, BillingCycle.ANNUALLY, Origin.SERVICE)
    assert button(screen, "‹ Wróć").action == OpenService(1, Origin.SERVICE)


def test_the_cycles_are_the_same_from_the_list_of_renewals_and_lead_back_there() -> None:
    place = OpenRenewalCycle(1, 2, Origin.HOME)
    screen = cycle_screens.renewal_cycles(PL, choice(service(), in_cart=True), place)
    assert labels(screen)[0] == ["✓ miesięcznie · 35,67 zł"]
    assert screen.rows[0][0].action == RenewFor(1, BillingCycle.MONTHLY, Origin.RENEWALS)
    assert button(screen, "‹ Wróć").action == OpenRenewals(2, Origin.HOME)
    assert button(screen, "Strona usługi").action == OpenService(1, Origin.RENEWALS)
