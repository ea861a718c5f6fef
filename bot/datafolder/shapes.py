"""The shape of `catalog.yaml`: its keys, and the form of each value.

What depends on other parts of the file (ids, groups, currencies) is checked in `offers.py`.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, model_validator

from billing.rules.reminders.stages import PROFORMA_STAGES
from billing.rules.shop.catalog import LatePolicy, NameKind
from billing.rules.work import NEEDS_WORK
from bot.datafolder.scalars import (
    AccountNumber,
    AsksFor,
    Currency,
    Cycle,
    Day,
    DomainEndings,
    Features,
    Late,
    Name,
    NeedsWork,
    Page,
    Paragraph,
    Picture,
    ProformaStages,
    RecurringCycle,
    Ref,
    ServiceUrl,
    ShortText,
    Stages,
    TaxId,
    TransferName,
    Url,
    Word,
    YesNo,
    number,
)


class Shape(BaseModel):
    """A mapping of known keys; a key without a value counts as missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if item is not None}
        return value


class BankShape(Shape):
    """A bank account for one currency."""

    holder: Word
    number: AccountNumber
    bank: Word = ""
    swift: Word = ""
    short_name: TransferName = ""


class CompanyShape(Shape):
    """The company as its clients see it."""

    name: ShortText
    address: Word = ""
    tax_id: TaxId = ""
    about: Paragraph = {}
    terms: Page = {}
    privacy: Page = {}
    payment_support: Page = {}
    cancellation: Paragraph = {}
    signup_url: Url | None = None
    contact_url: Url | None = None
    service_url: ServiceUrl | None = None
    bank_accounts: dict[Currency, BankShape] = {}


class PolicyShape(Shape):
    """The rules for renewing, paying and reminding; days are whole numbers."""

    late_renewal: Late = LatePolicy.FROM_DUE_DATE
    renewal_opens_days_before: dict[RecurringCycle, Annotated[int, number(0, 1100)]] = {}
    change_cycle_on_renewal: YesNo = True
    invoice_expires_days: Annotated[int, number(1, 365)] = 14
    soon_days: Annotated[int, number(0, 90)] = 14
    reminder_stages: Stages | None = None
    reminder_catch_up_days: Annotated[int, number(0, 30)] = 3
    reminder_hour: Annotated[int, number(9, 19)] = 10
    reminder_offers: YesNo = True
    proforma_reminder_stages: ProformaStages = PROFORMA_STAGES


class GroupShape(Shape):
    """A group of the catalogue."""

    id: Ref
    name: Name
    description: Paragraph = {}


class PriceShape(Shape):
    """The price of a cycle; the file may give the amount alone."""

    amount: Word
    setup: Word = "0"

    @model_validator(mode="before")
    @classmethod
    def _amount_alone(cls, value: Any) -> Any:
        return {"amount": value} if isinstance(value, str) else value


class PanelOfferShape(Shape):
    """The words about what a connected panel offers; products and add-ons have these in common."""

    id: Ref
    ref: Ref | None = None
    group: Ref | None = None
    name: Name = {}
    description: Paragraph = {}
    features: Features = {}
    prices: dict[Currency, dict[Cycle, PriceShape]] = {}
    offered: YesNo = True
    reminder_stages: Stages | None = None
    needs_work: NeedsWork = NEEDS_WORK


class PanelProductShape(PanelOfferShape):
    """Something that can be ordered on its own, in the panel's words."""

    asks_for: AsksFor = NameKind.LABEL
    domain_endings: DomainEndings = ()


class PanelAddonShape(PanelOfferShape):
    """Something that belongs to a service; `fits` leaves out some of what the panel says."""

    fits: tuple[Ref, ...] = ()
    max_per_service: Annotated[int, number(1, 1000)] = 1


class ProductShape(PanelProductShape):
    """Something that can be ordered on its own."""

    group: Ref
    name: Name
    prices: dict[Currency, dict[Cycle, PriceShape]]


class AddonShape(PanelAddonShape):
    """Something that belongs to a service; `fits` names products or whole groups."""

    group: Ref
    name: Name
    prices: dict[Currency, dict[Cycle, PriceShape]]
    fits: tuple[Ref, ...]


class BannerShape(Shape):
    """A promotion; it leads to a product or to an address."""

    id: Ref
    text: Paragraph
    starts: Day | None = None
    ends: Day | None = None
    picture: Picture | None = None
    product: Ref | None = None
    url: Url | None = None


class TopicShape(Shape):
    """A short guide."""

    id: Ref
    title: Name
    body: Page
