"""The services that an add-on fits, and why it does not fit others, in words."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog, Product, ProductKind, text_in
from billing.views.shop import AddOnChoice
from handlers.buttons import OpenInvoice
from handlers.chat.screens.errors import reason
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Style
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import service_title
from handlers.orders.words import joined, name_of
from locales.text import Plain
from locales.translator import Translator

FITS_LIMIT = 500
LABEL_LIMIT = 48
FEW = 8
"""Most services or add-ons that are listed although they cannot be chosen."""

FINISH_BUTTONS = 3


def why_not(t: Translator, choice: AddOnChoice) -> Plain:
    """Why an add-on cannot be ordered for a service."""
    if choice.in_cart:
        return t.plain("It is in the cart already.")
    if choice.on_invoice is not None:
        return reason(t, "on_proforma", {"number": choice.on_invoice.number})
    return reason(t, str(choice.obstacle))


def service_label(service: Service) -> Plain:
    """A service on a button, with its domain."""
    if not service.domain or service.domain == service.title:
        return shortened(service.title, LABEL_LIMIT)
    title = shortened(service.title, LABEL_LIMIT // 2)
    return shortened(f"{title} · {service.domain}", LABEL_LIMIT)


def fits_what(t: Translator, catalog: Catalog, addon: Product) -> tuple[str | Markup, ...]:
    """The products of an add-on; a group's name stands for all its products."""
    names = joined(_names(t, catalog, addon), FITS_LIMIT)
    return ("", t("Goes with: {names}", names=names)) if names else ()


def _names(t: Translator, catalog: Catalog, addon: Product) -> Iterator[Plain]:
    for group in catalog.groups:
        products = [
            product
            for product in catalog.products
            if product.kind is ProductKind.PRODUCT
            and product.offered
            and product.group == group.id
        ]
        fitting = [product for product in products if addon.fits_product(product.id)]
        if len(fitting) > 1 and len(fitting) == len(products):
            yield Plain(text_in(group.name, (t.language,)) or group.id)
        else:
            yield from (name_of(t, product) for product in fitting)


def for_service(t: Translator, choice: AddOnChoice | None) -> Markup | None:
    """The service that an add-on is wanted for, and what is in the way."""
    if choice is None:
        return None
    line = t("for {service}", service=service_title(t, choice.service))
    if choice.obstacle is None:
        return line
    sign = "✓" if choice.in_cart else "⚠️"
    return lines(line, Markup("{} {}").format(sign, why_not(t, choice)))


def cart_leads_to(origin: Origin) -> Origin:
    """The way back from the cart: the service's page if it began there, else all add-ons."""
    return origin if origin is Origin.SERVICE else Origin.ADDONS


def finish_rows(t: Translator, choices: Iterable[AddOnChoice]) -> tuple[Row, ...]:
    """A button for each unpaid proforma that an add-on is on, a few at most."""
    unpaid = (choice.on_invoice for choice in choices)
    lines_by_invoice = {line.invoice_id: line for line in unpaid if line and line.invoice_id}
    return tuple(
        (
            Button(
                t.plain("Finish payment · {name}", name=line.number),
                OpenInvoice(number, origin=Origin.ADDONS),
                Style.SUCCESS,
            ),
        )
        for number, line in list(lines_by_invoice.items())[:FINISH_BUTTONS]
    )
