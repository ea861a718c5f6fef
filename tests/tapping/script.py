"""Every button and every command, in an order in which each of them does what it says."""

from datetime import timedelta

from billing.rules.access.link_codes import hash_code
from billing.rules.access.rights import Rights
from billing.rules.reminders.stages import ReminderKind
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import ProductKind
from billing.views.services import CancelWhen, Sort
from handlers import buttons as b
from handlers.chat.screens.company_texts import CompanyText
from handlers.routes import COMMANDS
from locales.catalogues import language_number
from locales.zones import CommonZone
from tests.make import STAFF
from tests.tapping.account import EWA
from tests.tapping.buying import (
    NOT_CHOSEN,
    add_ons,
    ordering,
    parts,
    paying,
    proformas,
    the_cart,
)
from tests.tapping.desk import the_desk
from tests.tapping.meter import Meter


async def everything(meter: Meter) -> None:
    """Tap it all."""
    await commands(meter)
    await menu(meter)
    await the_list(meter)
    await a_service(meter)
    await cancelling(meter)
    await renewing(meter)
    await the_cart(meter)
    await add_ons(meter)
    await ordering(meter)
    await paying(meter)
    await parts(meter)
    await proformas(meter)
    await looking_ahead(meter)
    await reminders(meter)
    await help_and_settings(meter)
    await the_desk(meter)
    await accounts(meter)


async def commands(meter: Meter) -> None:
    """As they are; those that ask for something are left with /cancel."""
    for command in COMMANDS:
        await meter.types(f"/{command.name}")
    await meter.types("/cancel")


async def menu(meter: Meter) -> None:
    """Home, and what everybody can see."""
    await meter.taps(b.OpenHome())
    await meter.taps(b.OpenCatalogue())
    await meter.taps(b.OpenCatalogue(ProductKind.ADDON), "of add-ons")
    await meter.taps(b.OpenShelf(0))


async def the_list(meter: Meter) -> None:
    """Looked at in every way."""
    await meter.taps(b.OpenServices())
    await meter.taps(b.OpenOffer())
    await meter.taps(b.TurnServices(99), "past the end")
    await meter.taps(b.TurnServices(0))
    await meter.taps(b.OpenStatuses())
    await meter.taps(b.FilterServices(ServiceStatus.ACTIVE))
    await meter.taps(b.OpenSorts())
    await meter.taps(b.SortServices(Sort.NAME))
    await meter.types("t-1", "a search")
    await meter.types("kopia zapasowa", "a search for an add-on")
    await meter.types("koszyk", "the name of a button")
    await meter.types("dlaczego to nie działa?", "a question")
    await meter.taps(b.ClearSearch())
    await meter.taps(b.FilterServices(), "of every status")
    await meter.taps(b.ListLiving())
    await meter.taps(b.OpenServiceMenus())
    await meter.taps(b.OpenServiceMenus(99), "past the end")


async def a_service(meter: Meter) -> None:
    """Its page, its place in the cart, its name."""
    account, free = meter.account, meter.account.free
    await meter.taps(b.OpenService(free))
    await meter.taps(b.OpenService(account.ending), "that ends")
    await meter.taps(b.OpenService(account.on_invoice), "on a proforma")
    await meter.taps(b.OpenService(account.order), "that was ordered")
    await meter.taps(b.OpenService(NOT_CHOSEN), "of nobody", is_stale=True)
    await meter.taps(b.OpenServiceMenu(free))
    await meter.taps(b.OpenLastService())
    await meter.taps(b.OpenOwnedAddons(free))
    await meter.taps(b.AddService(free))
    await meter.taps(b.DropService(free))
    await meter.taps(b.AskServiceName(free))
    await meter.types("Sklep", "a label")
    await meter.taps(b.ResetServiceName(free))


async def cancelling(meter: Meter) -> None:
    """Asked for with and without a reason, and taken back."""
    free, end = meter.account.free, CancelWhen.PERIOD_END
    await meter.taps(b.AskCancellation(free))
    await meter.taps(b.AskCancelReason(free, end))
    await meter.types("Niepotrzebna", "a reason")
    await meter.taps(b.AskCancelReason(free, end))
    await meter.taps(b.SkipCancelReason(await meter.draft()))
    await meter.taps(b.RequestCancellation(await meter.draft()))
    await meter.taps(b.WithdrawCancellation(free))


