"""What is bought: the cart, add-ons, orders, and paying for all of it."""

from billing.rules.cycles import BillingCycle
from billing.rules.shop.cart_parts import CartPart
from handlers import buttons as b
from tests.tapping.account import BANK, CREDIT, MONTHLY, PL, QUARTERLY, TELEGRAM
from tests.tapping.meter import Meter

ANNUALLY = BillingCycle.ANNUALLY
NOT_A_WAY, NOT_CHOSEN = 99, 10**12
"""Numbers that no way to pay, and nothing else, has."""


async def the_cart(meter: Meter) -> None:
    """With everything in it that can be renewed."""
    await meter.taps(b.OpenCart())
    await meter.taps(b.OpenLine(await meter.account.line()))
    await meter.taps(b.ChangeCycle(await meter.account.line(), QUARTERLY))
    line = await meter.account.line()
    await meter.taps(b.RemoveLine(line))
    await meter.taps(b.RestoreLine(line))
    await meter.taps(b.RestoreLine(line), "again")
    await meter.taps(b.RestoreLine(NOT_CHOSEN), "that was not removed", is_stale=True)
    await meter.taps(b.RemoveLine(await meter.account.line()))
    await meter.taps(b.RemoveLine(NOT_CHOSEN), "that is gone")
    await meter.taps(b.AskEmptyCart())
    await meter.taps(b.EmptyCart(NOT_CHOSEN), "that has changed")
    await meter.taps(b.EmptyCart((await meter.account.cart())[0]))


async def add_ons(meter: Meter) -> None:
    """Alone and for a service, into a full cart."""
    await meter.account.fill_cart()
    free = meter.account.free
    ssl = await meter.account.product("ssl")
    await meter.taps(b.OpenAddons())
    await meter.taps(b.OpenAddons(free), "for a service")
    await meter.taps(b.OpenAddon(ssl))
    await meter.taps(b.OpenAddon(ssl, free), "for a service")
    await meter.taps(b.OpenAddonCycles(ssl))
    await meter.taps(b.OpenAddonServices(ssl, BillingCycle.ANNUALLY))
    await meter.taps(b.AddAddon(ssl, BillingCycle.ANNUALLY, free))
    await meter.taps(b.AddAddon(ssl, BillingCycle.ANNUALLY, free), "again")
    await meter.taps(b.AddAddon(ssl, MONTHLY, meter.account.ending), "that does not fit")


async def ordering(meter: Meter) -> None:
    """A product with add-ons, into a full cart; a second one given up."""
    hosting, backup = [await meter.account.product(name) for name in ("hosting-s", "backup")]
    await meter.taps(b.OpenOrder())
    await meter.taps(b.OpenGroup(0))
    await meter.taps(b.OpenProduct(hosting))
    await meter.taps(b.OrderProduct(hosting, MONTHLY))
    await meter.types("nowa-strona.example", "a domain")
    draft = await meter.draft()
    await meter.taps(b.OpenExtra(draft, backup))
    await meter.taps(b.PutExtra(draft, backup, MONTHLY))
    await meter.taps(b.OpenExtras(draft))
    await meter.taps(b.DropExtra(draft, backup))
    await meter.taps(b.RetypeName(draft))
    await meter.types("inna-strona.example", "a domain")
    await meter.taps(b.AddOrder(draft))
    await meter.taps(b.AddOrder(draft), "again")
    await meter.taps(b.OrderProduct(await meter.account.product("domain-pl"), ANNUALLY))
    await meter.types("nowa-strona", "a name without its ending")
    await meter.taps(b.ChooseEnding(await meter.draft(), 1))
    await meter.taps(b.ChooseEnding(await meter.draft(), 1), "chosen before", is_stale=True)
    await meter.taps(b.OrderProduct(hosting, MONTHLY))
    await meter.taps(b.CancelOrder(await meter.draft()))
    await meter.taps(b.OpenExtras(draft), "of an order that is gone", is_stale=True)


async def paying(meter: Meter) -> None:
    """A full cart, in every way, twice, and when it has changed."""
    account = meter.account
    await meter.taps(b.OpenCheckout())
    await meter.taps(b.ConfirmCheckout(BANK))
    await meter.taps(b.ConfirmCheckout(NOT_A_WAY), "in a way there is none of")
    revision, seal = await account.cart()
    await meter.taps(b.PlaceOrder(revision, seal + 1, BANK), "after the prices changed")
    for gateway, name in ((BANK, "by transfer"), (TELEGRAM, "in Telegram"), (CREDIT, "by credit")):
        revision, seal = await account.cart()
        use_credit = gateway == CREDIT
        tapped = b.PlaceOrder(revision, seal, gateway, use_credit=use_credit)
        await meter.taps(tapped, name)
        await meter.taps(tapped, f"{name}, again")
        await account.fill_cart()
    await meter.taps(b.EmptyCart((await account.cart())[0]))
    await meter.taps(b.OpenCheckout(), "of nothing", is_stale=True)


async def parts(meter: Meter) -> None:
    """What is due, and one service, out of a full cart; the rest stays in it."""
    account = meter.account
    await account.actions.add_all_due_soon(account.client, PL)
    await meter.taps(b.PayDue(soon=True))
    await meter.taps(b.PayDue(soon=True), "again")
    await meter.taps(b.OpenRenewalCycle(account.free, 0))
    await meter.taps(b.RenewFor(account.free, QUARTERLY))
    lines = [line.id for line in (await account.lines()) if line.service_id == account.free]
    part = CartPart(lines[0], lines[0])
    await meter.taps(b.OpenCheckout(part=part), "of a part")
    await meter.taps(b.ConfirmCheckout(BANK, part=part), "of a part")
    revision, seal = await account.cart(part)
    await meter.taps(b.PlaceOrder(revision, seal + 1, BANK, part=part), "of a part that changed")
    await meter.taps(b.EmptyCart((await account.cart())[0]))
    await meter.taps(b.ConfirmCheckout(BANK, part=part), "of a part that is gone", is_stale=True)


async def proformas(meter: Meter) -> None:
    """Looked at, paid and cancelled."""
    account = meter.account
    invoice = await account.place()
    await meter.taps(b.OpenInvoices())
    await meter.taps(b.OpenInvoices(past=True), "of the past")
    await meter.taps(b.OpenInvoices(page=9), "past the end")
    await meter.taps(b.OpenInvoice(invoice))
    for gateway, name in ((BANK, "by transfer"), (TELEGRAM, "in Telegram")):
        await meter.taps(b.PayInvoice(invoice, gateway), name)
    await meter.taps(b.PayInvoice(invoice, CREDIT), "by credit", is_stale=True)
    await meter.taps(b.PayWithCredit(invoice, 0), "of another amount")
    by_credit = b.PayWithCredit(invoice, await account.seal_of(invoice))
    await meter.taps(by_credit)
    await meter.taps(by_credit, "again")
    invoice = await account.place()
    await meter.taps(b.AskCancelInvoice(invoice))
    await meter.taps(b.CancelInvoice(invoice))
    await meter.taps(b.CancelInvoice(invoice), "again")
    await meter.taps(b.RenewLapsed(invoice))
    await meter.taps(b.RenewLapsed(invoice), "again")
    await meter.taps(b.OpenCredit())
