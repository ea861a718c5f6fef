from datetime import date
from pathlib import Path

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.loading.differences import Known, KnownService, ServiceRow
from billing.rules.money import Money
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.shop.catalog import ProductKind
from tests.bot.datafolder.folders import CATALOG, addon, client, load, mistakes, service, write


def only(folder: Path) -> ServiceRow:
    (found,) = load(folder).services()
    return found


def test_a_service_is_read_as_written(tmp_path: Path) -> None:
    row = service(status="suspended", suspended_for="abuse", domain="żółw.example")
    assert only(write(tmp_path, services=[row])) == ServiceRow(
        ref="S-1",
        client="C-1",
        product="start",
        parent="",
        name="Start",
        domain="żółw.example",
        first_amount=Money(4900, "PLN"),
        amount=Money(2900, "PLN"),
        cycle=BillingCycle.MONTHLY,
        registered_on=date(2026, 1, 31),
        next_due_date=date(2027, 2, 28),
        anchor_day=31,
        status=ServiceStatus.SUSPENDED,
        suspended_for=SuspendedFor.ABUSE,
        assumed=frozenset({"anchor_day"}),
    )


def test_amounts_are_in_the_clients_currency(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=[client(currency="JPY")], services=[service(
        amount="2900", first_amount="",
    )])  # fmt: skip
    assert only(folder).amount == only(folder).first_amount == Money(2900, "JPY")


@pytest.mark.parametrize(
    ("registered", "due", "anchor"),
    [("2026-01-31", "2027-02-28", 31), ("2026-01-15", "2027-02-28", 28)],
)
def test_an_anchor_day_is_found(tmp_path: Path, registered: str, due: str, anchor: int) -> None:
    row = service(registered_on=registered, next_due_date=due)
    assert only(write(tmp_path, services=[row])).anchor_day == anchor


def test_a_free_service_needs_no_amount_and_no_date(tmp_path: Path) -> None:
    row = service(product="parking", cycle="free", amount="", first_amount="", next_due_date="")
    found = only(write(tmp_path, services=[row]))
    assert found.amount == found.first_amount == Money(0, "PLN")
    assert found.next_due_date is None


def test_the_due_date_of_a_pending_service_is_not_used(tmp_path: Path) -> None:
    found = only(write(tmp_path, services=[service(status="pending")]))
    assert found.next_due_date is None


def test_an_addon_comes_after_its_service_wherever_it_stands(tmp_path: Path) -> None:
    folder = load(write(tmp_path, services=[addon(), service()]))
    assert [row.ref for row in folder.services()] == ["S-1", "A-1"]
    assert folder.service_count == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client": "C-7"}, 'client: no client has the id "C-7"'),
        (
            {"product": "strat"},
            (
                'product: no product or add-on has the id "strat"; '
                "one that is sold no longer stays in catalog.yaml with offered: no"
            ),
        ),
        ({"name": "a\x07b"}, "name: contains a line break or another control character"),
        ({"domain": "a b"}, 'domain: "a b" has a space in it'),
        ({"amount": ""}, "amount: is empty"),
        ({"amount": "-29.00"}, "amount: -29.00 is negative"),
        (
            {"cycle": "yearly"},
            (
                'cycle: "yearly" is not known; it is one of weekly, monthly, quarterly, '
                "semi-annually, annually, biennially, triennially, one-time, free; other cycles "
                "are a number and a unit: 5-years"
            ),
        ),
        (
            {"registered_on": "31.01.2026"},
            'registered_on: "31.01.2026" is not a date such as 2027-03-31',
        ),
        (
            {"next_due_date": "2027-02-29"},
            'next_due_date: "2027-02-29" is not a date such as 2027-03-31',
        ),
        (
            {"next_due_date": "0001-01-01"},
            "next_due_date: 0001-01-01: the year is not between 1990 and 2100",
        ),
        (
            {"next_due_date": ""},
            "next_due_date: is empty, though the service is active and monthly",
        ),
        (
            {"next_due_date": "2025-12-31"},
            "next_due_date: 2025-12-31 is before registered_on 2026-01-31",
        ),
        (
            {"cycle": "one-time"},
            "next_due_date: must be empty: one-time is never due again",
        ),
        ({"anchor_day": "32"}, 'anchor_day: "32" is not a whole number from 1 to 31'),
        ({"anchor_day": "15"}, "anchor_day: 15 does not lead to the due date 2027-02-28"),
        ({"status": "activ"}, 'status: "activ" is not known; did you mean "active"?'),
        (
            {"status": "suspended"},
            "suspended_for: is empty: say why (non_payment, abuse or other)",
        ),
        ({"suspended_for": "abuse"}, "suspended_for: must be empty: the service is active"),
        (
            {"cycle": "free", "next_due_date": ""},
            "amount: 29.00 for a service that is free: it would be 0",
        ),
        ({"parent": "S-0"}, 'parent: must be empty: "start" is not an add-on'),
        ({"product": "ssl"}, 'parent: is empty, but "ssl" is an add-on: whose?'),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    rows = [service(id="S-0"), service(**changes)]
    assert mistakes(write(tmp_path, services=rows)) == [f"services.csv:3: {reason}"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"parent": "S-9"}, 'no service has the id "S-9"'),
        ({"parent": "A-0"}, '"A-0" is an add-on itself'),
        ({"parent": "A-1"}, '"A-1" is an add-on itself'),
        ({"client": "C-2"}, '"S-1" belongs to client "C-1"'),
    ],
)
def test_the_parent_of_an_addon_is_checked(
    tmp_path: Path, changes: dict[str, str], reason: str
) -> None:
    folder = write(
        tmp_path,
        clients=[client(), client(id="C-2")],
        services=[addon(**changes), service(), addon(id="A-0")],
    )
    assert mistakes(folder) == [f"services.csv:2: parent: {reason}"]


