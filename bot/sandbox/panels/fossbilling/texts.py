"""Text that the panel's database takes: of three bytes a character, and not too long."""

from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.world import World

_LONGEST_THREE_BYTES = "\uffff"
_LONGEST = 255
"""Characters of a title or a reason; columns of notes, descriptions and meta are larger."""


def check_text(world: World, table: str, column: str, value: object) -> None:
    """Refuse text with a character of four bytes, such as an emoji, with the database's error."""
    if not world.traps.three_byte_text:
        return
    texts = [*value, *value.values()] if isinstance(value, dict) else [value]
    for sent in texts:
        wide = [character for character in str(sent) if character > _LONGEST_THREE_BYTES]
        if wide:
            octets = "".join(f"\\x{octet:02X}" for octet in wide[0].encode())
            raise PanelError(
                "SQLSTATE[22007]: Invalid datetime format: 1366 Incorrect string value: "
                f"'{octets}' for column `fossbilling`.`{table}`.`{column}` at row 1"
            )


def check_short_text(world: World, table: str, column: str, value: object) -> None:
    """Refuse what a short column cannot hold, too; what was done before the row is written stays.

    A real panel has ended the service at its server by then, and the order stays as it was.
    """
    check_text(world, table, column, value)
    if len(str(value or "")) > _LONGEST:
        raise PanelError(
            "SQLSTATE[22001]: String data, right truncated: 1406 Data too long for column "
            f"'{column}' at row 1"
        )
