"""The language of the operator's chat, in one place."""

from zoneinfo import ZoneInfo

from locales.catalogues import negotiate
from locales.translator import Translator


def operator_translator(timezone: ZoneInfo) -> Translator:
    """The translator of everything that stands in the operator's chat; on the company's clock."""
    return Translator(negotiate(), timezone)
