"""What `make mutants` counts and leaves out."""

from pathlib import Path

import pytest

from tests.mutants.changes import Change, equivalent_changes, of_diff

BILLING = Path(__file__).parents[1] / "billing"

DIFF = """\
--- billing/rules/money.py
+++ billing/rules/money.py
@@ -1,3 +1,3 @@
 def double(self):
-    return self * 2
+    return self * 3
"""


def test_a_change_is_read_from_a_diff() -> None:
    assert of_diff(DIFF) == Change(("return self * 2",), ("return self * 3",))


@pytest.mark.parametrize(
    ("removed", "added", "is_of_text"),
    [
        ('raise ValueError("not so")', 'raise ValueError("XXnot soXX")', True),
        ('raise ValueError(f"{name}: no")', 'raise ValueError(f"{name}: NO")', True),
        ('raise ValueError("not so")', "raise ValueError(None)", False),
        ("if days > 3:", "if days >= 3:", False),
        ("total = net + tax", "total = net - tax", False),
        ("settle(invoice, now)", "settle(invoice, )", False),
    ],
)
def test_only_the_wording_of_a_text_needs_no_test(
    removed: str, added: str, *, is_of_text: bool
) -> None:
    assert Change((removed,), (added,)).is_of_text is is_of_text


def test_what_is_listed_as_equivalent_is_still_in_the_source_and_has_a_reason() -> None:
    lines = {
        line.strip()
        for path in BILLING.rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
    }
    for change, reason in equivalent_changes().items():
        assert set(change.removed) <= lines, change
        assert reason, change
