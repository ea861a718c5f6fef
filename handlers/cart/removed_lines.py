"""What was removed from the cart last, kept in the user's view so that one tap puts it back."""

from collections.abc import Sequence

from billing.ports.conversations import Json, View
from billing.rules.cycles import parse_cycle
from billing.rules.shop.cart import CartLine, LineKind

CLIENT, LINES = "cart.client", "cart.removed"


def as_view(client: int, lines: Sequence[CartLine]) -> dict[str, Json]:
    """The lines as values to keep; the first is the one that was removed by its button."""
    return {CLIENT: client, LINES: [_as_json(line) for line in lines]}


def read_removed(view: View, client: int, line_id: int) -> tuple[CartLine, ...]:
    """The lines that were removed with this one; none if it was not the last, or of another."""
    kept = view.get(LINES)
    if view.get(CLIENT) != client or not isinstance(kept, list):
        return ()
    try:
        lines = tuple(map(_read, kept))
    except (TypeError, ValueError):
        return ()
    return lines if lines and lines[0].id == line_id else ()


def _as_json(line: CartLine) -> list[Json]:
    return [
        line.id, str(line.kind), line.cycle.name, line.service_id, line.product_id,
        line.parent_line, line.name,
    ]  # fmt: skip


def _read(kept: Json) -> CartLine:
    match kept:
        case [int(id_), str(kind), str(cycle), service, str(product), parent, str(name)]:
            return CartLine(
                id_, LineKind(kind), parse_cycle(cycle), _number(service), product,
                _number(parent), name,
            )  # fmt: skip
    raise ValueError("no line of a cart")


def _number(value: Json) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise ValueError("no number")
