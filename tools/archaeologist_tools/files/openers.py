"""Which calls open a file, in which mode, and who uses a file up without keeping it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archaeologist_tools.files.meanings import meaning

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View

# Each gives an object whose `__enter__` is itself and whose `__exit__` is `close()`.
OPENERS = {
    "builtins.open": "r",
    "codecs.open": "r",
    "os.fdopen": "r",
    "gzip.open": "rb",
    "bz2.open": "rb",
    "lzma.open": "rb",
    "tarfile.open": "r",
    "zipfile.ZipFile": "r",
}
# They are done with their first argument, an iterable, when they return.
ITERATING = frozenset(
    f"builtins.{name}"
    for name in ("all", "any", "dict", "frozenset", "list", "max", "min", "next", "set", "sorted", "sum", "tuple")
)
# They are done with a file when they return, in whatever argument.
EAGER = frozenset(
    {
        "builtins.print",
        *(f"{module}.{name}" for module in ("json", "marshal", "pickle", "plistlib") for name in ("load", "dump")),
        *(f"subprocess.{name}" for name in ("call", "check_call", "check_output", "run")),
        "hashlib.file_digest",
        "shutil.copyfileobj",
        "tokenize.detect_encoding",
        "tomllib.load",
        "xml.dom.minidom.parse",
        "xml.etree.ElementTree.parse",
        *(f"yaml.{name}" for name in ("dump", "full_load", "load", "safe_dump", "safe_load")),
        *(f"toml.{name}" for name in ("dump", "load")),
        "lxml.etree.parse",
        "numpy.genfromtxt",
        "numpy.loadtxt",
    }
)
# What they give uses the file later, and nothing else keeps it.
LAZY = frozenset(
    {
        *(f"builtins.{name}" for name in ("enumerate", "filter", "iter", "map", "zip")),
        *(f"itertools.{name}" for name in ("chain", "islice", "takewhile", "dropwhile")),
        *(f"csv.{name}" for name in ("reader", "writer", "DictReader", "DictWriter")),
    }
)
READING = frozenset({"read", "readline", "readlines", "readinto", "namelist", "getnames", "extractall", "testzip"})
METHODS = READING | frozenset(
    {"close", "flush", "isatty", "readable", "seek", "seekable", "tell", "truncate", "write", "writable"}
    | {"writelines", "writestr", "printdir", "writerow", "writerows", "writeheader"}
)
PLAIN_ATTRIBUTES = frozenset(
    {"closed", "encoding", "errors", "mode", "name", "newlines"} | {"dialect", "fieldnames", "line_num"}
)


_PATCHING = re.compile(r"patch|setattr|setitem|\bobject$", re.IGNORECASE)


@dataclass(frozen=True)
class Opener:
    """A call that opens a file.

    Attributes:
        call: the call.
        kind: the full name of what is called.
        mode: its mode; None when it is not written as a literal.
    """

    call: ast.Call
    kind: str
    mode: str | None

    @property
    def only_reads(self) -> bool:
        """Whether nothing can be written through the file, so that it does not matter when it is closed."""
        if self.mode is None:
            return False
        access = self.mode.replace("|", ":").partition(":")[0]
        return not set(access) & set("wax+")


def opener_of(call: ast.expr, view: View) -> Opener | None:
    """What a call opens; None when it is not certain that it opens a file."""
    if not isinstance(call, ast.Call):
        return None
    kind, place = meaning(call.func, view), 1
    if not kind and _is_path_open(call, view):
        kind, place = "pathlib.Path.open", 0
    if (kind not in OPENERS and kind != "pathlib.Path.open") or _is_patched(view):
        return None
    return Opener(call, kind, _mode(call, place, OPENERS.get(kind, "r")))


@lru_cache(maxsize=1)
def _is_patched(view: View) -> bool:
    """Whether a test of this module puts a double in the place of `open`, which need not know `with`."""
    names = (node for node in view.index.of(ast.Constant) if isinstance(node.value, str))
    opens = (node for node in names if node.value == "open" or str(node.value).endswith(".open"))
    calls = (around for node in opens for around in view.index.ancestors(node) if isinstance(around, ast.Call))
    return any(_PATCHING.search(ast.unparse(call.func)) for call in calls)


def _is_path_open(call: ast.Call, view: View) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "open" or not isinstance(function.value, ast.Call):
        return False
    return meaning(function.value.func, view) == "pathlib.Path"


def _mode(call: ast.Call, place: int, default: str) -> str | None:
    if any(isinstance(item, ast.Starred) for item in call.args) or any(not item.arg for item in call.keywords):
        return None
    given = [*call.args[place : place + 1], *(item.value for item in call.keywords if item.arg == "mode")]
    if not given:
        return default
    return given[0].value if isinstance(given[0], ast.Constant) and isinstance(given[0].value, str) else None
