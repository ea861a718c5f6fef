"""The services of the list: two lines of text each, and a button that carries its name."""

from markupsafe import Markup

from billing.rules.services.service import Service
from billing.views.services import ListedService, ServiceList
from handlers.chat.screens.short_names import Named, names_apart
from handlers.chat.screens.widgets import lines, name_with_domain, shortened_domain
from handlers.chat.screens.wording import line_limit
from handlers.services.words import (
    OVERDUE,
    due_sign,
    ending,
    gross_price,
    list_price,
    near_payment,
    status_of,
)
from locales.labels import STATUS_SIGNS
from locales.text import Plain
from locales.translator import Translator

LABEL_LIMIT = 30
"""Characters of a button as wide as the message on a phone."""

NAME_LEAST = 10
"""So much of a name stays beside its domain, which tells services apart."""

ENDING = "🔚"


def entry(t: Translator, service_list: ServiceList, listed: ListedService) -> Markup:
    """Name and domain; below them status, price and the next payment."""
    service = listed.service
    what_next = _what_next(t, service_list, listed)
    price = list_price(t, service, service_list.taxation)
    return lines(
        _title(service),
        Markup(" · ").join(
            part for part in (status_of(t, service), price, what_next) if part is not None
        ),
    )


def _what_next(t: Translator, service_list: ServiceList, listed: ListedService) -> Markup | None:
    """Its end, a request to end it that waits for an answer, or the next payment."""
    if listed.is_ending:
        return ending(t, listed.ends_on)
    if listed.is_asked_to_end:
        return t("🕓 cancellation")
    return near_payment(t, listed.service, service_list.today, service_list.soon_days)


def _title(service: Service) -> Plain:
    """Name and domain on one line of a phone; the domain is what tells services apart."""
    name, domain = service.title, service.domain
    limit = line_limit(name, domain)
    return name_with_domain(name, domain, limit, least=NAME_LEAST, cut=shortened_domain)


def labels(t: Translator, service_list: ServiceList) -> list[Plain]:
    """The labels of the buttons: sign, name and what matters; only a name is ever cut."""
    around = [
        (_sign(service_list, listed), _amount(t, service_list, listed))
        for listed in service_list.services
    ]
    names = names_apart(
        [
            _named(listed.service, LABEL_LIMIT - len(_label(sign, "", amount)))
            for listed, (sign, amount) in zip(service_list.services, around, strict=True)
        ]
    )
    return [_label(sign, name, amount) for (sign, amount), name in zip(around, names, strict=True)]


def _label(sign: str, name: str, amount: str) -> Plain:
    return Plain(f"{sign} {name} · {amount}" if amount else f"{sign} {name}")


def _named(service: Service, room: int) -> Named:
    return Named(service.label, service.name, service.domain, room)


def is_overdue(service_list: ServiceList, listed: ListedService) -> bool:
    """Whether its line has the warning sign."""
    return _sign(service_list, listed) == OVERDUE


def _sign(service_list: ServiceList, listed: ListedService) -> str:
    if listed.is_ending:
        return ENDING
    if listed.is_asked_to_end:
        return STATUS_SIGNS[listed.service.status]
    sign = due_sign(listed.service, service_list.today, service_list.soon_days)
    return sign or STATUS_SIGNS[listed.service.status]


def _amount(t: Translator, service_list: ServiceList, listed: ListedService) -> str:
    """What matters: the amount; of a service that ends, its last day."""
    if listed.is_ending:
        return "" if listed.ends_on is None else t.date(listed.ends_on)
    price = gross_price(listed.service, service_list.taxation)
    return "" if price is None or listed.service.costs_nothing else t.money(price)
