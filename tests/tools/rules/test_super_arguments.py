"""AR021: what must stay, then what is written."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.sweep import rewrite_files
from support.rewriting import check_noop, check_transformed, rewrite

METHOD = "class A(B):\n    def f(self):\n        {}\n"
CALL = "super(A, self).f()"

LEFT_ALONE = [
    ("def f(self):\n    super(A, self).f()\n", "not-in-method"),
    (METHOD.format(f"return [{CALL} for x in y]"), "not-in-method"),
    (METHOD.format(f"return lambda: {CALL}"), "not-in-method"),
    (METHOD.format(f"def g(self):\n            {CALL}"), "not-in-method"),
    ("def g():\n    class A(B):\n        def f(self):\n            super(A, self).f()\n", "not-in-method"),
    ("class O:\n    class A(B):\n        def f(self):\n            super(A, self).f()\n", "not-in-method"),
    ("for x in y:\n    class A(B):\n        def f(self):\n            super(A, self).f()\n", "not-in-method"),
    ("class A(B):\n    def f(self, g=super(A, 1)):\n        pass\n", "not-in-method"),
    (METHOD.format("super(B, self).f()"), "other-class"),
    (METHOD.format("super(self.__class__, self).f()"), "other-class"),
    (METHOD.format("super(A).f()"), "other-object"),
    (METHOD.format("super(A, other).f()"), "other-object"),
    (METHOD.format("super(A, self.x).f()"), "other-object"),
    (METHOD.format("super(A, self, *x).f()"), "other-object"),
    ("class A(B):\n    def f(*args):\n        super(A, args).f()\n", "other-object"),
    (METHOD.format(f"self = g(); {CALL}"), "rebound"),
    (METHOD.format(f"for self in x: {CALL}"), "rebound"),
    (METHOD.format(f"del self; {CALL}"), "rebound"),
    (METHOD.format(CALL) + "A = wrap(A)\n", "rebound"),
    (METHOD.format(CALL) + "del A\n", "rebound"),
    (METHOD.format(CALL) + "super = g\n", "rebound"),
    (METHOD.format(CALL) + "from x import super\n", "rebound"),
    (METHOD.format(CALL) + "from .x import *\n", "rebound"),
    ("from builtin_patches import *\n" + METHOD.format(CALL), "rebound"),
    (METHOD.format(f"__class__ = x; {CALL}"), "rebound"),
    (METHOD.replace("A(B)", "__A(B)").format("super(__A, self).f()"), "rebound"),
    (METHOD.format(f"g(**locals()); {CALL}"), "frame-reader"),
    (METHOD.format(f"eval('x'); {CALL}"), "frame-reader"),
    ("@d\n" + METHOD.format(CALL), "class-decorator"),
    (METHOD.replace("(B)", "(B, metaclass=M)").format(CALL), "metaclass"),
    (METHOD.replace("(B)", "(B, **kw)").format(CALL), "metaclass"),
    (METHOD.replace("(B)", "(NamedTuple)").format(CALL), "project-metaclass"),
    (METHOD.format(CALL) + "copy = types.FunctionType(A.f.__code__, {})\n", "code-copier"),
    (METHOD.format("super(A,  # why\n              self).f()"), "comment"),
    (METHOD.format('return f"{super(A, self).f()}"'), "inside-f-string"),
    (METHOD.format(f"{CALL}  # noqa: UP008"), "ignored"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    check_noop(source, "AR021", reason)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (METHOD.format(CALL), METHOD.format("super().f()")),
        (METHOD.format("super (A ,self) .f()"), METHOD.format("super () .f()").replace("super ()", "super()")),
        (METHOD.format("super(\n            A,\n            self,\n        ).f()"), METHOD.format("super().f()")),
        (METHOD.format(f"if x:\n            return {CALL}"), METHOD.format("if x:\n            return super().f()")),
        (
            "class A(B):\n    def __new__(cls, *args):\n        return super(A, cls).__new__(cls)\n",
            "class A(B):\n    def __new__(cls, *args):\n        return super().__new__(cls)\n",
        ),
        (
            "try:\n    x\nexcept E:\n    class A(B):\n        async def f(self):\n            super(A, self).f()\n",
            "try:\n    x\nexcept E:\n    class A(B):\n        async def f(self):\n            super().f()\n",
        ),
        (METHOD.format(f"{CALL}; super(B, self).f()"), METHOD.format("super().f(); super(B, self).f()")),
    ],
)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR021")


METACLASS = """\
class Meta(type):
    def __new__(mcs, name, bases, attrs):
        {body}
        return {result}

class Base(metaclass=Meta):
    pass
"""
USER = "from base import Base as Root\n\n\n" + METHOD.replace("(B)", "(Root)").format(CALL)


def rewritten_with(metaclass: str, user: str = USER) -> set[str]:
    files = [("base.py", metaclass.encode()), ("app.py", user.encode())]
    _, result = rewrite_files(files, rules=["AR021"], target=(3, 8))
    assert bool(result.layers) != bool(result.refusals)
    return {refusal.code for refusal in result.refusals}


def test_metaclass_of_the_project_that_drops_the_cell() -> None:
    # The class is made of a new dictionary, without `__classcell__`: `super()` would raise at run time.
    source = METACLASS.format(body="new = {'__module__': name}", result="type.__new__(mcs, name, bases, new)")
    assert rewritten_with(source) == {"project-metaclass"}
    assert rewritten_with(source, USER.replace("(Root)", "(make())")) == {"project-metaclass"}


def test_metaclass_that_hands_the_namespace_on_is_no_risk() -> None:
    source = METACLASS.format(body="attrs['x'] = 1", result="super(Meta, mcs).__new__(mcs, name, bases, attrs)")
    assert rewritten_with(source) == set()


def test_metaclass_that_replaces_the_namespace_is_a_risk() -> None:
    source = METACLASS.format(body="attrs = dict(x=1)", result="type.__new__(mcs, name, bases, attrs)")
    assert rewritten_with(source) == {"project-metaclass"}


def test_class_that_no_risky_metaclass_reaches() -> None:
    source = METACLASS.format(body="pass", result="type.__new__(mcs, name, bases, {})")
    assert rewritten_with(source, USER.replace("import Base", "import Other")) == set()


def test_reason_names_the_class_and_the_method() -> None:
    (layer,) = rewrite(METHOD.format(CALL), "AR021").layers
    assert layer.edits[0].reason == "the class is A, made once, and the object is the first parameter of f"
