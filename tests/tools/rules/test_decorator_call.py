"""AR065: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.project.models import ProjectFacts
from archaeologist_tools.source.module import Module, read_module
from support.rewriting import check_noop, check_transformed

GET = "    def _get_x(self):\n        return 1\n"
SET = "    def _set_x(self, x):\n        self.y = x\n"
READ = "    x = property(_get_x)\n"
BOTH = "    x = property(_get_x, _set_x)\n"
CLASS = "class A:\n"
METHOD = "    def f(x):\n        return 1\n"
STATIC = "    f = staticmethod(f)\n"

LEFT_ALONE = [
    (CLASS + GET.replace("_get_x", "get_x") + "    x = property(get_x)\n", "public"),
    (CLASS + GET.replace("_get_x", "__get__") + "    x = property(__get__)\n", "known"),
    (CLASS + GET + READ + "    y = property(_get_x)\n", "known"),
    (CLASS + GET + READ + "    y = _get_x\n", "known"),
    (CLASS + GET + READ + "    def f(self):\n        return self._get_x()\n", "known"),
    (CLASS + GET + READ + "class B(A):\n    def _get_x(self): pass\n", "known"),
    (CLASS + GET + READ + "    y = '_get_x'\n", "known"),
    (CLASS + GET + READ + "    def f(self, n):\n        return getattr(self, '_get_' + n)\n", "known"),
    (CLASS + GET + READ + "    def f(self, n):\n        return getattr(self, '_get_%s' % n)\n", "known"),
    (CLASS + GET + READ + "    def f(self, n):\n        return getattr(self, '_%s_%s' % n)\n", "known"),
    (CLASS + GET + READ + "    def f(self):\n        return [getattr(self, '_' + n) for n in ('get_x',)]\n", "known"),
    (CLASS + GET.replace("_get_x", "__x") + "    x = property(__x)\ny = A()._A__x\n", "known"),
    (CLASS + GET + SET + READ.replace("_get_x", "_get_x, _set_x") + "del A._set_x\n", "known"),
    (CLASS + READ + GET, "elsewhere"),
    ("def _get_x(self): pass\n" + CLASS + READ, "elsewhere"),
    (CLASS + "    x = property(f())\n", "elsewhere"),
    (CLASS + "    x = property(*f)\n", "elsewhere"),
    (CLASS + "    x = property(None, f)\n", "elsewhere"),
    (CLASS + SET + GET + BOTH, "elsewhere"),
    (CLASS + GET + GET + READ, "elsewhere"),
    (CLASS + "    if y:\n    " + GET.replace("\n        ", "\n            ") + READ, "elsewhere"),
    (CLASS + "    async def _get_x(self): pass\n" + READ, "elsewhere"),
    (CLASS + "    x = 1\n" + GET + READ, "elsewhere"),
    (CLASS + "    y = x\n" + GET + READ, "elsewhere"),
    (CLASS + GET + "    def f(self) -> x: pass\n" + READ, "elsewhere"),
    (CLASS + GET + "    def f(self, y=x): pass\n" + READ, "elsewhere"),
    (CLASS + GET + READ + "    del x\n", "elsewhere"),
    (CLASS + GET + "    x = property(_get_x, None, None, 'doc')\n", "doc"),
    (CLASS + GET + "    x = property(_get_x, doc='doc')\n", "doc"),
    (CLASS + GET + "    x = property(_get_x)  # why\n", "layout"),
    (CLASS + GET + "    x = property(_get_x); y = 1\n", "layout"),
    (CLASS + GET + "    # of x\n" + READ, "comment"),
    (CLASS + METHOD + "    g = f\n" + STATIC, "elsewhere"),
    (CLASS + METHOD + "    @f\n    def g(): pass\n" + STATIC, "elsewhere"),
    (CLASS + METHOD + STATIC + "    f = g(f)\n", "elsewhere"),
    (CLASS + STATIC, "elsewhere"),
    ("staticmethod = 1\n" + CLASS + METHOD + STATIC, "rebound"),
    (CLASS + "    x = property(lambda self, y=1: self.z)\n", "layout"),
    (CLASS + "    x = property(lambda *self: self.z)\n", "layout"),
    (CLASS + "    x = property(lambda self: (yield))\n", "layout"),
    (CLASS + "    x = property(lambda self:\n        self.z)\n", "layout"),
    (CLASS + "    x = property(lambda self: self.z, doc='a\\n')\n", "layout"),
    (CLASS + "    x = property(lambda self: self.z, doc=y)\n", "layout"),
    (CLASS + "    x = property(lambda self: self.z)  # why\n", "layout"),
    (CLASS + "    x = 1\n    x = property(lambda self: self.z)\n", "elsewhere"),
    (CLASS + "    x = property(lambda self: self.z, lambda self, z: None)\n", "elsewhere"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR065", reason)


def test_private_function_that_another_file_knows() -> None:
    check_noop(CLASS + GET + READ, "AR065", "known", facts=ProjectFacts(private=("_get_x",)))
    mangled = CLASS + GET.replace("_get_x", "__x") + "    x = property(__x)\n"
    check_noop(mangled, "AR065", "known", facts=ProjectFacts(shared=("_A__x",)))


@pytest.mark.parametrize(
    "test",
    [
        "patch.object(A, '_get_x', f)\n",
        "getattr(A(), '_get_x')()\n",
        "@patch('app.A._get_x')\ndef test(): pass\n",
        "A()._get_x()\n",
    ],
)
def test_private_function_that_a_test_names(test: str) -> None:
    files = {"app.py": CLASS + GET + READ, "test_app.py": test}
    modules = [read_module(path, text.encode()) for path, text in files.items()]
    facts = merge([file_facts(module) for module in modules if isinstance(module, Module)])
    check_noop(files["app.py"], "AR065", "known", facts=facts)


X = "    @property\n    def x(self):\n        return 1\n"
SETTER = "    @x.setter\n    def x(self, x):\n        self.y = x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (GET + READ, X),
        (GET + READ.replace("_get_x", "fget=_get_x"), X),
        (
            GET + READ + "\n    def f(self, n):\n        return getattr(self, '_' + n)\n",
            X + "\n    def f(self, n):\n        return getattr(self, '_' + n)\n",
        ),
        (GET + "\n" + SET + "\n" + BOTH, X + "\n" + SETTER),
        (GET + SET + BOTH.replace("_set_x", "fset=_set_x"), X + "\n" + SETTER),
        (GET + SET + BOTH.replace("_set_x", "None, _set_x"), X + "\n" + SETTER.replace("setter", "deleter")),
        (GET + "    # of y\n" + SET + BOTH + "\n    y = 1\n", X + "\n    # of y\n" + SETTER + "\n    y = 1\n"),
        (GET + "\n" + READ + "\n    y = 1\n", X + "\n    y = 1\n"),
        (GET + "\n" + READ + "\n\ny = 1\n", X + "\n\ny = 1\n"),
        (GET + "    y = 1\n" + READ, X + "    y = 1\n"),
        (GET.replace("_get_x", "x") + READ.replace("_get_x", "x"), X),
        (GET.replace("_get_x", "__x") + READ.replace("_get_x", "__x"), X),
        ("    @a\n" + GET + READ, "    @property\n    @a\n" + X.replace("    @property\n", "")),
        (
            GET.replace("_get", "g") + "    @a\n" + METHOD + STATIC,
            GET.replace("_get", "g") + "\n    @staticmethod\n    @a\n" + METHOD,
        ),
        (METHOD + STATIC, "    @staticmethod\n" + METHOD),
        (METHOD + STATIC.replace("static", "class") + "    y = f\n", None),
        ("    @a\n" + METHOD + STATIC, "    @staticmethod\n    @a\n" + METHOD),
        ("    x = property(lambda self: self.z)\n", X.replace("1", "self.z")),
        (
            "    x = property(lambda s: s.z, doc='The x')\n",
            '    @property\n    def x(s):\n        """The x"""\n        return s.z\n',
        ),
        (
            "    a = 1\n    x = property(lambda self: 1)\n    y = property(lambda self: 1)\n    b = 1\n",
            "    a = 1\n\n" + X + "\n" + X.replace("x", "y") + "\n    b = 1\n",
        ),
        ("    # of x\n    x = property(lambda self: 1)\n\n    b = 1\n", "    # of x\n" + X + "\n    b = 1\n"),
    ],
)
def test_rewritten(before: str, after: str | None) -> None:
    if after is None:
        check_noop(CLASS + before, "AR065", "elsewhere")
    else:
        check_transformed(CLASS + before, CLASS + after, "AR065")
        tabs = (CLASS + before).replace("    ", "\t").replace("\n", "\r\n")
        check_transformed(tabs, (CLASS + after).replace("    ", "\t").replace("\n", "\r\n"), "AR065")


def test_two_properties_whose_functions_stand_together() -> None:
    before = CLASS + GET + GET.replace("_x", "_y") + READ + READ.replace("x", "y", 1).replace("_x", "_y")
    check_transformed(before, CLASS + X + "\n" + X.replace("x", "y"), "AR065")
