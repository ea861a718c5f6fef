"""Every button payload of the bot with its code, like a map of addresses.

A button says where we are and which thing; never a price, a text or a right. When the fields of a
payload change, its version goes up ("s1" becomes "s2"): buttons of old keyboards are then answered
as out of date instead of being misread.
"""

from collections.abc import Mapping
from datetime import date

from billing.rules.access.rights import Rights
from billing.rules.cycles import BillingCycle
from billing.rules.reminders.stages import ReminderKind
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.cart_parts import CartPart
from billing.rules.shop.catalog import ProductKind
from billing.views.desk import Waiting
from billing.views.services import CancelWhen, Sort
from billing.views.staff import Deed, MatterKind
from handlers import button_values  # noqa: F401 - what buttons carry must be known before them
from handlers.chat.screens.codec import Payload, Small, button
from handlers.chat.screens.company_texts import CompanyText
from handlers.chat.screens.origin import Origin
from locales.zones import CommonZone

# Entrances: one per topic, so that any screen can lead to any other.


@button("h1")
class OpenHome:
    """The greeting and the ways to go on."""


@button("s1")
class OpenServices:
    """The list of services as it was looked at last."""


@button("bo1")
class OpenOffer:
    """The offer of the day."""


@button("v1")
class OpenService:
    """One service's page; `inside` when an add-on is reached from its service's page."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("r1")
class OpenRenewals:
    """What can be renewed."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("a1")
class OpenAddons:
    """The add-ons there are; `service` when they are wanted for one."""

    service: int | None = None
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("o1")
class OpenOrder:
    """The groups of products."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("c1")
class OpenCart:
    """The cart."""

    page: Small = 0
    origin: Origin = Origin.HOME


@button("i1")
class OpenInvoices:
    """Payments and proformas: the open ones, or those of the past."""

    past: bool = False
    page: Small = 0


@button("f1")
class OpenCosts:
    """What the next twelve months cost."""


@button("d1")
class OpenCalendar:
    """A file with the due dates."""


@button("t1")
class OpenSettings:
    """Language, time zone, reminders, linked accounts."""


@button("q1")
class OpenHelp:
    """The topics of help."""

    page: Small = 0


# Visitors


@button("hc1")
class OpenCatalogue:
    """What everybody can see: groups of products or of add-ons."""

    kind: ProductKind = ProductKind.PRODUCT
    page: Small = 0


@button("hs1")
class OpenShelf:
    """What a group of the public catalogue offers."""

    group: Small
    kind: ProductKind = ProductKind.PRODUCT
    page: Small = 0


# Services


@button("sp1")
class TurnServices:
    """Another page of the list."""

    page: Small


@button("sf1")
class OpenStatuses:
    """The status filter."""


@button("sg1")
class FilterServices:
    """List services of one status, or of all."""

    status: ServiceStatus | None = None


@button("so1")
class OpenSorts:
    """The orders of the list."""


@button("ss1")
class SortServices:
    """List services in another order."""

    sort: Sort


@button("sx1")
class ClearSearch:
    """List services whatever their name."""


@button("ul1")
class ListLiving:
    """List the services that neither ended nor are done."""


@button("ua1")
class OpenServiceMenus:
    """A page of the list whose buttons open the menus of actions: the last one unless named."""

    page: Small | None = None


@button("vm1")
class OpenServiceMenu:
    """What can be done with a service, without its page."""

    service: int


@button("vl1")
class OpenLastService:
    """The service's page that was looked at last."""


@button("vo1")
class OpenOwnedAddons:
    """All add-ons of a service that has many."""

    service: int
    origin: Origin = Origin.SERVICES
    page: Small = 0


@button("va1")
class AddService:
    """Put a service's renewal into the cart from its page."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("vd1")
class DropService:
    """Take a service's renewal out of the cart from its page."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("vn1")
class AskServiceName:
    """Ask for the client's own name of a service."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("vr1")
class ResetServiceName:
    """Give a service the product's name back."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("xa1")
