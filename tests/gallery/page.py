"""The page: every sample in every language side by side, in one file that needs no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

import bot.sandbox
from handlers.chat.screens.screen import Shown
from tests.gallery.bubble import bubble, cut_labels, size
from tests.gallery.samples import Sample, Voice, samples, voices
from tests.gallery.variants import Variant, vary
from tests.handlers.screen_check import problems

HERE = Path(__file__).parent
SANDBOX = Path(bot.sandbox.__file__).parent / "page"
STYLES = (
    SANDBOX / "theme.css",
    SANDBOX / "messages.css",
    SANDBOX / "controls.css",
    HERE / "gallery.css",
)

PAGE = Markup("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Panelik: every screen</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>Every screen</h1>
<p>{summary}</p>
<p class="switches">{switches}</p>
<nav>{contents}</nav>
</header>
<main>{topics}</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One sample in one language, and what is wrong with it."""

    sample: Sample
    voice: Voice
    shown: Shown

    @property
    def wrong(self) -> tuple[str, ...]:
        """What Telegram would refuse."""
        return problems(self.shown)


def draw_all() -> tuple[Drawn, ...]:
    """Every sample in every language."""
    return tuple(
        Drawn(sample, voice, sample.draw(voice.t)) for sample in samples() for voice in voices()
    )


def draw_variant(variant: Variant) -> tuple[Drawn, ...]:
    """The same as a variant; what cannot be so is left out."""
    by_voice = [
        [Drawn(one.sample, voice, one.shown) for one in vary(variant, voice.t)]
        for voice in voices()
    ]
    return tuple(one for together in zip(*by_voice, strict=True) for one in together)


def page(drawn: Iterable[Drawn]) -> str:
    """The whole page as HTML."""
    everything = tuple(drawn)
    topics = [
        (topic, tuple(part)) for topic, part in groupby(everything, lambda one: one.sample.topic)
    ]
    return PAGE.format(
        style=Markup("\n").join(Markup(path.read_text("utf-8")) for path in STYLES),  # noqa: S704
        summary=_summary(everything),
        switches=Markup().join(map(_switch, voices())),
        contents=Markup(" ").join(
            Markup('<a href="#{0}">{0} <small>{1}</small></a>').format(
                topic, len(part) // len(voices())
            )
            for topic, part in topics
        ),
        topics=Markup().join(_topic(topic, part) for topic, part in topics),
    )


def _summary(drawn: tuple[Drawn, ...]) -> Markup:
    wrong = [one for one in drawn if one.wrong]
    counted = f"{len(samples())} samples in {len(voices())} languages"
    if not wrong:
        return Markup("{}. Telegram would take them all.").format(counted)
    links = Markup(", ").join(
        Markup('<a href="#{0}">{0} ({1})</a>').format(one.sample.key, one.voice.code)
        for one in wrong
    )
    return Markup('{}. <strong class="wrong">Telegram would refuse {}:</strong> {}').format(
        counted, len(wrong), links
    )


def _switch(voice: Voice) -> Markup:
    return Markup('<label><input type="checkbox" checked data-voice="{}"> {}</label>').format(
        voice.code, voice.name
    )


def _topic(topic: str, drawn: tuple[Drawn, ...]) -> Markup:
    rows = Markup().join(
        _sample(sample, tuple(part)) for sample, part in groupby(drawn, lambda one: one.sample)
    )
    return Markup('<section id="{0}"><h2>{0}</h2>{1}</section>').format(topic, rows)


def _sample(sample: Sample, drawn: tuple[Drawn, ...]) -> Markup:
    return Markup(
        '<article id="{0}"><h3><a href="#{0}">{1}</a></h3><div class="voices">{2}</div></article>'
    ).format(sample.key, sample.name, Markup().join(map(_drawn, drawn)))


def _drawn(one: Drawn) -> Markup:
    wrong = Markup().join(Markup("<li>{}</li>").format(text) for text in one.wrong)
    cut = cut_labels(one.shown)
    return Markup(
        '<div class="voice {}" data-voice="{}"><p class="size">{} · {}{}</p>{}'
        '<div class="wall">{}</div></div>'
    ).format(
        "bad" if wrong else "",
        one.voice.code,
        one.voice.code,
        size(one.shown),
        Markup(' · <span title="{}">✂ {} may be cut</span>').format("\n".join(cut), len(cut))
        if cut
        else "",
        Markup('<ul class="wrong">{}</ul>').format(wrong) if wrong else "",
        bubble(one.voice.t, one.shown),
    )
