"""Which version a panel has, and whether it is one of those that were only read, 0.6 and 0.7."""

from bot.panels.fossbilling.errors import RefusedError
from bot.panels.fossbilling.http import PanelHttp
from bot.panels.fossbilling.values import row, text

_NO_SUCH_CALL = 740


async def old_version(http: PanelHttp) -> str | None:
    """The version of a panel before 0.8, "" if it hides that; None since 0.8.

    Guests may ask for it before 0.8, and nobody can by that call since.
    """
    try:
        return text(await http.read("guest/system/version"))
    except RefusedError as error:
        if error.code != _NO_SUCH_CALL:
            raise
        return None


async def new_version(http: PanelHttp) -> str:
    """The version of a panel since 0.8; RefusedError for staff without the module system."""
    answer = row(await http.read("admin/system/update_finalization_status"))
    return text(answer.get("current_version"))
