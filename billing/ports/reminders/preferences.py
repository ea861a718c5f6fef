"""What users want of reminders."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from billing.rules.reminders.preferences import Pause, ReminderPreferences
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog


@dataclass(frozen=True, slots=True)
class RemindableService:
    """A service that reminders speak of, whether it is being cancelled, and the user's pause.

    An add-on is `cancelling` with its service; `ends_on` where that one ends with its period.
    """

    service: Service
    cancelling: bool
    pause: Pause | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class SettingsInputs:
    """A user's choices, None without a link, what reminders may speak of, and the catalogue."""

    preferences: ReminderPreferences | None
    owed: tuple[RemindableService, ...]
    catalog: Catalog


class Preferences(Protocol):
    """Each user's choices for each client they are linked to."""

    async def save(self, user_id: int, client_id: int, preferences: ReminderPreferences) -> None:
        """Keep them; without a link nothing happens."""

    async def pauses(self, client_ids: Collection[int]) -> tuple[Pause, ...]:
        """All pauses that users have for these clients' services."""

    async def read_settings_inputs(self, user_id: int, client_id: int) -> SettingsInputs:
        """Their choices, what the client owes on some day, by that day, and the catalogue.

        One statement; with a catalogue that was loaded since, a second one.
        """

    async def pause(self, client_id: int, pauses: Sequence[Pause]) -> None:
        """Begin pauses, each in place of an earlier one for the same user and service.

        A service that is not the client's is left out.
        """

    async def end_pauses(self, user_id: int, client_id: int, service_ids: Collection[int]) -> None:
        """End a user's pauses for these services; absent is fine."""

    async def prune(self, *, before: date, limit: int) -> int:
        """Delete pauses that ended before a day; how many."""
