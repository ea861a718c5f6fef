"""The choice of a person's language from the available ones.

Babel's own negotiation returns nothing for "pt-br" or "zh-hans". This one compares script and
territory and knows the codes that Telegram apps send for the same language.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from babel.core import get_global

DEFAULT = "en"
"""The language of the message ids; always available."""

SAME_LANGUAGE = {"no": "nb", "iw": "he", "in": "id", "ji": "yi", "tl": "fil", "mo": "ro"}
"""Older or broader codes for one written language (IANA subtag registry)."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A language tag taken apart; parts that are not given are empty."""

    language: str
    script: str = ""
    territory: str = ""

    @classmethod
    def parse(cls, text: str) -> "Tag":
        """Read "pt-BR", "pt_br" or "zh-Hans-CN"; ignore unknown parts."""
        language, *rest = text.strip().replace("-", "_").split("_")
        script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), "")
        territory = next((part.upper() for part in rest if _is_territory(part)), "")
        lowered = language.lower()
        return cls(SAME_LANGUAGE.get(lowered, lowered), script, territory)

    def likely(self) -> "Tag":
        """Fill in script and territory by CLDR's likely subtags."""
        table = get_global("likely_subtags")
        for key in (
            (self.language, self.script, self.territory),
            (self.language, "", self.territory),
            (self.language, self.script, ""),
            (self.language, "", ""),
        ):
            found = table.get("_".join(part for part in key if part))
            if found is not None:
                full = Tag.parse(str(found))
                return Tag(
                    self.language, self.script or full.script, self.territory or full.territory
                )
        return self


def _is_territory(part: str) -> bool:
    return (len(part) == 2 and part.isalpha()) or (len(part) == 3 and part.isdigit())


def _closeness(wanted: Tag, offered: Tag) -> int:
    """How well an offered language serves a wanted one; 0 is not at all."""
    if wanted.language != offered.language:
        return 0
    mine, theirs = wanted.likely(), offered.likely()
    if mine.script != theirs.script:
        return 0
    if mine.territory == theirs.territory:
        return 4 if wanted.territory == offered.territory else 3
    return 1 if offered.territory else 2


@lru_cache(maxsize=1024)
def _best(wanted: str, available: tuple[str, ...]) -> str | None:
    tag = Tag.parse(wanted)
    ranked = [(_closeness(tag, Tag.parse(code)), code) for code in available]
    score, code = max(ranked, key=lambda pair: pair[0], default=(0, ""))
    return code if score else None


def choose(wanted: Collection[str | None], available: Collection[str]) -> str:
    """Return the available language for the first wish that has one, else English."""
    offered = tuple(sorted(available))
    for wish in wanted:
        found = _best(wish, offered) if wish else None
        if found is not None:
            return found
    return DEFAULT


def fallbacks(language: str, available: Collection[str]) -> tuple[str, ...]:
    """Return the catalogues in their order: the language, broader forms of it, then English."""
    tag = Tag.parse(language)
    broader = sorted(
        (code for code in available if code != language and _is_broader(Tag.parse(code), tag)),
        key=len,
        reverse=True,
    )
    chain = [language, *broader, DEFAULT]
    return tuple(dict.fromkeys(code for code in chain if code in available))


def _is_broader(candidate: Tag, tag: Tag) -> bool:
    return (
        candidate.language == tag.language
        and candidate.territory in ("", tag.territory)
        and candidate.likely().script == tag.likely().script
    )
