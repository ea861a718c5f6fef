"""The settings with which clients link themselves: by e-mail, and by links of your own site."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from bot import checks_of_mail as checks
from bot.setting_problems import env_name


class LinkSettings(BaseSettings):
    """The mail server, and the secret that is shared with the operator's site."""

    smtp_url: Annotated[SecretStr, AfterValidator(checks.smtp)] | None = Field(
        default=None,
        description=(
            "The mail server, like smtp://user:password@mail.example.com:587; with it clients can "
            "link themselves by a code in an e-mail (docs/linking.md)."
        ),
    )
    mail_from: Annotated[str, AfterValidator(checks.sender)] = Field(
        default="",
        description="Whom e-mails come from, like Example Hosting <help@example.com>.",
    )
    link_secret: Annotated[SecretStr, AfterValidator(checks.link_secret)] | None = Field(
        default=None,
        description="What your own site signs links with that link its clients (docs/linking.md).",
    )

    fresh_code_hours: int | None = Field(
        default=None,
        ge=1,
        le=8760,
        description=(
            "Before a client pays or cancels, ask for a code by e-mail if the last proof that the "
            "account is theirs is older than so many hours; needs a mail server "
            "(docs/linking.md). Without it nobody is asked."
        ),
    )

    @property
    def fresh_code_after(self) -> timedelta | None:
        """How old the last proof may be; None where nobody is asked for another one."""
        return None if self.fresh_code_hours is None else timedelta(hours=self.fresh_code_hours)

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        """Find a mail server without a sender, and codes without a mail server."""
        if self.fresh_code_hours is not None and self.smtp_url is None:
            raise ValueError(
                f"{env_name('fresh_code_hours')} needs {env_name('smtp_url')}: the codes are sent "
                "by e-mail"
            )
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError(
                f"{env_name('mail_from')} is missing: e-mails need a sender, "
                "like Example Hosting <help@example.com>"
            )
        return self
