"""The services of the list: two lines of text each, and a button that carries its name."""

from collections import Counter

from markupsafe import Markup

from billing.rules.services import Service
from billing.views.services import ListedService, ServiceList
from handlers.chat.screens.widgets import lines, name_with_domain, shortened_inside
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

LINE_LIMIT = 40
"""Characters of a line of text on a phone."""

NAME_LEAST = 12
ENDING = "🔚"


def entry(t: Translator, service_list: ServiceList, listed: ListedService) -> Markup:
    """Name and domain; below them status, price and the next payment."""
    service = listed.service
    if listed.is_ending:
        what_next: Markup | None = ending(t, listed.ends_on)
    else:
        what_next = near_payment(t, service, service_list.today, service_list.soon_days)
    price = list_price(t, service, service_list.taxation)
    return lines(
        _title(service),
        Markup(" · ").join(
            part for part in (status_of(t, service), price, what_next) if part is not None
        ),
    )


def _title(service: Service) -> Plain:
    """Name and domain on one line of a phone; the domain is what tells services apart."""
    return name_with_domain(
        service.title, service.domain, LINE_LIMIT, least=NAME_LEAST, cut=shortened_inside
    )


def labels(t: Translator, service_list: ServiceList) -> list[Plain]:
    """The labels of the buttons; equal ones get a number."""
    plain = [_label(t, service_list, listed) for listed in service_list.services]
    often = Counter(plain)
    turns: Counter[Plain] = Counter()
    numbered = []
    for listed, label in zip(service_list.services, plain, strict=True):
        turns[label] += 1
        mark = f" {turns[label]}" if often[label] > 1 else ""
        numbered.append(_label(t, service_list, listed, mark) if mark else label)
    return numbered


def _label(
    t: Translator, service_list: ServiceList, listed: ListedService, mark: str = ""
) -> Plain:
    """Sign, name and what matters; only the name is ever cut, in its middle."""
    service = listed.service
    sign = _sign(service_list, listed)
    matters = _amount(t, service_list, listed)
    name = service.label or service.domain or service.name
    around = len(f"{sign} {mark}") + (len(f" · {matters}") if matters else 0)
    shown = f"{shortened_inside(name, max(1, LABEL_LIMIT - around))}{mark}"
    return Plain(" · ".join(part for part in (f"{sign} {shown}", matters) if part))


def is_overdue(service_list: ServiceList, listed: ListedService) -> bool:
    """Whether its line has the warning sign."""
    return _sign(service_list, listed) == OVERDUE


def _sign(service_list: ServiceList, listed: ListedService) -> str:
    if listed.is_ending:
        return ENDING
    sign = due_sign(listed.service, service_list.today, service_list.soon_days)
    return sign or STATUS_SIGNS[listed.service.status]


def _amount(t: Translator, service_list: ServiceList, listed: ListedService) -> str:
    """What matters: the amount; of a service that ends, its last day."""
    if listed.is_ending:
        return "" if listed.ends_on is None else t.date(listed.ends_on)
    price = gross_price(listed.service, service_list.taxation)
    return "" if price is None or listed.service.costs_nothing else t.money(price)
