import json

import pytest

from billing.rules.services.service import ServiceStatus
from billing.views.services import ServiceFilter, Sort
from handlers.services.list_filter import SEARCH_LIMIT, filter_values, read_filter, read_search

ASKED = ServiceFilter(ServiceStatus.ACTIVE, Sort.PRICE, "żółw", 3)


def test_how_a_list_is_looked_at_survives_being_stored() -> None:
    assert read_filter(json.loads(json.dumps(filter_values(ASKED, 7))), 7) == ASKED
    assert (
        read_filter(json.loads(json.dumps(filter_values(ServiceFilter(), 7))), 7)
        == ServiceFilter()
    )


def test_another_clients_way_of_looking_does_not_count() -> None:
    assert read_filter(filter_values(ASKED, 7), 8) == ServiceFilter()


@pytest.mark.parametrize("junk", [None, "gone", 5, [], {}, True])
def test_what_another_version_stored_is_passed_over(junk: object) -> None:
    view = {"services.client": 7, "services.status": junk, "services.sort": junk}
    assert read_filter(view, 7) == ServiceFilter()  # type: ignore[arg-type]


def test_a_search_is_one_line_of_bounded_length() -> None:
    assert read_search("  two\n lines  ") == "two lines"
    assert len(read_search("x" * 4000)) == SEARCH_LIMIT