class AskCancellation:
    """Ask when a service shall be cancelled."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("xr1")
class AskCancelReason:
    """Ask why a service shall be cancelled."""

    service: int
    when: CancelWhen
    origin: Origin = Origin.SERVICES
    inside: bool = False


@button("xs1")
class SkipCancelReason:
    """Give no reason for a cancellation."""

    draft: int


@button("xc1")
class RequestCancellation:
    """Ask the company for the cancellation that was confirmed."""

    draft: int


@button("xw1")
class WithdrawCancellation:
    """Take a request to cancel back."""

    service: int
    origin: Origin = Origin.SERVICES
    inside: bool = False


# Account


@button("lc1")
class AskLinkCode:
    """Ask for the code that links an account."""


@button("le1")
class AskEmail:
    """Ask for the address to which a code is sent."""


@button("lf1")
class SendFreshCode:
    """Send another code that lets the user pay and cancel."""


@button("lg1")
class ChooseProvenAccount:
    """One of the accounts that the code of an e-mail opens."""

    draft: int
    place: Small


@button("ly1")
class ConfirmLink:
    """Join the account that was shown."""

    draft: int


@button("tl1")
class OpenLanguages:
    """The languages there are."""


@button("tc1")
class ChooseLanguage:
    """Speak a language, by the number of its code (`locales.catalogues.language_number`).

    None for the account's.
    """

    language: int | None = None


@button("tz1")
class OpenZones:
    """Some time zones, and the question for another."""


@button("to1")
class ChooseOfferedZone:
    """One of the time zones that a typed place may mean; `place` counts from 0."""

    draft: int
    place: Small


@button("ty1")
class ChooseZone:
    """Live in a time zone; None for the account's."""

    zone: CommonZone | None = None


@button("ts1")
class SwitchClient:
    """Act for another client."""

    client: int


@button("tu1")
class AskUnlink:
    """Ask whether the account shall be left."""


@button("tx1")
class Unlink:
    """Leave the account that was asked about; another one stays."""

    client: int


@button("kl1")
class OpenFollowedLink:
    """What the user wanted to open by a link before they had an account."""


@button("k1")
class OpenAccess:
    """Who has access to the account."""


@button("ki1")
class AskInvite:
    """Ask what the person who is invited shall be able to do."""


@button("kc1")
class Invite:
    """Make a code for one more user of the account, with these rights."""

    rights: Rights


@button("kw1")
class WithdrawInvitations:
    """End the open invitations of the account."""


@button("ku1")
class OpenAccountUser:
    """Another user of the account, and what can be changed about their access."""

    user: int
    client: int


@button("kr1")
class ChangeRights:
    """Give another user of the account these rights."""

    user: int
    client: int
    rights: Rights


@button("kh1")
class AskHandOver:
    """Ask whether another user shall own the account."""

    user: int
    client: int


@button("ky1")
class HandOver:
    """Make another user the owner of the account that was asked about."""

    user: int
    client: int


@button("kx1")
class AskRemoveUser:
    """Ask whether another user shall lose access."""

    user: int
    client: int


@button("kd1")
class RemoveUser:
    """End another user's access to the account that was asked about."""

    user: int
    client: int


# Renewals


@button("ya1")
class AddRenewal:
    """Put a renewal into the cart, for the cycle it has."""

    service: int
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("rr1")
class RemoveRenewal:
    """Take a renewal out of the cart."""

    service: int
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("rs1")
class AddAllDueSoon:
    """Put everything into the cart that is due within 30 days."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("yr1")
class OpenRenewalCycle:
    """The billing cycles that a service can be renewed for, with what longer ones save.

    `page` is that of the list of renewals, None where it was reached from the service's page.
    """

    service: int
    page: Small | None = None
    origin: Origin = Origin.SERVICES


@button("gr1")
class OpenRenewalCycles:
    """The same list, where each name opens the cycles of its renewal."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("rn1")
class OpenNotRenewable:
    """What cannot be renewed now, and why."""

    page: Small = 0
    origin: Origin = Origin.SERVICES


# Cart


@button("cr1")
class RemoveLine:
    """Take a line out of the cart."""

    line: int
    page: Small = 0
    origin: Origin = Origin.HOME


@button("gu1")
class RestoreLine:
    """Put the line back that was removed last, with what went with it."""

    line: int
    page: Small = 0
    origin: Origin = Origin.HOME


@button("cc1")
class OpenLine:
    """The cycles that a line of the cart may have."""

    line: int
    page: Small = 0
    origin: Origin = Origin.HOME


@button("cy1")
class ChangeCycle:
    """Give a line of the cart another cycle."""

    line: int
    cycle: BillingCycle
    page: Small = 0
    origin: Origin = Origin.HOME


@button("ce1")
class AskEmptyCart:
    """Ask whether everything shall leave the cart."""

    origin: Origin = Origin.HOME


