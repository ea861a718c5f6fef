from datetime import date, timedelta

from billing.rules.cycles import BillingCycle
from handlers.buttons import (
    OpenCalendar,
    OpenCosts,
    OpenMonthCosts,
    OpenOverdueCosts,
    OpenRenewals,
    OpenService,
    OpenServiceCosts,
)
from handlers.chat.screens.origin import Origin
from handlers.costs import screens
from tests.gallery.costs import APRIL, found, many, usual
from tests.handlers.reading import EN, PL, actions, button, labels, read
from tests.make import TODAY, service


def test_the_year_is_told_month_by_month_and_adds_up() -> None:
    text = read(screens.costs(PL, usual()))
    assert "⚠️ Po terminie: 72,57 zł (1 płatność)" in text
    assert text.startswith("📊 Koszty · 10 mar 2026 – 9 mar 2027\n")
    assert "Następne 12 miesięcy: 2 124,21 zł\n" in text
    assert "\nmarzec 2026: 47,97 zł (2 płatności)\nkwiecień 2026: 47,97 zł" in text
    assert "\nmaj 2026: 416,97 zł (3 płatności)" in text
    assert text.endswith("Ceny brutto (z VAT 23%).")


def test_each_month_has_its_button_four_in_a_row() -> None:
    screen = screens.costs(EN, usual())
    assert labels(screen)[:2] == [
        ["Mar", "Apr", "May", "Jun"],
        ["Jul", "Aug", "Sept", "Oct"],
    ]
    assert labels(screen)[-2:] == [["Overdue (1)", "By service"], ["Calendar file", "‹ Back"]]
    assert {"Jan 2027", "Mar 2027"} < {label for row in labels(screen) for label in row}
    assert button(screen, "Apr").action == OpenMonthCosts(APRIL)
    assert button(screen, "By service").action == OpenServiceCosts()
    assert button(screen, "Calendar file").action == OpenCalendar()
    assert button(screen, "Overdue").action == OpenOverdueCosts()


def test_months_without_anything_are_left_out() -> None:
    yearly = service(cycle=BillingCycle.ANNUALLY)
    screen = screens.costs(EN, found(yearly))
    assert actions(screen, OpenMonthCosts) == [OpenMonthCosts(date(2026, 3, 1))]
    assert read(screen).count(" 2026:") == 1


def test_without_anything_due_it_says_so() -> None:
    screen = screens.costs(EN, found())
    assert "Nothing is due from today until 9 Mar 2027." in read(screen)
    assert labels(screen) == [["‹ Back"]]


def test_a_month_lists_each_service_with_its_day_and_price() -> None:
    screen = screens.month_costs(PL, usual(), APRIL)
    text = read(screen)
    assert text.startswith("📊 kwiecień 2026\n47,97 zł (2 płatności)\n\n1. Add-on ssl")
    assert "2. Hosting start · anna.example\n   22 kwi 2026 · 35,67 zł" in text
    assert actions(screen, OpenService) == [
        OpenService(2, Origin.COSTS),
        OpenService(1, Origin.COSTS),
    ]
    assert button(screen, "‹ mar 2026").action == OpenMonthCosts(date(2026, 3, 1))
    assert button(screen, "maj 2026 ›").action == OpenMonthCosts(date(2026, 5, 1))
    assert button(screen, "Wróć").action == OpenCosts()


def test_the_first_and_the_last_month_lead_one_way_only() -> None:
    months = tuple(usual().months())
    assert ["Apr 2026 ›"] in labels(screens.month_costs(EN, usual(), months[0]))
    assert ["‹ Feb 2027"] in labels(screens.month_costs(EN, usual(), months[-1]))


def test_a_long_month_has_pages_and_the_last_one_stands_for_any_after_it() -> None:
    screen = screens.month_costs(EN, many(), APRIL, 99)
    assert ["‹ Previous", "5 of 5"] in labels(screen)
    assert button(screen, "‹ Previous").action == OpenMonthCosts(APRIL, 3)
    assert labels(screen)[0][0] == "33"


def test_what_is_overdue_says_for_how_long_and_leads_to_renewing() -> None:
    screen = screens.overdue_costs(EN, usual())
    assert "1. Domena .pl · anna-przyklad.pl\n   7 Mar 2026 (3 days ago) · PLN 72.57" in read(
        screen
    )
    assert button(screen, "Renew services").action == OpenRenewals(origin=Origin.COSTS)


def test_services_are_ordered_by_cost_and_later_ones_come_last() -> None:
    text = read(screens.service_costs(EN, usual()))
    order = ["VPS Wiatr", "Hosting start", "Add-on ssl", "Domena .pl", "Certyfikat SSL"]
    assert sorted(order, key=text.index) == order
    assert "   PLN 369.00 / 3 months\n   4 payments · PLN 1,476.00" in text
    later = EN.date(TODAY + timedelta(days=500))
    assert f"   PLN 244.77 / 2 years · due on {later}" in text
