"""AR015 path-parameter."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.paths.flows import flows_of
from archaeologist_tools.paths.layout import fits
from archaeologist_tools.paths.parameters import is_documented, is_shared, takes_any_path, wrapped_first
from archaeologist_tools.project.annotation_readers import READER_REFUSALS, reader_of
from archaeologist_tools.source.annotations import are_lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.parameters import TextParameter

_UNION_SYNTAX = (3, 10)
_GENERIC = (3, 9)
_OS = "import os"
_UNION = "from typing import Union"


@register
class PathParameter(Rule[ast.Call]):
    """Lets parameters that are made a Path take any path.

    What it does:
        Finds parameters annotated as `str` that their function makes a Path of. Where it does nothing else with them
        that asks for text, their annotation becomes `str | os.PathLike[str]`.

    Why:
        Whoever has a Path would have to make a text of it, only for the function to make it a Path again.

    Example:
        `def load(folder: str): return open(Path(folder) / 'settings')` becomes `def load(folder: str |
        os.PathLike[str]): ...`.

    Safety:
        Nothing but the annotation changes, and callers that hand over text are as right as before. All uses of the
        parameter are `Path(...)`, or calls of the standard library that take any path; behind `folder = Path(folder)`
        they are what they were. Where Python evaluates annotations, it has to be able to make the union: from Python
        3.10 on, or as `Union` where the module has that already.

    Left alone:
        Parameters that are used as text, quoted annotations and those with more than `str` in them; functions and
        classes with decorators that may read annotations, and modules that read them; methods of derived classes and
        methods that are overridden, as all of them have to take the same; functions defined in several ways, as for
        two systems or with `overload`; parameters that a docstring describes as text.

    References:
        PEP 519; https://docs.python.org/3/library/os.html#os.PathLike
    """

    code = "AR015"
    name = "path-parameter"
    family = "paths"
    title = "Let parameters take any path"
    minimum = (3, 6)
    fixer = Fixer.RULE
    nodes = (ast.Call,)
    words = frozenset({"Path"})
    names: ClassVar = frozenset({"Path"})
    sign = re.compile(rb":\s*str\b")
    refusals: ClassVar = {
        "used-as-text": "the function uses the parameter as text, too",
        **READER_REFUSALS,
        "overridable": "another function that stands for this one, or that it stands for, has to take the same",
        "documented": "a docstring says that the parameter is text",
        "evaluated": "Python evaluates the annotation, and the target's cannot make the union",
        "name-taken": "the module uses the name os for something else, or imports it later",
        "too-long": "the line would become longer than the lines of this file",
    }
    valid = ("from pathlib import Path\ndef f(p): return Path(p)\n", "def f(p: str): return open(p)\n")
    invalid = (
        (
            "import os\nfrom pathlib import Path\ndef f(p: str): return Path(p) / os.name\n",
            "import os\nfrom pathlib import Path\ndef f(p: str | os.PathLike[str]): return Path(p) / os.name\n",
        ),
        (
            "from pathlib import Path\ndef f(p: str): print(p, Path(p))\n",
            "from pathlib import Path\ndef f(p: str): print(p, Path(p))\n",
        ),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find the first call that makes a Path of a parameter."""
        if parameter := _wrapped(node, view):
            message = f"{parameter.name} is made a Path, and may only be text"
            yield Match(node, message, extent=view.extent(parameter.annotation))

    def fix(self, match: Match[ast.Call], view: View) -> Replacement | Decline | None:
        """Widen the annotation."""
        parameter, text = _wrapped(match.node, view), _any_path(view)
        if parameter is None:
            return None
        if obstacle := _obstacle(parameter, text, view):
            return Decline(obstacle)
        reason = "the function makes a Path of it, whatever it is"
        return Replacement(*view.extent(parameter.annotation), text, Evidence.PROVED, reason, (_OS,))


def _wrapped(call: ast.Call, view: View) -> TextParameter | None:
    return wrapped_first(call, view, flows_of(view).meaning)


def _obstacle(parameter: TextParameter, text: str, view: View) -> str:
    """Why an annotation stays, as a reason code; empty when it need not."""
    found = {
        "used-as-text": not takes_any_path(parameter, view, flows_of(view).meaning),
        "rebound": not view.is_builtin("str"),
        "overridable": is_shared(parameter, view),
        "documented": is_documented(parameter, view),
        "evaluated": not text,
        "name-taken": not view.can_import_library("os") or _comes_late(parameter, view),
        "too-long": not fits(*view.extent(parameter.annotation), text, view),
    }
    return reader_of(parameter.function, view) or next((code for code, stands in found.items() if stands), "")


def _any_path(view: View) -> str:
    """The type of all that names a path, as Python can evaluate it if it does; empty when it cannot."""
    if are_lazy(view.module.tree) or view.target >= _UNION_SYNTAX:
        return "str | os.PathLike[str]"
    if not (view.index.bound["Union"] and view.can_import(_UNION)):
        return ""
    return "Union[str, os.PathLike[str]]" if view.target >= _GENERIC else "Union[str, 'os.PathLike[str]']"


def _comes_late(parameter: TextParameter, view: View) -> bool:
    """Whether the module imports `os` behind the function that would need it."""
    places = [node.lineno for node in view.index.of(ast.Import) for alias in node.names if alias.name == "os"]
    return bool(places) and min(places) > parameter.function.lineno
