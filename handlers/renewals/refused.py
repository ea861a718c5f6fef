"""What cannot be renewed now: why, from when, and the proforma that it is already on."""

from markupsafe import Markup

from billing.views.cart import RenewalList, RenewalRefused
from handlers.buttons import OpenInvoice, OpenNotRenewable, OpenRenewals, OpenService
from handlers.chat.errors import reason
from handlers.chat.origin import Origin
from handlers.chat.screen import Button, Row, Screen
from handlers.chat.widgets import back, lines, number_rows, pager
from handlers.chat.wording import button_name, facts, service_title
from locales.text import Plain
from locales.translator import Translator

FEW = 8
"""Up to so many stand below the offers; more have a list of their own."""

PAGE_SIZE = 8
FINISH_BUTTONS = 3


def why(t: Translator, refused: RenewalRefused) -> Plain:
    """The reason in words, with the date from which it can be renewed."""
    if refused.on_invoice is not None:
        return reason(t, "already_invoiced")
    able = refused.renewability
    if able.refusal is None:
        return reason(t, "not_offered")
    return reason(t, able.refusal, {"opens_on": able.opens_on})


def collapsed(t: Translator, found: RenewalList) -> tuple[str | Markup, ...]:
    """A few services that cannot be renewed, below the offers; several are collapsed."""
    if not found.refused or len(found.refused) > FEW:
        return ()
    entries = lines(*(_entry(t, refused) for refused in found.refused))
    if len(found.refused) > 2:
        quoted = Markup("<blockquote expandable>{}</blockquote>").format(entries)
    else:
        quoted = Markup("<blockquote>{}</blockquote>").format(entries)
    return ("", t("Not renewable now:"), quoted)


def _entry(t: Translator, refused: RenewalRefused) -> Markup:
    title = service_title(t, refused.service, refused.parent_name)
    return Markup("{}: {}").format(title, why(t, refused))


def finish_rows(t: Translator, found: RenewalList) -> tuple[Row, ...]:
    """A button for each unpaid proforma that a renewal is on, a few at most."""
    by_invoice = {r.on_invoice: r for r in reversed(found.refused) if r.on_invoice is not None}
    return tuple(
        (
            Button(
                t.plain("Finish payment · {name}", name=button_name(refused.service)),
                OpenInvoice(invoice, origin=Origin.RENEWALS),
            ),
        )
        for invoice, refused in list(reversed(by_invoice.items()))[:FINISH_BUTTONS]
    )


def not_renewable(
    t: Translator, found: RenewalList, page: int = 0, origin: Origin = Origin.SERVICES
) -> Screen:
    """Everything that cannot be renewed now, numbered; a number opens the service's page."""
    pages = max(1, -(-len(found.refused) // PAGE_SIZE))
    page = min(page, pages - 1)
    first = page * PAGE_SIZE
    shown = found.refused[first : first + PAGE_SIZE]
    return Screen(
        lines(
            t("🔄 <b>Not renewable now</b>"),
            "",
            *(_numbered(t, refused, n) for n, refused in enumerate(shown, start=first + 1)),
            None if shown else t("Everything you have can be renewed."),
        ),
        (
            *number_rows([_leads_to(refused) for refused in shown], first=first + 1),
            *pager(t, page, pages, lambda p: OpenNotRenewable(p, origin)),
            (back(t, OpenRenewals(0, origin)),),
        ),
    )


def _numbered(t: Translator, refused: RenewalRefused, number: int) -> Markup:
    title = service_title(t, refused.service, refused.parent_name)
    return lines(Markup("{}. {}").format(number, title), facts(why(t, refused)))


def _leads_to(refused: RenewalRefused) -> OpenService | OpenInvoice:
    if refused.on_invoice is not None:
        return OpenInvoice(refused.on_invoice, origin=Origin.RENEWALS)
    return OpenService(refused.service.id, Origin.RENEWALS)
