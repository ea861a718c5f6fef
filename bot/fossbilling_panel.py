"""A FOSSBilling, made from the settings."""

from billing.ports.outside import Clock
from billing.rules.shop.quotes import Taxation
from bot.panels.fossbilling.budget import Budget
from bot.panels.fossbilling.http import Access, PanelHttp
from bot.panels.fossbilling.panel import FossBilling
from bot.settings import Settings


def make(settings: Settings, clock: Clock) -> FossBilling:
    """The panel of the settings; nothing was asked of it yet."""
    token = settings.panel_token.get_secret_value() if settings.panel_token else ""
    return FossBilling(
        PanelHttp(Access(settings.panel_url or "", token), Budget(settings.panel_calls_per_hour)),
        settings.panel_zone,
        clock.now,
        Taxation(settings.tax_basis_points, included=settings.prices_include_tax),
    )
