"""The map of the bot: the handler of each command, button and step."""

from handlers import buttons, deep_links
from handlers.account import fresh_code, settings
from handlers.account import handlers as account
from handlers.account import routing as linking
from handlers.addons import handlers as addons
from handlers.calendar import handlers as calendar
from handlers.cart import handlers as cart
from handlers.chat.conversation.context import PanelikApplication
from handlers.chat.screens.codec import Payload
from handlers.chat.updates.routing import Command, Routes, Step, Tap, tap
from handlers.chat.updates.wiring import register
from handlers.costs import handlers as costs
from handlers.desk import routing as desk
from handlers.help import handlers as help_
from handlers.menu import handlers as menu
from handlers.orders import handlers as orders
from handlers.panel_away import ASKS_PANEL
from handlers.paying import PAYING
from handlers.payments import handlers as checkout
from handlers.payments import invoices, lapsed_order, panel_orders, paying_parts, telegram_invoice
from handlers.reminders import handlers as reminders
from handlers.reminders import settings as wishes
from handlers.reminders import snooze
from handlers.renewals import handlers as renewals
from handlers.search.typed_words import is_cancel
from handlers.services import cancelling, naming
from handlers.services import handlers as services
from handlers.staff import routing as staff
from handlers.staffing import STAFF_ONLY

COMMANDS: tuple[Command, ...] = (
    Command("start", deep_links.start, about=lambda t: t.plain("Start"), looks=True),
    Command("services", services.services, about=lambda t: t.plain("Services"), looks=True),
    Command("renew", renewals.renew, about=lambda t: t.plain("Renew services"), looks=True),
    Command("order", orders.order, about=lambda t: t.plain("Place a new order"), orders=True),
    Command(
        "addons",
        addons.addons,
        about=lambda t: t.plain("Browse available add-ons"),
        orders=True,
    ),
    Command("cart", cart.cart, about=lambda t: t.plain("Cart")),
    Command(
        "invoices",
        invoices.invoices,
        about=lambda t: t.plain("Payments and proformas"),
        looks=True,
    ),
    Command("costs", costs.costs, about=lambda t: t.plain("Costs of the next 12 months")),
    Command("calendar", calendar.calendar, about=lambda t: t.plain("Due dates for your calendar")),
    Command("settings", settings.settings, about=lambda t: t.plain("Settings")),
    Command("language", settings.language, about=lambda t: t.plain("Language")),
    Command("link", account.link, about=lambda t: t.plain("Link an account with a code")),
    Command("unlink", account.unlink, about=lambda t: t.plain("Unlink an account")),
    Command("help", help_.help_, about=lambda t: t.plain("Help")),
    desk.FIND,
    Command("paysupport", help_.payment_support, about=lambda t: t.plain("Help with payments")),
    Command("terms", help_.terms, about=lambda t: t.plain("Terms of service")),
    Command("privacy", help_.privacy, about=lambda t: t.plain("Privacy")),
)

LOOKS: frozenset[type[Payload]] = frozenset(
    {
        buttons.OpenHome,
        buttons.OpenServices,
        buttons.OpenService,
        buttons.OpenRenewals,
        buttons.OpenInvoices,
        buttons.OpenInvoice,
    }
)
"""Taps that show what a client has: behind them a connected panel is asked whether it is so."""

