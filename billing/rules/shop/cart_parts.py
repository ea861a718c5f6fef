"""A part of the cart: the lines that one checkout is about, named by a range of line ids.

Line ids are never given twice and new lines get higher ones, so no line that is added later falls
into a range: a button that carries one means the same lines in a year, in any process, and after
the cart has changed. Lines that have left the cart are simply gone.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from billing.rules.shop.cart import Cart, CartLine

MOST_ID = 2**31 - 1
MOST_SPAN = 2**20 - 1


@dataclass(frozen=True, slots=True)
class CartPart:
    """The lines whose ids are from `first` to `last` inclusive, with what was ordered with them.

    ValueError for ids that no cart has, or a range wider than MOST_SPAN.
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 < self.first <= self.last <= MOST_ID or self.last - self.first > MOST_SPAN:
            raise ValueError(f"no part of a cart: {self.first} to {self.last}")

    def has(self, line: CartLine) -> bool:
        """Whether a line belongs to it; an add-on goes with the product it was ordered with."""
        return self.first <= family_of(line) <= self.last


def family_of(line: CartLine) -> int:
    """The id of the product's line that an add-on was ordered with, else the line's own id."""
    return line.parent_line or line.id


def lines_of(cart: Cart, part: CartPart | None) -> Cart:
    """The same cart with only the lines of a part; all of them where there is none."""
    if part is None:
        return cart
    return replace(cart, lines=tuple(line for line in cart.lines if part.has(line)))


def part_of(cart: Cart, line_ids: Collection[int]) -> CartPart | None:
    """The part that has exactly these lines and their families.

    None where a range cannot name them because others lie between; see `gather`. Also None where
    none of them is in the cart.
    """
    families = {family_of(line) for line in cart.lines if line.id in line_ids}
    if not families or max(families) - min(families) > MOST_SPAN:
        return None
    part = CartPart(min(families), max(families))
    named = {family_of(line) for line in cart.lines if part.has(line)}
    return part if named <= families else None


def number_lines(cart: Cart) -> Cart:
    """Give the new lines of a cart, those with the id 0, the next ids."""
    lines, next_line = list(cart.lines), cart.next_line
    for place, line in enumerate(lines):
        if not line.id:
            lines[place] = replace(line, id=next_line)
            next_line += 1
    return replace(cart, lines=tuple(lines), next_line=next_line)


def gather(cart: Cart, line_ids: Collection[int]) -> Cart:
    """Give these lines and their families new ids in a row, so that a range can name them.

    A cart that needs no change is returned as it is. The order of the lines stays, and so do all
    other ids.
    """
    families = {family_of(line) for line in cart.lines if line.id in line_ids}
    if not families or part_of(cart, line_ids) is not None:
        return cart
    new_ids: dict[int, int] = {}
    for line in cart.lines:
        if family_of(line) in families:
            new_ids[line.id] = cart.next_line + len(new_ids)
    lines = tuple(
        replace(
            line,
            id=new_ids.get(line.id, line.id),
            parent_line=new_ids.get(line.parent_line or 0, line.parent_line),
        )
        for line in cart.lines
    )
    return replace(cart, lines=lines, next_line=cart.next_line + len(new_ids))
