"""AR012: what must stay, then what is written, then that both do the same."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.engine.sweep import rewrite_files
from support.rewriting import check_noop, check_transformed, rewrite

if TYPE_CHECKING:
    from pathlib import Path

OS = "import os\n\n\n"


def function(*lines: str, head: str = OS, parameters: str = "d, x") -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"{head}def f({parameters}):\n{body}"


def guarded(*lines: str) -> str:
    return function(*(line.replace("{}", "os.remove(os.path.join(d, x))") for line in lines))


def walked(*lines: str) -> str:
    return function(*(line.replace("{}", "os.remove(os.path.join(r, m))") for line in lines))


PATHLIB = "from pathlib import Path\n\n\n"
BOTH = "import os\nfrom pathlib import Path\n\n\n"
SHUTIL = "import os\nimport shutil\n\n\n"
GLOB = "import glob\nimport os\n\n\n"
TEMPORARY = "import os\nimport tempfile\n\n\n"
P = "p = os.path.join(d, 'x')"

LEFT_ALONE = [
    # The text of the path goes where nobody can follow it.
    (function("return os.path.join(d, 'x')"), "escapes-returned"),
    (function(P, "return p"), "escapes-returned"),
    (function(P, "yield p"), "escapes-returned"),
    (function(P, "open(p)", "self.p = p"), "escapes-stored"),
    (function(P, "open(p)", "return [p]"), "escapes-stored"),
    (function(P, "open(p)", "return {p: 1}"), "escapes-stored"),
    (function(P, "q = p", "open(q)"), "escapes-stored"),
    (function(P, "open(p)", "g(p)"), "escapes-call"),
    (function(P, "open(p)", "g(*p)"), "escapes-call"),
    (function(P, "open(p)", "g(name=p)"), "escapes-call"),
    (function(P, "os.environ['X'] = p"), "escapes-stored"),
    (function(P, "sys.path.insert(0, p)"), "escapes-call"),
    (function(P, "return json.dumps({'p': p})"), "escapes-stored"),
    (function(P, "open(p)", "return p + '.bak'"), "concatenated"),
    (function(P, "open(p)", "p += '.bak'"), "escapes-stored"),
    (function(P, "open(p)", "print('in %s' % p)"), "formatted"),
    (function(P, "open(p)", "print('in %s, %s' % (p, 1))"), "escapes-stored"),
    (function(P, "open(p)", "print(f'in {p}')"), "formatted"),
    (function(P, "open(p)", "log.info('in %s', p)"), "escapes-call"),
    (function(P, "open(p)", "return p == x"), "compared"),
    (function(P, "open(p)", "return p in x"), "compared"),
    (function(P, "open(p)", "return p.lower()"), "used-as-text"),
    (function(P, "open(p)", "return p[1:]"), "used-as-text"),
    (function(P, "if p: open(p)"), "tested-for-truth"),
    (function(P, "open(p)", "return os.path.splitext(p)"), "escapes-call"),
    (function("return open(os.path.join(d, 'x').encode())"), "used-as-text"),
    (function(P, "return shutil.copy(d, p)", head="import os\nimport shutil\n\n\n"), "escapes-call"),
    (function(P, "open(p, opener=x)"), "escapes-call"),
    (function(P, "tarfile.open(p, 'w|gz')", head="import os\nimport tarfile\n\n\n"), "escapes-call"),
    (function(P, "tarfile.open(p, mode=x)", head="import os\nimport tarfile\n\n\n"), "escapes-call"),
    (function(P, "shutil.rmtree(p, onerror=x)", head="import os\nimport shutil\n\n\n"), "escapes-call"),
    # Nobody knows that the name holds this path, and no other.
    (function(P, "p = x", "open(p)"), "escapes-stored"),
    (function("p = None", "if x: p = os.path.join(d, 'x')", "open(p)"), "escapes-stored"),
    (function("d = os.path.join(d, 'x')", "open(d)"), "escapes-stored"),
    (function(P, "return [open(p) for p in x]"), "escapes-stored"),
    (function(P, "return lambda: open(p)"), "escapes-stored"),
    (function(P, "def g(): return open(p)"), "escapes-stored"),
    (function("global p", P, "open(p)"), "escapes-stored"),
    (function(P, "open(p)", "del p"), "escapes-stored"),
    (function("p: str = os.path.join(d, 'x')", "open(p)"), "escapes-stored"),
    (function("p = q = os.path.join(d, 'x')", "open(p)"), "escapes-stored"),
    (function(P, "open(p)", "return eval(x)"), "escapes-stored"),
    ("import os\n\np = os.path.join('d', 'x')\nopen(p)\n", "escapes-stored"),
    # Part of the flow cannot go with it.
    (function(P, "q = os.path.join(p, 'y')", "open(q)", "return p"), {"escapes-returned", "partly-convertible"}),
    (function(P, "q = os.path.join(p, 'y')", "open(q)", "return q"), {"escapes-returned"}),
    # What is known of the text does not do.
    (function("return open(os.path.join(d, x))"), "bytes-possible"),
    (function("return open(os.path.join(d, x.y))"), "bytes-possible"),
    (function("return os.path.exists(os.path.join(d, 'x'))"), "tests-differ"),
    (function("return os.path.isfile(os.path.join('d', 'x'))"), "tests-differ"),
    (function("return os.path.isfile(os.path.join(os.path.dirname(__file__), 'a%s' % x))"), "trailing-slash"),
    (function("return os.path.isdir(os.path.dirname(__file__))"), "may-be-empty"),
    (function("return os.path.exists(os.path.join(str(d), str(x)))"), "may-be-empty"),
    (function("return os.listdir(os.path.dirname(os.path.join(d, 'x')))"), "may-be-empty"),
    (function("return open(os.path.join(str(d), str(x)))"), "may-be-empty"),
    (function("return open(os.path.dirname('x'))"), "may-be-empty"),
    (function("os.makedirs(os.path.dirname(__file__), exist_ok=True)"), "may-be-empty"),
    (
        function("if not os.path.exists(os.path.dirname(__file__)): os.makedirs(os.path.dirname(__file__))"),
        "may-be-empty",
    ),
    (function("return open(os.path.join(d, 'x/'))"), "trailing-slash"),
    (function("return os.listdir(os.path.join('x', ''))"), "trailing-slash"),
    (function("return open(os.path.join(d, '/x'))"), "absolute-part"),
    (function("return open(os.path.join(d, 'C:x'))"), "absolute-part"),
    (function("return os.unlink(os.path.join('d', str(x)))"), "trailing-slash"),
    (function("try: open(os.path.join('d', str(x)))", "except OSError: pass"), "trailing-slash"),
    (function("try: open(os.path.join(d, 'x'))", "except OSError as e: print(e)"), "error-text"),
    (function("with open(os.path.join(d, 'x')) as f:", "    return f.name"), "file-name-read"),
    (function("return open(os.path.join(d, 'x')).name"), "file-name-read"),
    (function("return open(os.path.join(os.path.dirname(x), 'y'))"), "parent-differs"),
    (function("os.makedirs(os.path.dirname(x))"), "parent-differs"),
    (function("return open(os.path.join(os.path.dirname(os.path.dirname(__file__)), 'y'))"), "parent-differs"),
    (function("return open(os.path.join('.', str(x), 'y'))"), "other-text"),
    (function("return open(os.path.join('d', './y'))"), "other-text"),
    (function("return open(os.path.join(os.path.abspath(x), 'y'))"), "not-normalized"),
    (function("return open(os.path.join(os.path.realpath(x), 'y'))"), "not-normalized"),
    (function("return open(os.path.join(os.path.expanduser(x), 'y'))"), "no-equivalent"),
    # No flow at all.
    (function("return os.path.exists(d)"), "not-a-flow"),
    (function("return os.path.exists('/nonexistent/flag')"), "not-a-flow"),
    (function("return os.path.getsize(d)"), "not-a-flow"),
    (function("return os.path.basename(d)"), "no-equivalent"),
    (function("return os.path.expanduser('~/.x')"), "no-equivalent"),
    (function("return open(posixpath.join(d, 'x'))", head="import posixpath\n\n\n"), "text-path"),
    (function("return os.path.abspath(os.path.normpath(x))"), "escapes-returned"),
    (function("return os.path.realpath(os.path.abspath(x))"), "escapes-returned"),
    (function("return os.path.normpath(  # why", "        os.path.abspath(x))"), "escapes-returned"),
    (function("return os.path.basename(sys.argv[0])"), "no-equivalent"),
    (function("return os.path.splitext(__file__)[0]"), "escapes-call"),
    (function("return os.path.splitext(__file__)"), "escapes-call"),
    (function("if x.endswith('.c'): return os.path.splitext(x)[1]"), "no-equivalent"),
    (function("for p in glob.glob(d): print(os.path.basename(p))", head=GLOB), "no-equivalent"),
    (function("for p in glob.glob('*/'): print(os.path.basename(p))", head=GLOB), "no-equivalent"),
    (function("for p in glob.glob('**', recursive=True): print(os.path.basename(p))", head=GLOB), "no-equivalent"),
    (function("for p in glob.glob('.*'): print(os.path.splitext(p)[1])", head=GLOB), "no-equivalent"),
    (function("for p in glob.glob('*.c'): print(os.path.exists(p))", head=GLOB), "not-a-flow"),
    (function("shutil.move(os.path.join(d, 'x'), 'y')", head="import os\nimport shutil\n\n\n"), "escapes-call"),
    (function("os.symlink(os.path.join(d, 'x'), 'y')"), "escapes-call"),
    # The second test does not say all that the first says.
    (function("return os.path.exists(x) and os.path.isfile(d)"), "not-a-flow"),
    (function("return os.path.exists(x) and not os.path.isfile(x)"), "not-a-flow"),
    (function("return not os.path.exists(x) and not os.path.isfile(x)"), "not-a-flow"),
    (function("return os.path.exists(x) or os.path.isfile(x)"), "not-a-flow"),
    (function("return os.path.exists(x) and os.path.islink(x)"), "not-a-flow"),
    (function("return os.path.exists(x) and d and os.path.isfile(x)"), "not-a-flow"),
    (function("return os.path.exists(x()) and os.path.isfile(x())"), "not-a-flow"),
    (function("return os.path.exists(x.y) and os.path.isfile(x.y)"), "not-a-flow"),
    (function("return (os.path.exists(x)) and os.path.isfile(x)"), "not-a-flow"),
    # A folder is made, but not whenever the test says that it is not there.
    (function("if not os.path.isdir(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.exists(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x): os.mkdir(x)"), "not-a-flow"),
    (function("x = str(x)", "if os.path.isdir(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x): os.makedirs(x), d()"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x): os.makedirs(x)", "else: d()"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x):", "    os.makedirs(x)", "    d()"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x): os.makedirs(x, exist_ok=d)"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x): os.makedirs(x + 'y')"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x) and d: os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if d or not os.path.isdir(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if (d or x) and not os.path.isdir(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if d: pass", "elif not os.path.isdir(x): os.makedirs(x)"), "not-a-flow"),
    (function("x = str(x)", "if not os.path.isdir(x):  # why", "    os.makedirs(x)"), "not-a-flow"),
    # The text is asked for, and a Path may spell it differently, or `str(...)` would be no better to read.
    (function("return os.path.join(os.path.dirname(__file__), x)"), "escapes-returned"),
    (function("return os.path.join(os.path.dirname(__file__), 'x/y')"), "escapes-returned"),
    (function("return os.path.dirname(os.path.abspath(__file__))"), "escapes-returned"),
    (function("return os.path.join('x', 'y')"), "escapes-returned"),
    (function("return os.path.join(os.path.abspath(x), 'y')"), "escapes-returned"),
    (
        function("h = os.path.dirname(__file__)", "return h, open(os.path.join(h, 'x'))"),
        {"escapes-stored", "partly-convertible"},
    ),
    # Names that may mean something else.
    (function("return open(os.path.join(d, 'x'))", head="from x import *\nimport os\n\n\n"), "rebound"),
    (function("return open(os.path.join(d, 'x'))", head="import os\nos = x\n\n\n"), "rebound"),
    (function("return open(os.path.join(d, 'x'))", head="from x import open\nimport os\n\n\n"), "escapes-call"),
    (function("return open(os.path.join(d, 'x'))", head="from x import Path\nimport os\n\n\n"), "name-taken"),
    (function("Path = x", "return open(os.path.join(d, 'x'))"), "name-taken"),
    ("import os\n\n\ndef open(x):\n    return x\n\n\ny = open(os.path.join('d', 'x'))\n", "escapes-call"),
    (function("return open(os.path.join(d, 'x'))", head="import os\n\n\nclass A:\n    os = x\n\n\n"), "rebound"),
    ("import os\n\n\nclass A:\n    def open(d): ...\n    x = open(os.path.join('d', 'x'))\n", "escapes-call"),
    # A condition that does not hold where the path is built, or not for this value.
    (guarded("if x.endswith('.c') or d: {}"), "bytes-possible"),
    (guarded("if not x.endswith('.c'): {}"), "bytes-possible"),
    (guarded("if x.endswith('.c'): pass", "else: {}"), "bytes-possible"),
    (guarded("if x.endswith(b'.c'): {}"), "bytes-possible"),
    (guarded("if x.endswith(d): {}"), "bytes-possible"),
    (guarded("if d.y.endswith('.c'): {}"), "bytes-possible"),
    (guarded("if x.startswith('a/'): {}"), "trailing-slash"),
    (guarded("if x.endswith('/'): {}"), "trailing-slash"),
    (guarded("if isinstance(x, str): {}"), "trailing-slash"),
    (guarded("if x.endswith('.c'):", "    x = g()", "    {}"), "bytes-possible"),
    (guarded("if x.endswith('.c'):", "    for x in d: pass", "    {}"), "bytes-possible"),
    (guarded("if x.endswith('.c'):", "    with d as x: pass", "    {}"), "bytes-possible"),
    (guarded("if x.endswith('.c'):", "    def g():", "        {}"), "bytes-possible"),
    (function("for m in os.listdir(d): os.remove(os.path.join(d, m))"), "bytes-possible"),
    (function("n = os.listdir(d)", "for m in n: os.remove(os.path.join(d, m))"), "bytes-possible"),
    (walked("for r, e, n in os.walk(x):", "    for m in n: {}"), "bytes-possible"),
    (walked("for r, e, n in os.walk('y'):", "    n = x", "    for m in n: {}"), "trailing-slash"),
    (walked("for r, e, n in os.walk('y'):", "    for m in x: {}"), "trailing-slash"),
    (walked("for r, m, n in os.walk('y'): {}"), "trailing-slash"),
    (walked("for r, m in os.walk('y'): {}"), "bytes-possible"),
    (walked("for r, e, n in os.walk('y'): pass", "for r, e, n in os.walk(x):", "    for m in n: {}"), "bytes-possible"),
    # A folder that somebody else sees, too.
    (function("t = tempfile.mkdtemp(dir=x)", "return open(os.path.join(t, x))", head=TEMPORARY), "bytes-possible"),
    (function("t = tempfile.mkdtemp()", "os.remove(os.path.join(t, x))", head=TEMPORARY), "trailing-slash"),
    (function("return Path(os.path.abspath(__file__))", head=BOTH), "not-normalized"),
    (
        function("h = os.path.dirname(os.path.abspath(__file__))", "os.chdir(h)", "return Path(h)", head=BOTH),
        "not-normalized",
    ),
    # Not to be written well.
    (function(P + "  # type: str", "os.rmdir(p)"), "type-comment"),
    (function("return open(os.path.join(d,  # why", "                         'x'))"), "comment"),
    (function("return open(os.path.join(d if x else 'y', 'x'))"), "hard-to-read"),
    (function("return open(os.path.join(d, g(x,", "  1), 'x'))"), "multiline"),
    (function(*(f"open(os.path.join(d, '{n}'))" for n in range(4))), "wrapped-often"),
    (function("return f\"{open(os.path.join(d, 'x'))}\""), "inside-f-string"),
    (function("return open(os.path.join(d, 'x'))  # noqa: PTH118"), "ignored"),
    (function(P + "  # noqa: PTH118", "q = os.path.join(p, 'y')", "os.rmdir(q)"), "ignored"),
    (function(P, "q = os.path.join(p, 'y')", "os.rmdir(q)  # noqa: AR012"), "ignored"),
    (function(P, "q = os.path.join(p, 'y')", "os.rmdir(q)  # noqa: PTH106"), "ignored"),
]


@pytest.mark.parametrize(("source", "reasons"), LEFT_ALONE)
def test_left_alone(source: str, reasons: str | set[str]) -> None:
    result = rewrite(source, "AR012")
    assert result.layers == ()
    assert {refusal.code for refusal in result.refusals} == ({reasons} if isinstance(reasons, str) else reasons)


HERE = "h = os.path.dirname(__file__)"

REWRITTEN = [
    (
        function("return open(os.path.join(d, 'x'), 'rb')"),
        function("return open(Path(d) / 'x', 'rb')", head=PATHLIB),
    ),
    (
        function("return open(os.path.join(d, x, 'y', x + '.txt', 'p%d' % x))"),
        function("return open(Path(d) / x / 'y' / (x + '.txt') / ('p%d' % x))", head=PATHLIB),
    ),
    (
        function("return open(os.path.join(d, *x, 'y'))"),
        function("return open(Path(d).joinpath(*x, 'y'))", head=PATHLIB),
    ),
    (
        function("return open(", "        os.path.join(", "            d, 'x'", "        )", "    )"),
        function("return open(Path(d) / 'x')", head=PATHLIB),
    ),
    (
        function(HERE, "if os.path.exists(os.path.join(h, 'x')): return os.path.getsize(os.path.join(h, 'x'))"),
        function(
            "h = Path(__file__).parent",
            "if (h / 'x').exists(): return (h / 'x').stat().st_size",
            head=PATHLIB,
        ),
    ),
    (
        function("h = os.path.abspath(os.path.dirname(__file__))", "return open(os.path.join(h, '..', 'x'))"),
        function("h = Path(__file__).parent.absolute()", "return open(h / '..' / 'x')", head=PATHLIB),
    ),
    (
        function("h = os.path.dirname(os.path.dirname(os.path.realpath(x.__file__)))", "os.chdir(h)"),
        function("h = Path(x.__file__).resolve().parent.parent", "os.chdir(h)", head=BOTH),
    ),
    (
        function("return open(os.path.join(os.path.split(__file__)[0], 'x'))"),
        function("return open(Path(__file__).parent / 'x')", head=PATHLIB),
    ),
    (
        function(P, "if not os.path.isdir(p):", "    os.makedirs(p, 0o700)", "os.rmdir(p)"),
        function(
            "p = Path(d) / 'x'",
            "if not p.is_dir():",
            "    p.mkdir(mode=0o700, parents=True)",
            "p.rmdir()",
            head=PATHLIB,
        ),
    ),
    (
        function("if x: p = os.path.join(d, 'x')", "else: p = os.path.join(d, 'y')", "os.makedirs(p, exist_ok=True)"),
        function(
            "if x: p = Path(d) / 'x'", "else: p = Path(d) / 'y'", "p.mkdir(parents=True, exist_ok=True)", head=PATHLIB
        ),
    ),
    (
        function(
            P, "for n in os.listdir(p):", "    q = os.path.join(p, n)", "    os.chmod(q, 0o600)", "    os.remove(q)"
        ),
        function(
            "p = Path(d) / 'x'",
            "for n in os.listdir(p):",
            "    q = p / n",
            "    q.chmod(0o600)",
            "    q.unlink()",
            head=BOTH,
        ),
    ),
    (
        function(P, "p = os.path.join(p, 'y')", "return os.stat(p), os.path.basename(p)"),
        function("p = Path(d) / 'x'", "p = p / 'y'", "return p.stat(), p.name", head=PATHLIB),
    ),
    (
        function("try: open(os.path.join('d', x + '.c'))", "except OSError: pass"),
        function("try: open(Path('d') / (x + '.c'))", "except OSError: pass", head=PATHLIB),
    ),
    (
        function("return open(os.path.join(d, os.listdir(os.path.join(x, 'y'))[0] + 'z'))"),
        function("return open(Path(d) / (os.listdir(Path(x) / 'y')[0] + 'z'))", head=BOTH),
    ),
    (
        function("os.chmod(os.path.join(d, 'x'), os.stat(os.path.join(d, 'y')).st_mode)"),
        function("(Path(d) / 'x').chmod((Path(d) / 'y').stat().st_mode)", head=PATHLIB),
    ),
    (
        function("p, q = 1, os.path.join(d, 'x')", "r = os.path.join(d, 'y')", "os.rename(os.path.join(d, 'z'), r)"),
        function("p, q = 1, os.path.join(d, 'x')", "r = Path(d) / 'y'", "os.rename(Path(d) / 'z', r)", head=BOTH),
    ),
    (
        function("a = os.path.join(d, 'x')", "b = os.path.join(x, 'y')", "os.rmdir(a)", "os.rmdir(b)  # later"),
        function("a = Path(d) / 'x'", "b = Path(x) / 'y'", "a.rmdir()", "b.rmdir()  # later", head=PATHLIB),
    ),
    (
        function("os.mkdir((os.path.join((d), (x + 'y'))), (0o700))"),
        function("(Path(d) / (x + 'y')).mkdir(0o700)", head=PATHLIB),
    ),
    (
        function("return join(d, 'x'), open(join(d, 'x'))", head="from os.path import join\n\n\n"),
        function(
            "return join(d, 'x'), open(Path(d) / 'x')",
            head="from os.path import join\nfrom pathlib import Path\n\n\n",
        ),
    ),
    (
        function("subprocess.run(x, cwd=os.path.join(d, 'x'))", head="import os\nimport subprocess\n\n\n"),
        function("subprocess.run(x, cwd=Path(d) / 'x')", head="import subprocess\nfrom pathlib import Path\n\n\n"),
    ),
    (
        "import os\n\n\nclass A:\n    def open(self, d):\n        return open(os.path.join(d, 'x'))\n",
        "from pathlib import Path\n\n\nclass A:\n    def open(self, d):\n        return open(Path(d) / 'x')\n",
    ),
]

REWRITTEN += [
    (
        guarded(line),
        guarded(line).replace("os.remove(os.path.join(d, x))", "(Path(d) / x).unlink()").replace(OS, PATHLIB),
    )
    for line in (
        "if x.endswith('.c'): {}",
        "if d and x.endswith('.c') and x != 'y': {}",
        "return x.endswith('.c') and {}",
        "return {} if x.endswith('.c') else 1",
        "while x.endswith('c'): {}",
    )
]
REWRITTEN += [
    (
        function("t = tempfile.mkdtemp(prefix='y')", "open(os.path.join(t, x)).close()", "os.rmdir(t)", head=TEMPORARY),
        function(
            "t = Path(tempfile.mkdtemp(prefix='y'))",
            "open(t / x).close()",
            "t.rmdir()",
            head="import tempfile\nfrom pathlib import Path\n\n\n",
        ),
    ),
    (
        function("t = tempfile.mkdtemp()", "open(os.path.join(t, x)).close()", "return t", head=TEMPORARY),
        function(
            "t = tempfile.mkdtemp()",
            "open(Path(t) / x).close()",
            "return t",
            head="import tempfile\nfrom pathlib import Path\n\n\n",
        ),
    ),
    (
        function("c = os.getcwd()", "os.chdir(os.path.join(c, 'x'))", "os.chdir(c)"),
        function("c = Path.cwd()", "os.chdir(c / 'x')", "os.chdir(c)", head=BOTH),
    ),
    (
        walked("for r, e, n in os.walk('y'):", "    for m in sorted(n): {}"),
        function("for r, e, n in os.walk('y'):", "    for m in sorted(n): (Path(r) / m).unlink()", head=BOTH),
    ),
    (
        "import os\n_H = os.path.dirname(__file__)\n\n\ndef f():\n    return open(os.path.join(_H, 'x'))\n",
        "from pathlib import Path\n_H = Path(__file__).parent\n\n\ndef f():\n    return open(_H / 'x')\n",
    ),
]


LEXICAL = "Path(os.path.abspath(__file__)).parent"
REWRITTEN += [
    # What takes a `..` out of a path by its text alone stays, once.
    (
        function("return open(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'y'))"),
        function(f"return open({LEXICAL}.parent / 'y')", head=BOTH),
    ),
    (
        function(
            "h = os.path.abspath(os.path.join(os.path.dirname(__file__), '..'))", "return open(os.path.join(h, 'y'))"
        ),
        function(f"h = {LEXICAL}.parent", "return open(h / 'y')", head=BOTH),
    ),
    (
        function("os.chdir(os.path.normpath(os.path.abspath(os.path.join(os.path.dirname(__file__), '../x', 'y'))))"),
        function(f"os.chdir({LEXICAL}.parent / 'x' / 'y')", head=BOTH),
    ),
    (
        function("os.chdir(os.path.normpath(os.path.join(os.path.abspath(__file__), os.pardir)))"),
        function(f"os.chdir({LEXICAL})", head=BOTH),
    ),
    # What is asked once.
    (
        function("return os.path.exists(x) and os.path.isfile(x), not os.path.exists(x) or not os.path.isdir(x) or d"),
        function("return os.path.isfile(x), not os.path.isdir(x) or d"),
    ),
    # What is normalized once.
    (
        function("return os.path.normpath(os.path.abspath(x)), os.path.abspath(os.path.realpath(x))"),
        function("return os.path.abspath(x), os.path.realpath(x)"),
    ),
    # What is known of a path that was not built here.
    (
        function("print(os.path.basename(__file__), os.path.splitext(__file__)[1])", "os.path.getmtime(__file__)"),
        function("print(Path(__file__).name, Path(__file__).suffix)", "Path(__file__).stat().st_mtime", head=PATHLIB),
    ),
    (
        function("return os.path.splitext(os.path.basename(__file__))[0], os.path.basename(os.getcwd())"),
        function("return Path(__file__).stem, Path.cwd().name", head=PATHLIB),
    ),
    (
        function(
            "for p in sorted(glob.glob(os.path.join(d, '*.c'))):",
            "    print(os.path.basename(p), os.path.splitext(p)[1], os.path.splitext(os.path.basename(p))[0])",
            head=GLOB,
        ),
        function(
            "for p in sorted(glob.glob(os.path.join(d, '*.c'))):",
            "    print(Path(p).name, Path(p).suffix, Path(p).stem)",
            head="import glob\nimport os\nfrom pathlib import Path\n\n\n",
        ),
    ),
    (
        function("if x.endswith('.c'): return os.path.basename(x)"),
        function("if x.endswith('.c'): return Path(x).name", head=PATHLIB),
    ),
    (
        function("p = Path(os.path.join(d, 'x'))", "return p", head=BOTH),
        function("p = Path(d) / 'x'", "return p", head=PATHLIB),
    ),
    (
        function("logging.FileHandler(os.path.join(d, 'x'))", head="import logging\nimport os\n\n\n"),
        function("logging.FileHandler(Path(d) / 'x')", head="import logging\nfrom pathlib import Path\n\n\n"),
    ),
    # A folder that is made unless it is there.
    (
        function("if not os.path.isdir(os.path.dirname(x)):", "    os.makedirs(os.path.dirname(x))"),
        function("os.makedirs(os.path.dirname(x), exist_ok=True)"),
    ),
    (
        function("x = str(x)", "if d and not os.path.isdir( x ): os.makedirs( x, 0o700 )"),
        function("x = str(x)", "if d: os.makedirs( x, 0o700, exist_ok=True )"),
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_rewritten(before: str, after: str) -> None:
    check_transformed(before, after, "AR012")


ASKED = [
    (
        function("return os.path.join(os.path.dirname(__file__), 'x', 'y.txt')"),
        function("return str(Path(__file__).parent / 'x' / 'y.txt')", head=PATHLIB),
    ),
    (
        function("return g(os.path.join(os.getcwd(), 'x'), name=os.path.dirname(os.path.realpath(__file__)))"),
        function("return g(str(Path.cwd() / 'x'), name=str(Path(__file__).resolve().parent))", head=PATHLIB),
    ),
    (
        function("h = os.path.abspath(os.path.dirname(__file__))", "t = os.path.join(h, 'x')", "return g(t)"),
        function(f"h = {LEXICAL}", "t = str(h / 'x')", "return g(t)", head=BOTH),
    ),
    (
        function(HERE, "t = os.path.join(h, 'x')", "open(t)", "return g(t)"),
        function("h = Path(__file__).parent", "t = h / 'x'", "open(t)", "return g(str(t))", head=PATHLIB),
    ),
    (
        function("for r, e, n in os.walk(os.path.join(os.path.dirname(__file__), 'x')): g(r)"),
        function("for r, e, n in os.walk(Path(__file__).parent / 'x'): g(r)", head=BOTH),
    ),
    (
        "import os\n\n\nclass A:\n    n = 'x'\n    p = os.path.join(os.path.dirname(__file__), n + '.txt')\n",
        "from pathlib import Path\n\n\nclass A:\n    n = 'x'\n    p = str(Path(__file__).parent / (n + '.txt'))\n",
    ),
    (
        "import os\nimport sys\nsys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), '..')))\n",
        f"import os\nimport sys\nfrom pathlib import Path\nsys.path.insert(0, str({LEXICAL}.parent))\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), ASKED)
def test_text_is_given_back_where_it_is_asked_for(before: str, after: str) -> None:
    check_transformed(before, after, "AR012", target=(3, 10))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        # Who takes the text in another function of `os.path` had better take the Path.
        (
            "import os\nH = os.path.join(os.path.dirname(__file__), 'x')\n\n\ndef f():\n    return os.path.exists(H)\n",
            {"escapes-stored", "not-a-flow"},
        ),
        (function(HERE, "t = os.path.join(h, 'x')", "open(t)", "g(t)", "return t"), {"escapes-returned"}),
        (function("t = os.path.join(os.path.dirname(__file__), 'x')", "str = d", "return t"), {"escapes-returned"}),
        (function("return os.path.join(os.path.dirname(__file__), 'x') + d"), {"concatenated"}),
        (function("return os.path.join(os.path.dirname(__file__), 'x') in d"), {"compared"}),
        (function("return os.walk(os.path.join(os.path.dirname(__file__), x))"), {"escapes-call"}),
        (function("return os.walk(os.path.join(os.path.dirname(__file__), 'x'), onerror=d)"), {"escapes-call"}),
        (function("return shutil.which(os.path.join(os.path.dirname(__file__), 'x'))", head=SHUTIL), {"escapes-call"}),
        (
            "import os\n\n\nclass A:\n    n = f()\n    p = os.path.join(os.path.dirname(__file__), n)\n",
            {"escapes-stored"},
        ),
        (
            "import os\n\n\nclass A:\n    n = 'x'\n    n = 'y'\n    p = os.path.join(os.path.dirname(__file__), n)\n",
            {"escapes-stored"},
        ),
    ],
)
def test_text_is_not_given_back(source: str, reason: set[str]) -> None:
    result = rewrite(source, "AR012", target=(3, 10))
    assert result.layers == ()
    assert {refusal.code for refusal in result.refusals} == reason


def test_name_that_has_to_stay_text_is_told_as_code() -> None:
    source = function("here = os.path.join(d, 'y')", "q = os.path.join(here, 'z')", "open(q)", "return here")
    messages = [refusal.message for refusal in rewrite(source, "AR012").refusals]
    assert "a name in it holds a path that has to stay text: `here`" in messages


def test_file_of_a_module_may_begin_with_a_dot_until_310() -> None:
    check_noop(ASKED[0][0], "AR012", "escapes-returned", target=(3, 9))


def test_text_too_long_for_its_line_gets_lines_of_its_own() -> None:
    name = "a" * 40
    before = function(f"{name} = os.path.join(", "    os.path.dirname(__file__), 'bbbbbbbbbbbb'", ")", f"g({name})")
    after = function(f"{name} = str(", "    Path(__file__).parent / 'bbbbbbbbbbbb'", ")", f"g({name})", head=PATHLIB)
    check_transformed(before, after, "AR012", target=(3, 10))


TWICE = function("os.chdir(os.path.dirname(os.path.dirname(__file__)))")
RELATIVE = "from . import x\n"


def test_module_of_a_package_lies_below_a_folder_with_a_name() -> None:
    after = function("os.chdir(Path(__file__).parent.parent)", head=BOTH)
    check_transformed(TWICE, after, "AR012", path="app/__init__.py", target=(3, 10))
    check_transformed(RELATIVE + TWICE, RELATIVE + after, "AR012", path="app/core.py", target=(3, 10))


@pytest.mark.parametrize("head", ["", "from x import y\n", "try:\n    from . import x\nexcept ImportError: pass\n"])
def test_module_that_may_be_run_from_a_folder_below(head: str) -> None:
    result = rewrite(head + TWICE, "AR012", path="app/core.py", target=(3, 10))
    assert {refusal.code for refusal in result.refusals} == {"parent-differs"}


def test_module_of_a_package_has_only_so_many_folders_with_names() -> None:
    thrice = TWICE.replace("__file__", "os.path.dirname(__file__)")
    result = rewrite(RELATIVE + thrice, "AR012", path="app/core.py", target=(3, 10))
    assert {refusal.code for refusal in result.refusals} == {"parent-differs"}
    assert rewrite("from .. import x\n" + thrice, "AR012", path="app/core.py", target=(3, 10)).layers


def test_move_takes_a_path_since_39() -> None:
    source = function("shutil.move(os.path.join(d, 'x'), 'y')", head=SHUTIL)
    after = function("shutil.move(Path(d) / 'x', 'y')", head="import shutil\nfrom pathlib import Path\n\n\n")
    check_transformed(source, after, "AR012", target=(3, 9))


def test_value_too_long_for_its_line_gets_lines_of_its_own() -> None:
    name = "a" * 50
    before = function(f"{name} = os.path.join(", "    d, 'bbbbbbbbbbbb'", ")", f"os.rmdir({name})")
    after = function(f"{name} = (", "    Path(d) / 'bbbbbbbbbbbb'", ")", f"{name}.rmdir()", head=PATHLIB)
    check_transformed(before, after, "AR012")


def test_line_endings_and_encoding_survive() -> None:
    source = "# coding: latin-1\r\nimport os\r\n\xe9 = open(os.path.join('\xe9', 'x'))\r\n".encode("latin-1")
    after = "# coding: latin-1\r\nfrom pathlib import Path\r\n\xe9 = open(Path('\xe9') / 'x')\r\n".encode("latin-1")
    assert rewrite(source, "AR012").layers[-1].data == after


SETUP = "import os\nh = os.path.dirname(__file__)\n\n\ndef read(n):\n    return open(os.path.join(h, n)).read()\n"


def test_names_of_a_module_are_local_only_where_nobody_imports_it() -> None:
    after = "from pathlib import Path\nh = Path(__file__).parent\n\n\ndef read(n):\n    return open(h / n).read()\n"
    check_transformed(SETUP, after, "AR012", path="setup.py")
    assert rewrite(SETUP, "AR012", path="app.py").layers == ()


@pytest.mark.parametrize(
    "use",
    ["def g():\n    return h\n", "def g(h):\n    return h\n", "class A:\n    y = h\n", "class A:\n    h = 1\n"],
)
def test_name_of_a_setup_script_that_is_seen_elsewhere(use: str) -> None:
    assert rewrite(f"{SETUP}\n\n{use}", "AR012", path="setup.py").layers == ()


@pytest.mark.parametrize(
    "test",
    [
        "mock.patch('app.os.path.join')",
        "mock.patch('os.path.join', fake)",
        "import os\nmonkeypatch.setattr(os.path, 'join', fake)",
        "import os\nos.path.join = fake",
        "mock.patch('builtins.open')",
        "import app\nmock.patch.object(app, 'open')",
        "import app\napp.open = fake",
        "mock.patch('app.open', create=True)",
        "mock.patch('%s.open' % builtins)",
        "mock.patch(f'{__name__}.open')",
        "mock.patch('{}.open'.format(builtins))",
        "mock.patch('app.join')",
        "mock.patch.multiple('os.path', join=fake)",
        "import os\nmock.patch.multiple(os.path, join=fake)",
    ],
)
def test_function_that_the_tests_replace(test: str) -> None:
    source = function("return open(os.path.join(d, 'x'))")
    files = [("app.py", source.encode()), ("test_app.py", f"{test}\n".encode())]
    result, _ = rewrite_files(files, rules=["AR012"], target=(3, 8))
    assert result.layers == ()
    assert {refusal.code for refusal in result.refusals} == {"patched"}


def test_private_name_that_another_module_reads() -> None:
    source = "import os\n_H = os.path.dirname(__file__)\n\n\ndef f():\n    return open(os.path.join(_H, 'x'))\n"
    for use in ("from app import _H\n", "import app\nprint(app._H)\n"):
        files = [("app.py", source.encode()), ("other.py", use.encode())]
        result, _ = rewrite_files(files, rules=["AR012"], target=(3, 8))
        assert result.layers == ()


def test_open_that_is_replaced_in_a_module_named_at_run_time() -> None:
    source = function(HERE, "return open(os.path.join(h, 'x'))")
    files = [("app.py", source.encode()), ("helper.py", b"mock.patch('%s.open' % module)\n")]
    result, _ = rewrite_files(files, rules=["AR012"], target=(3, 8))
    assert result.layers


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (function("return os.path.exists(x) and os.path.isfile(x)"), "isfile"),
        (function("return os.path.exists(x) and os.path.isfile(x)"), "exists"),
        (function("return os.path.normpath(os.path.abspath(x))"), "normpath"),
        (function("x = str(x)", "if not os.path.isdir(x): os.makedirs(x)"), "isdir"),
    ],
)
def test_function_that_the_tests_replace_is_asked_as_often(source: str, name: str) -> None:
    files = [("app.py", source.encode()), ("test_app.py", f"mock.patch('os.path.{name}')\n".encode())]
    result, _ = rewrite_files(files, rules=["AR012"], target=(3, 8))
    assert result.layers == ()


@pytest.mark.parametrize("test", ["mock.patch('os.remove')", "self.open = fake", "mock.patch('app.join_open')"])
def test_function_that_the_tests_do_not_replace(test: str) -> None:
    source = function("return open(os.path.join(d, 'x'))")
    files = [("app.py", source.encode()), ("test_app.py", f"{test}\n".encode())]
    result, _ = rewrite_files(files, rules=["AR012"], target=(3, 8))
    assert result.layers


def test_tests_of_existence_agree_since_314() -> None:
    source = function("return os.path.exists(os.path.join(d, 'x'))")
    after = function("return (Path(d) / 'x').exists()", head=PATHLIB)
    check_transformed(source, after, "AR012", target=(3, 14))
    check_noop(source, "AR012", "tests-differ", target=(3, 13))


PROGRAM = """\
import os
import shutil
import sys
import tempfile


