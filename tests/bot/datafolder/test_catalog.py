from datetime import date
from pathlib import Path

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.reminders.stages import DEFAULT_STAGES, ReminderPolicy
from billing.rules.shop.catalog import (
    BankAccount,
    Banner,
    Catalog,
    Group,
    HelpTopic,
    LatePolicy,
    NameKind,
    Policy,
    Price,
    ProductKind,
)
from billing.rules.work import NEEDS_WORK, WorkKind
from tests.bot.datafolder.folders import CATALOG, load, mistakes, service, write


def catalog(folder: Path, text: str) -> Catalog:
    return load(write(folder, catalog=text)).catalog


def wrong(folder: Path, text: str) -> list[str]:
    return mistakes(write(folder, catalog=text))


def test_products_and_addons_are_read_with_their_prices(tmp_path: Path) -> None:
    found = catalog(tmp_path, CATALOG)
    assert found.revision == 0
    assert found.groups == (
        Group("hosting", {"en": "Hosting"}),
        Group("extras", {"pl": "Dodatki", "en": "Extras"}),
    )
    start, parking, ssl = found.products
    assert (start.id, start.kind, start.number) == ("start", ProductKind.PRODUCT, 0)
    assert start.prices == (
        Price(BillingCycle.MONTHLY, Money(2900, "PLN"), Money(0, "PLN")),
        Price(BillingCycle.ANNUALLY, Money(29000, "PLN"), Money(0, "PLN")),
        Price(BillingCycle.MONTHLY, Money(690, "EUR"), Money(0, "EUR")),
    )
    assert parking.price(BillingCycle.FREE, "PLN") is not None
    assert (ssl.kind, ssl.fits) == (ProductKind.ADDON, ("start", "parking"))


def test_a_company_says_what_it_wants_and_no_more(tmp_path: Path) -> None:
    text = """\
company:
  name: Chmurnik
  about: {pl: O nas, en: About us}
  terms:
  service_url: https://panel.example/{id}/open
  contact_url: tg://resolve?domain=chmurnik
  bank_accounts:
    PLN: {holder: Chmurnik, number: PL40 0000 0000 0000 0000 0000 1001}
    EUR: {holder: Chmurnik Hosting sp. z o.o., number: "1", short_name: Chmurnik Hosting}
"""
    found = catalog(tmp_path, text)
    assert found.company.about == {"pl": "O nas", "en": "About us"}
    assert found.company.terms == {}
    assert found.company.service_url == "https://panel.example/{id}/open"
    account = BankAccount("Chmurnik", "PL40 0000 0000 0000 0000 0000 1001")
    assert found.company.bank_accounts["PLN"] == account
    assert found.company.bank_accounts["EUR"].short_name == "Chmurnik Hosting"
    assert found.policy == Policy()


def test_a_policy_is_read(tmp_path: Path) -> None:
    policy = """\
policy:
  late_renewal: from_payment_date
  renewal_opens_days_before: {annually: 60}
  change_cycle_on_renewal: no
  invoice_expires_days: 7
  soon_days: 5
  reminder_stages: [0, 3, -1]
  reminder_catch_up_days: 1
  reminder_hour: 9
  reminder_offers: no
  proforma_reminder_stages: [0, 5]
"""
    assert catalog(tmp_path, CATALOG + policy).policy == Policy(
        late=LatePolicy.FROM_PAYMENT_DATE,
        opens_days_before={BillingCycle.ANNUALLY: 60},
        change_cycle_on_renewal=False,
        invoice_expires_days=7,
        soon_days=5,
        reminders=ReminderPolicy(
            stages=(3, 0, -1), catch_up_days=1, hour=9, proforma_stages=(5, 0), offers=False
        ),
    )


def test_a_product_may_have_reminders_of_its_own(tmp_path: Path) -> None:
    text = CATALOG.replace("    name: Start\n", "    name: Start\n    reminder_stages: [7, 14]\n")
    found = catalog(tmp_path, text + "policy: {reminder_hour: 12}\n")
    assert found.reminder_policy("start") == ReminderPolicy(stages=(14, 7), hour=12)
    assert found.reminder_policy("ssl").stages == DEFAULT_STAGES


