"""AR023: what must stay, then what is written."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, survey

F = "def f():\n    global x\n"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (F + "    x = 1\n", "bound"),
        (F + "    x += 1\n", "bound"),
        (F + "    del x\n", "bound"),
        (F + "    for x in y: pass\n", "bound"),
        (F + "    import x\n", "bound"),
        (F + "    from y import z as x\n", "bound"),
        (F + "    def x(): pass\n", "bound"),
        (F + "    class x: pass\n", "bound"),
        (F + "    try: y\n    except E as x: pass\n", "bound"),
        (F + "    with y as (x, z): pass\n", "bound"),
        (F + "    return [x := 1 for y in z]\n", "bound"),
        (F + "    def g():\n        x = 1\n    return g\n", "bound"),
        ("def g():\n    x = 1\n    def f():\n        global x\n        return x\n    return f\n", "bound"),
        (
            "def g(x):\n    def f():\n        global x\n        def h(): return x\n        return h\n    return f\n",
            "bound",
        ),
        ("class A:\n    global x\n    y = x\n", "bound"),
        ("global x\ny = x\n", "bound"),
        ("def f():\n    global x\n    'text'\n", "bound"),
        ("def f():\n    global x; return x\n", "layout"),
        ("def f():\n    global x  # why\n    return x\n", "layout"),
        ("def f():\n    if y:\n        global x\n    x = 1\n", "bound"),
    ],
)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR023", reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (F + "    return x\n", "def f():\n    return x\n"),
        (F + "    x.append(1)\n    x[0] = x.y = 1\n", "def f():\n    x.append(1)\n    x[0] = x.y = 1\n"),
        (F, "def f():\n    pass\n"),
        ("def f():\n    'doc'\n    global x, y\n\n    return x, y\n", "def f():\n    'doc'\n\n    return x, y\n"),
        ("def f():\n    global x, y, z\n    y = x\n", "def f():\n    global y\n    y = x\n"),
        ("async def f():\n    global x, \\\n        y\n    await x\n", "async def f():\n    await x\n"),
        ("def f():\n    if y:\n        global x\n        x()\n", "def f():\n    if y:\n        x()\n"),
        (
            "class A:\n    def f(self):\n        global x\n        return x\n",
            "class A:\n    def f(self):\n        return x\n",
        ),
        (F + "    def g(): return x\n    return g\n", "def f():\n    def g(): return x\n    return g\n"),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR023")


def test_finding_counts_the_other_functions() -> None:
    source = F + "    x = 1\n" + F.replace("f()", "g()") + "    x = 2\n"
    messages = [finding.message for finding in survey(source, "AR023").findings]
    assert messages == ["function changes global x, as 1 more in this module"] * 2
