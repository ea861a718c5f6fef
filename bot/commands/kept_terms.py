"""The settings that say what amounts and dates mean, as the data was loaded with them.

They are kept in the database. A start with others (a lost `.env`, another folder) would sell
everything for other prices, so it is refused until the operator says that the change is meant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.app import Heart
from bot.setting_problems import env_name
from bot.settings import Settings

KEY = "terms"
FIELDS = ("currency", "tax_rate", "prices_include_tax", "timezone")


class TermsError(Exception):
    """The settings are others than those with which the data was loaded."""


@dataclass(frozen=True, slots=True)
class Term:
    """One of these settings: as it was when the data was loaded (None: not known), and now."""

    name: str
    loaded: str | None
    now: str
    is_default: bool

    @property
    def has_changed(self) -> bool:
        """Whether it means something else than it did."""
        return self.loaded is not None and self.loaded != self.now

    def __str__(self) -> str:
        default = " (it is not set: the default)" if self.is_default else ""
        return f"{self.name} was {self.loaded} and is {self.now}{default}"


async def read_terms(heart: Heart) -> tuple[Term, ...]:
    """Each of them, as loaded and now."""
    kept = await heart.database.settings_store.get(KEY)
    loaded: Mapping[str, str] = json.loads(kept) if kept else {}
    now, given = _now(heart.settings), heart.settings.model_fields_set
    return tuple(
        Term(env_name(name), loaded.get(name), now[name], name not in given) for name in FIELDS
    )


async def check_terms(heart: Heart) -> None:
    """TermsError, naming what differs and what to do, when a setting is not what it was."""
    changed = [term for term in await read_terms(heart) if term.has_changed]
    if changed:
        lines = "\n".join(f"  {term}" for term in changed)
        raise TermsError(
            f"The data was loaded with other settings than those of now:\n{lines}\n"
            "Amounts or days would mean something else. Is this the folder of your .env, and is "
            "it complete? If you mean the change, say so with `panelik terms accept`."
        )


async def keep_terms(heart: Heart) -> None:
    """Keep the settings of now as those with which the data was loaded."""
    await heart.database.settings_store.set(KEY, json.dumps(_now(heart.settings), sort_keys=True))


async def keep_first_terms(heart: Heart) -> None:
    """The same where data is loaded and none are kept yet."""
    if await heart.database.settings_store.get(KEY) is not None:
        return
    if (await heart.actions.show_catalog()).revision:
        await keep_terms(heart)


def _now(settings: Settings) -> Mapping[str, str]:
    """The values in one way of writing each: 23 and 23.00 are one rate."""
    points = settings.tax_basis_points
    rate = f"{points // 100}.{points % 100:02}".rstrip("0").rstrip(".")
    return {
        "currency": settings.currency,
        "tax_rate": rate,
        "prices_include_tax": str(settings.prices_include_tax).lower(),
        "timezone": settings.timezone,
    }