@button("cx1")
class EmptyCart:
    """Empty the cart that was shown: another revision stays."""

    revision: int
    origin: Origin = Origin.HOME


# Payments


@button("p2")
class OpenCheckout:
    """The ways to pay what is in the cart, or a part of it."""

    use_credit: bool = True
    origin: Origin = Origin.CART
    part: CartPart | None = None


@button("pc2")
class ConfirmCheckout:
    """Everything that will be paid for, once more, for one way to pay.

    `gateway` is its gateway's number, or CREDIT_ALONE of `button_values`.
    """

    gateway: Small
    use_credit: bool = True
    origin: Origin = Origin.CART
    page: Small = 0
    part: CartPart | None = None


@button("pp2")
class PlaceOrder:
    """Turn the cart, or a part of it, into a proforma, if it is still what was confirmed."""

    revision: int
    seal: int
    gateway: Small
    use_credit: bool = True
    origin: Origin = Origin.CART
    part: CartPart | None = None


@button("pv2")
class ReviewOrder:
    """Everything that a panel will be asked to place, once more."""

    origin: Origin = Origin.CART
    page: Small = 0
    part: CartPart | None = None


@button("ps2")
class SendOrder:
    """Have the cart, or a part of it, placed by the panel, if it is still what was confirmed."""

    revision: int
    seal: int
    origin: Origin = Origin.CART
    part: CartPart | None = None


@button("jd1")
class PayDue:
    """Put what is overdue into the cart, or also what is due `soon`, and pay exactly that."""

    soon: bool = False


@button("jm1")
class PayFromDigest:
    """Put what a reminder names into the cart and pay exactly that."""

    digest: int
    client: int


@button("yf1")
class RenewFor:
    """Put a service's renewal for a billing cycle into the cart and pay exactly that."""

    service: int
    cycle: BillingCycle
    origin: Origin = Origin.SERVICE


@button("po1")
class OpenOrderPage:
    """One order that a panel places: state, lines, proformas; `again` looks for an answer."""

    order: int
    origin: Origin = Origin.INVOICES
    page: Small = 0
    again: bool = False


@button("pq1")
class AskWithdrawOrder:
    """Ask whether an order shall be withdrawn."""

    order: int
    origin: Origin = Origin.INVOICES


@button("px1")
class WithdrawOrder:
    """Withdraw an order of which nothing is paid."""

    order: int
    origin: Origin = Origin.INVOICES


@button("iv2")
class OpenInvoice:
    """One proforma: lines, state, ways to pay, after credit where that is wished."""

    invoice: int
    page: Small = 0
    origin: Origin = Origin.INVOICES
    use_credit: bool = False


@button("ip2")
class PayInvoice:
    """Start paying what is left of a proforma, after credit where that is wished."""

    invoice: int
    gateway: Small
    origin: Origin = Origin.INVOICES
    use_credit: bool = False


@button("yc1")
class PayWithCredit:
    """Let credit pay what is left of a proforma, if it is still what was shown."""

    invoice: int
    seal: int
    origin: Origin = Origin.INVOICES


@button("ba1")
class AskPayFromBalance:
    """Ask whether a panel's proforma shall be paid from the client's balance there."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("bp1")
class PayFromBalance:
    """Have it paid from the balance, if it is still what was shown."""

    invoice: int
    seal: int
    origin: Origin = Origin.INVOICES


@button("ic1")
class AskCancelInvoice:
    """Ask whether an unpaid proforma shall be cancelled."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("ix1")
class CancelInvoice:
    """Cancel an unpaid proforma."""

    invoice: int
    origin: Origin = Origin.INVOICES


@button("ir1")
class RenewLapsed:
    """Renew what a proforma held that has expired or was cancelled, from the credit."""

    invoice: int


@button("ih1")
class OpenCredit:
    """The credit and how it came about."""

    page: Small = 0


# Add-ons


@button("aa1")
class OpenAddon:
    """One add-on that can be ordered; `page` is that of the list it stands on."""

    product: int
    service: int | None = None
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("ac1")
class OpenAddonCycles:
    """The billing cycles that an add-on can be ordered for."""

    product: int
    service: int | None = None
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("as1")
class OpenAddonServices:
    """The services that an add-on can be ordered for; `shown` is the page of those."""

    product: int
    cycle: BillingCycle
    shown: Small = 0
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("ad1")
class AddAddon:
    """Put an add-on for a service into the cart."""

    product: int
    cycle: BillingCycle
    service: int
    origin: Origin = Origin.ADDONS


# Orders


