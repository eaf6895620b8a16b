"""AR013: what it rewrites by itself, and what it says of the rest. The flows are tested with AR012."""

from __future__ import annotations

import pytest

from support.rewriting import check_noop, check_transformed, rewrite

FLOW = "import os\n\n\ndef f(d):\n    p = os.path.join(d, 'x')\n    os.remove(p)\n"


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("os.remove(x)", "not-a-flow"),
        ("os.makedirs('build')", "not-a-flow"),
        ("os.stat(0)", "not-a-flow"),
        ("os.listdir(x)", "gives-text"),
        ("os.getcwd()", "gives-text"),
        ("glob.glob('*')", "gives-text"),
        ("p = os.path.join(x, 'y'); os.remove(p); print(p)", "escapes-call"),
        ("os.remove(os.path.join(x, y))", "bytes-possible"),
        ("os.scandir(os.path.join(x, 'y'))", "escapes-call"),
        ("os.symlink(os.path.join(x, 'y'), x)", "escapes-call"),
        ("os.remove(os.path.join(x, 'y'), dir_fd=x)", "escapes-call"),
        ("x = os.rename(*os.path.join(x, 'y'))", "not-a-flow"),
    ],
)
def test_left_alone(call: str, reason: str) -> None:
    check_noop(f"import glob\nimport os\n\n\ndef f(x, y):\n    {call}\n", "AR013", reason)


def test_flow_is_rewritten_by_either_rule_and_once() -> None:
    after = "from pathlib import Path\n\n\ndef f(d):\n    p = Path(d) / 'x'\n    p.unlink()\n"
    check_transformed(FLOW, after, "AR013")
    (layer,) = rewrite(FLOW, "AR012", "AR013").layers
    assert (layer.rule, layer.data.decode()) == ("AR012", after)


def test_flow_without_a_call_of_os_is_left_to_the_other_rule() -> None:
    source = "import os\n\n\ndef f(d):\n    return open(os.path.join(d, 'x'))\n"
    assert rewrite(source, "AR013").layers == ()
    assert rewrite(source, "AR012", "AR013").layers[0].rule == "AR012"
