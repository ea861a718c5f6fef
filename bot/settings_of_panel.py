"""The settings of the panel that owns services, invoices and dates, here or outside."""

from enum import StrEnum
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from bot import checks
from bot.setting_problems import env_name

EMBEDDED: Final = "embedded"


class MirrorScope(StrEnum):
    """Of whom Panelik keeps a copy of what a connected panel holds."""

    LINKED = "linked"
    ALL = "all"


class PanelSettings(BaseSettings):
    """Which panel it is, and how to reach one that is outside."""

    panel: Literal["embedded", "fossbilling"] = Field(
        default=EMBEDDED,
        description=(
            "Who owns services, invoices and dates: embedded (Panelik's own tables), or "
            "fossbilling (a FOSSBilling 0.8)."
        ),
    )
    panel_url: Annotated[str, AfterValidator(checks.address)] | None = Field(
        default=None, description="Where the panel is, like https://billing.example.com."
    )
    panel_token: SecretStr | None = Field(
        default=None, description="The API key of the staff member that Panelik is in the panel."
    )
    panel_timezone: Annotated[str, AfterValidator(checks.timezone)] = Field(
        default="UTC",
        description="Time zone in which the panel writes its dates; its API does not say.",
    )
    panel_mirror: MirrorScope = Field(
        default=MirrorScope.LINKED,
        description="Of whom the panel's data is copied: of linked clients, or of all.",
    )
    panel_calls_per_hour: int = Field(
        default=900,
        ge=60,
        le=1_000_000,
        description=(
            "How many calls an hour the panel gets at most, from all processes together. "
            "FOSSBilling allows 1000 unless this machine's address is on its list of those "
            "without a limit."
        ),
    )

    panel_feed_seconds: int = Field(
        default=60,
        ge=1,
        le=600,
        description=(
            "How often, in seconds, the panel is asked what has changed: one call each time."
        ),
    )

    @model_validator(mode="after")
    def _check_access(self) -> Self:
        """A panel outside has an address and a key."""
        if self.panel != EMBEDDED:
            for name, value in (("panel_url", self.panel_url), ("panel_token", self.panel_token)):
                if not value:
                    raise ValueError(f"{env_name(name)} is missing; {self.panel} needs it")
        return self

    @property
    def panel_zone(self) -> ZoneInfo:
        """The panel's time zone."""
        return ZoneInfo(self.panel_timezone)
