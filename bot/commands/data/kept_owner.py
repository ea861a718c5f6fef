"""The panel that owns the services, invoices, credit and dates in the database.

Its name and identity are kept there. With another one (a lost `.env`, another folder, a copy of
another installation) its data would be taken for the other's, so a start is refused.
"""

from billing.rules.panel.owner import Owner, Ownership
from bot.app import Core

SETTING = "PANELIK_PANEL"


class OwnerError(Exception):
    """The database belongs to another panel; the text says what is kept, found and to do."""


async def check_owner(core: Core) -> None:
    """Raise OwnerError if the database belongs to another panel than the settings name."""
    _check(await core.actions.read_owner())


async def keep_first_owner(core: Core) -> None:
    """Give a new database to the panel of the settings; OwnerError if it has another owner."""
    _check(await core.actions.keep_first_owner())


def _check(ownership: Ownership) -> None:
    owner = ownership.owner
    if owner is None:
        return
    if ownership.is_other_panel:
        raise OwnerError(
            f"This database belongs to the panel {in_words(owner)}, but {SETTING} is "
            f"{ownership.panel}. The same ids mean other services there. Is this the folder of "
            f"your .env, and is it complete? Set {SETTING}={owner.panel}, or name another "
            "database with PANELIK_DATABASE_URL."
        )
    if ownership.has_moved:
        raise OwnerError(
            f"This database belongs to the panel {in_words(owner)}, but the one of the settings "
            f"is {ownership.panel} at {ownership.identity}. If it is the same panel at another "
            "address, say so with `panelik panel moved`. If it is another one, set the address "
            "back, or name another database with PANELIK_DATABASE_URL."
        )


def in_words(owner: Owner) -> str:
    """An owner as messages name it: "whmcs at https://… (since 2026-11-29)"."""
    at = f" at {owner.identity}" if owner.identity else ""
    return f"{owner.panel}{at} (since {owner.since:%Y-%m-%d})"