TAPS: tuple[Tap, ...] = (
    # menu
    tap(buttons.OpenHome, menu.open_home),
    tap(buttons.OpenCatalogue, menu.open_catalogue),
    tap(buttons.OpenShelf, menu.open_shelf),
    # services
    tap(buttons.OpenServices, services.open_services),
    tap(buttons.OpenOffer, services.open_offer),
    tap(buttons.TurnServices, services.turn),
    tap(buttons.OpenStatuses, services.open_statuses),
    tap(buttons.FilterServices, services.choose_status),
    tap(buttons.OpenSorts, services.open_sorts),
    tap(buttons.SortServices, services.choose_sort),
    tap(buttons.ClearSearch, services.clear_search),
    tap(buttons.ListLiving, services.list_living),
    tap(buttons.OpenServiceMenus, services.open_menus),
    tap(buttons.OpenService, services.open_service),
    tap(buttons.OpenLastService, services.open_last),
    tap(buttons.OpenServiceMenu, services.open_menu),
    tap(buttons.OpenOwnedAddons, services.open_addons),
    tap(buttons.AddService, services.add),
    tap(buttons.DropService, services.drop),
    tap(buttons.AskServiceName, naming.ask),
    tap(buttons.ResetServiceName, naming.reset),
    tap(buttons.AskCancellation, cancelling.ask),
    tap(buttons.AskCancelReason, cancelling.ask_reason),
    tap(buttons.SkipCancelReason, cancelling.skip_reason),
    tap(buttons.RequestCancellation, cancelling.request),
    tap(buttons.WithdrawCancellation, cancelling.withdraw),
    # account
    *linking.TAPS,
    tap(buttons.OpenFollowedLink, deep_links.open_followed),
    tap(buttons.OpenSettings, settings.open_settings),
    tap(buttons.OpenLanguages, settings.open_languages),
    tap(buttons.ChooseLanguage, settings.choose_language),
    tap(buttons.OpenZones, settings.open_zones),
    tap(buttons.ChooseZone, settings.choose_zone),
    tap(buttons.ChooseOfferedZone, settings.choose_offered_zone),
    # renewals
    tap(buttons.OpenRenewals, renewals.open_renewals),
    tap(buttons.AddRenewal, renewals.add),
    tap(buttons.RemoveRenewal, renewals.remove),
    tap(buttons.AddAllDueSoon, renewals.add_all_due_soon),
    tap(buttons.OpenRenewalCycles, renewals.open_cycles),
    tap(buttons.OpenNotRenewable, renewals.open_not_renewable),
    # cart
    tap(buttons.OpenCart, cart.open_cart),
    tap(buttons.RemoveLine, cart.remove),
    tap(buttons.RestoreLine, cart.restore),
    tap(buttons.OpenLine, cart.open_line),
    tap(buttons.ChangeCycle, cart.change_cycle),
    tap(buttons.AskEmptyCart, cart.ask_empty),
    tap(buttons.EmptyCart, cart.empty),
    # payments
    tap(buttons.OpenCheckout, checkout.open_checkout),
    tap(buttons.ConfirmCheckout, checkout.confirm),
    tap(buttons.PlaceOrder, checkout.place),
    tap(buttons.ReviewOrder, panel_orders.review),
    tap(buttons.SendOrder, panel_orders.send),
    tap(buttons.OpenOrderPage, panel_orders.open_order),
    tap(buttons.AskWithdrawOrder, panel_orders.ask_withdraw),
    tap(buttons.WithdrawOrder, panel_orders.withdraw),
    tap(buttons.OpenInvoices, invoices.open_invoices),
    tap(buttons.OpenInvoice, invoices.open_invoice),
    tap(buttons.PayWithCredit, invoices.pay_with_credit),
    tap(buttons.AskPayFromBalance, invoices.ask_pay_from_balance),
    tap(buttons.PayFromBalance, invoices.pay_from_balance),
    tap(buttons.PayInvoice, invoices.pay),
    tap(buttons.AskCancelInvoice, invoices.ask_cancel),
    tap(buttons.CancelInvoice, invoices.cancel),
    tap(buttons.OpenCredit, invoices.open_credit),
    tap(buttons.RenewLapsed, lapsed_order.renew),
    tap(buttons.PayDue, paying_parts.pay_due),
    tap(buttons.PayFromDigest, paying_parts.pay_from_digest),
    tap(buttons.OpenRenewalCycle, paying_parts.open_renewal_cycle),
    tap(buttons.RenewFor, paying_parts.renew_for),
    # costs
    tap(buttons.OpenCosts, costs.open_costs),
    tap(buttons.OpenMonthCosts, costs.open_month),
    tap(buttons.OpenOverdueCosts, costs.open_overdue),
    tap(buttons.OpenServiceCosts, costs.open_by_service),
    # calendar
    tap(buttons.OpenCalendar, calendar.open_calendar),
    # reminders
    tap(buttons.OpenDigest, reminders.open_digest),
    tap(buttons.AddFromDigest, reminders.add),
    tap(buttons.RemoveFromDigest, reminders.remove),
    tap(buttons.OpenNotNow, snooze.open_not_now),
    tap(buttons.OpenDays, snooze.open_days),
    tap(buttons.SnoozeDigest, snooze.snooze),
    tap(buttons.OpenQuieting, snooze.open_quieting),
    tap(buttons.MuteFromDigest, snooze.mute),
    tap(buttons.UnmuteFromDigest, snooze.unmute),
    # settings of reminders
    tap(buttons.OpenReminders, wishes.open_reminders),
    tap(buttons.SwitchReminders, wishes.switch),
    tap(buttons.OpenStages, wishes.open_stages),
    tap(buttons.SwitchStage, wishes.switch_stage),
    tap(buttons.OpenReminderHours, wishes.open_hours),
    tap(buttons.ChooseReminderHour, wishes.choose_hour),
    tap(buttons.OpenQuietHours, wishes.open_quiet),
    tap(buttons.ChooseQuietHour, wishes.choose_quiet),
    tap(buttons.DropQuietHours, wishes.drop_quiet),
    tap(buttons.OpenKinds, wishes.open_kinds),
    tap(buttons.SwitchKind, wishes.switch_kind),
    tap(buttons.OpenRemindedServices, wishes.open_services),
    tap(buttons.OpenServiceReminders, wishes.open_service),
    tap(buttons.SwitchServiceReminders, wishes.switch_service),
    # add-ons
    tap(buttons.OpenAddons, addons.open_addons),
    tap(buttons.OpenAddon, addons.open_addon),
    tap(buttons.OpenAddonCycles, addons.open_cycles),
    tap(buttons.OpenAddonServices, addons.open_services),
    tap(buttons.AddAddon, addons.add),
    # orders
    tap(buttons.OpenOrder, orders.open_order),
    tap(buttons.OpenGroup, orders.open_group),
    tap(buttons.OpenProduct, orders.open_product),
    tap(buttons.OrderProduct, orders.start),
    tap(buttons.RetypeName, orders.retype),
    tap(buttons.ChooseEnding, orders.choose_ending),
    tap(buttons.OpenExtras, orders.open_extras),
    tap(buttons.OpenExtra, orders.open_extra),
    tap(buttons.PutExtra, orders.put_extra),
    tap(buttons.DropExtra, orders.drop_extra),
    tap(buttons.AddOrder, orders.add),
    tap(buttons.CancelOrder, orders.cancel),
    *desk.TAPS,
    # help
    tap(buttons.OpenHelp, help_.open_help),
    tap(buttons.OpenTopic, help_.open_topic),
    tap(buttons.VoteTopic, help_.vote),
    tap(buttons.OpenCompanyText, help_.open_text),
)

