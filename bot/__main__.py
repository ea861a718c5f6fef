"""`panelik`, the same as `python -m bot`."""

import sys

from bot.imports import quick_imports

with quick_imports():
    from bot.commands.cli import app
    from bot.logs import log_uncaught


def main() -> None:
    """Run `bot.commands.cli`."""
    sys.excepthook = log_uncaught
    app(prog_name="panelik")


if __name__ == "__main__":
    main()
