"""Clients of the panel as ours. What the panel shows beyond this, a token too, is left there."""

from typing import Final

from billing.rules.money import Money
from billing.views.panel import PanelClient
from bot.panels.fossbilling.values import Row, flag, id_in, money, ref_of, text

_ACTIVE: Final = "active"


def read_client(client: Row, ref: str = "") -> PanelClient:
    """Read a row of a client; one that is not active, or has no status, may buy nothing.

    `ref` is whom one has asked for, where it was one. Else UnreadableError for an odd number.
    """
    company = text(client.get("company"))
    person = f"{text(client.get('first_name'))} {text(client.get('last_name'))}".strip()
    return PanelClient(
        ref=ref or ref_of(id_in(client, "id")),
        name=company or person,
        email=text(client.get("email")),
        currency=text(client.get("currency")),
        language=text(client.get("lang")).replace("-", "_").partition("_")[0].lower(),
        timezone=text(client.get("timezone")),
        country=text(client.get("country")),
        tax_id=text(client.get("company_vat")),
        is_closed=client.get("status") != _ACTIVE,
        tax_rate=0 if flag(client.get("tax_exempt")) else None,
    )


def balance_of(client: Row) -> Money | None:
    """What stands to the client's credit; None where the row does not say."""
    return money(client.get("balance"), text(client.get("currency")))
