from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.services.service import ServiceStatus
from billing.views.services import InvoiceRef
from handlers.buttons import (
    AddFromDigest,
    OpenCheckout,
    OpenDigest,
    OpenInvoice,
    OpenRenewals,
    OpenService,
    RemoveFromDigest,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from handlers.reminders import screens
from handlers.reminders.rows import MOST
from locales.translator import Translator
from tests.gallery.reminders import digest, due, elsewhere, many, mixed, renewed
from tests.handlers.reading import BOTH, EN, PL, actions, button, labels, read
from tests.handlers.screen_check import problems
from tests.make import TODAY, cart, money, owned_addon, renewal_line


@BOTH
def test_telegram_takes_a_digest_of_thirty(t: Translator) -> None:
    screen = screens.digest(t, many(30))
    assert problems(screen) == ()
    assert len(actions(screen, AddFromDigest)) == MOST + 1
    assert actions(screen, OpenRenewals) == [OpenRenewals(0, Origin.REMINDER)]


def test_a_long_digest_says_how_many_more_there_are() -> None:
    assert "… and 18 more" in read(screens.digest(EN, many(30)))
    assert "Add all to the cart (30)" in str(labels(screens.digest(EN, many(30))))


def test_a_service_is_named_with_its_day_and_price() -> None:
    text = read(screens.digest(PL, digest(due(3))))
    assert text.startswith("⏰ Zbliża się 1 płatność")
    assert "1. Hosting start · anna.example" in text
    assert "⏳ 13 mar 2026 (za 3 dni) · 35,67 zł" in text


def test_days_are_counted_as_polish_does() -> None:
    for days, said in (
        (-1, "· 1 dzień po terminie"),
        (-3, "· 3 dni po terminie"),
        (1, "(jutro)"),
    ):
        assert said in read(screens.digest(PL, digest(due(days))))


def test_the_most_urgent_comes_first_and_the_total_last() -> None:
    text = read(screens.digest(EN, mixed()))
    places = [text.index(name) for name in ("VPS S", "Hosting Start", "Hosting Pro", "Domena")]
    assert places == sorted(places)
    assert "Total: PLN 191.88 (with 23% tax)" in text


def test_late_and_coming_payments_together_are_waiting() -> None:
    assert "2 payments are waiting" in read(screens.digest(EN, digest(due(-2), due(3, id=2))))
    assert "2 payments are overdue" in read(screens.digest(EN, digest(due(-2), due(-3, id=2))))


def test_a_button_adds_the_service_and_shows_that_it_is_in_the_cart() -> None:
    screen = screens.digest(PL, digest(due(3)))
    assert button(screen, "Dodaj do koszyka").action == AddFromDigest(7, 1, 1)
    assert button(screen, "1 · Hosting start").action == OpenService(1, Origin.REMINDER)
    assert actions(screen, OpenCheckout) == []
    added = screens.digest(PL, digest(due(3), in_cart=cart(renewal_line(1))))
    assert button(added, "✓ W koszyku").action == RemoveFromDigest(7, 1, 1)
    pay = button(added, "Zapłać 35,67 zł")
    assert (pay.action, pay.style) == (OpenCheckout(origin=Origin.REMINDER), Style.SUCCESS)


def test_all_can_be_added_at_once_when_there_are_several() -> None:
    several = screens.digest(EN, digest(due(1), due(2, id=2)))
    assert button(several, "Add all to the cart (2)").action == AddFromDigest(7, 1)
    half = digest(due(1), due(2, id=2), in_cart=cart(renewal_line(2)))
    assert "Add all" not in str(labels(screens.digest(EN, half)))


def test_an_unpaid_proforma_is_to_be_finished_not_paid_twice() -> None:
    screen = screens.digest(PL, mixed())
    finish = button(screen, "Dokończ płatność")
    assert finish.action == OpenInvoice(5, origin=Origin.REMINDER)
    assert "czeka proforma PRO-2026-0005: do zapłaty 35,67 zł" in read(screen)


def test_a_suspended_service_says_what_to_do() -> None:
    late = due(-7, status=ServiceStatus.SUSPENDED)
    assert "po opłaceniu włączymy ją ponownie" in read(screens.digest(PL, digest(late)))


def test_an_addon_is_shown_with_its_service() -> None:
    screen = screens.digest(
        EN, digest(due(3), owned_addon(next_due_date=TODAY + timedelta(days=3)))
    )
    assert "Add-on ssl · add-on of Hosting start, anna.example" in read(screen)


def test_a_renewed_service_says_so_and_has_no_button() -> None:
    screen = screens.digest(EN, renewed())
    assert "Everything here is taken care of" in read(screen)
    assert "✅ renewed until 13 Apr 2026" in read(screen)
    assert "Total" not in read(screen)
    assert labels(screen) == [["Services", "🔔 Reminders"]]


def test_what_a_proforma_holds_counts_once_with_what_is_left_of_it() -> None:
    ref = InvoiceRef(5, "PRO-2026-0005", money("60.00"))
    what = digest(due(1), due(2, id=2), due(3, id=3), on_invoice={1: ref, 2: ref})
    assert what.total.whole == money("95.67")
    assert "Total: PLN 95.67" in read(screens.digest(EN, what))


def test_a_service_being_cancelled_says_so_and_is_not_counted() -> None:
    screen = screens.digest(EN, digest(due(3), due(4, id=2), cancelling=[2]))
    assert "1 payment is coming up" in read(screen)
    assert "You have requested its cancellation" in read(screen)
    assert [button.service for button in actions(screen, AddFromDigest)] == [1]


def test_a_reminder_of_another_account_first_leads_there() -> None:
    screen = screens.digest(EN, elsewhere())
    assert "Account: Agencja Kowalski" in read(screen)
    assert [button.action for row in screen.rows for button in row] == [OpenDigest(7, 1)]


@pytest.mark.parametrize(
    ("credit", "says"), [("35.67", True), ("300.00", True), ("35.66", False), ("0", False)]
)
def test_a_reminder_says_that_credit_covers_what_is_due(credit: str, says: bool) -> None:
    what = replace(digest(due(3)), credit=money(credit))
    assert what.total.whole == money("35.67")
    assert ("💳 Your credit covers it: PLN" in read(screens.digest(EN, what))) is says


def test_a_settled_reminder_does_not_mention_credit() -> None:
    what = replace(renewed(), credit=money("300.00"))
    assert "credit" not in read(screens.digest(EN, what))
