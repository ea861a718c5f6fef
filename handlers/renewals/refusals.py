"""What cannot be renewed now: why, from when, and the proforma that it is already on."""

from markupsafe import Markup

from billing.views.cart import RenewalList, RenewalRefused
from handlers.buttons import (
    OpenInvoice,
    OpenInvoices,
    OpenNotRenewable,
    OpenRenewals,
    OpenService,
)
from handlers.chat.screens.errors import reason
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen
from handlers.chat.screens.widgets import back, lines, number_rows, pager
from handlers.chat.screens.wording import facts, service_title
from locales.text import Plain
from locales.translator import Translator


def why(t: Translator, refusal: RenewalRefused) -> Plain:
    """The reason in words, with the date from which it can be renewed."""
    if refusal.on_invoice is not None:
        return reason(t, "already_invoiced")
    able = refusal.renewability
    if able.refusal is None:
        return reason(t, "not_offered")
    return reason(t, able.refusal, {"opens_on": able.opens_on, "parent": refusal.parent_name})


def short_list(t: Translator, renewal_list: RenewalList) -> tuple[str | Markup, ...]:
    """What cannot be renewed, if it fits a page of its list; several are collapsed."""
    refused = renewal_list.refused
    if not refused.count or refused.pages > 1:
        return ()
    entries = lines(*(_entry(t, refusal) for refusal in refused))
    if refused.count > 2:
        block = Markup("<blockquote expandable>{}</blockquote>").format(entries)
    else:
        block = Markup("<blockquote>{}</blockquote>").format(entries)
    return ("", t("Can't be renewed yet:"), block)


def _entry(t: Translator, refusal: RenewalRefused) -> Markup:
    title = service_title(t, refusal.service, refusal.parent_name)
    return Markup("{}: {}").format(title, why(t, refusal))


def finish_rows(t: Translator, renewal_list: RenewalList) -> tuple[Row, ...]:
    """The way to the unpaid proforma that a renewal is on; of several, to all of them."""
    balances = renewal_list.balances
    if not balances:
        return ()
    if len(balances) > 1:
        label = t.plain("Finish payments ({n})", n=len(balances))
        return ((Button(label, OpenInvoices()),),)
    ((invoice, balance),) = balances.items()
    # A proforma may hold several services, so none of them is named.
    label = t.plain("Finish payment · {name}", name=t.money(balance))
    return ((Button(label, OpenInvoice(invoice, origin=Origin.RENEWALS)),),)


def not_renewable(
    t: Translator, renewal_list: RenewalList, origin: Origin = Origin.SERVICES
) -> Screen:
    """Everything that cannot be renewed now, numbered; a number opens the service's page."""
    refused = renewal_list.refused
    refusals, first = refused.items, refused.before + 1
    return Screen(
        lines(
            t("🔄 <b>Can't be renewed yet</b>"),
            "",
            *(_list_entry(t, refusal, n) for n, refusal in enumerate(refusals, start=first)),
            None if refusals else t("Everything you have can be renewed."),
        ),
        (
            *number_rows([_leads_to(refusal) for refusal in refusals], first=first),
            *pager(t, refused.number, refused.pages, lambda p: OpenNotRenewable(p, origin)),
            (back(t, OpenRenewals(0, origin)),),
        ),
    )


def _list_entry(t: Translator, refusal: RenewalRefused, number: int) -> Markup:
    title = service_title(t, refusal.service, refusal.parent_name)
    return lines(Markup("{}. {}").format(number, title), facts(why(t, refusal)))


def _leads_to(refusal: RenewalRefused) -> OpenService | OpenInvoice:
    if refusal.on_invoice is not None:
        return OpenInvoice(refusal.on_invoice, origin=Origin.RENEWALS)
    return OpenService(refusal.service.id, Origin.RENEWALS)
