"""The settings that say what amounts and dates mean, as the data was loaded with them.

They are kept in the database. With other settings (a lost `.env`, another folder) everything would
be sold at other prices, so a start is refused until the operator accepts the change.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.app import Core
from bot.setting_problems import env_name
from bot.settings import Settings

KEY = "terms"
FIELDS = ("currency", "tax_rate", "prices_include_tax", "timezone")


class TermsError(Exception):
    """The settings differ from those with which the data was loaded."""


@dataclass(frozen=True, slots=True)
class Term:
    """One of these settings: its value when the data was loaded (None: not known), and now."""

    name: str
    loaded: str | None
    now: str
    is_default: bool

    @property
    def has_changed(self) -> bool:
        """Return whether the value differs from a known earlier one."""
        return self.loaded is not None and self.loaded != self.now

    def __str__(self) -> str:
        default = " (it is not set: the default)" if self.is_default else ""
        return f"{self.name} was {self.loaded} and is {self.now}{default}"


async def read_terms(core: Core) -> tuple[Term, ...]:
    """Read each setting, as loaded and now."""
    text = await core.database.settings_store.get(KEY)
    last_terms: Mapping[str, str] = json.loads(text) if text else {}
    now, set_fields = _now(core.settings), core.settings.model_fields_set
    return tuple(
        Term(env_name(name), last_terms.get(name), now[name], name not in set_fields)
        for name in FIELDS
    )


async def check_terms(core: Core) -> None:
    """Raise TermsError, with what differs and what to do, if a setting has changed."""
    changed = [term for term in await read_terms(core) if term.has_changed]
    if changed:
        lines = "\n".join(f"  {term}" for term in changed)
        raise TermsError(
            f"The data was loaded with other settings than those of now:\n{lines}\n"
            "Amounts or days would mean something else. Is this the folder of your .env, and is "
            "it complete? If you mean the change, say so with `panelik terms accept`."
        )


async def keep_terms(core: Core) -> None:
    """Keep the current settings as those with which the data was loaded."""
    await core.database.settings_store.set(KEY, json.dumps(_now(core.settings), sort_keys=True))


async def keep_first_terms(core: Core) -> None:
    """Keep the current settings if data is loaded and no settings are kept yet."""
    if await core.database.settings_store.get(KEY) is not None:
        return
    if (await core.actions.show_catalog()).revision:
        await keep_terms(core)


def _now(settings: Settings) -> Mapping[str, str]:
    """Normalize the values: 23 and 23.00 are the same rate."""
    points = settings.tax_basis_points
    rate = f"{points // 100}.{points % 100:02}".rstrip("0").rstrip(".")
    return {
        "currency": settings.currency,
        "tax_rate": rate,
        "prices_include_tax": str(settings.prices_include_tax).lower(),
        "timezone": settings.timezone,
    }
