"""The settings with which clients link themselves: by e-mail, and by links of your own site."""

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

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        """Find a mail server without a sender."""
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError(
                f"{env_name('mail_from')} is missing: e-mails need a sender, "
                "like Example Hosting <help@example.com>"
            )
        return self
