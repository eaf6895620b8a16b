"""Who takes a Path, and how the call is written then.

Only what asks where a path leads may take it. Whoever may look at its text (a caller, a log, a comparison) would see
another spelling: `Path` drops a `./` and doubled slashes.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.paths.built import NotBuilt
from archaeologist_tools.paths.takers import (
    CALLBACKS,
    ECHOES,
    LENIENT,
    METHODS,
    OPENERS,
    RUNNERS,
    RUNNERS_SINCE,
    STATS,
    TESTS,
    takes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View
    from archaeologist_tools.paths.built import Built
    from archaeologist_tools.paths.meaning import Meaning
    from archaeologist_tools.paths.strings import Text

# Since then the tests of `Path` say False where they cannot look, as those of `os.path` always did.
_TESTS_AGREE = (3, 14)
_Try = (ast.Try, ast.TryStar)
_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


@dataclass(frozen=True)
class Use:
    """A place that takes a path.

    Attributes:
        node: the node that is written anew.
        code: its new source.
        function: the full name of what is called there; empty when nothing is.
        text: what is known of the path's text.
        escapes: why the text is asked for, as a reason code; empty when a Path does.
    """

    node: ast.expr
    code: str
    function: str
    text: Text
    escapes: str = ""


@dataclass(frozen=True)
class Uses:
    """How paths of a module are used."""

    view: View
    meaning: Meaning

    def taken(self, node: ast.expr, built: Built) -> Use:
        """Write the call that takes a path.

        Raises:
            NotBuilt: it may look at the text, or a Path would mean something else to it.
        """
        if not built.text.is_str:
            raise NotBuilt("bytes-possible")
        parent = self.view.index.parents[node]
        if isinstance(parent, ast.keyword):
            return self._working_folder(node, parent, built)
        name = self.meaning.called(parent)
        if not isinstance(parent, ast.Call) or node not in parent.args:
            raise NotBuilt(escape(node, parent))
        use = self._call(name, parent, node, built)
        self._check_place(name, parent, built.text)
        return use

    def _call(self, name: str, call: ast.Call, node: ast.expr, built: Built) -> Use:
        position = call.args.index(node)
        if any(keyword.arg is None or keyword.arg in CALLBACKS for keyword in call.keywords):
            raise NotBuilt("escapes-call", "a keyword hands the path on")
        if takes(name, position, self.view.target, plain=built.text.plain and built.text.filled):
            return self._kept(name, call, node, built)
        if position or any(isinstance(argument, ast.Starred) for argument in call.args):
            raise NotBuilt("escapes-call")
        if name in METHODS and not call.keywords:
            arguments = ", ".join(self.view.module.segment(argument) for argument in call.args[1:])
            return Use(call, f"{built.receiver}.{METHODS[name]}({arguments})", name, built.text)
        if name == "os.makedirs":
            return Use(call, f"{built.receiver}.mkdir({self._folders(call)})", name, built.text)
        if name in STATS and len(call.args) == 1:
            return Use(call, f"{built.receiver}.stat().{STATS[name]}", name, built.text)
        if name in TESTS and len(call.args) == 1:
            self._check_test(name, call, built.text)
            return Use(call, f"{built.receiver}.{TESTS[name]}()", name, built.text)
        if name == "os.path.basename" and built.text.names:
            return self._named(call, built)
        if name == "os.path.splitext" and built.text.worded:
            return self._part(call, ("", "suffix"), built)
        if name == "pathlib.Path" and len(call.args) == 1:
            if built.text.raw:
                raise NotBuilt("not-normalized")
            return Use(call, built.code, name, built.text)
        raise NotBuilt("escapes-call", name)

    def _named(self, call: ast.Call, built: Built) -> Use:
        """The name of a file, without its extension, or the extension alone."""
        outer = self.view.index.parents[call]
        if built.text.worded and self.meaning.called(outer) == "os.path.splitext":
            return self._part(outer, ("stem", "suffix"), built)
        return Use(call, f"{built.receiver}.name", "os.path.basename", built.text)

    def _part(self, call: ast.AST, parts: tuple[str, str], built: Built) -> Use:
        """One of both results of `splitext`, where Path finds the same extension."""
        match pick := self.view.index.parents[call]:
            case ast.Subscript(value=ast.Call(args=[_], keywords=[]), slice=ast.Constant(value=int(number))):
                if number < len(parts) and parts[number]:
                    return Use(pick, f"{built.receiver}.{parts[number]}", "os.path.splitext", built.text)
        raise NotBuilt("escapes-call", "os.path.splitext")

    def _kept(self, name: str, call: ast.Call, node: ast.expr, built: Built) -> Use:
        if name in ECHOES and not isinstance(self.view.index.parents[call], ast.Expr):
            raise NotBuilt("escapes-call", f"{name} gives it back")
        if name == "tarfile.open" and not _reads_whole(call):
            raise NotBuilt("escapes-call", "tarfile reads the name of a stream")
        if name in OPENERS and self._name_is_read(call):
            raise NotBuilt("file-name-read")
        return Use(node, built.code, name, built.text)

    def _folders(self, call: ast.Call) -> str:
        """The arguments of `mkdir` for those of `os.makedirs`."""
        given = dict(zip(("mode", "exist_ok"), call.args[1:], strict=False))
        given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
        if set(given) - {"mode", "exist_ok"} or len(call.args) > 3:  # noqa: PLR2004 - name, mode, exist_ok
            raise NotBuilt("escapes-call", "os.makedirs")
        words = {key: self.view.module.segment(value) for key, value in given.items()}
        order = [("mode", words.get("mode")), ("parents", "True"), ("exist_ok", words.get("exist_ok"))]
        return ", ".join(f"{key}={value}" for key, value in order if value)

    def _working_folder(self, node: ast.expr, keyword: ast.keyword, built: Built) -> Use:
        name = self.meaning.called(self.view.index.parents[keyword])
        if keyword.arg != "cwd" or name not in RUNNERS or self.view.target < RUNNERS_SINCE:
            raise NotBuilt("escapes-call", name)
        self._check_place(name, node, built.text)
        return Use(node, built.code, name, built.text)

    def _check_test(self, name: str, call: ast.Call, text: Text) -> None:
        if not text.filled:
            raise NotBuilt("may-be-empty")
        if self._guards_creation(name, call):
            return
        if not text.names and name != "os.path.isdir":
            raise NotBuilt("trailing-slash")
        if not text.own and self.view.target < _TESTS_AGREE:
            raise NotBuilt("tests-differ")

    def _guards_creation(self, name: str, call: ast.Call) -> bool:
        """Whether it is `if not os.path.exists(x): os.makedirs(x)`: where the tests differ, the creation fails too."""
        negation = self.view.index.parents[call]
        branch = self.view.index.parents.get(negation)
        if name not in {"os.path.exists", "os.path.isdir"} or not isinstance(branch, ast.If) or branch.orelse:
            return False
        first = branch.body[0]
        made = first.value if isinstance(first, ast.Expr) else None
        if not (isinstance(negation, ast.UnaryOp) and isinstance(negation.op, ast.Not) and isinstance(made, ast.Call)):
            return False
        creates = self.meaning.called(made) in {"os.makedirs", "os.mkdir"}
        return creates and bool(made.args) and ast.dump(made.args[0]) == ast.dump(call.args[0])

    def _check_place(self, name: str, node: ast.expr, text: Text) -> None:
        """Where failures are handled, what used to fail has to fail again, and with the same words."""
        lenient = name in LENIENT or name in RUNNERS
        handlers = [handler for block in self._tried(node) for handler in block.handlers]
        if not text.names and (handlers or not lenient):
            raise NotBuilt("trailing-slash")
        # Where a program cannot find its own folder by an empty path, nothing worked before.
        if not (text.filled or name == "pathlib.Path" or (text.below and name != "os.makedirs")):
            raise NotBuilt("may-be-empty")
        if any(handler.name for handler in handlers) and not text.own:
            raise NotBuilt("error-text")

    def _tried(self, node: ast.AST) -> Iterator[ast.Try]:
        for parent in self.view.index.ancestors(node):
            if isinstance(parent, _Scope):
                return
            if isinstance(parent, _Try) and any(node is part for part in parent.body):
                yield parent  # type: ignore[misc]  # both kinds have handlers
            node = parent

    def _name_is_read(self, call: ast.Call) -> bool:
        parent = self.view.index.parents[call]
        if isinstance(parent, ast.Attribute) and parent.attr == "name":
            return True
        bound: list[ast.expr] = []
        if isinstance(parent, ast.withitem) and parent.optional_vars:
            bound = [parent.optional_vars]
        elif isinstance(parent, ast.Assign):
            bound = parent.targets
        names = {target.id for target in bound if isinstance(target, ast.Name)}
        reads = (node.value for node in self.view.index.of(ast.Attribute) if node.attr == "name")
        return any(isinstance(value, ast.Name) and value.id in names for value in reads)


def answers(function: str, text: Text) -> bool:
    """Whether a Path says the same of a text as a function of `os.path`, by what is known of it."""
    known = {"os.path.basename": text.names > 0, "os.path.splitext": text.worded}
    return text.is_str and known.get(function, text.own)


def _reads_whole(call: ast.Call) -> bool:
    """Whether `tarfile.open` gets a mode, if any, that is no stream's."""
    modes = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return all(isinstance(mode, ast.Constant) and "|" not in str(mode.value) for mode in modes)


def escape(node: ast.expr, parent: ast.AST) -> str:
    """The reason code for what takes the text of a path."""
    match parent:
        case ast.Return() | ast.Yield() | ast.Lambda():
            return "escapes-returned"
        case ast.Call() | ast.Starred() | ast.Await():
            return "escapes-call"
        case ast.BinOp(op=ast.Add()) | ast.AugAssign():
            return "concatenated"
        case ast.BinOp() | ast.FormattedValue() | ast.JoinedStr():
            return "formatted"
        case ast.Compare():
            return "compared"
        case ast.Attribute() | ast.Subscript() if getattr(parent, "value", None) is node:
            return "used-as-text"
        case ast.BoolOp() | ast.UnaryOp() | ast.If() | ast.IfExp() | ast.While():
            return "tested-for-truth"
        case _:
            return "escapes-stored"
