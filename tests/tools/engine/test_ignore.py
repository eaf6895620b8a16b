"""Comments that keep the rules away from a region."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed

LEGACY = "class A(object):\n    pass\n"


@pytest.mark.parametrize(
    "source",
    [
        f"# fmt: off\n{LEGACY}# fmt: on\n",
        f"# fmt: off\n{LEGACY}",
        f"x = 1\n#fmt:off\ny = 2\n{LEGACY}# fmt: on\nz = 3\n",
        "class A(object):  # fmt: skip\n    pass\n",
        "if x:\n    # fmt: off\n    class A(object):\n        pass\n    # fmt: on\n",
    ],
)
def test_region_whose_layout_is_to_stay_is_left_alone(source: str) -> None:
    check_noop(source, "AR020", "ignored")


@pytest.mark.parametrize(
    ("before", "after"), [("# fmt: off\nx = 1\n# fmt: on\n", ""), ("# fmt: on\n", ""), ("", "# fmt: off\nx = 1\n")]
)
def test_what_is_outside_of_it_is_not(before: str, after: str) -> None:
    check_transformed(f"{before}{LEGACY}{after}", f"{before}class A:\n    pass\n{after}", "AR020")


def test_a_class_that_goes_on_behind_the_region_is_rewritten_where_its_place_is_outside() -> None:
    source = "class A(object):\n    # fmt: off\n    x = [1,2]\n    # fmt: on\n"
    check_transformed(source, source.replace("(object)", ""), "AR020")
