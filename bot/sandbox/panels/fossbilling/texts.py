"""Text that the panel's database takes: its tables hold characters of three bytes at most."""

from bot.sandbox.panels.fossbilling.errors import PanelError
from bot.sandbox.panels.fossbilling.world import World

_LONGEST_THREE_BYTES = "\uffff"


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
