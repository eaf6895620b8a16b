"""AR069: what is not found, then what the sketches say."""

from __future__ import annotations

import pytest

from support.rewriting import rewrite, survey

HEAD = "from optparse import OptionParser, make_option\np = OptionParser()\n"


@pytest.mark.parametrize(
    "source",
    [
        "p.add_option('-n')\n",
        "from .optparse import OptionParser\np.add_option('-n')\n",
        HEAD + "p.add_option()\n",
        HEAD + "p.parse_args()\n",
        "import optparse\nadd_option('-n')\n",
        "from django.core.management.base import make_option\nx = make_option('-n')\n",
    ],
)
def test_not_found(source: str) -> None:
    assert survey(source, "AR069").findings == ()


@pytest.mark.parametrize(
    ("before", "sketch"),
    [
        ("p.add_option('-n', '--name')", "add_argument('-n', '--name')"),
        ("p.add_option('-n', type='int', help='x %default')", "add_argument('-n', type=int)"),
        ("p.add_option('-n', type='string', dest='n')", "add_argument('-n', dest='n')"),
        ("p.add_option('-n', type=str, action='store', nargs=1)", "add_argument('-n')"),
        ("p.add_option('-n', type='choice', choices=['a'])", "add_argument('-n', choices=['a'])"),
        (
            "p.add_option('-n', action='store_true', default=False)",
            "add_argument('-n', action='store_true', default=False)",
        ),
        ("g.h().add_option('-n', nargs=2, type=f)", "add_argument('-n', nargs=2, type=f)"),
        ("p.add_option('-n', action='callback', callback=f)", "add_argument('-n') with an Action for the callback"),
    ],
)
def test_sketches(before: str, sketch: str) -> None:
    (finding,) = survey(f"{HEAD}{before}\n", "AR069").findings
    assert finding.message == f"add_option of optparse is {sketch} of argparse"
    assert rewrite(f"{HEAD}{before}\n", "AR069").layers == ()


def test_options_that_are_made_apart() -> None:
    (finding,) = survey(f"{HEAD}x = make_option('-n', type='float')\n", "AR069").findings
    assert finding.message == "make_option of optparse is add_argument('-n', type=float) of argparse"
