"""The map of the bot: what leads to which handler."""

from handlers import buttons
from handlers.cart import handlers as cart
from handlers.chat.context import PanelikApplication
from handlers.chat.routing import Command, Routes, Step, Tap, tap
from handlers.chat.wiring import register
from handlers.menu import handlers as menu
from handlers.payments import handlers as checkout
from handlers.payments import invoices, telegram_invoice
from handlers.renewals import handlers as renewals

COMMANDS: tuple[Command, ...] = (
    Command("start", menu.home, about=lambda t: t.plain("Start")),
    Command("renew", renewals.renew, about=lambda t: t.plain("Renew services")),
    Command("cart", cart.cart, about=lambda t: t.plain("Cart")),
    Command("invoices", invoices.invoices, about=lambda t: t.plain("Payments and proformas")),
)

TAPS: tuple[Tap, ...] = (
    # menu
    tap(buttons.OpenHome, menu.open_home),
    # renewals
    tap(buttons.OpenRenewals, renewals.open_renewals),
    tap(buttons.AddRenewal, renewals.add),
    tap(buttons.RemoveRenewal, renewals.remove),
    tap(buttons.AddAllDueSoon, renewals.add_all_due_soon),
    tap(buttons.OpenRenewal, renewals.open_renewal),
    tap(buttons.OpenNotRenewable, renewals.open_not_renewable),
    # cart
    tap(buttons.OpenCart, cart.open_cart),
    tap(buttons.RemoveLine, cart.remove),
    tap(buttons.OpenLine, cart.open_line),
    tap(buttons.ChangeCycle, cart.change_cycle),
    tap(buttons.AskEmptyCart, cart.ask_empty),
    tap(buttons.EmptyCart, cart.empty),
    # payments
    tap(buttons.OpenCheckout, checkout.open_checkout),
    tap(buttons.ConfirmCheckout, checkout.confirm),
    tap(buttons.PlaceOrder, checkout.place),
    tap(buttons.OpenInvoices, invoices.open_invoices),
    tap(buttons.OpenInvoice, invoices.open_invoice),
    tap(buttons.AskPayWithCredit, invoices.ask_pay_with_credit),
    tap(buttons.PayInvoice, invoices.pay),
    tap(buttons.AskCancelInvoice, invoices.ask_cancel),
    tap(buttons.CancelInvoice, invoices.cancel),
    tap(buttons.OpenCredit, invoices.open_credit),
)

STEPS: tuple[Step, ...] = ()

ROUTES = Routes(
    home=menu.home,
    unlinked=menu.unlinked,
    search=menu.not_understood,
    commands=COMMANDS,
    taps=TAPS,
    steps=STEPS,
    pre_checkout=telegram_invoice.pre_checkout,
    paid=telegram_invoice.paid,
)


def build(application: PanelikApplication) -> None:
    """Add every handler of the bot to an application."""
    register(application, ROUTES)
