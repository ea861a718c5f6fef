"""What a report on a panel says of an error: nothing that the panel has said."""

from billing.ports.connected import PanelUnreachableError
from bot.panels.fossbilling.errors import RefusedError


def words_of(error: Exception) -> str:
    """The call and why it failed; of an error of ours, such as an unknown shape, its kind only."""
    if isinstance(error, (PanelUnreachableError, RefusedError)):
        return str(error)
    return f"not understood ({type(error).__name__})"