async def renewing(meter: Meter) -> None:
    """Into the cart and out of it; what cannot be renewed."""
    account, free = meter.account, meter.account.free
    await meter.taps(b.OpenRenewals())
    await meter.taps(b.OpenNotRenewable())
    await meter.taps(b.OpenRenewalCycles())
    await meter.taps(b.AddRenewal(free))
    await meter.taps(b.AddRenewal(free), "again")
    await meter.taps(b.RemoveRenewal(free))
    await meter.taps(b.AddRenewal(account.ending), "that ends")
    await meter.taps(b.AddRenewal(account.on_invoice), "on a proforma")
    await meter.taps(b.AddAllDueSoon())


async def looking_ahead(meter: Meter) -> None:
    """The costs of the year, and the file for a calendar."""
    due = meter.account.world.clock.now().date() + timedelta(days=60)
    await meter.taps(b.OpenCosts())
    await meter.taps(b.OpenMonthCosts(due.replace(day=1), page=99))
    await meter.taps(b.OpenMonthCosts(due), "that is no month", is_stale=True)
    await meter.taps(b.OpenOverdueCosts(), "of nothing", is_stale=True)
    await meter.taps(b.OpenServiceCosts())
    await meter.taps(b.OpenCalendar())


async def reminders(meter: Meter) -> None:
    """Of the account that is current, and of the other one."""
    account, mine, theirs = meter.account, meter.account.client.id, meter.account.other.id
    await meter.taps(b.OpenDigest(), "the last one")
    await meter.taps(b.OpenDigest(account.digest, mine))
    await meter.taps(b.AddFromDigest(account.digest, mine, account.free))
    await meter.taps(b.AddFromDigest(account.digest, mine, account.free), "again")
    await meter.taps(b.RemoveFromDigest(account.digest, mine, account.free))
    await meter.taps(b.AddFromDigest(account.digest, mine, account.on_invoice), "on a proforma")
    await meter.taps(b.PayFromDigest(account.digest, mine))
    await meter.taps(b.PayFromDigest(account.digest, mine), "again")
    await meter.taps(b.AddFromDigest(account.digest, mine), "everything")
    await not_now(meter)
    await wishes(meter)
    foreign = account.foreign_digest, theirs, account.foreign_service
    await meter.taps(b.OpenDigest(*foreign[:2]), "of another account")
    await meter.taps(b.SwitchClient(mine))
    await meter.taps(b.AddFromDigest(*foreign), "of another account")
    await meter.taps(b.SwitchClient(mine))
    await meter.taps(b.RemoveFromDigest(*foreign), "of another account")
    await meter.taps(b.SwitchClient(mine))
    await meter.taps(b.PayFromDigest(*foreign[:2]), "of another account")
    await meter.taps(b.SwitchClient(mine))


async def not_now(meter: Meter) -> None:
    """Put off to a day, muted, and as before."""
    account = meter.account
    mine = account.digest, account.client.id
    today = account.world.clock.now().date()
    await meter.taps(b.OpenNotNow(*mine))
    await meter.taps(b.OpenDays(*mine, today))
    await meter.taps(b.OpenDays(*mine, today + timedelta(days=999)), "too far ahead")
    await meter.taps(b.SnoozeDigest(*mine, today), "to a day that is no more")
    await meter.taps(b.SnoozeDigest(*mine, today + timedelta(days=3)))
    await meter.taps(b.OpenQuieting(*mine, account.free))
    await meter.taps(b.OpenQuieting(*mine, NOT_CHOSEN), "of nobody", is_stale=True)
    await meter.taps(b.MuteFromDigest(*mine, account.free))
    await meter.taps(b.MuteFromDigest(*mine, account.free, for_good=True), "for good")
    await meter.taps(b.UnmuteFromDigest(*mine, account.free))
    await meter.taps(b.UnmuteFromDigest(*mine), "of all")


async def wishes(meter: Meter) -> None:
    """What is wanted of reminders, all of it changed."""
    free = meter.account.free
    await meter.taps(b.OpenReminders())
    await meter.taps(b.SwitchReminders(on=False))
    await meter.taps(b.SwitchReminders(on=True))
    await meter.taps(b.OpenStages())
    await meter.taps(b.SwitchStage(7, late=False, on=False))
    await meter.taps(b.SwitchStage(3, late=True, on=False), "after the day")
    await meter.taps(b.OpenReminderHours())
    await meter.taps(b.ChooseReminderHour(15))
    await meter.taps(b.ChooseReminderHour(99), "that there is not", is_stale=True)
    await meter.taps(b.OpenQuietHours())
    await meter.taps(b.ChooseQuietHour(22, ends=False))
    await meter.taps(b.ChooseQuietHour(7, ends=True), "of their end")
    await meter.taps(b.DropQuietHours())
    await meter.taps(b.OpenKinds())
    await meter.taps(b.SwitchKind(ReminderKind.ADDON, on=False))
    await meter.taps(b.OpenRemindedServices())
    await meter.taps(b.OpenRemindedServices(99), "past the end")
    await meter.taps(b.SwitchServiceReminders(free, on=False, page=0))
    await meter.taps(b.SwitchServiceReminders(free, on=True))
    await meter.taps(b.OpenServiceReminders(free))
    await meter.taps(b.OpenServiceReminders(NOT_CHOSEN), "of nobody", is_stale=True)