@button("og1")
class OpenGroup:
    """The products of a group, by its place in the catalogue."""

    group: Small
    page: Small = 0
    origin: Origin = Origin.SERVICES


@button("op1")
class OpenProduct:
    """One product that can be ordered; `listed` when it was reached through its group."""

    product: int
    origin: Origin = Origin.SERVICES
    listed: bool = False


@button("oc1")
class OrderProduct:
    """Start ordering a product for a billing cycle."""

    product: int
    cycle: BillingCycle
    origin: Origin = Origin.SERVICES
    listed: bool = False


@button("on1")
class RetypeName:
    """Ask for the name of an order once more."""

    draft: int


@button("oz1")
class ChooseEnding:
    """One of the domains that the name of an order may mean; `place` counts from 0."""

    draft: int
    place: Small


@button("oe1")
class OpenExtras:
    """The order so far, and the add-ons that can go with it."""

    draft: int
    page: Small = 0


@button("ox1")
class OpenExtra:
    """The billing cycles that an add-on of an order can have."""

    draft: int
    product: int
    page: Small = 0


@button("oa1")
class PutExtra:
    """Take an add-on into an order, or give it another billing cycle."""

    draft: int
    product: int
    cycle: BillingCycle
    page: Small = 0


@button("or1")
class DropExtra:
    """Leave an add-on out of an order."""

    draft: int
    product: int
    page: Small = 0


@button("od1")
class AddOrder:
    """Put an order into the cart."""

    draft: int


@button("ok1")
class CancelOrder:
    """Give an order up."""

    draft: int


# Help


@button("qt1")
class OpenTopic:
    """One topic of help; `page` is that of the list it stands on."""

    topic: int
    page: Small = 0


@button("qv1")
class VoteTopic:
    """Say whether a topic was useful."""

    topic: int
    useful: bool
    page: Small = 0


@button("qx1")
class OpenCompanyText:
    """Terms, privacy, help with payments: the company's own words."""

    which: CompanyText


# Costs


@button("fm1")
class OpenMonthCosts:
    """What is due in a month, named by its first day."""

    month: date
    page: Small = 0


@button("fo1")
class OpenOverdueCosts:
    """What is overdue."""

    page: Small = 0


@button("fs1")
class OpenServiceCosts:
    """What each service costs in twelve months."""

    page: Small = 0


# Reminders


@button("m1")
class OpenDigest:
    """A reminder again, as things stand now: the last one unless named, for its client."""

    digest: int | None = None
    client: int | None = None


@button("ma1")
class AddFromDigest:
    """Put a service of a reminder into the cart, or all of them."""

    digest: int
    client: int
    service: int | None = None


@button("mr1")
class RemoveFromDigest:
    """Take a service of a reminder out of the cart."""

    digest: int
    client: int
    service: int


@button("mn1")
class OpenNotNow:
    """What can be done about a reminder other than paying: later, or not at all."""

    digest: int
    client: int


@button("md1")
class OpenDays:
    """The days of a month, to be reminded on one of them; the month is named by its first day."""

    digest: int
    client: int
    month: date


@button("ms1")
class SnoozeDigest:
    """Remind again on a day of what is due in a reminder."""

    digest: int
    client: int
    until: date


@button("mo1")
class OpenQuieting:
    """How to be reminded of one service of a reminder less, or as before."""

    digest: int
    client: int
    service: int


@button("mm1")
class MuteFromDigest:
    """Say nothing of a service of a reminder until it is due, or for good."""

    digest: int
    client: int
    service: int
    for_good: bool = False


@button("mu1")
class UnmuteFromDigest:
    """Remind as before: of a service of a reminder, or of all in it."""

    digest: int
    client: int
    service: int | None = None


# Settings of reminders


@button("n1")
class OpenReminders:
    """What the user wants of reminders."""

    origin: Origin = Origin.ACCOUNT


@button("no1")
class SwitchReminders:
    """Reminders on or off."""

    on: bool
    origin: Origin = Origin.ACCOUNT


@button("ns1")
class OpenStages:
    """How long before and after a due date reminders come."""

    origin: Origin = Origin.ACCOUNT


@button("nt1")
class SwitchStage:
    """The reminder so many days before the due date, or `late` after it, on or off."""

    days: Small
    late: bool
    on: bool
    origin: Origin = Origin.ACCOUNT


@button("nh1")
class OpenReminderHours:
    """At which hour reminders come."""

    origin: Origin = Origin.ACCOUNT


