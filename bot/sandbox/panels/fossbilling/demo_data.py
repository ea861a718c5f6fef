"""The state with which the panel of the demo begins, written out from `demo.yaml`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.sandbox.demodata import render
from bot.sandbox.panels.fossbilling.demo_products import addon_row, category_row, product_row
from bot.sandbox.panels.fossbilling.errors import Json
from bot.sandbox.panels.fossbilling.seed import Data
from bot.sandbox.panels.fossbilling.state import (
    Activity,
    BalanceRow,
    Client,
    Invoice,
    Line,
    Order,
)

_FILE = Path(__file__).parent / "demo.yaml"
_NOON = timedelta(hours=12)
_HASH_LIFE = timedelta(days=90)
_BOT = 3
"""The staff member whose token the bot has."""


def demo_data(now: datetime) -> Data:
    """Return the data of the demo; `now` is the panel's local time, without an offset."""
    told: Json = yaml.safe_load(render(_FILE.read_text(encoding="utf-8"), now.date()))
    return _Writer(told, now).data()


class _Writer:
    """Writes the panel's rows from what the file tells."""

    def __init__(self, told: Json, now: datetime) -> None:
        self._told = told
        self._now = now
        self._products = {row["id"]: row for row in (*told["products"], *told["addons"])}
        self._currencies = {row["id"]: row.get("currency", "PLN") for row in told["clients"]}

    def data(self) -> Data:
        told = self._told
        first, *more = [category_row(row, self._now) for row in told["categories"]]
        orders = [self._order(row) for row in told["orders"]]
        invoices = self._invoices(orders)
        return Data(
            clients=[self._client(row) for row in told["clients"]],
            orders=orders,
            invoices=invoices,
            balances=self._balances(),
            notes=[],
            activities=[Activity(**_LOGGED_IN, created_at=self._now)],
            products=[
                *(product_row(row, told, self._now) for row in told["products"]),
                *(addon_row(row, self._now) for row in told["addons"]),
            ],
            category=first,
            more_categories=more,
            company={"name": told["company"]["name"], "www": "", "signature": ""},
            gateways=[_GATEWAY | {"accepted_currencies": sorted(told["currencies"])}],
            currencies=told["currencies"],
            seller=_seller(told["company"]),
            staff={str(_BOT): {"name": "Bot", "email": "bot@chmurnik.example"}},
            last_ids={"lines": sum(len(invoice.lines) for invoice in invoices)},
        )

    def _client(self, row: Json) -> Client:
        return Client(
            id=row["id"],
            email=row["email"],
            first_name=row["first_name"],
            last_name=row["last_name"],
            currency=self._currencies[row["id"]],
            country=row["country"],
            status="active",
            company=row.get("company"),
            company_vat=row.get("company_vat"),
            phone_cc="48",
            phone="500500500",
            address_1="ul. Testowa 1",
            city="Chmurów",
            postcode="00-000",
            created_at=self._now - timedelta(days=700),
            updated_at=self._now,
        )

    def _order(self, row: Json) -> Order:
        product = self._products[row["product"]]
        kind = product.get("type", "custom")
        status = row.get("status", "active")
        began = _noon(row.get("paid")) or self._now - timedelta(days=6)
        is_set_up = status != "pending_setup"
        return Order(
            id=row["id"],
            client_id=row["client"],
            product_id=row["product"],
            group_id=f"demo{row.get('parent', row['id']):09}",
            group_master=int("parent" not in row),
            invoice_option="issue-invoice",
            title=row["domain"] if kind == "domain" else product["title"],
            currency=self._currencies[row["client"]],
            service_id=row["id"] if is_set_up else None,
            service_type=kind,
            period=row.get("period"),
            quantity=1,
            unit="year" if kind == "domain" else "product",
            price=self._price(row, product),
            status=status,
            reason=row.get("reason"),
            config=_config(row, kind),
            expires_at=_noon(row.get("expires")),
            activated_at=began if is_set_up else None,
            suspended_at=_noon(row.get("expires")) if status == "suspended" else None,
            canceled_at=began if status == "canceled" else None,
            created_at=began,
            updated_at=began,
        )

    def _price(self, row: Json, product: Json) -> float:
        if "tlds" in product:
            price = product["tlds"][_tld(row["domain"])]
        else:
            price = product["prices"][row["period"]] if "period" in row else product["once"]
        rate = self._told["currencies"][self._currencies[row["client"]]]["rate"]
        return float(round(price * rate, 2))

    def _invoices(self, orders: list[Order]) -> list[Invoice]:
        """Return the paid and the open ones, numbered in the order of their days."""
        of = {order.id: order for order in orders}
        rows = [*self._paid(of), *self._open(of)]
        rows.sort(key=lambda invoice: invoice.created_at)
        for number, invoice in enumerate(rows, start=1):
            invoice.id, invoice.nr, invoice.hash = number, str(number), f"demo{number:028}"
            invoice.lines[0].id = number
            invoice.rate = float(self._told["currencies"][invoice.currency]["rate"])
            if invoice.status == "unpaid":
                of[invoice.orders()[0]].unpaid_invoice_id = number
        return rows

    def _paid(self, of: dict[int, Order]) -> Iterator[Invoice]:
        for row in self._told["orders"]:
            day = _noon(row.get("paid"))
            if day is not None:
                invoice = _invoice(of[row["id"]], "activate", created=day, due=day)
                invoice.status, invoice.serie, invoice.paid_at = "paid", None, day
                invoice.gateway_id, invoice.lines[0].status = _GATEWAY["id"], "executed"
                yield invoice

    def _open(self, of: dict[int, Order]) -> Iterator[Invoice]:
        for row in self._told["invoices"]:
            created, due = _noon(row["created"]), _noon(row["due"])
            assert created is not None  # noqa: S101 - every row of the file has both days
            yield _invoice(of[row["order"]], row["task"], created=created, due=due)

    def _balances(self) -> list[BalanceRow]:
        rows = [row for row in self._told["clients"] if "balance" in row]
        return [
            BalanceRow(
                id=number,
                client_id=row["id"],
                description="Wpłata własna",
                amount=float(row["balance"]),
                created_at=self._now - timedelta(days=30),
            )
            for number, row in enumerate(rows, start=1)
        ]


