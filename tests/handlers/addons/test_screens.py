from dataclasses import replace

from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import ProductKind
from billing.views.shop import AddOnChoice
from handlers.addons import pickers, screens
from handlers.buttons import (
    AddAddon,
    OpenAddon,
    OpenAddonCycles,
    OpenAddons,
    OpenAddonServices,
    OpenCart,
    OpenHome,
    OpenLastService,
    OpenOrder,
    OpenService,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Style
from tests.gallery import addons as samples
from tests.gallery.addons import (
    HAS_IT,
    IN_CART,
    LONG,
    NO_FIT,
    SPACE,
    SUSPENDED,
    fitting,
    for_service,
    many,
    on_offer,
    page,
    picker,
)
from tests.gallery.orders import BACKUP, SSL, shop
from tests.handlers.reading import EN, PL, actions, button, labels, read
from tests.make import catalog, price, product, service

ANNUALLY = BillingCycle.ANNUALLY


class TestTheList:
    def test_add_ons_say_what_they_are_under_their_categories(self) -> None:
        screen = screens.addons(PL, on_offer(), OpenAddons())
        assert read(screen).splitlines()[2:7] == [
            "Hosting",
            "Dodatek space · 9,84 zł / mies.",
            "",
            "Bezpieczeństwo",
            "Dodatek ssl · od 12,30 zł / mies.",
        ]
        assert "Dodatek ssl · od 12,30 zł / mies.\n   Certyfikat." in read(screen)
        assert labels(screen)[:2] == [["Dodatek space"], ["Dodatek ssl"]]
        assert "Ceny brutto (z VAT 23%)." in read(screen)
        assert actions(screen, OpenAddon) == [OpenAddon(4), OpenAddon(2), OpenAddon(3)]

    def test_a_button_remembers_its_page(self) -> None:
        screen = screens.addons(EN, many(20), OpenAddons(page=9, origin=Origin.HOME))
        assert [action.page for action in actions(screen, OpenAddon)] == [4, 4, 4, 4]
        assert button(screen, "Previous").action == OpenAddons(None, 3, Origin.HOME)
        assert button(screen, "Back").action == OpenHome()

    def test_where_nothing_is_offered_it_says_so(self) -> None:
        screen = screens.addons(PL, shop(product(group="gone")), OpenAddons())
        assert "nie ma dodatków" in read(screen)
        assert labels(screen) == [["‹ Wróć"]]

    def test_for_a_service_the_others_are_listed_with_their_reasons(self) -> None:
        found = for_service(service(), (SSL, HAS_IT), (BACKUP, IN_CART))
        text = read(screens.addons_for(PL, found, OpenAddons(1)))
        assert "Dodatki do usługi Hosting start · anna.example" in text
        assert "• Dodatek ssl: Ta usługa ma już ten dodatek." in text
        assert "• Dodatek backup: Jest już w koszyku." in text

    def test_it_leads_back_to_the_service(self) -> None:
        found = for_service(service())
        screen = screens.addons_for(EN, found, OpenAddons(1, origin=Origin.RENEWALS))
        assert button(screen, "Back").action == OpenService(1, Origin.RENEWALS)
        screen = screens.addons_for(EN, found, OpenAddons(1, origin=Origin.SERVICE))
        assert button(screen, "Back").action == OpenLastService()


class TestAPage:
    def test_it_says_what_it_is_what_it_costs_and_what_it_goes_with(self) -> None:
        made = replace(SSL, features={"pl": ("Zielona kłódka",)}, fits=("start", "nimbus", "vps"))
        text = read(screens.addon(PL, page(made), OpenAddon(2)))
        assert "Certyfikat.\n\n✓ Zielona kłódka\n\n• 12,30 zł / mies." in text
        assert "• 123,00 zł / rok" in text
        assert "Pasuje do: Hosting" in text

    def test_a_group_is_named_only_when_all_of_it_is_meant(self) -> None:
        products = (product(), product("other", number=5), product("vps", number=6, offered=False))
        known = catalog(*products, SSL)
        some = screens.addon(EN, replace(page(), catalog=known), OpenAddon(2))
        assert "Goes with: Hosting start" in read(some)
        every = replace(SSL, fits=("start", "other"))
        found = replace(page(every), catalog=catalog(*products, every))
        assert read(screens.addon(EN, found, OpenAddon(2))).endswith("Goes with: Hosting")

    def test_a_setup_fee_is_told_beside_the_price(self) -> None:
        text = read(screens.addon(PL, page(SPACE), OpenAddon(4)))
        assert "• 9,84 zł / mies. + 24,60 zł za uruchomienie" in text

    def test_several_cycles_are_asked_about_first(self) -> None:
        screen = screens.addon(EN, page(), OpenAddon(2, None, 1, Origin.CART))
        add = button(screen, "Add to cart")
        assert (add.action, add.style) == (
            OpenAddonCycles(2, None, 1, Origin.CART),
            Style.PRIMARY,
        )
        assert button(screen, "Back").action == OpenAddons(None, 1, Origin.CART)

    def test_a_single_cycle_needs_no_question(self) -> None:
        screen = screens.addon(EN, page(BACKUP), OpenAddon(3))
        assert button(screen, "Add to cart").action == OpenAddonServices(3, BillingCycle.MONTHLY)
        known = screens.addon(EN, page(BACKUP, AddOnChoice(service())), OpenAddon(3, 1))
        assert button(known, "Add to cart").action == AddAddon(3, BillingCycle.MONTHLY, 1)

    def test_what_the_service_cannot_have_cannot_be_added(self) -> None:
        screen = screens.addon(EN, page(choice=HAS_IT), OpenAddon(2, 2))
        assert "⚠️ The service has this add-on already." in read(screen)
        assert labels(screen) == [["‹ Back"]]

    def test_what_is_in_the_cart_leads_there(self) -> None:
        screen = screens.addon(PL, page(choice=IN_CART), OpenAddon(2, 1))
        assert button(screen, "✓ W koszyku").action == OpenCart(origin=Origin.ADDONS)


class TestTheCyclePicker:
    def test_each_cycle_has_its_price(self) -> None:
        screen = pickers.cycles(PL, page(), OpenAddonCycles(2))
        assert labels(screen) == [
            ["miesięcznie · 12,30 zł"],
            ["kwartalnie · 36,90 zł"],
            ["rocznie · 123,00 zł · −16%"],
            ["‹ Wróć"],
        ]
        assert button(screen, "rocznie").action == OpenAddonServices(2, ANNUALLY)

    def test_with_a_service_the_cycle_is_the_last_question(self) -> None:
        asked = OpenAddonCycles(2, 1, origin=Origin.SERVICE)
        screen = pickers.cycles(EN, page(choice=AddOnChoice(service())), asked)
        assert "for Hosting start · anna.example" in read(screen)
        assert button(screen, "annually").action == AddAddon(2, ANNUALLY, 1, Origin.SERVICE)


class TestTheServicePicker:
    def test_only_services_it_fits_are_offered(self) -> None:
        screen = samples.pick(PL, picker(AddOnChoice(service()), NO_FIT, HAS_IT))
        assert labels(screen) == [["Hosting start · anna.example"], ["‹ Wróć"]]
        assert button(screen, "anna").action == AddAddon(2, ANNUALLY, 1)
        assert button(screen, "Wróć").action == OpenAddonCycles(2)

    def test_a_label_is_shown_instead_of_the_name(self) -> None:
        own = service(label="Sklep", domain="")
        assert labels(samples.pick(EN, picker(AddOnChoice(own))))[0] == ["Sklep"]

    def test_eight_stand_on_a_page(self) -> None:
        screen = samples.pick(EN, picker(*fitting(20)), 7)
        assert [add.service for add in actions(screen, AddAddon)] == [17, 18, 19, 20]
        assert button(screen, "Previous").action == OpenAddonServices(2, ANNUALLY, 1)

    def test_where_none_fits_it_says_why_for_each(self) -> None:
        screen = samples.pick(PL, picker(NO_FIT, HAS_IT, SUSPENDED, IN_CART))
        assert read(screen).splitlines()[-4:] == [
            "• Hosting start · ma.example: Ta usługa ma już ten dodatek.",
            "• Hosting start · zawieszona.example: Usługa nie jest aktywna.",
            "• Hosting start · anna.example: Jest już w koszyku.",
            "• Domena .pl · anna.example: Ten dodatek nie pasuje do tej usługi.",
        ]
        assert button(screen, "Złóż nowe zamówienie").action == OpenOrder(origin=Origin.ADDONS)

    def test_of_many_that_do_not_fit_a_few_are_named(self) -> None:
        screen = samples.pick(EN, picker(*[replace(HAS_IT, service=LONG)] * 30))
        assert read(screen).endswith("… and 22 more")

    def test_without_any_service_an_order_comes_first(self) -> None:
        assert "no service yet" in read(samples.pick(EN, picker()))

    def test_a_single_cycle_leads_back_to_the_page(self) -> None:
        once = replace(SSL, kind=ProductKind.ADDON, prices=(price("5.00", ANNUALLY),))
        screen = samples.pick(EN, picker(AddOnChoice(service()), chosen=once))
        assert button(screen, "Back").action == OpenAddon(2)