async def help_and_settings(meter: Meter) -> None:
    """What is the same for everybody."""
    await meter.taps(b.OpenHelp())
    await meter.taps(b.OpenTopic(1))
    await meter.taps(b.VoteTopic(1, useful=True))
    await meter.taps(b.OpenCompanyText(CompanyText.TERMS))
    await meter.taps(b.OpenSettings())
    await meter.taps(b.OpenLanguages())
    await meter.taps(b.ChooseLanguage(language_number("pl")))
    await meter.taps(b.OpenZones())
    await meter.types("Tokio", "a zone")
    await meter.taps(b.ChooseZone(CommonZone.WARSAW))
    await meter.taps(b.OpenZones())
    await meter.types("GMT+2", "a difference")
    await meter.taps(b.ChooseOfferedZone(await meter.draft(), 0))
    await meter.taps(b.ChooseOfferedZone(await meter.draft(), 99), "of none", is_stale=True)


async def accounts(meter: Meter) -> None:
    """Joined and left."""
    account = meter.account
    await meter.taps(b.AskLinkCode())
    await meter.types("ABCDEFGH", "no code")
    await meter.taps(b.AskEmail(), "without a mail server", is_stale=True)
    await meter.taps(b.SendFreshCode(), "without one that waits", is_stale=True)
    await meter.taps(b.ChooseProvenAccount(NOT_CHOSEN, 0), "of none", is_stale=True)
    code, _ = await account.actions.issue_link_code("C-1002", by=STAFF)
    await meter.types(code, "a code")
    linked = await account.actions.preview_link(EWA, hash_code(code))
    await meter.taps(b.ConfirmLink(await meter.draft()))
    await meter.taps(b.SwitchClient(account.client.id), "back")
    await access(meter)
    await meter.taps(b.SwitchClient(linked.client_id), "once more")
    await meter.taps(b.AskUnlink())
    visitor = await account.actions.identify(EWA)
    assert visitor.client is not None
    await meter.taps(b.Unlink(visitor.client.id))
    code, _ = await account.actions.issue_link_code("C-1002", by=STAFF)
    await meter.types(f"/start c_{code}", "/start with a code")
    await meter.types("/start s_T-1-0", "/start with a service")
    async with meter.account.world.core.database.work.writing() as uow:
        await uow.users.unlink(EWA, account.client.id)
        await uow.users.unlink(EWA, account.other.id)
        await uow.commit()
    await meter.types("/start s_T-1-0", "/start with a service, not linked")
    async with meter.account.world.core.database.work.writing() as uow:
        await uow.users.link(EWA, account.client.id, at=account.world.clock.now())
        await uow.commit()
    await meter.taps(b.OpenFollowedLink())
    number = (await account.actions.list_invoices(account.client, is_open=True)).invoices[0].number
    await meter.types(f"/start p_{number}", "/start with a proforma")


async def access(meter: Meter) -> None:
    """Who has access: looked at, invited, given rights and ownership, removed."""
    account = meter.account
    ola, client = EWA + 1, account.client
    code, _ = await account.actions.issue_link_code("T-1", by=STAFF)
    await account.actions.confirm_link(ola, hash_code(code), name="Ola")
    await meter.taps(b.OpenAccess())
    await meter.taps(b.AskInvite())
    await meter.taps(b.Invite(Rights.LOOK))
    await meter.taps(b.WithdrawInvitations())
    await meter.taps(b.OpenAccountUser(ola, client.id))
    await meter.taps(b.OpenAccountUser(NOT_CHOSEN, client.id), "of nobody")
    await meter.taps(b.ChangeRights(ola, client.id, Rights.PAY))
    await meter.taps(b.AskHandOver(ola, client.id))
    await meter.taps(b.HandOver(ola, client.id))
    await account.actions.hand_over(client, ola, EWA)
    await meter.taps(b.AskRemoveUser(ola, client.id))
    await meter.taps(b.RemoveUser(ola, client.id))
