"""AR015: what must stay, then what is written, then what use-pathlib leaves for it."""

from __future__ import annotations

import pytest

from archaeologist_tools.engine.sweep import rewrite_files
from support.rewriting import check_noop, check_transformed, rewrite

HEAD = "import os\nfrom pathlib import Path\n\n\n"
CLASS = HEAD + "class A{}:\n    def {}(self, p: str):\n        return Path(p)\n"
WIDE = "str | os.PathLike[str]"


def function(*lines: str, head: str = HEAD, parameters: str = "p: str") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"{head}def f({parameters}):\n{body}"


LEFT_ALONE = [
    # The function asks for text, before or behind the call.
    (function("print(p)", "return Path(p)"), "used-as-text"),
    (function("q = Path(p)", "return p + '.bak'"), "used-as-text"),
    (function("q = Path(p)", "return p.upper()"), "used-as-text"),
    (function("return Path(p) if p else None"), "used-as-text"),
    (function("return Path(p), f'{p}'"), "used-as-text"),
    (function("return Path(p), os.path.join(p, 'x')"), "used-as-text"),
    (function("if isinstance(p, str):", "    return Path(p)"), "used-as-text"),
    (function("return Path(p), [p for q in r]"), "used-as-text"),
    (function("def g():", "    return p", "return Path(p)"), "used-as-text"),
    (function("def g():", "    nonlocal p", "    p = ''", "return Path(p)"), "used-as-text"),
    (function("return Path(p), locals()"), "used-as-text"),
    (function("q = Path(p)", "del p"), "used-as-text"),
    (function("import shutil", "q = Path(p)", "return shutil.copy(q, p)"), "used-as-text"),
    # It is bound to other things, or not in every call.
    (function("for p in Path(p).iterdir():", "    print(p)"), "used-as-text"),
    (function("if x:", "    p = Path(p)", "print(p)"), "used-as-text"),
    (function("p = Path(p)", "p = p / 'x'"), "used-as-text"),
    (function("p = str(Path(p))", "print(p)"), "used-as-text"),
    (function("print(p)", "p = Path(p)"), "used-as-text"),
    (function("q = lambda: print(p)", "p = Path(p)"), "used-as-text"),
    (function("p += ''", "p = Path(p)"), "used-as-text"),
    # Annotations may be read, and others have to be the same.
    ("@command\n" + function("return Path(p)", head=""), "decorated"),
    ("from typing import overload\n@overload\n" + function("return Path(p)", head=""), "decorated"),
    ("import pydantic\n" + function("return Path(p)"), "annotation-reader"),
    ("import inspect\n" + function("return Path(p)") + "inspect.signature(f)\n", "annotation-reader"),
    (CLASS.format("(B)", "f"), "overridable"),
    (CLASS.format("(metaclass=M)", "f"), "overridable"),
    (CLASS.format("", "f") + "class C:\n    def f(self, q): pass\n", "overridable"),
    (function("return Path(p)") + "def f(p): pass\n", "overridable"),
    (
        HEAD + "if x:\n    def f(p: str):\n        return Path(p)\nelse:\n    def f(p: str):\n        return None\n",
        "overridable",
    ),
    # The documentation says something else.
    (function('"""Load.', "", ":param str p: what", '"""', "return Path(p)"), "documented"),
    (function('"""Load from p, a string."""', "return Path(p)"), "documented"),
    (
        HEAD + 'class A:\n    """p (str): what"""\n    def __init__(self, p: str):\n        self.p = Path(p)\n',
        "documented",
    ),
    # Names mean other things.
    (function("return Path(p)", head="from pathlib import Path\nos = 1\n"), "name-taken"),
    ("from pathlib import Path\n" + function("return Path(p)", head="") + "import os\n", "name-taken"),
    (function("return Path(p)", head=HEAD + "str = bytes\n"), "rebound"),
    (function("return Path(p)", parameters=f"{'x' * 50}, p: str"), "too-long"),
    ("import os\nfrom pathlib import Path\ndef f(p: str): return Path(p)  # noqa: AR015\n", "ignored"),
]


@pytest.mark.parametrize(("source", "reason"), LEFT_ALONE)
def test_left_alone(source: str, reason: str) -> None:
    if "from pathlib" not in source:
        source = HEAD + source
    check_noop(source, "AR015", reason, target=(3, 10))


@pytest.mark.parametrize(
    "source",
    [
        function("return Path(p)", parameters="p"),
        function("return Path(p)", parameters="p: 'str'"),
        function("return Path(p)", parameters="p: str | None"),
        function("return Path(p)", parameters="p: bytes"),
        function("return Path(*p)", parameters="*p: str"),
        function("return Path(p)", parameters="**p: str"),
        function("return Path(p, 'x')"),
        function("return open(p)"),
        function("return [Path(p) for p in x]"),
        function("return lambda p: Path(p)"),
        function("return Path(p)", head="from other import Path\n"),
        function("return Path(p)", head="from pathlib import Path\nPath = g\n"),
    ],
)
def test_not_found(source: str) -> None:
    result = rewrite(source, "AR015", target=(3, 10))
    assert (result.layers, result.refusals) == ((), ())