def test_features_setup_fees_and_what_is_asked_for_are_read(tmp_path: Path) -> None:
    text = CATALOG.replace("monthly: 29.00", "monthly: {amount: 29.00, setup: 9.00}").replace(
        "    name: Start\n",
        "    name: Start\n    asks_for: domain\n    offered: no\n    features: [10 GB, Mail]\n",
    )
    start = catalog(tmp_path, text).product("start")
    assert start is not None
    price = start.price(BillingCycle.MONTHLY, "PLN")
    assert price is not None
    assert price.setup == Money(900, "PLN")
    assert start.features == {"en": ("10 GB", "Mail")}
    assert (start.asks_for, start.offered) == (NameKind.DOMAIN, False)


def test_endings_of_domains_are_read_in_the_form_in_which_they_are_compared(
    tmp_path: Path,
) -> None:
    text = CATALOG.replace(
        "    name: Start\n",
        "    name: Start\n    asks_for: domain\n    domain_endings: [PL, .com.pl, xn--p1ai]\n",
    )
    start = catalog(tmp_path, text).product("start")
    assert start is not None
    assert start.domain_endings == ("pl", "com.pl", "рф")


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ("", NEEDS_WORK),
        ("needs_work: []", ()),
        ("needs_work: [renewal, Order]", (WorkKind.ORDER, WorkKind.RENEWAL)),
        ("needs_work: [addon, reactivation]", (WorkKind.ADDON, WorkKind.REACTIVATION)),
    ],
)
def test_a_product_says_after_which_payments_there_is_work(
    tmp_path: Path, written: str, kinds: tuple[WorkKind, ...]
) -> None:
    text = CATALOG.replace("    name: Start\n", f"    name: Start\n    {written}\n")
    shown = catalog(tmp_path, text)
    assert shown.needs_work("start") == kinds
    assert shown.needs_work("ssl") == NEEDS_WORK
    assert shown.needs_work("gone") == NEEDS_WORK


def test_banners_and_help_are_read(tmp_path: Path) -> None:
    text = """\
banners:
  - {id: spring, text: Spring!, starts: 2027-03-01, ends: 2027-03-31, product: start}
help:
  - id: dns
    title: DNS
    body: |
      Two
      lines
"""
    found = catalog(tmp_path, CATALOG + text)
    days = date(2027, 3, 1), date(2027, 3, 31)
    assert found.banners == (Banner("spring", {"en": "Spring!"}, *days, product="start"),)
    assert found.topics == (HelpTopic("dns", 0, {"en": "DNS"}, {"en": "Two\nlines"}),)


def test_an_anchor_may_share_prices(tmp_path: Path) -> None:
    shared = CATALOG.replace("prices: {PLN: {annually", "prices: &p {PLN: {annually", 1)
    more = "  - {id: ip, group: extras, name: IP, fits: [start], prices: *p}\n"
    found = catalog(tmp_path, shared + more)
    assert [p.prices for p in found.products if p.kind is ProductKind.ADDON][0::1] == [
        found.products[2].prices
    ] * 2


COMPANY = "company:\n  name: Chmurnik\n"