def test_an_id_is_given_once(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, services=[service(), service()])) == [
        'services.csv:3: id: "S-1" is already on line 2'
    ]


def test_a_clients_mistake_does_not_affect_their_services(tmp_path: Path) -> None:
    folder = write(tmp_path, clients=[client(currency="PLX")], services=[service()])
    assert [line.split(":")[0] for line in mistakes(folder)] == ["clients.csv"]


def test_rows_may_refer_to_what_was_loaded_before(tmp_path: Path) -> None:
    known = Known(
        products={(ProductKind.PRODUCT, "old-hosting"): "old-hosting"},
        clients={"C-5": "EUR"},
        services={"S-5": KnownService("C-5")},
    )
    rows = [
        service(id="S-6", client="C-5", product="old-hosting"),
        addon(id="A-6", client="C-5", parent="S-5"),
    ]
    found = load(write(tmp_path, services=rows), known=known)
    assert [row.amount.currency for row in found.services()] == ["EUR", "EUR"]


def test_the_parent_of_an_addon_may_be_known_as_an_addon(tmp_path: Path) -> None:
    known = Known(clients={"C-1": "PLN"}, services={"S-5": KnownService("C-1", "S-4")})
    folder = write(tmp_path, services=[addon(parent="S-5")])
    assert mistakes(folder, known=known) == ['services.csv:2: parent: "S-5" is an add-on itself']


@pytest.mark.parametrize(
    ("stored", "place"),
    [
        (KnownService("C-2"), 'client "C-2"'),
        (KnownService("C-1", "S-0"), 'service "S-0" of client "C-1"'),
    ],
)
def test_a_loaded_service_never_moves(tmp_path: Path, stored: KnownService, place: str) -> None:
    known = Known(services={"S-1": stored})
    assert mistakes(write(tmp_path, services=[service()]), known=known) == [
        (
            f'services.csv:2: id: "S-1" was loaded for {place} and cannot move; '
            "end it and give the new one another id"
        )
    ]


NUMBERED = CATALOG.replace("id: start", 'id: start\n    ref: "5"').replace(
    "id: ssl", 'id: ssl\n    ref: "5"'
)
"""The owner of these numbers products and add-ons apart."""


def test_a_product_and_an_add_on_may_have_the_same_ref(tmp_path: Path) -> None:
    rows = [service(product="5"), addon(product="5")]
    folder = load(write(tmp_path, catalog=NUMBERED, services=rows))
    assert [row.product for row in folder.services()] == ["start", "ssl"]
    found = {product.id: product.ref for product in folder.catalog.products}
    assert found == {"start": "5", "parking": "parking", "ssl": "5"}


def test_a_ref_of_an_earlier_load_leads_to_the_product_of_its_kind(tmp_path: Path) -> None:
    known = Known(
        products={(ProductKind.PRODUCT, "7"): "old-hosting", (ProductKind.ADDON, "7"): "old-ip"}
    )
    rows = [service(product="7"), addon(product="7")]
    folder = load(write(tmp_path, services=rows), known=known)
    assert [row.product for row in folder.services()] == ["old-hosting", "old-ip"]


def test_an_id_is_not_what_a_service_names_when_there_is_a_ref(tmp_path: Path) -> None:
    (mistake,) = mistakes(write(tmp_path, catalog=NUMBERED, services=[service()]))
    assert mistake.startswith('services.csv:2: product: no product or add-on has the id "start"')


def test_a_ref_of_the_other_kind_is_named(tmp_path: Path) -> None:
    rows = [service(id="S-0"), service(product="parking", parent="S-0")]
    assert mistakes(write(tmp_path, services=rows)) == [
        'services.csv:3: parent: must be empty: "parking" is not an add-on'
    ]


def test_two_products_do_not_have_the_same_ref(tmp_path: Path) -> None:
    text = CATALOG.replace("id: parking", "id: parking\n    ref: start")
    assert mistakes(write(tmp_path, catalog=text)) == [
        'catalog.yaml:12: the ref "start" is already that of "start"'
    ]