def outcome(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__


def read(folder, name):
    with open(os.path.join(folder, name + '.txt')) as f:
        return f.read()


def beside():
    here = os.path.dirname(__file__)
    data = os.path.join(here, 'data.txt')
    if os.path.isfile(data):
        return open(data).read(), os.path.getsize(data), os.path.basename(data)
    return os.path.exists(os.path.join(here, 'none')), os.path.isdir(os.path.join(here, 'a'))


def fill(root):
    folder = os.path.join(root, 'sub', 'folder')
    if not os.path.exists(folder):
        os.makedirs(folder, exist_ok=True)
    for name in 'abc':
        target = os.path.join(folder, '%s.txt' % (name,))
        with open(target, 'w') as f:
            f.write(name)
    found = sorted(os.listdir(folder))
    for entry in sorted(os.listdir(folder)):
        old = os.path.join(folder, entry)
        os.rename(old, os.path.join(folder, 'new-%s.txt' % (entry[0],)))
    os.remove(os.path.join(folder, 'new-a.txt'))
    return found, sorted(os.listdir(folder)), os.stat(folder).st_mode


def scratch():
    top = tempfile.mkdtemp()
    inner = os.path.join(top, 'inner')
    os.mkdir(inner, 0o700)
    before = os.path.isdir(inner), os.stat(inner).st_mode
    shutil.rmtree(inner)
    return before, os.listdir(top), shutil.rmtree(top)


for folder in ('.', '', 'a', 'a/', './a', 'a//', b'a', None, 1, 'none', 'a/f.txt', '..', 'x' * 300, 'a\\0'):
    print(folder, outcome(read, folder, 'f'), outcome(fill, folder))
    shutil.rmtree('sub', ignore_errors=True)
for name in ('f', '', '../f', 'none', None, 3, b'f', '/f', 'f/'):
    print(name, outcome(read, 'a', name))
print(outcome(beside), outcome(scratch))
"""


def test_a_program_does_the_same_before_and_after(tmp_path: Path) -> None:
    outputs = []
    result = rewrite(PROGRAM, "AR012", target=(3, 11))
    for name, text in (("before", PROGRAM.encode()), ("after", result.layers[-1].data)):
        for program in ("program.py", "./../place/program.py"):
            folder = tmp_path / name / "place"
            (folder / "a").mkdir(parents=True, exist_ok=True)
            (folder / "a" / "f.txt").write_text("text of f")
            (folder / "data.txt").write_text("data")
            (folder / "program.py").write_bytes(text)
            process = subprocess.run([sys.executable, program], cwd=folder, capture_output=True, check=False)
            assert process.returncode == 0, process.stderr
            outputs.append(process.stdout)
    assert outputs[:2] == outputs[2:]
    assert b"text of f" in outputs[0]
    assert result.refusals == ()