def _invoice(order: Order, task: str, *, created: datetime, due: datetime | None) -> Invoice:
    line = Line(
        id=0,
        title=order.title,
        period=order.period,
        unit=order.unit,
        price=order.price,
        type="order",
        rel_id=order.id,
        task=task,
    )
    return Invoice(
        id=0,
        serie="FOSS",
        nr="0",
        client_id=order.client_id,
        hash="",
        hash_expires_at=created + _HASH_LIFE,
        currency=order.currency,
        rate=1.0,
        due_at=due,
        created_at=created,
        updated_at=created,
        lines=[line],
    )


def _config(row: Json, kind: str) -> Json:
    chosen: Json = {"period": row["period"]} if "period" in row else {}
    if kind == "domain":
        tld = _tld(row["domain"])
        sld = row["domain"].removesuffix(tld)
        return {
            "action": "register",
            "register_sld": sld,
            "register_tld": tld,
            "register_years": 1,
            **chosen,
        }
    if kind != "hosting":
        return chosen
    sld, _, rest = row["domain"].partition(".")
    own = {"action": "owndomain", "owndomain_sld": sld, "owndomain_tld": f".{rest}"}
    return {"domain": own, "sld": sld, "tld": f".{rest}", **chosen}


def _tld(domain: str) -> str:
    return f".{domain.rpartition('.')[2]}"


def _noon(day: Any) -> datetime | None:
    """Return noon of a day that YAML has read; the panel ends services at that hour."""
    return None if day is None else datetime.fromisoformat(str(day)) + _NOON


def _seller(company: Json) -> Json:
    names = ("company_number", "address_2", "address_3", "phone", "account_number", "bank_name")
    return {
        **dict.fromkeys(names),
        "company": company["name"],
        "company_vat": company["vat"],
        "address": company["address"],
        "address_1": company["address"],
        "email": company["email"],
        "bic": None,
    }


_LOGGED_IN: Json = {
    "id": 1,
    "admin_id": None,
    "client_id": None,
    "message": f"Staff member {_BOT} logged in",
}
_GATEWAY: Json = {
    "id": 1,
    "code": "Custom",
    "title": "Custom",
    "allow_single": 1,
    "allow_recurrent": 1,
    "logo": {"logo": "", "height": "50px", "width": "50px"},
}
