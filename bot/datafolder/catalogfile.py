"""Reading of `catalog.yaml`: what the company says about itself and what it sells."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from billing.rules.loading.differences import ProductKey
from billing.rules.reminders.stages import DEFAULT_STAGES, ReminderPolicy
from billing.rules.shop.catalog import (
    BankAccount,
    Banner,
    Catalog,
    Company,
    Group,
    HelpTopic,
    Policy,
    Product,
)
from bot.datafolder.files import is_there
from bot.datafolder.mistakes import one_of
from bot.datafolder.offers import SECTIONS as OFFERS
from bot.datafolder.offers import OfferReader, ids, in_order, refs
from bot.datafolder.rows import Note
from bot.datafolder.shapes import (
    AddonShape,
    BannerShape,
    CompanyShape,
    GroupShape,
    PanelAddonShape,
    PanelOfferShape,
    PanelProductShape,
    PolicyShape,
    ProductShape,
    Shape,
    TopicShape,
)
from bot.datafolder.yamlerrors import parse, place
from bot.datafolder.yamltree import Document, Loc, read_yaml

FILE = "catalog.yaml"
SECTIONS = ("company", "policy", "groups", "products", "addons", "banners", "help")

Item = TypeVar("Item", bound=Shape)


class CatalogFile:
    """The catalogue as far as it can be read; `by_ref` is None if not even its ids can.

    `by_panel`: products and prices are those of a connected panel.
    """

    def __init__(self, path: Path, note: Note, suspect: Note, *, by_panel: bool = False) -> None:
        self.catalog: Catalog | None = None
        self.by_ref: Mapping[ProductKey, str] | None = None
        if not is_there(path):
            note(0, "is missing")
            return
        document = read_yaml(path, note, suspect)
        if document is None:
            return
        if not isinstance(document.tree, dict):
            note(1, f"must be a mapping with the keys {', '.join(SECTIONS)}")
            return
        reader = _Reader(document, note, suspect, by_panel=by_panel)
        self.catalog = reader.catalog()
        self.by_ref = reader.by_ref


class _Reader:
    def __init__(self, document: Document, note: Note, suspect: Note, *, by_panel: bool) -> None:
        self._document = document
        self._note = note
        self._suspect = suspect
        self._by_panel = by_panel
        self.by_ref: Mapping[ProductKey, str] | None = None

    def catalog(self) -> Catalog | None:
        self._check_sections()
        company = parse(CompanyShape, self._document, ("company",), self._note)
        policy = self._policy()
        offers = OfferReader(self._document, self._note, policy.reminders, by_panel=self._by_panel)
        products = tuple(self._products(offers))
        groups = tuple(
            Group(shape.id, shape.name, shape.description)
            for shape, _ in self._items("groups", GroupShape)
        )
        banners = tuple(self._banners(offers))
        topics = tuple(
            HelpTopic(shape.id, 0, shape.title, shape.body)
            for shape, _ in self._items("help", TopicShape)
        )
        self._check_distinct("products", "addons")
        for section in ("groups", "banners", "help"):
            self._check_distinct(section)
        for section in OFFERS:
            self._check_refs(section)
        legible = all((*offers.products, *offers.addons)) and self._are_lists()
        self.by_ref = offers.by_ref if legible else None
        if company is None:
            return None
        return Catalog(0, _company(company), policy, groups, products, banners, topics)

    def _are_lists(self) -> bool:
        sections = (self._document.at("products"), self._document.at("addons"))
        return all(section is None or isinstance(section, list) for section in sections)

    def _check_sections(self) -> None:
        tree = self._document.tree
        for key in tree if isinstance(tree, dict) else ():
            if key not in SECTIONS:
                hint = one_of(key, SECTIONS)
                self._note(self._document.line((key,)), f'unknown key "{key}"{hint}')

    def _check_distinct(self, *sections: str) -> None:
        first: dict[str, int] = {}
        for section in sections:
            for index, own in enumerate(ids(self._document, section)):
                line = self._document.line((section, index, "id"))
                if own and first.setdefault(own, line) != line:
                    self._note(line, f'the id "{own}" is already on line {first[own]}')

    def _check_refs(self, section: str) -> None:
        """Within a section no two entries may be the same one for their owner."""
        first: dict[str, str] = {}
        for index, (own, ref) in enumerate(
            zip(ids(self._document, section), refs(self._document, section), strict=True)
        ):
            other = first.setdefault(ref, own) if ref else own
            if other != own:
                line = self._document.line((section, index, "ref"))
                self._note(line, f'the ref "{ref}" is already that of "{other}"')

    def _items(self, section: str, shape: type[Item]) -> Iterator[tuple[Item, Loc]]:
        """The entries of a list that are right, each with its place."""
        entries = self._document.at(section)
        if entries is not None and not isinstance(entries, list):
            self._note(self._document.line((section,)), f"{section}: must be a list")
            return
        for index in range(len(entries or ())):
            loc = (section, index)
            if item := parse(shape, self._document, loc, self._note):
                yield item, loc

    def _policy(self) -> Policy:
        if self._document.at("policy") is None:
            return Policy()
        shape = parse(PolicyShape, self._document, ("policy",), self._note)
        if shape is None:
            return Policy()
        self._check_proforma_stages(shape)
        return _policy(shape)

    def _check_proforma_stages(self, shape: PolicyShape) -> None:
        """A reminder of a proforma that is not written yet would never be sent."""
        if "proforma_reminder_stages" not in shape.model_fields_set:
            return
        days = shape.invoice_expires_days
        for index, stage in enumerate(shape.proforma_reminder_stages):
            if stage >= days:
                loc = ("policy", "proforma_reminder_stages", index)
                late = f"{stage} is too early: a proforma lapses {days} days after it was written"
                self._note(self._document.line(loc), f"{place(self._document, loc)}: {late}")

    def _products(self, offers: OfferReader) -> Iterator[Product]:
        product_shape, addon_shape = (
            (PanelProductShape, PanelAddonShape) if self._by_panel else (ProductShape, AddonShape)
        )
        for product, loc in self._items("products", product_shape):
            self._doubt_prices(product, loc)
            yield offers.product(product, loc)
        for addon, loc in self._items("addons", addon_shape):
            self._doubt_prices(addon, loc)
            yield offers.addon(addon, loc)

    def _doubt_prices(self, shape: PanelOfferShape, loc: Loc) -> None:
        """Name prices that do not count."""
        if self._by_panel and shape.prices:
            spot = (*loc, "prices")
            what = place(self._document, spot)
            self._suspect(
                self._document.line(spot), f"{what}: do not count, the panel has its own"
            )

    def _banners(self, offers: OfferReader) -> Iterator[Banner]:
        for shape, loc in self._items("banners", BannerShape):
            if shape.starts and shape.ends and shape.ends < shape.starts:
                offers.blame((*loc, "ends"), f"{shape.ends} is before starts {shape.starts}")
            if shape.product and shape.url:
                offers.blame((*loc, "url"), "a banner leads to a product or to a url, not both")
            names = [*offers.addons, *offers.products]
            if shape.product and shape.product not in names:
                offers.blame(
                    (*loc, "product"), f'"{shape.product}" {_no_such(shape.product, names)}'
                )
            yield Banner(
                shape.id, shape.text, shape.starts, shape.ends, shape.picture, shape.product,
                shape.url,
            )  # fmt: skip


def _no_such(wrong: str, names: list[str]) -> str:
    return f"is no product or add-on{one_of(wrong, names) if names else ''}"


def _company(shape: CompanyShape) -> Company:
    return Company(
        name=shape.name,
        about=shape.about,
        terms=shape.terms,
        privacy=shape.privacy,
        payment_support=shape.payment_support,
        cancellation=shape.cancellation,
        signup_url=shape.signup_url,
        contact_url=shape.contact_url,
        service_url=shape.service_url,
        bank_accounts={
            currency: BankAccount(bank.holder, bank.number, bank.bank, bank.swift, bank.short_name)
            for currency, bank in shape.bank_accounts.items()
        },
        address=shape.address,
        tax_id=shape.tax_id,
    )


def _policy(shape: PolicyShape) -> Policy:
    stages = DEFAULT_STAGES if shape.reminder_stages is None else in_order(shape.reminder_stages)
    return Policy(
        late=shape.late_renewal,
        opens_days_before=shape.renewal_opens_days_before,
        change_cycle_on_renewal=shape.change_cycle_on_renewal,
        invoice_expires_days=shape.invoice_expires_days,
        soon_days=shape.soon_days,
        reminders=ReminderPolicy(
            stages=stages,
            catch_up_days=shape.reminder_catch_up_days,
            hour=shape.reminder_hour,
            proforma_stages=in_order(shape.proforma_reminder_stages),
            offers=shape.reminder_offers,
        ),
    )
