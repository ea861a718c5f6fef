from dataclasses import replace
from datetime import timedelta

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceStatus, SuspendedFor
from handlers.buttons import (
    AddAllDueSoon,
    AddRenewal,
    OpenCheckout,
    OpenInvoice,
    OpenInvoices,
    OpenNotRenewable,
    OpenRenewalCycle,
    OpenRenewalCycles,
    OpenRenewals,
    OpenService,
    RemoveRenewal,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from handlers.renewals import cycle_list, refusals, screens
from handlers.renewals.names import short_names
from locales.translator import Translator
from tests.gallery import renewals as samples
from tests.gallery.renewals import found, services
from tests.handlers.reading import BOTH, EN, PL, actions, button, buttons, labels, read
from tests.handlers.screen_check import problems
from tests.make import TODAY, cart, money, owned_addon, renewal_line, service


def test_an_offer_says_what_renewal_does_to_the_due_date_and_what_it_costs() -> None:
    text = read(screens.renewals(PL, found(service())))
    assert "1. Hosting start · anna.example" in text
    assert "⏳ 22 mar 2026 (za 12 dni) → 22 kwi 2026" in text
    assert "Ceny brutto (z VAT 23%)." in text


def test_what_is_overdue_comes_first_and_stands_out() -> None:
    late = service(id=2, name="Late", next_due_date=TODAY - timedelta(days=2))
    text = read(screens.renewals(EN, found(service(), late)))
    assert "1. Late · anna.example\n   ⚠️ 8 Mar 2026 → 8 Apr 2026" in text
    assert "2. Hosting start" in text


def test_an_addon_has_the_domain_of_its_service() -> None:
    text = read(screens.renewals(EN, found(service(), owned_addon())))
    assert "Add-on ssl · anna.example" in text


def test_each_offer_has_one_wide_button_that_adds_it() -> None:
    screen = screens.renewals(PL, found(service()), Origin.HOME)
    assert labels(screen)[0] == ["☐ anna.example · 35,67 zł"]
    assert screen.rows[0][0].action == AddRenewal(1, 0, Origin.HOME)
    assert button(screen, "⇄ Inny okres").action == OpenRenewalCycles(0, Origin.HOME)


def test_another_period_is_chosen_from_the_same_names() -> None:
    screen = cycle_list.choose_cycle(PL, found(*services(8), page=1), Origin.HOME)
    assert labels(screen)[0] == ["strona5.example · miesięcznie"]
    assert screen.rows[0][0].action == OpenRenewalCycle(5, 1, Origin.HOME)
    assert button(screen, "Wróć").action == OpenRenewals(1, Origin.HOME)


def test_no_two_buttons_are_alike() -> None:
    twice = (
        service(), service(id=2, name="Domena"), service(id=3, name="Domena"),
        service(id=4, name="Domena", label="Sklep"), owned_addon(id=5), owned_addon(id=6),
    )  # fmt: skip
    offers = [offer for page in (0, 1) for offer in found(*twice, page=page).offers]
    names = short_names(offers, {})
    assert len(set(names.values())) == len(offers) == 6
    assert {"Hosting start · anna.example", "Sklep"} < set(names.values())


def test_a_long_name_and_its_domain_share_a_button() -> None:
    long = "Kopia zapasowa całego konta"
    listed = found(service(), owned_addon(id=6, name=long), owned_addon(id=7, name=long))
    assert sorted(short_names(listed.offers.items, {}).values())[:2] == [
        "2. Kopia zapasowa całego… · anna.example", "3. Kopia zapasowa całego… · anna.example"
    ]  # fmt: skip


def test_what_is_in_the_cart_can_be_taken_out_in_the_same_place() -> None:
    screen = screens.renewals(PL, found(service(), in_cart=cart(renewal_line(1))))
    assert labels(screen)[0] == ["☑ anna.example · 35,67 zł"]
    assert screen.rows[0][0].action == RemoveRenewal(1)
    assert "1 pozycja w koszyku: 35,67 zł" in read(screen)


def test_payment_starts_from_here_once_something_is_in_the_cart() -> None:
    assert not actions(screens.renewals(EN, found(service())), OpenCheckout)
    screen = screens.renewals(PL, found(service(), in_cart=cart(renewal_line(1))))
    pay = button(screen, "Zapłać 35,67 zł")
    assert (pay.action, pay.style) == (OpenCheckout(origin=Origin.RENEWALS), Style.SUCCESS)


def test_a_renewal_in_another_cycle_shows_that_cycles_price_and_date() -> None:
    in_cart = cart(renewal_line(1, cycle=BillingCycle.ANNUALLY))
    screen = screens.renewals(EN, found(service(), in_cart=in_cart))
    assert "→ 22 Mar 2027" in read(screen)
    assert labels(screen)[0] == ["☑ anna.example · PLN 356.70"]


def test_all_due_soon_are_added_at_once_unless_they_are_there_already() -> None:
    screen = screens.renewals(EN, found(*services(3)))
    every = "Overdue and due in 30 days (3) · PLN 214.02"
    assert button(screen, every).action == AddAllDueSoon()
    in_cart = cart(*(renewal_line(n) for n in (1, 2, 3)))
    assert not actions(screens.renewals(EN, found(*services(3), in_cart=in_cart)), AddAllDueSoon)


def test_four_offers_make_a_page_and_numbers_go_on() -> None:
    first, last = (screens.renewals(EN, found(*services(8), page=n)) for n in (0, 1))
    assert len(actions(first, AddRenewal)) == 4
    assert [a.service for a in actions(last, AddRenewal)] == [5, 6, 7, 8]
    assert "5. Hosting 5" in read(last)
    assert OpenRenewals(1) in actions(first, OpenRenewals)


def test_a_page_past_the_end_is_the_last_one() -> None:
    screen = screens.renewals(EN, found(*services(8), page=7))
    assert [a.service for a in actions(screen, AddRenewal)] == [5, 6, 7, 8]


def test_what_cannot_be_renewed_is_listed_with_its_reason_and_date() -> None:
    abused = service(id=2, status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.ABUSE)
    later = service(
        id=3, name="VPS", cycle=BillingCycle.ANNUALLY, next_due_date=TODAY + timedelta(days=100)
    )
    text = read(screens.renewals(EN, found(abused, later)))
    assert "There is nothing to renew at the moment." in text
    assert "It is suspended; please contact us." in text
    assert "VPS · anna.example: It can be renewed from 19 May 2026." in text


def test_a_renewal_on_an_unpaid_proforma_leads_to_that_proforma() -> None:
    screen = screens.renewals(PL, found(service(), on_invoice=1))
    finish = button(screen, "Dokończ płatność · 230,00 zł")
    assert finish.action == OpenInvoice(5, origin=Origin.RENEWALS)
    assert not actions(screen, AddRenewal)


def test_several_proformas_with_renewals_have_one_button() -> None:
    listed = found(*services(4), on_invoice=1)
    both = {5: money("230.00"), 6: money("1.00")}
    screen = screens.renewals(EN, replace(listed, balances=both))
    assert button(screen, "Finish payments (2)").action == OpenInvoices()
    assert not actions(screen, OpenInvoice)


def test_many_that_cannot_be_renewed_have_a_list_of_their_own() -> None:
    listed = samples.many_refused(30)
    screen = screens.renewals(EN, listed)
    assert button(screen, "Not now (30)").action == OpenNotRenewable()
    assert "It can be renewed from" not in read(screen)
    own = refusals.not_renewable(EN, listed)
    assert read(own).count("It can be renewed from") == 7
    assert [len(row) for row in own.rows[:2]] == [4, 4]
    assert {type(b.action) for b in own.rows[0]} == {OpenService, OpenInvoice}


@BOTH
def test_nothing_to_renew_leads_somewhere_all_the_same(t: Translator) -> None:
    screen = screens.renewals(t, found())
    assert problems(screen) == ()
    assert len(buttons(screen)) >= 3
