"""Every setting as the documentation shows it."""

from dataclasses import dataclass

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.setting_problems import env_name
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class DescribedSetting:
    """`default` is empty where there is none."""

    name: str
    meaning: str
    default: str
    required: bool


def describe_settings() -> tuple[DescribedSetting, ...]:
    """Every setting, in the order in which they are best read."""
    return tuple(
        DescribedSetting(
            name=env_name(name),
            meaning=field.description or "",
            default=_in_words(field.default),
            required=field.is_required(),
        )
        for name, field in Settings.model_fields.items()
    )


def _in_words(default: object) -> str:
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if default is PydanticUndefined or default is None or default == frozenset():
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
