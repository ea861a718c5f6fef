from dataclasses import replace

import pytest

from billing.rules.services.service import ServiceStatus
from billing.rules.shop.renewals import Refusal
from billing.views.services import CancellationStatus, CancelWhen, InvoiceRef
from handlers.buttons import (
    AddService,
    AskCancellation,
    AskCancelReason,
    DropService,
    OpenAddons,
    OpenInvoice,
    OpenOwnedAddons,
    OpenRenewals,
    OpenService,
    OpenServices,
    WithdrawCancellation,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style, Url
from handlers.services import addon_list, changes, page
from tests import make
from tests.gallery.services import (
    ADDONS,
    GIFT,
    OVERDUE,
    PLACE,
    YEARLY_ADDON,
    cancellation,
    in_days,
    of_status,
    refused,
    shown,
)
from tests.handlers.reading import EN, PL, actions, button, buttons, labels, read


def test_every_action_knows_the_way_back() -> None:
    place = OpenService(2, Origin.RENEWALS, inside=True)
    screen = page.service(EN, shown(make.owned_addon(), parent=make.service()), place)
    assert button(screen, "Renew · ").action == AddService(2, Origin.RENEWALS, inside=True)
    assert button(screen, "‹ Back").action == OpenService(1, Origin.RENEWALS)


def test_back_leads_where_the_client_came_from() -> None:
    there = page.service(EN, shown(), OpenService(1, Origin.RENEWALS))
    assert button(there, "‹ Back").action == OpenRenewals()
    itself = page.service(EN, shown(), OpenService(1, Origin.SERVICE))
    assert button(itself, "‹ Back").action == OpenServices()


def test_in_the_cart_it_can_be_taken_out_again() -> None:
    screen = page.service(PL, shown(in_cart=True), PLACE)
    assert labels(screen)[0] == ["✓ W koszyku", "Koszyk"]
    assert actions(screen, DropService) == [DropService(1)]
    assert actions(screen, AddService) == []


def test_a_proforma_that_holds_it_is_paid_first() -> None:
    held = shown(invoice=InvoiceRef(3, "PRO-1", make.money("35.67")))
    screen = page.service(PL, held, PLACE)
    assert "Proforma PRO-1 czeka na zapłatę: 35,67 zł" in read(screen)
    first = buttons(screen)[0]
    assert first.action == OpenInvoice(3, origin=Origin.SERVICE)
    assert first.style is Style.SUCCESS


def test_what_cannot_be_renewed_says_why_and_from_when() -> None:
    screen = page.service(PL, refused(Refusal.NOT_OPEN_YET, opens_on=in_days(40)), PLACE)
    assert "🔄" in read(screen)
    assert "19 kwi 2026" in read(screen)
    assert actions(screen, AddService) == []


def test_what_costs_nothing_has_a_date_that_is_never_overdue() -> None:
    coming = read(page.service(EN, refused(Refusal.FREE, GIFT), PLACE))
    assert "Next due date: 22 Mar 2026" in coming
    assert "in 12 days" not in coming
    over = replace(GIFT, next_due_date=in_days(-3))
    screen = page.service(EN, refused(Refusal.FREE, over), PLACE)
    assert "due date" not in read(screen)
    assert "overdue" not in read(screen)
    assert "It is free and needs no renewal." in read(screen)
    assert [label for row in labels(screen) for label in row if "Reminders" in label] == []


def test_a_renewal_for_a_shorter_cycle_has_its_own_price() -> None:
    found = shown(YEARLY_ADDON, parent=make.service(), renewal=make.quote(service_id=2))
    screen = page.service(EN, found, PLACE)
    assert "35.67 / month" in button(screen, "Renew · ").label


def test_a_reason_that_the_status_tells_is_not_told_twice() -> None:
    ended = refused(Refusal.TERMINATED, of_status(1, ServiceStatus.TERMINATED))
    assert "🔄" not in read(page.service(EN, ended, PLACE))


@pytest.mark.parametrize("status", list(ServiceStatus))
def test_only_what_runs_can_be_cancelled(status: ServiceStatus) -> None:
    screen = page.service(EN, shown(of_status(1, status)), PLACE)
    runs = status in (ServiceStatus.ACTIVE, ServiceStatus.SUSPENDED)
    assert bool(actions(screen, AskCancellation)) is runs


def test_a_request_to_cancel_can_be_withdrawn_from_the_page() -> None:
    asked = refused(Refusal.CANCELLATION_OPEN, cancellation=cancellation())
    screen = page.service(PL, asked, PLACE)
    assert "🕓 Zgłoszono rezygnację z dniem 22 mar 2026" in read(screen)
    assert actions(screen, WithdrawCancellation) == [WithdrawCancellation(1)]
    assert actions(screen, AskCancellation) == []


def test_addons_show_their_own_data_and_lead_to_their_own_pages() -> None:
    screen = page.service(PL, shown(None, *ADDONS), PLACE)
    assert "1. Dodatek 2\n   12,30 zł / mies. · 🟢 Aktywna · ⏳ 12 mar" in read(screen)
    assert button(screen, "1 · Dodatek 2").action == OpenService(2, inside=True)
    assert actions(screen, OpenAddons) == [OpenAddons(1, origin=Origin.SERVICE)]


def test_many_addons_have_a_list_of_their_own() -> None:
    many = [make.owned_addon(id=n, name=f"A{n}") for n in range(2, 22)]
    screen = page.service(EN, shown(None, *many), PLACE)
    assert "and 18 more" in read(screen)
    assert actions(screen, OpenOwnedAddons) == [OpenOwnedAddons(1)]
    rest = addon_list.addon_list(EN, shown(None, *many), Origin.SERVICES, 2)
    assert "17. " in read(rest)
    assert "20. " in read(rest)
    assert button(rest, "‹ Back").action == OpenService(1)


def test_what_has_ended_stands_after_what_runs() -> None:
    gone = make.owned_addon(id=9, name="Gone", status=ServiceStatus.CANCELLED)
    text = read(page.service(EN, shown(None, gone, *ADDONS[:2]), PLACE))
    assert "3. Gone" in text
    every = addon_list.addon_list(EN, shown(None, gone, *ADDONS), Origin.SERVICES)
    assert "5. Gone" in read(every)


ACCEPTED = CancellationStatus.ACCEPTED


def test_what_ends_with_its_period_says_so_below_its_status() -> None:
    ends = refused(Refusal.CANCELLATION_OPEN, cancellation=cancellation(status=ACCEPTED))
    for screen in (page.service(PL, ends, PLACE), page.menu(PL, ends)):
        assert "🟢 Aktywna\n🔚 kończy się 22 mar 2026\n" in f"{read(screen)}\n"
        assert "⏳ 22 mar 2026" not in read(screen)
    assert "Następny termin płatności" not in read(page.service(PL, ends, PLACE))


def test_a_request_that_waits_promises_no_end() -> None:
    asks = refused(Refusal.CANCELLATION_OPEN, cancellation=cancellation())
    text = read(page.service(PL, asks, PLACE))
    assert "🔚" not in text + read(page.menu(PL, asks))
    assert "Następny termin płatności: ⏳ 22 mar 2026" in text
    assert "🕓 Zgłoszono rezygnację z dniem 22 mar 2026; odpowiemy tutaj." in text


def test_what_ends_on_an_unknown_day_says_so_too() -> None:
    undated = cancellation(effective_on=None, status=ACCEPTED)
    ends = refused(Refusal.CANCELLATION_OPEN, cancellation=undated)
    assert "🔚 ends with its period" in read(page.service(EN, ends, PLACE))


def test_the_panel_is_offered_where_the_operator_has_one() -> None:
    assert actions(page.service(EN, replace(shown(), panel_url=None), PLACE), Url) == []


def test_ending_with_the_period_is_offered_while_there_is_one() -> None:
    screen = changes.ask_when(PL, shown(), PLACE)
    assert labels(screen)[0] == ["Z końcem okresu: 22 mar 2026"]
    overdue = changes.ask_when(PL, shown(OVERDUE), PLACE)
    assert actions(overdue, AskCancelReason) == [AskCancelReason(1, CancelWhen.NOW)]


def test_the_confirmation_repeats_everything() -> None:
    screen = changes.confirm(
        EN, shown(None, *ADDONS), CancelWhen.PERIOD_END, "too <dear>", draft=7, place=PLACE
    )
    text = read(screen)
    assert "It ends on 22 Mar 2026." in text
    assert "Reason: too <dear>" in text
    assert "These add-ons end with it:\n• Dodatek 2, paid until 12 Mar 2026" in text
    assert button(screen, "No, keep it").action == PLACE
