"""`panelik`, the same as `python -m bot`."""

from bot.commands.cli import app


def main() -> None:
    """Run the command line."""
    app(prog_name="panelik")


if __name__ == "__main__":
    main()