@pytest.mark.parametrize(
    ("more", "line", "reason"),
    [
        ("  abuot: us", 3, 'company: unknown key "abuot"; did you mean "about"?'),
        ("  name: Twice", 3, '"name" is there twice; it is on line 2 already'),
        ("  about: {PL: Ja}", 3, 'company.about.PL: "PL" is not a language code such as pl or en'),
        ("  about:\n    pl:", 4, "company.about.pl: is empty"),
        ("  about: [x]", 3, "company.about: must be a mapping (key: value)"),
        (
            "  contact_url: mailto:a@b.example",
            3,
            ('company.contact_url: "mailto:a@b.example" is not an address that starts with '
            "https:// or http:// or tg://"),
        ),
        (
            "  service_url: https://panel.example/",
            3,
            ('company.service_url: "https://panel.example/" must have {id} once, '
            "where the id of the service belongs"),
        ),
        (
            "  bank_accounts: {PLN: {holder: X, number: PL41 0000 0000 0000 0000 0000 1001}}",
            3,
            ('company.bank_accounts.PLN.number: "PL41 0000 0000 0000 0000 0000 1001" '
            "is not a valid IBAN: its check digits do not match"),
        ),
        ("  bank_accounts: {PLN: {number: 1}}", 3, "company.bank_accounts.PLN.holder: is missing"),
        (
            "  bank_accounts: {PLN: {holder: X, number: 1, short_name: Chmurnik Hosting sp. z}}",
            3,
            "company.bank_accounts.PLN.short_name: is 22 characters long, at most 20 are possible",
        ),
        (
            "  bank_accounts: {ZLO: {holder: X, number: 1}}",
            3,
            'company.bank_accounts.ZLO: "ZLO" is not a currency we know',
        ),
        ("policy:\n  soon_days: soon", 4,
         'policy.soon_days: "soon" is not a whole number from 0 to 90'),
        ("policy:\n  reminder_stages: [1, 1]", 4, "policy.reminder_stages: 1 is there twice"),
        ("policy:\n  reminder_stages: 7", 4, "policy.reminder_stages: must be a list"),
        ("policy:\n  reminder_offers: some", 4,
         'policy.reminder_offers: "some" is neither yes nor no'),
        ("policy:\n  proforma_reminder_stages: [3, 3]", 4,
         "policy.proforma_reminder_stages: 3 is there twice"),
        ("policy:\n  proforma_reminder_stages:\n    - 3\n    - -1", 6,
         'policy.proforma_reminder_stages.2: "-1" is not a whole number from 0 to 90'),
        ("policy:\n  proforma_reminder_stages:\n    - 14\n    - 3", 5,
         "policy.proforma_reminder_stages.1: 14 is too early: a proforma lapses 14 days after"),
        ("policy:\n  renewal_opens_days_before: {free: 1}", 4,
         "policy.renewal_opens_days_before.free: free never renews"),
        ("policy:\n  change_cycle_on_renewal: maybe", 4,
         'policy.change_cycle_on_renewal: "maybe" is neither yes nor no'),
        ("product: []", 3, 'unknown key "product"; did you mean "products"?'),
        ("products: {}", 3, "products: must be a list"),
        ("groups:\n  - {id: a}", 4, "groups a name: is missing"),
        ("groups:\n  - {name: A}", 4, "groups number 1 id: is missing"),
        ("groups:\n  - text", 4, "groups number 1: must be a mapping (key: value)"),
        ("groups:\n  - {id: a, name: A}\n  - {id: a, name: B}", 5,
         'the id "a" is already on line 4'),
        ("help:\n  - id: a\n    title: A\n    body: " + "x" * 3001, 6,
         "help a body.en: is 3001 characters long, at most 3000 are possible"),
        ("banners:\n  - id: a\n    text: A\n    starts: 2027-02-02\n    ends: 2027-02-01", 7,
         "banners a ends: 2027-02-01 is before starts 2027-02-02"),
        ("banners:\n  - id: a\n    text: A\n    picture: ftp://a.example", 6,
         ('banners a picture: "ftp://a.example" is not an address that starts with '
         "https:// or http://")),
        ("banners:\n  - id: a\n    text: A\n    product: b", 6,
         'banners a product: "b" is no product or add-on'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, more: str, line: int, reason: str
) -> None:
    (found,) = wrong(tmp_path, COMPANY + more)
    assert found.startswith(f"catalog.yaml:{line}: {reason}")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("group: hosting", "group: hostin", 8,
         'products start group: no group has the id "hostin"; did you mean "hosting"?'),
        ("monthly: 29.00", "monthly: 0", 10,
         "products start prices.PLN.monthly: costs 0; its cycle would be free"),
        ("free: 0", "free: 5", 14, "products parking prices.PLN.free: is free and so costs 0"),
        ("{monthly: 6.90}", "{monthly: -6.90}", 10,
         "products start prices.EUR.monthly.amount: -6.90 is negative"),
        ("monthly: 6.90", "monthly: {amount: 6.90, setpu: 1}", 10,
         'products start prices.EUR.monthly: unknown key "setpu"; did you mean "setup"?'),
        (
            "monthly: 6.90",
            "fortnightly: 6.90",
            10,
            'products start prices.EUR.fortnightly: "fortnightly" is not',
        ),
        ("EUR: ", "EURO: ", 10,
         'products start prices.EURO: "EURO" is not a currency we know; did you mean "EUR"?'),
        ("{PLN: {free: 0}}", "{}", 14,
         "products parking prices: is empty; what costs nothing has the cycle free: 0"),
        ("fits: [hosting]", "fits: [extras]", 19,
         'addons ssl fits.1: the group "extras" has no products'),
        ("fits: [hosting]", "fits: [ssl]", 19,
         'addons ssl fits.1: "ssl" is an add-on, it has none itself'),
        ("fits: [hosting]", "fits: [strat]", 19,
         'addons ssl fits.1: "strat" is no product or group; did you mean "start"?'),
        ("id: ssl", "id: start", 16, 'the id "start" is already on line 7'),
        ("    fits: [hosting]\n", "", 16, "addons ssl fits: is missing"),
        ("name: Start", "name: Start\n    asks_for: domain\n    domain_endings: [pl, '*.com']", 11,
         'products start domain_endings.2: "*.com" is not an ending such as pl or com.pl'),
        ("name: Start", "name: Start\n    asks_for: domain\n    domain_endings: [pl, .pl]", 11,
         "products start domain_endings: pl is there twice"),
        ("name: Start", "name: Start\n    domain_endings: [pl]", 10,
         "products start domain_endings: needs asks_for: domain"),
        ("fits: [hosting]", "fits: [hosting]\n    domain_endings: [pl]", 20,
         'addons ssl: unknown key "domain_endings"'),
        ("name: Start", "name: Start\n    needs_work: [order, renewel]", 10,
         'products start needs_work.2: "renewel" is not known; did you mean "renewal"?'),
        ("fits: [hosting]", "fits: [hosting]\n    needs_work: [addon, addon]", 20,
         "addons ssl needs_work: addon is there twice"),
        ("fits: [hosting]", "fits: [hosting]\n    needs_work: never", 20,
         "addons ssl needs_work: must be a list"),
        ("name: Parking", "name: " + "x" * 61, 13,
         "products parking name.en: is 61 characters long, at most 60 are possible"),
    ],
)  # fmt: skip
def test_a_mistake_in_an_offer_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    (found,) = wrong(tmp_path, CATALOG.replace(old, new, 1))
    assert found.startswith(f"catalog.yaml:{line}: {reason}")


