"""A FOSSBilling some of whose rows have values that nobody has thought of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.panels.fossbilling.api import PanelApi

MISSING: Final = object()
"""The field is not there at all."""

KINDS: Final = {
    "order": ("order/get_list", "order/get", "order/addons"),
    "invoice": ("invoice/get_list", "invoice/get"),
    "client": ("client/get_list", "client/get"),
    "product": ("product/get_list",),
    "activity": ("activity/log_get_list",),
}


@dataclass(frozen=True, slots=True)
class Odd:
    """A value in place of what a row of a kind has in a field; "*": in place of the row."""

    kind: str
    number: int
    name: str
    value: Any = field(default=MISSING)


class OddApi(PanelApi):
    """The panel; what it says of the rows of `odd` is changed on the way out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.odd: list[Odd] = []

    async def call(self, path: str, values: Any, *, authorization: str, address: str) -> Any:
        """Answer as ever, but for the odd rows."""
        answer = await super().call(path, values, authorization=authorization, address=address)
        for odd in self.odd:
            if any(path.endswith(f"/{method}") for method in KINDS[odd.kind]):
                answer = _changed(answer, odd)
        return answer


def _changed(answer: Any, odd: Odd) -> Any:
    if isinstance(answer, list):
        return [_changed(one, odd) for one in answer]
    if not isinstance(answer, Mapping):
        return answer
    if isinstance(answer.get("list"), list):
        return {**answer, "list": _changed(answer["list"], odd)}
    if answer.get("id") != odd.number:
        return answer
    if odd.name == "*":
        return odd.value
    changed = {**answer, odd.name: odd.value}
    if odd.value is MISSING:
        del changed[odd.name]
    return changed
