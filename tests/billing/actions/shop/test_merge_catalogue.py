"""One catalogue of what a panel offers and what the operator says of it."""

from dataclasses import replace
from typing import Any

from billing.actions.shop.merge_catalogue import OTHER, merge_catalogue
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.shop.catalog import Catalog, Group, NameKind, Product, ProductKind
from billing.rules.work import NEEDS_WORK, WorkKind
from billing.views.panel import PanelCatalogue, PanelProduct
from tests.make import addon, banner, catalog, known, price, prices, product

PRODUCT, ADDON = ProductKind.PRODUCT, ProductKind.ADDON

EMPTY = catalog(groups=(), products=())


def offer(ref: str = "5", kind: ProductKind = PRODUCT, **changes: Any) -> PanelProduct:
    made = PanelProduct(kind, ref, f"Panel {ref}", "In the panel's words.", "1", prices("19.00"))
    return replace(made, **changes)


def offers(*products: PanelProduct) -> PanelCatalogue:
    return PanelCatalogue((("1", "Hosting"), ("2", "Domains")), products)


def words(product_id: str = "start", **changes: Any) -> Product:
    """A product as a folder beside a panel describes it."""
    return product(product_id, **{"ref": "5", "group": "", "name": {}, "prices": (), **changes})


def merge(folder: Catalog, there: PanelCatalogue, before: Catalog = EMPTY) -> Catalog:
    return merge_catalogue(folder, there, before)


def test_a_product_that_only_the_panel_knows_is_offered_in_its_words() -> None:
    one = known(merge(EMPTY, offers(offer())).owned_as(PRODUCT, "5"))
    assert (one.id, one.name, one.description) == (
        "5", {"en": "Panel 5"}, {"en": "In the panel's words."},
    )  # fmt: skip
    assert (one.prices, one.offered, one.group) == (prices("19.00"), True, "1")
    assert (one.needs_work, one.reminder_policy, one.max_per_service) == (NEEDS_WORK, None, 1)


def test_the_folder_has_the_words_and_the_panel_the_prices() -> None:
    stages = ReminderPolicy(stages=(7, 0))
    own = words(
        name={"pl": "Hosting Chmura", "en": "Hosting Cloud"},
        description={"pl": "Na stronę firmową."},
        prices=prices("999.00"),
        reminder_policy=stages,
        needs_work=(WorkKind.RENEWAL,),
    )
    one = known(merge(catalog(own), offers(offer())).product("start"))
    assert one.name == {"pl": "Hosting Chmura", "en": "Hosting Cloud"}
    assert one.description == {"pl": "Na stronę firmową."}
    assert (one.prices, one.reminder_policy, one.needs_work) == (
        prices("19.00"), stages, (WorkKind.RENEWAL,),
    )  # fmt: skip


def test_cycles_and_currencies_are_those_of_the_panel() -> None:
    both = (*prices("19.00"), price("5.00", currency="EUR"))
    one = known(merge(catalog(words()), offers(offer(prices=both))).product("start"))
    assert one.prices_in("EUR") == (price("5.00", currency="EUR"),)
    assert len(one.prices_in("PLN")) == 3


def test_what_the_folder_does_not_offer_is_not_offered() -> None:
    hidden = merge(catalog(words(offered=False)), offers(offer()))
    assert not known(hidden.product("start")).offered
    withdrawn = merge(catalog(words()), offers(offer(offered=False)))
    assert not known(withdrawn.product("start")).offered


def test_what_the_panel_does_not_offer_stays_known_and_is_not_offered() -> None:
    one = known(merge(catalog(words()), offers()).product("start"))
    assert (one.offered, one.prices, one.name, one.group) == (False, (), {"en": "5"}, OTHER)


def test_a_product_keeps_the_id_that_is_stored_and_banners_follow() -> None:
    first = merge(EMPTY, offers(offer("5"), offer("7", ADDON, fits=("5",))))
    folder = catalog(
        words("start"),
        addon("ssl", ref="7", fits=("start",), name={}, prices=()),
        banners=(banner(product="start"),),
    )
    second = merge(folder, offers(offer("5"), offer("7", ADDON, fits=("5",))), first)
    assert [one.id for one in second.products] == ["5", "7"]
    assert known(second.product("7")).fits == ("5",)
    assert second.banners[0].product == "5"


def test_ids_are_given_once_where_products_and_addons_are_numbered_apart() -> None:
    merged = merge(EMPTY, offers(offer("5"), offer("5", ADDON, fits=("5",))))
    assert [(one.kind, one.id) for one in merged.products] == [(PRODUCT, "5"), (ADDON, "addon-5")]
    again = merge(EMPTY, offers(offer("5", ADDON, fits=("5",)), offer("5")), merged)
    assert {(one.kind, one.id) for one in again.products} == {(PRODUCT, "5"), (ADDON, "addon-5")}


def test_an_id_of_the_folder_is_not_taken_from_another_product() -> None:
    first = merge(catalog(words("start", ref="5")), offers(offer("5")))
    second = merge(catalog(words("start", ref="6")), offers(offer("5"), offer("6")), first)
    assert {one.ref: one.id for one in second.products} == {"5": "start", "6": "6"}


def test_a_folder_may_leave_out_some_of_what_an_addon_fits() -> None:
    there = offers(offer("5"), offer("6"), offer("7", ADDON, fits=("5", "6")))
    narrow = catalog(words(), addon("ssl", ref="7", fits=("start",), prices=()))
    assert known(merge(narrow, there).product("ssl")).fits == ("start",)
    silent = catalog(words(), addon("ssl", ref="7", fits=(), prices=()))
    assert known(merge(silent, there).product("ssl")).fits == ("start", "6")


def test_groups_are_the_folders_then_the_panels_then_one_for_the_rest() -> None:
    folder = catalog(words(group="best"), groups=(Group("best", {"en": "Best"}),))
    merged = merge(folder, offers(offer("5"), offer("6", group="2"), offer("8", group="")))
    assert [group.id for group in merged.groups] == ["best", "1", "2", OTHER]
    assert merged.groups[2].name == {"en": "Domains"}
    assert merged.groups[3].name == {}
    assert {one.ref: one.group for one in merged.products} == {"5": "best", "6": "2", "8": OTHER}


def test_the_folder_names_the_panels_groups_by_their_ids() -> None:
    folder = catalog(groups=(Group("1", {"pl": "Serwery"}),), products=())
    merged = merge(folder, offers(offer()))
    assert merged.groups[0] == Group("1", {"pl": "Serwery"})
    assert known(merged.product("5")).group == "1"


def test_a_product_may_ask_for_a_domain_in_either() -> None:
    merged = merge(catalog(words()), offers(offer(asks_for_domain=True)))
    assert known(merged.product("start")).asks_for is NameKind.DOMAIN
    merged = merge(catalog(words(asks_for=NameKind.DOMAIN)), offers(offer()))
    assert known(merged.product("start")).asks_for is NameKind.DOMAIN
    assert known(merge(EMPTY, offers(offer())).product("5")).asks_for is NameKind.LABEL


def test_long_and_odd_texts_of_the_panel_fit_the_screens() -> None:
    odd = offer(name="  Ho\u200bsting \n XL " + "x" * 80, description="one \n\n two" + "y" * 2000)
    one = known(merge(EMPTY, offers(odd)).product("5"))
    assert one.name["en"].startswith("Hosting XL xxx")
    assert len(one.name["en"]) == 60
    assert one.description["en"].startswith("one\n\ntwo")
    assert len(one.description["en"]) == 1000
    assert known(merge(EMPTY, offers(offer(name=" "))).product("5")).name == {"en": "5"}
