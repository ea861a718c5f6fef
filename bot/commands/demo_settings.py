"""The settings of a demo; they override the environment."""

from enum import StrEnum
from typing import Any

from bot.app import Core
from bot.commands.session import settings_or_exit
from bot.modes import Mode
from bot.panels.breaker import GuardedPanel
from bot.settings import Settings
from bot.sockets import free_port

PROVIDER_TOKEN = "284685063:TEST:sandbox"  # noqa: S105 - the sandbox takes any; nothing is real
MAIL_FROM = "Chmurnik Hosting <bok@chmurnik.example>"
INVENTED: dict[str, Any] = {
    "currency": "PLN",
    "tax_rate": "23",
    "prices_include_tax": True,
    "timezone": "Europe/Warsaw",
}
"""The settings of the invented company."""


class Beside(StrEnum):
    """What owns the demo's data."""

    EMBEDDED = "embedded"
    FOSSBILLING = "fossbilling"


def demo_settings(**given: Any) -> Settings:
    """Return settings with these values, whatever the environment says."""
    usual = {
        "proxy_url": None,
        "provider_token": PROVIDER_TOKEN,
        "outbox_seconds": 1,
        "log_level": "WARNING",
        "panel": Beside.EMBEDDED.value,
    }
    return settings_or_exit(**(usual | given))


def of_panel(url: str, token: str, zone: str) -> dict[str, Any]:
    """Return the settings of a FOSSBilling; the invented one asks for no tax."""
    return {
        "panel": Beside.FOSSBILLING.value,
        "panel_url": url,
        "panel_token": token,
        "panel_timezone": zone,
        "panel_calls_per_hour": 1_000_000,
        "panel_feed_seconds": 1,
        "prices_include_tax": False,
        "tax_rate": "0",
    }


def ask_again_soon(core: Core) -> None:
    """Let nobody wait for a panel outside that people have broken and mended again."""
    if isinstance(core.connected, GuardedPanel):
        core.connected.circuit.longest_pause = 1.0


def ways(mode: Mode, smtp_port: int) -> dict[str, Any]:
    """Return the settings of what comes in and goes out."""
    port = free_port()
    return {
        "smtp_url": f"smtp://127.0.0.1:{smtp_port}",
        "mail_from": MAIL_FROM,
        "link_secret": None,
        "mode": mode,
        "public_url": f"http://127.0.0.1:{port}",
        "web_host": "127.0.0.1",
        "web_port": port,
        "webhook_connections": 40,
        "webhook_secret": None,
    }
