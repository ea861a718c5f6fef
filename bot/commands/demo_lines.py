"""What a demo prints when it begins."""

import sys
from pathlib import Path

from bot.settings import Settings

OTHER_CLIENT = "To be another of your clients, make a code as below; in the chat send /link CODE."


def newcomer_lines(name: str, link: str) -> str:
    """Say how somebody who is not linked yet becomes a user."""
    return (
        f"{name} is not linked yet; her link: {link}\n"
        "Or she links by e-mail as marta@chmurnik.example: the page shows what is sent."
    )


def operator_lines(settings: Settings, example: str) -> str:
    """Say how the operator's commands are used beside the demo."""
    command = sys.argv[0] if Path(sys.argv[0]).stem == "panelik" else "python -m bot"
    given = [f"PANELIK_DATABASE_URL={settings.database_url.get_secret_value()}"]
    if settings.panel_url is not None and settings.panel_token is not None:
        token = settings.panel_token.get_secret_value()
        given += [f"PANELIK_PANEL={settings.panel}", f"PANELIK_PANEL_URL={settings.panel_url}"]
        given += [f"PANELIK_PANEL_TOKEN={token}"]
        given += [f"PANELIK_PANEL_TIMEZONE={settings.panel_timezone}"]
    words = " ".join([*given, command, example])
    return f"What the operator does, in another terminal, for example:\n  {words}"
