"""The settings for those who watch over a running bot: logs, health, numbers."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot import checks


class WatchSettings(BaseSettings):
    """What a process shows of itself."""

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(checks.upper)
    ] = Field(default="INFO", description="What is logged: DEBUG, INFO, WARNING or ERROR.")
    log_format: Annotated[Literal["text", "json"], BeforeValidator(checks.lower)] = Field(
        default="text", description="How it is logged: text for people, or json for programs."
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Port for /health/live, /health/ready and /metrics; without it there is none.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description=(
            "Address on which that port listens; it shows numbers to whoever reaches it, so keep "
            "it inside your network."
        ),
    )
    sentry_dsn: Annotated[SecretStr, AfterValidator(checks.secret_address)] | None = Field(
        default=None,
        description=(
            "The DSN of a Sentry project that gets errors, without personal data; needs the extra "
            "panelik[sentry]."
        ),
    )
    otlp_endpoint: Annotated[str, AfterValidator(checks.address)] | None = Field(
        default=None,
        description=(
            "Address of an OpenTelemetry collector that gets spans over HTTP, like "
            "http://localhost:4318; needs the extra panelik[otel]."
        ),
    )
