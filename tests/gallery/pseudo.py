"""A language that does not exist: English with accents, a third longer, between brackets.

Text that is not translatable shows up without accents, text that is cut shows up without its
bracket, and buttons that are too narrow for German show up before there is any German.
"""

import gettext
import re
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from locales.translator import Translator

GROWTH = 35
"""How much longer a message gets, in percent of its letters."""

ACCENTED = str.maketrans(
    "ACEILNOSUYZaceilnosuyz",
    "ÅÇÉÎŁÑÖŠÛÝŽåçéîłñöšûýž",
)
_KEPT = re.compile(r"(<[^>]*>|&[a-z]+;|\{[^}]*\}|(?<!\S)/[a-z]+|https?://\S+)")
_PADDING = "łörém îpšûm dölör "


def pseudo(message: str) -> str:
    """The message as the strange language says it; placeholders, tags and commands stay."""
    pieces = _KEPT.split(message)
    letters = sum(map(str.isalpha, "".join(pieces[::2])))
    if not letters:
        return message
    pieces[::2] = [piece.translate(ACCENTED) for piece in pieces[::2]]
    more = -(-letters * GROWTH // 100)
    padding = "".join(islice(cycle(_PADDING), more)).strip()
    return f"[{''.join(pieces)} {padding}]"


class _PseudoCatalogue(gettext.NullTranslations):
    """Translates every message there is."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


class PseudoTranslator(Translator):
    """A translator into the strange language; dates and money are English."""

    __slots__ = ()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__("en", zone)
        self._catalogue = _PseudoCatalogue()
