"""The settings of the panel that owns services, invoices and dates, here or outside."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot import checks

EMBEDDED: Final = "embedded"


class MirrorScope(StrEnum):
    """Of whom Panelik keeps a copy of what a connected panel holds."""

    LINKED = "linked"
    ALL = "all"


class PanelSettings(BaseSettings):
    """Which panel it is, and how to reach one that is outside."""

    panel: Literal["embedded"] = Field(
        default=EMBEDDED,
        description=(
            "Who owns services, invoices and dates: embedded (Panelik's own tables), the only "
            "one so far."
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
            "How many calls an hour the panel gets at most. FOSSBilling allows 1000 unless this "
            "machine's address is on its list of those without a limit."
        ),
    )
