"""A report on a real panel that its operator can send in: no names, addresses, texts or secrets.

Everything in it is a count, a time, a word of FOSSBilling's own, or the shape of a row. It only
reads.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.feed import is_understood
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.paging import PAGE
from bot.panels.fossbilling.panel import FossBilling
from bot.panels.fossbilling.permissions import NOWHERE
from bot.panels.fossbilling.probe_words import words_of
from bot.panels.fossbilling.shapes import is_artefact, shape_of
from bot.panels.fossbilling.values import Row, id_of, ref_of, row, rows, text

_TIMES: Final = 3
_WORDS: Final = frozenset(
    {
        "pending_setup", "failed_setup", "failed_renew", "active", "suspended", "canceled",
        "unpaid", "paid", "refunded", "issue-invoice", "no-invoice", "renew", "activate", "void",
        "domain", "hosting", "custom", "license", "downloadable", "membership", "free", "once",
        "recurrent",
    }
)  # fmt: skip
"""Words of FOSSBilling; any other one is counted as another, since somebody may have made it."""


@dataclass(slots=True)
class Probe:
    """Makes a report, section by section, each a title with its lines."""

    panel: FossBilling
    times: dict[str, list[float]] = field(default_factory=dict)

    async def report(self) -> list[tuple[str, list[str]]]:
        """Look at everything; a section that cannot be read says so."""
        findings = await self.panel.check()
        address = self.panel.http.access.address
        checked = [
            f"{one.about}: {one.state} - {one.text.replace(address, '(address)')}"
            for one in findings
        ]
        sections = [("Check", checked)]
        for title, look in (
            ("Orders", self._orders),
            ("Invoices", self._invoices),
            ("Clients", self._clients),
            ("Products", self._products),
            ("Activity log", self._activities),
            ("Errors", self._errors),
        ):
            try:
                sections.append((title, await look()))
            except Exception as error:  # noqa: BLE001 - a panel may answer anything
                sections.append((title, [f"not read: {words_of(error)}"]))
        sections.append(("Times (median ms)", self._medians()))
        return sections

    @property
    def _http(self) -> PanelHttp:
        return self.panel.http

    async def _timed(self, call: str, **values: Any) -> Any:
        answer = None
        for _ in range(_TIMES):
            begun = time.perf_counter()
            answer = await self._http.read(call, **values)
            self.times.setdefault(call, []).append(time.perf_counter() - begun)
        return answer

    def _medians(self) -> list[str]:
        return [f"{call}: {median(taken) * 1000:.0f}" for call, taken in self.times.items()]

    async def _orders(self) -> list[str]:
        page = row(await self._timed("admin/order/get_list", per_page=PAGE))
        listed = {id_of(one["id"]): one for one in rows(page.get("list"))}
        mains = [one for one in listed.values() if one.get("group_master")]
        gaps = max(listed) - min(listed) + 1 - len(listed) if listed else 0
        lines = [
            f"total said: {page.get('total')}, pages: {page.get('pages')}",
            f"looked at: {len(listed)}, main orders: {len(mains)}, gaps between ids: {gaps}",
            f"with meta: {sum(bool(one.get('meta')) for one in listed.values())}",
            *_counted(listed.values(), "status", "service_type", "invoice_option", "period"),
        ]
        for main in mains[:1]:
            number = id_of(main["id"])
            addons = rows(await self._timed("admin/order/addons", id=number))
            alone = row(await self._timed("admin/order/get", id=number))
            lines += _shape("order in a list", [main])
            lines += _shape("order alone", [alone])
            lines += _shape("add-on", addons[:1])
        return lines

    async def _invoices(self) -> list[str]:
        await self._timed("admin/invoice/get_list", per_page=100, summary=1)
        page = row(await self._timed("admin/invoice/get_list", per_page=100))
        invoices = rows(page.get("list"))
        on_lines = [line for invoice in invoices for line in rows(invoice.get("lines"))]
        artefacts = sum(is_artefact(invoice.get("total")) for invoice in invoices)
        return [
            f"total said: {page.get('total')}, looked at: {len(invoices)}",
            f"sums that are binary fractions: {artefacts}",
            f"lines with tax of their own: {sum(bool(line.get('tax')) for line in on_lines)}",
            f"taxed invoices: {sum(bool(invoice.get('tax')) for invoice in invoices)}",
            *_counted(invoices, "status", "approved"),
            *_counted(on_lines, "type", "task", "status"),
            *_shape("invoice", invoices),
            *_shape("line", on_lines),
        ]

    async def _clients(self) -> list[str]:
        page = row(await self._timed("admin/client/get_list", per_page=100))
        clients = rows(page.get("list"))
        lines = [
            f"total said: {page.get('total')}",
            *_counted(clients, "status", "tax_exempt"),
            *_shape("client in a list", clients),
        ]
        for client in clients[:1]:
            alone = row(await self._timed("admin/client/get", id=int(ref_of(client.get("id")))))
            lines.append(f"shows a client's token: {'api_token' in alone}")
            lines += _shape("client alone", [alone])
        return lines

    async def _products(self) -> list[str]:
        page = row(await self._timed("admin/product/get_list", per_page=100))
        products = rows(page.get("list"))
        offers = [row(one.get("pricing")) for one in products]
        periods = [row(one.get("recurrent")) for one in offers]
        unfilled = sum(
            bool(row(offer).get("enabled")) and not row(offer).get("price")
            for each in periods
            for offer in each.values()
        )
        offered = [one for one in (await self.panel.catalogue()).products if one.offered]
        return [
            f"total said: {page.get('total')}",
            f"offered: {len(offered)}, prices: {sum(len(one.prices) for one in offered)}",
            f"with add-ons: {sum(bool(one.get('addons')) for one in products)}",
            f"periods that are on without a price: {unfilled}",
            *_counted(products, "type", "status", "hidden"),
            *_counted(offers, "type"),
            *_shape("product", products),
        ]

    async def _activities(self) -> list[str]:
        page = row(await self._timed("admin/activity/log_get_list", per_page=100))
        activities = rows(page.get("list"))
        understood = sum(is_understood(text(one.get("message"))) for one in activities)
        changes = await self.panel.changes("")
        return [
            f"total said: {page.get('total')}, newest id: {changes.cursor}",
            f"messages that name a row: {understood} of {len(activities)}",
            *_shape("activity", activities),
        ]

    async def _errors(self) -> list[str]:
        """How it refuses: an id that no row has, and a method that there is not."""
        lines = []
        for call in ("admin/order/get", "admin/order/panelik"):
            try:
                await self._http.read(call, id=NOWHERE)
                lines.append(f"{call}: answered")
            except RefusedError as error:
                lines.append(f"{call}: code {error.code}")
        return lines


def _counted(found: Iterable[Row], *names: str) -> list[str]:
    """How often each word of FOSSBilling's own stands in a field."""
    several = list(found)
    return [
        f"{name}: {dict(sorted(Counter(_word(one.get(name)) for one in several).items()))}"
        for name in names
    ]


def _word(value: object) -> str:
    if value is None or isinstance(value, (bool, int)):
        return str(value)
    is_period = len(text(value)) <= 3 and text(value)[:1].isdecimal()
    return text(value) if is_period or text(value) in _WORDS else "(another)"


def _shape(what: str, found: Iterable[Row]) -> list[str]:
    shape: Mapping[str, str] = shape_of(found)
    return [f"{what}.{name}: {kind}" for name, kind in shape.items()]
