"""The operator's settings, read from the environment and from an ``.env`` file.

They are read only here. An error names the setting as the operator wrote it and says what to do,
but never shows the value: it may be a secret, and the text ends up in logs.
"""

import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import checks
from bot.setting_problems import (
    ENV_FILE,
    PREFIX,
    SettingsError,
    env_name,
    in_words,
    undecoded,
    unknown,
)
from bot.settings_of_linking import LinkSettings
from bot.settings_of_panel import PanelSettings
from bot.settings_of_watching import WatchSettings
from bot.settings_of_web import WebSettings
from bot.web.address import derived
from locales.negotiation import DEFAULT

_SECRET_FILES = Path("/run/secrets")


class BotSettings(BaseSettings):
    """What the bot is and how it works."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(checks.bot_token)] = Field(
        description="The token that @BotFather gives you for your bot."
    )
    api_url: Annotated[str, AfterValidator(checks.address)] = Field(
        default="https://api.telegram.org",
        description="Where the Bot API is; change it only for your own Bot API server.",
    )
    proxy_url: Annotated[SecretStr, AfterValidator(checks.proxy)] | None = Field(
        default=None,
        description="HTTP proxy on the way to Telegram, like http://user:password@proxy:3128.",
    )
    database_url: Annotated[SecretStr, AfterValidator(checks.database)] = Field(
        default=SecretStr("sqlite+aiosqlite:///panelik.sqlite"),
        description=(
            "Where all data is: a SQLite file, like sqlite:////var/lib/panelik/panelik.sqlite, "
            "or a PostgreSQL database, like postgresql://user:password@host/database."
        ),
    )
    provider_token: SecretStr | None = Field(
        default=None,
        description="Payment provider token from @BotFather; without it, no payments in Telegram.",
    )
    operator_chat: Annotated[int, AfterValidator(checks.operator_chat)] | None = Field(
        default=None,
        description="Id of the chat where the operator is told about orders and payments.",
    )
    operator_language: Annotated[str, AfterValidator(checks.language)] = Field(
        default=DEFAULT,
        description="Language of the messages in the operator's chat, as its code: en or pl.",
    )
    staff: Annotated[frozenset[int], NoDecode, BeforeValidator(checks.staff)] = Field(
        default=frozenset(),
        description=(
            "Telegram user ids of the people who may act for the company in the chat, with commas "
            "between them."
        ),
    )
    tell_payments: bool = Field(
        default=True,
        description="Whether the operator's chat is told of each proforma that is paid.",
    )
    timezone: Annotated[str, AfterValidator(checks.timezone)] = Field(
        default="Europe/Warsaw",
        description="Time zone in which the company counts days, and a new client's own.",
    )
    currency: Annotated[str, AfterValidator(checks.currency)] = Field(
        default="PLN", description="Currency of a client that has none, as a three-letter code."
    )
    tax_rate: Annotated[str, AfterValidator(checks.tax_rate)] = Field(
        default="23", description="Tax in percent, with at most two decimals, like 23 or 5.5."
    )
    prices_include_tax: bool = Field(
        default=True, description="Whether the prices in your data contain the tax already."
    )
    invitations: bool = Field(
        default=True, description="Whether the owner of an account may invite others to it."
    )
    tick_seconds: int = Field(
        default=60,
        ge=1,
        le=3600,
        description="How often, in seconds, due reminders are looked for and payments swept.",
    )
    outbox_seconds: int = Field(
        default=2,
        ge=1,
        le=60,
        description="How often, in seconds, waiting messages are sent.",
    )
    bulk_per_second: int = Field(
        default=25,
        ge=1,
        le=30,
        description="How many reminders go out per second; Telegram allows about 30 in all.",
    )
    in_flight: int = Field(
        default=4,
        ge=1,
        le=32,
        description="How many reminders may be on their way at once; a crash may repeat as many.",
    )
    max_in_flight: int = Field(
        default=100,
        ge=1,
        le=100,
        description="How many updates a process has in hand at once.",
    )

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        """Find what was pasted into the wrong setting."""
        token = self.bot_token.get_secret_value()
        if token and self.provider_token and self.provider_token.get_secret_value() == token:
            raise ValueError(f"{env_name('provider_token')} is the token of the bot; leave it out")
        if token and str(self.operator_chat) == token.partition(":")[0]:
            raise ValueError(f"{env_name('operator_chat')} is the bot itself, not a chat with it")
        return self

    @property
    def bot_id(self) -> int:
        """Telegram's number of the bot, with which its token begins; 0 without a token."""
        return int(self.bot_token.get_secret_value().partition(":")[0] or 0)

    @property
    def bot_api_base(self) -> str:
        """Base address for python-telegram-bot, which appends the token to it."""
        return f"{self.api_url}/bot"

    @property
    def bot_file_base(self) -> str:
        """The same for downloads."""
        return f"{self.api_url}/file/bot"

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def tax_basis_points(self) -> int:
        """The tax in hundredths of a percent: 23 % is 2300."""
        return int(Decimal(self.tax_rate) * 100)


class Settings(WatchSettings, WebSettings, LinkSettings, PanelSettings, BotSettings):
    """The settings of one installation, checked once and never changed.

    Those of the last base come first in the documentation.
    """

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never appear in a log."""
        values = (
            self.bot_token,
            self.provider_token,
            self.proxy_url,
            self.webhook_secret,
            self.link_secret,
            self.panel_token,
            self.smtp_url,
            self.sentry_dsn,
        )
        return tuple(value.get_secret_value() for value in values if value is not None)

    @property
    def hidden(self) -> tuple[str, ...]:
        """What logs and messages hide: the secrets, what follows from them, and passwords."""
        addresses = (self.database_url.get_secret_value(), self.api_url, self.otlp_endpoint or "")
        with_password = (one for one in addresses if checks.has_password(one))
        return (*self.secrets, *derived(self.bot_token.get_secret_value()), *with_password)


class OfflineSettings(Settings):
    """The settings of commands that never talk to Telegram: the token may be missing."""

    bot_token: SecretStr = SecretStr("")


def load_settings(*, kind: type[Settings] = Settings, **given: Any) -> Settings:
    """Settings from the environment, else ``.env``, else Docker secrets; or SettingsError.

    ``.env`` is read from the working directory, if there is one. `given` values, by field name,
    override all others. `kind` is OfflineSettings if no token is needed.
    """
    try:
        variables = {**dotenv_values(ENV_FILE), **os.environ}
        problems = list(unknown(variables, Settings.model_fields))
        if unreadable := tuple(undecoded(os.environ)):
            raise SettingsError(unreadable)
        settings = kind(
            _env_file=ENV_FILE,
            _secrets_dir=_SECRET_FILES if _SECRET_FILES.is_dir() else None,
            **given,
        )
    except UnicodeDecodeError:
        raise SettingsError((f"{ENV_FILE} is not written in UTF-8.",)) from None
    except ValidationError as error:
        problems += [in_words(detail, Settings.model_fields) for detail in error.errors()]
    if problems:
        raise SettingsError(tuple(problems))
    return settings