REWRITTEN = [
    function("return Path(p)"),
    function("return Path(p)", parameters="a, /, p: str = '.', *, b=1"),
    function("return Path(p)", parameters="*, p: str"),
    function("with open(p) as g:", "    return g.read(), Path(p).name"),
    function("os.rename(p, Path(p).parent / 'x')"),
    function("def g():", "    return Path(p)", "return g"),
    function("p = Path(p)", "print(p)", "return f'{p}'"),
    function("q = Path(p)", "p = Path(p)", "return p"),
    function("return Path(p), lambda p: p + 'x'"),
    function("return Path(p), [p for p in x]"),
    function("class A:", "    p = 1", "return Path(p)"),
    function('"""Load p, and give a str."""'.replace("p, and", "a file, and"), "return Path(p)"),
    CLASS.format("", "f"),
    CLASS.format("(object)", "f"),
    CLASS.format("(B)", "__init__"),
    CLASS.format("", "__init__") + "class C:\n    def __init__(self, p): pass\n",
    HEAD + "class A:\n    @classmethod\n    def f(cls, p: str):\n        return Path(p)\n",
    HEAD.replace("from pathlib import Path", "import pathlib") + function("return pathlib.Path(p)", head=""),
]


@pytest.mark.parametrize("before", REWRITTEN)
def test_rewritten(before: str) -> None:
    check_transformed(before, before.replace("p: str", f"p: {WIDE}"), "AR015", target=(3, 10))


def test_every_parameter_by_itself() -> None:
    before = function("print(q)", "return Path(p), Path(q), Path(r)", parameters="p: str, q: str, r: str")
    after = before.replace("p: str", f"p: {WIDE}").replace("r: str", f"r: {WIDE}")
    check_transformed(before, after, "AR015", target=(3, 10))


def test_found_once_however_often_it_is_made_a_path() -> None:
    result = rewrite(function("print(p)", "return Path(p), Path(p)"), "AR015", target=(3, 10))
    assert [refusal.code for refusal in result.refusals] == ["used-as-text"]


def test_os_is_imported() -> None:
    before = function("return Path(p)", head="from pathlib import Path\n\n\n")
    after = HEAD + function("return Path(p)", head="", parameters=f"p: {WIDE}")
    check_transformed(before, after, "AR015", target=(3, 10))


UNION = HEAD.replace("Path\n", "Path\nfrom typing import Union\n", 1)


@pytest.mark.parametrize(
    ("target", "head", "written"),
    [
        ((3, 9), HEAD, None),
        ((3, 7), "from __future__ import annotations\n" + HEAD, WIDE),
        ((3, 9), UNION, "Union[str, os.PathLike[str]]"),
        ((3, 8), UNION, "Union[str, 'os.PathLike[str]']"),
        ((3, 8), UNION + "Union = g\n", None),
        ((3, 10), UNION, WIDE),
    ],
)
def test_union_can_be_evaluated(target: tuple[int, int], head: str, written: str | None) -> None:
    before = function("return Path(p)", head=head)
    if written is None:
        check_noop(before, "AR015", "evaluated", target=target)
    else:
        check_transformed(before, before.replace("p: str", f"p: {written}"), "AR015", target=target)


def test_methods_that_another_file_overrides_stay() -> None:
    base = HEAD + "class A:\n    def f(self, p: str):\n        return Path(p)\n"
    other = "from base import A\n\n\nclass B(A):\n    def f(self, p: str):\n        return p\n"
    files = [("base.py", base.encode()), ("other.py", other.encode())]
    first, _ = rewrite_files(files, rules=["AR015"], target=(3, 10))
    assert (first.layers, [refusal.code for refusal in first.refusals]) == ((), ["overridable"])


def test_annotations_that_another_file_reads_stay() -> None:
    reader = "import inspect\nfrom app import f\ninspect.signature(f)\n"
    files = [("app.py", function("return Path(p)").encode()), ("reader.py", reader.encode())]
    first, _ = rewrite_files(files, rules=["AR015"], target=(3, 10))
    assert [refusal.code for refusal in first.refusals] == ["annotation-reader"]


def test_takes_what_use_pathlib_leaves() -> None:
    before = "import os\n\n\ndef f(p: str):\n    with open(os.path.join(p, 'x')) as g:\n        return g.read()\n"
    after = HEAD + f"def f(p: {WIDE}):\n    with open(Path(p) / 'x') as g:\n        return g.read()\n"
    rules = ("AR012", "AR013", "AR015")
    result = rewrite(before, *rules, target=(3, 10))
    assert [layer.rule for layer in result.layers] == ["AR012", "AR015"]
    assert result.layers[-1].data.decode() == after
    assert rewrite(after, *rules, target=(3, 10)).layers == ()
