"""Arguments and settings that are not written in UTF-8."""


def is_utf8(value: str) -> bool:
    """Return whether a text from outside was UTF-8; Python has stand-ins for other bytes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
