"""AR020: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.models import ProjectFacts
from support.rewriting import check_noop, check_transformed


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("class A(B, object):\n    pass\n", "other-bases"),
        ("class A(object, B):\n    pass\n", "other-bases"),
        ("class A(object, metaclass=M):\n    pass\n", "other-bases"),
        ("class A(object, **kw):\n    pass\n", "other-bases"),
        ("class A(  # why\n    object):\n    pass\n", "comment"),
        ("class A(object  # why\n):\n    pass\n", "comment"),
        ("class A(object) \\\n    :\n    pass\n", "comment"),
        ("object = 1\nclass A(object):\n    pass\n", "rebound"),
        ("from x import y as object\nclass A(object):\n    pass\n", "rebound"),
        ("def f(object):\n    class A(object):\n        pass\n", "rebound"),
        ("from future.builtins import *\nclass A(object):\n    pass\n", "rebound"),
        ("globals()['object'] = 1\nclass A(object):\n    pass\n", "rebound"),
        ("exec(text)\nclass A(object):\n    pass\n", "rebound"),
        ("class A(object):  # noqa\n    pass\n", "ignored"),
        ("class A(object):  # noqa: E501, UP004\n    pass\n", "ignored"),
        ("class A(object):  # archaeologist: ignore[AR020]\n    pass\n", "ignored"),
        ("class A(object):  # archaeologist: ignore\n    pass\n", "ignored"),
        ("# ruff: noqa\nclass A(object):\n    pass\n", "ignored"),
    ],
)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR020", reason)


def test_own_module_that_binds_object_may_hand_it_on() -> None:
    facts = ProjectFacts(rebound=("object",), modules=("app", "compat"))
    check_noop("from compat import *\nclass A(object):\n    pass\n", "AR020", "rebound", facts=facts)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class A(object):\n    pass\n", "class A:\n    pass\n"),
        ("class A(object): x = 1\n", "class A: x = 1\n"),
        ("class A ( object , ) :\n    pass\n", "class A :\n    pass\n"),
        ("class A(\n    object\n):\n    pass\n", "class A:\n    pass\n"),
        ("class A(object):  # noqa: E501\n    pass\n", "class A:  # noqa: E501\n    pass\n"),
        (
            "class A(object):  # archaeologist: ignore[AR001]\n    pass\n",
            "class A:  # archaeologist: ignore[AR001]\n    pass\n",
        ),
        ("@d(object)\nclass A(object):\n    pass\n", "@d(object)\nclass A:\n    pass\n"),
        ("class A(object):\n    class B(object):\n        pass\n", "class A:\n    class B:\n        pass\n"),
        ("from os import *\nclass A(object):\n    pass\n", "from os import *\nclass A:\n    pass\n"),
        ("from .x import *\nclass A(object):\n    pass\n", "from .x import *\nclass A:\n    pass\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR020")
