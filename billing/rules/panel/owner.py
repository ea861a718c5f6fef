"""Who owns the services, invoices, credit and dates in a database: one panel, for good.

Another panel's data would be taken for this one's: the same ids name other services there.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """A panel by its name ("embedded") and what tells it apart from others of its kind.

    `identity` is the address of a connected panel with an oldest id there, "" for the embedded
    one. `since` is when the database was given to it.
    """

    panel: str
    identity: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner that a database names (None: a new one), and the panel there is now.

    `identity` is None while that panel cannot be asked: it is taken for the one it was.
    """

    owner: Owner | None
    panel: str
    identity: str | None

    @property
    def is_other_panel(self) -> bool:
        """Whether the database belongs to a panel of another name."""
        return self.owner is not None and self.owner.panel != self.panel

    @property
    def has_moved(self) -> bool:
        """Whether it belongs to a panel of this name with another identity."""
        owner = self.owner
        if owner is None or self.identity is None or self.is_other_panel:
            return False
        return owner.identity != self.identity