STEPS: tuple[Step, ...] = (
    Step(naming.NAME, answer=naming.typed, again=naming.ask_again, anew=buttons.OpenServices()),
    Step(
        cancelling.REASON,
        answer=cancelling.reason_typed,
        again=cancelling.ask_reason_again,
        anew=buttons.OpenServices(),
    ),
    *linking.STEPS,
    Step(orders.NAME, answer=orders.name_typed, again=orders.ask_name, anew=buttons.OpenOrder()),
    Step(
        settings.ZONE,
        answer=settings.zone_typed,
        again=settings.ask_zone,
        anew=buttons.OpenZones(),
    ),
    staff.REASON,
    desk.WORDS,
)

ROUTES = Routes(
    home=deep_links.home,
    unlinked=menu.unlinked,
    search=deep_links.text,
    late=menu.late,
    leaves=is_cancel,
    commands=COMMANDS,
    taps=TAPS,
    steps=STEPS,
    pre_checkout=telegram_invoice.pre_checkout,
    paying=PAYING,
    looks=LOOKS,
    asks_panel=ASKS_PANEL,
    staff_taps=staff.TAPS,
    prove=fresh_code.ask,
    staff_reply=staff.replied,
    staff=STAFF_ONLY,
)


def build(application: PanelikApplication) -> None:
    """Add every handler of the bot to an application."""
    register(application, ROUTES)
