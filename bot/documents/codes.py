"""QR codes."""

from io import BytesIO

import segno

from billing.rules.payments.transfer_codes import CodeContent

QUIET_ZONE = 4
"""White modules around a code, as ISO 18004 wants it."""

PIXELS = 720
"""The least width and height of the picture."""


def draw_code(content: CodeContent) -> bytes:
    """Draw a code as a PNG of at least `PIXELS` in each direction.

    The bytes are UTF-8 without a mark of the encoding (ECI), which some banks' apps do not read.
    """
    code = segno.make(
        content.text,
        error=content.correction.value.lower(),
        encoding="utf-8",
        micro=False,
        boost_error=False,
    )
    width, _ = code.symbol_size(border=QUIET_ZONE)
    picture = BytesIO()
    code.save(picture, kind="png", scale=-(-PIXELS // int(width)), border=QUIET_ZONE)
    return picture.getvalue()