@button("nc1")
class ChooseReminderHour:
    """Be reminded at about an hour; None for the company's."""

    hour: Small | None = None
    origin: Origin = Origin.ACCOUNT


@button("nq1")
class OpenQuietHours:
    """When the quiet hours begin, or when they end."""

    ends: bool = False
    origin: Origin = Origin.ACCOUNT


@button("nu1")
class ChooseQuietHour:
    """Let the quiet hours begin, or end, at an hour."""

    hour: Small
    ends: bool
    origin: Origin = Origin.ACCOUNT


@button("nx1")
class DropQuietHours:
    """No quiet hours."""

    origin: Origin = Origin.ACCOUNT


@button("nk1")
class OpenKinds:
    """Of what reminders speak."""

    origin: Origin = Origin.ACCOUNT


@button("ny1")
class SwitchKind:
    """Reminders of services, add-ons, proformas or offers, on or off."""

    kind: ReminderKind
    on: bool
    origin: Origin = Origin.ACCOUNT


@button("nl1")
class OpenRemindedServices:
    """The services that reminders speak of."""

    page: Small = 0
    origin: Origin = Origin.ACCOUNT


@button("nv1")
class OpenServiceReminders:
    """Reminders of one service alone."""

    service: int
    origin: Origin = Origin.SERVICE


@button("nw1")
class SwitchServiceReminders:
    """Reminders of one service on or off: on a page of the list, or (None) alone."""

    service: int
    on: bool
    page: Small | None = None
    origin: Origin = Origin.ACCOUNT


# The operator's chat: a matter by its kind and number, and the message that tells of it by the
# number of its notice (0 where there is none). `client` where it is decided on the page of that
# client's service or proforma, in a private chat.


@button("ksd1")
class DecideMatter:
    """Do something about a matter; `seal` is that of the proforma that was asked about."""

    kind: MatterKind
    number: int
    deed: Deed
    notice: int
    client: int | None = None
    seal: int | None = None


@button("ksq1")
class AskMatter:
    """Ask once more before something is done about a matter."""

    kind: MatterKind
    number: int
    deed: Deed
    notice: int
    client: int | None = None


@button("ksr1")
class AskRejection:
    """Ask for the reason of a rejection."""

    kind: MatterKind
    number: int
    notice: int
    client: int | None = None


@button("ksx1")
class LeaveMatter:
    """Leave a question about a matter, and decide nothing."""

    kind: MatterKind
    number: int
    notice: int
    client: int | None = None


@button("ksc1")
class PostClientCard:
    """A client at a glance: below the message, or (`inside`) in its place."""

    client: int
    inside: bool = False


# The desk: for staff only, see `handlers/staffing.py`.


@button("z1")
class OpenDesk:
    """What waits for staff."""


@button("zl1")
class OpenWaiting:
    """One list of what waits."""

    kind: Waiting
    page: Small = 0


@button("zf1")
class AskFind:
    """Ask what to find."""


@button("zc1")
class OpenClientCard:
    """A client as staff see them."""

    client: int


@button("zs1")
class OpenClientServices:
    """The services of a client."""

    client: int
    page: Small = 0


@button("zi1")
class OpenClientInvoices:
    """The proformas of a client: those to be paid, or the past ones."""

    client: int
    past: bool = False
    page: Small = 0


@button("zv1")
class OpenClientService:
    """A service as its client sees it; `source` is the list that led here."""

    client: int
    service: int
    source: Waiting | None = None


@button("zb1")
class OpenClientInvoice:
    """A proforma as its client sees it; `source` is the list that led here."""

    client: int
    invoice: int
    page: Small = 0
    source: Waiting | None = None


BACK: Mapping[Origin, Payload] = {
    Origin.HOME: OpenHome(),
    Origin.SERVICES: OpenServices(),
    Origin.SERVICE: OpenLastService(),
    Origin.RENEWALS: OpenRenewals(),
    Origin.ADDONS: OpenAddons(),
    Origin.ORDER: OpenOrder(),
    Origin.CART: OpenCart(),
    Origin.INVOICES: OpenInvoices(),
    Origin.REMINDER: OpenDigest(),
    Origin.ACCOUNT: OpenSettings(),
    Origin.HELP: OpenHelp(),
    Origin.COSTS: OpenCosts(),
}


def back_to(origin: Origin) -> Payload:
    """Where a Back button leads; home for origins whose screen cannot be drawn again."""
    return BACK.get(origin, OpenHome())