def test_a_decimal_comma_in_a_price_gets_a_hint(tmp_path: Path) -> None:
    found = wrong(tmp_path, CATALOG.replace("monthly: 29.00", "monthly: 29,00"))
    assert 'products start prices.PLN.00: "00" is not a cycle; decimals have a point' in found[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("company: [", "catalog.yaml:1: is not YAML: while parsing a flow node"),
        ("a: 1\n\tb: 2", "catalog.yaml:2: is not YAML: while scanning"),
        ("a: 1\nb: \x07", "catalog.yaml:2: is not YAML: special characters are not allowed"),
        ("a: 1\n---\nb: 1", "catalog.yaml:2: is not YAML: expected a single document"),
        ("", "catalog.yaml:1: must be a mapping with the keys company, policy"),
        ("- a", "catalog.yaml:1: must be a mapping with the keys company, policy"),
        ("? [a]\n: b\ncompany: {name: X}", "catalog.yaml:1: a key must be one word"),
        ("company: &a {name: X, about: *a}", "catalog.yaml:1: refers to itself"),
        ("[" * 2000, "catalog.yaml: is nested too deeply"),
        ("policy: {}", "catalog.yaml:1: company: is missing"),
    ],
)
def test_a_file_that_is_not_yaml_is_refused(tmp_path: Path, text: str, start: str) -> None:
    assert wrong(tmp_path, text)[0].startswith(start)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "catalog.yaml").write_bytes("company:\n  name: Żółw\n".encode("cp1250"))
    assert mistakes(folder) == ["catalog.yaml:2: is not UTF-8; save the file with that encoding"]


@pytest.mark.parametrize("text", ["company: [", CATALOG.replace("id: start", "idd: start")])
def test_services_are_not_blamed_for_an_illegible_catalogue(tmp_path: Path, text: str) -> None:
    found = mistakes(write(tmp_path, catalog=text, services=[service()]))
    assert {line.split(":")[0] for line in found} == {"catalog.yaml"}


def test_a_product_with_a_mistake_is_still_found_by_others(tmp_path: Path) -> None:
    text = CATALOG.replace("name: Start", "nmae: Start")
    found = mistakes(write(tmp_path, catalog=text, services=[service()]))
    assert [line.split(":")[1] for line in found] == ["7", "9"]
