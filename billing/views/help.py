"""Help topics."""

from dataclasses import dataclass

from billing.rules.shop.catalog import Company, HelpTopic


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A help topic with the tally of votes; `mine` is the visitor's own vote."""

    company: Company
    topic: HelpTopic
    useful: int
    votes: int
    mine: bool | None
