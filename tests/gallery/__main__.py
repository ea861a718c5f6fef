"""`python -m tests.gallery [OUT]`: write pages with every screen in every language.

Beside it stand the pages of its variants: with little allowed, known or reachable.
"""

import sys
from pathlib import Path

from tests.gallery.page import draw_all, draw_variant, page
from tests.gallery.variants import Variant

OUT = Path("var/gallery/index.html")


def main(arguments: list[str]) -> int:
    """Write the page; 1 when Telegram would refuse one of its screens."""
    out = Path(arguments[0]) if arguments else OUT
    drawn = draw_all()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(drawn), encoding="utf-8")
    sys.stdout.write(f"{out}: {len(drawn)} screens\n")
    wrong = [one for one in drawn if one.wrong]
    for variant in Variant:
        varied = out.with_name(f"{variant.value}.html")
        varied.write_text(page(draw_variant(variant)), encoding="utf-8")
        sys.stdout.write(f"{varied}: the same, {variant.value}\n")
    for one in wrong:
        sys.stdout.write(f"{one.sample.key} ({one.voice.code}): {'; '.join(one.wrong)}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
