"""What another file of the project does keeps rules away that would rewrite the file by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import check_noop, rewrite

if TYPE_CHECKING:
    from archaeologist_tools.project.models import ProjectFacts

TARGET = (3, 11)
SHOW = "def _show(x):\n    return 'v=%s' % x\ndef f(): return _show('a')\n"
FIELD = "class A:\n    x = 'x'\n    def f(self): return 'v=%s' % self.x\n"
KEPT = "class A:\n    def __init__(self): self.x = 'x'\n    def f(self): return 'v=%s' % self.x\n"
SUPER = "class A: pass\nclass B(A):\n    def f(self): return super(B, self).f()\n"
LOG = "import logging\nlog = logging.getLogger()\nlog.info('v=%s' % str(x))\n"
TUPLE = "from collections import namedtuple\nP = namedtuple('P', 'x y')\n"
OPTIONAL = "def f(x: int = None): pass\n"
GETTER = "class A:\n    def _get_x(self): return 1\n    x = property(_get_x)\n"
HANDLER = "class H(Handler):\n    def emit(self, r): out.append(r.args)\n"


def facts_of(app: str, other: str) -> ProjectFacts:
    files = {"app.py": app, "other.py": other}
    modules = [read_module(path, source.encode()) for path, source in files.items()]
    return merge(file_facts(module) for module in modules if isinstance(module, Module))


@pytest.mark.parametrize(
    ("rule", "app", "other", "reason"),
    [
        pytest.param("AR001", SHOW, "from app import _show as s\ns((1,))\n", "bare-operand", id="other-name"),
        pytest.param("AR001", FIELD, "class B(A):\n    x = (1,)\n", "bare-operand", id="value-of-subclass"),
        pytest.param("AR001", KEPT, "class B(A):\n    x = (1,)\n", "bare-operand", id="value-behind-constructor"),
        pytest.param(
            "AR001", FIELD, "class B(A):\n    @property\n    def x(self): return (1,)\n", "bare-operand", id="property"
        ),
        pytest.param(
            "AR001",
            FIELD,
            "class M:\n    x = (1,)\nclass B(M, A): pass\n",
            "bare-operand",
            id="value-of-another-parent",
        ),
        pytest.param(
            "AR001",
            "N = 'x'\ndef f(): return 'v=%s' % N\n",
            "import app\napp.N = (1,)\n",
            "bare-operand",
            id="variable-set-from-outside",
        ),
        pytest.param(
            "AR001",
            "class A:\n    def _show(self, x): return 'v=%s' % x\n    def f(self): return self._show('a')\n",
            "def g(a, n): return getattr(a, '_sh' + n)((1,))\n",
            "bare-operand",
            id="method-by-composed-name",
        ),
        pytest.param("AR065", GETTER, "def g(a, n): return getattr(a, '_get_%s' % n)()\n", "known", id="getter"),
        pytest.param("AR021", SUPER, "import app\napp.B = C\n", "rebound", id="class-replaced"),
        pytest.param("AR003", LOG, HANDLER, "record-reader", id="handler-of-records"),
        pytest.param("AR066", TUPLE, "import app\nt = app.P.__annotations__\n", "looks-at-types", id="annotations"),
        pytest.param("AR066", TUPLE, "from app import P\nt = signature(P)\n", "looks-at-types", id="signature"),
        pytest.param("AR041", OPTIONAL, "import app\nt = signature(app.f)\n", "annotation-reader", id="parameters"),
    ],
)
def test_other_file_keeps_a_rule_away(rule: str, app: str, other: str, reason: str) -> None:
    assert rewrite(app, rule, facts=facts_of(app, "x = [1]\ny = x\n"), target=TARGET).layers
    check_noop(app, rule, reason, facts=facts_of(app, other), target=TARGET)


@pytest.mark.parametrize(
    ("rule", "app", "other"),
    [
        pytest.param("AR001", FIELD, "class B(A):\n    x = 'y'\n", id="value-of-the-same-kind"),
        pytest.param("AR066", TUPLE, "import app\n", id="nobody-looks"),
        pytest.param("AR066", TUPLE, "import zoo\nt = zoo.f.__annotations__\n", id="looks-elsewhere"),
        pytest.param("AR065", GETTER, "def g(a, n): return getattr(a, '_set_%s' % n)()\n", id="other-names"),
        pytest.param("AR003", LOG, "def parse(record): return record.name\n", id="other-record"),
    ],
)
def test_what_another_file_does_need_not_matter(rule: str, app: str, other: str) -> None:
    assert rewrite(app, rule, facts=facts_of(app, other), target=TARGET).layers
