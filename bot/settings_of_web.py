"""The settings of the web side: how updates come, and where Telegram reaches us."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from bot import checks
from bot.setting_problems import env_name


class WebSettings(BaseSettings):
    """How updates come in."""

    mode: Literal["polling", "webhook"] = Field(
        default="polling",
        description="How updates come: polling (we ask Telegram), or webhook (Telegram posts).",
    )
    public_url: Annotated[str, AfterValidator(checks.public_address)] | None = Field(
        default=None,
        description=(
            "Where this machine is reached from outside, like https://bot.example.com; your "
            "proxy passes it on to the port below. A webhook needs it; beside a connected panel, "
            "clients then go on to its invoices from a page here."
        ),
    )
    web_host: str = Field(
        default="127.0.0.1",
        description="With a public address: where a process listens; 0.0.0.0 for all addresses.",
    )
    web_port: int = Field(
        default=8080, ge=1, le=65535, description="With a public address: the port to listen at."
    )
    webhook_connections: int = Field(
        default=40,
        ge=1,
        le=100,
        description="How many updates Telegram posts at once to all processes together.",
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(checks.webhook_secret)] | None = Field(
        default=None,
        description="What Telegram's posts are known by; without it, it follows from the token.",
    )

    @model_validator(mode="after")
    def _check_web(self) -> Self:
        """Find a webhook without an address."""
        if self.mode == "webhook" and not self.public_url:
            raise ValueError(
                f"{env_name('public_url')} is missing: a webhook needs an address at which "
                "Telegram reaches you (docs/going-live.md)"
            )
        return self
