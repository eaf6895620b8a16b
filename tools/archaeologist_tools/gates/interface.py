"""The gates for what others can see of a file: its classes and functions with their signatures, and its names."""

from __future__ import annotations

import ast
import symtable
import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from archaeologist_tools.engine.definitions import is_documented
from archaeologist_tools.gates.failure import Gate, GateFailure
from archaeologist_tools.surgery.definitions import definitions, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archaeologist_tools.gates.failure import Allowed
    from archaeologist_tools.source.module import Module
    from archaeologist_tools.surgery.definitions import Definition, Function


class _Seen(NamedTuple):
    """What is kept of a class or function, as texts for a message."""

    kind: str
    parameters: str
    defaults: str
    bases: str
    decorators: str
    docstring: str


_NONE = "none"
_LONGEST = 60
_WORDS = {
    "kind": "kind",
    "parameters": "parameters",
    "defaults": "default values",
    "bases": "bases",
    "decorators": "decorators",
    "docstring": "docstring",
}


def changed_definitions(before: Module, after: Module, allowed: Allowed) -> Iterator[GateFailure]:
    """The classes and functions that came, went, or have another head."""
    if allowed.by_rules:
        return
    were, are = _named(before), _named(after)
    local = _locals(before) | _locals(after)
    for name, nodes in were.items():
        new = are.get(name, [])
        if len(new) < len(nodes) and not (_is_free(name, local, allowed) or name in allowed.removed):
            yield GateFailure(Gate.DEFINITIONS, f"`{name}` of line {nodes[len(new)].lineno} is gone")
        elif len(new) == len(nodes) and name not in local:
            yield from _redefined(name, nodes, new, allowed)
    for name, nodes in are.items():
        added = len(nodes) > len(were.get(name, []))
        if added and name not in allowed.added and not (_is_free(name, local, allowed) or _is_private(name, allowed)):
            yield GateFailure(Gate.DEFINITIONS, f"`{name}` on line {nodes[-1].lineno} is new")


def _named(module: Module) -> Mapping[str, list[Definition]]:
    found = defaultdict[str, list["Definition"]](list)
    for name, node in definitions(module.index):
        found[name].append(node)
    return found


def _locals(module: Module) -> set[str]:
    """The names of what is defined inside of functions, which nobody outside sees."""
    functions = tuple(f"{name}." for name, node in definitions(module.index) if not isinstance(node, ast.ClassDef))
    return {name for name, _ in definitions(module.index) if name.startswith(functions)} if functions else set()


def _is_free(name: str, local: set[str], allowed: Allowed) -> bool:
    """Whether something may come and go: it stands inside of a function that the edit changes."""
    return name in local and allowed.changes_inside(name.rpartition(".")[0])


def _is_private(name: str, allowed: Allowed) -> bool:
    """Whether something is a private member of a class that the edit changes, or is inside of such a one."""
    owner, _, own = name.rpartition(".")
    private = own.startswith("_") and not own.endswith("__") and allowed.changes_inside(owner)
    return bool(owner) and (private or _is_private(owner, allowed))


def _redefined(
    name: str, old: Sequence[Definition], new: Sequence[Definition], allowed: Allowed
) -> Iterator[GateFailure]:
    for was, now in zip(old, new, strict=True):
        for field, before, after in zip(_Seen._fields, _seen(was), _seen(now), strict=True):
            wanted = (field == "defaults" and allowed.changes_inside(name)) or (
                field == "docstring" and allowed.documents and after != _NONE
            )
            if before != after and not wanted:
                message = f"the {_WORDS[field]} of `{name}` changed from {_short(before)} to {_short(after)}"
                yield GateFailure(Gate.DEFINITIONS, f"{message}, line {now.lineno}")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _seen(node: Definition) -> _Seen:
    decorators = ", ".join(f"@{ast.unparse(each)}" for each in node.decorator_list) or _NONE
    documented = repr(ast.get_docstring(node)) if is_documented(node.body) else _NONE
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(map(ast.unparse, _bases(node))) or _NONE
        return _Seen("class", "", "", bases, decorators, documented)
    kind = "async " if isinstance(node, ast.AsyncFunctionDef) else ""
    kind += "generator" if any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own_nodes(node)) else "function"
    values = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    defaults = ", ".join(map(ast.unparse, values)) or _NONE
    return _Seen(kind, f"({_parameters(node)})", defaults, "", decorators, documented)


def _bases(node: ast.ClassDef) -> Iterator[ast.expr | ast.keyword]:
    yield from (base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object"))
    yield from node.keywords


def _parameters(node: Function) -> str:
    """The parameters without annotations; `=` stands for any default."""
    arguments = node.args
    placed = [*arguments.posonlyargs, *arguments.args]
    first = len(placed) - len(arguments.defaults)
    shown = [f"{each.arg}{'=' * (number >= first)}" for number, each in enumerate(placed)]
    if arguments.posonlyargs:
        shown.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg or arguments.kwonlyargs:
        shown.append(f"*{arguments.vararg.arg if arguments.vararg else ''}")
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    shown += [f"{each.arg}{'=' * (default is not None)}" for each, default in pairs]
    return ", ".join([*shown, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])])


def changed_names(before: Module, after: Module, allowed: Allowed) -> Iterator[GateFailure]:
    """The names at the top level and in classes that went, and the public ones that came."""
    if allowed.by_rules:
        return
    were, are = _tables(before), _tables(after)
    for owner, names in were.items():
        if owner not in are:
            continue  # that the class is gone was said
        lost = sorted(names.keys() - are[owner].keys() - allowed.removed)
        new = (name for name in are[owner].keys() - names.keys() if are[owner][name] and not name.startswith("_"))
        where = f"class `{owner}`" if owner else "the file"
        if lost:
            yield GateFailure(Gate.INTERFACE, f"{where} no longer defines {_listed(lost)}")
        if added := sorted({*new} - allowed.added):
            yield GateFailure(Gate.INTERFACE, f"{where} defines the new public name {_listed(added)}; begin it with _")
    yield from _changed_exports(before, after)
    yield from _lost_attributes(before, after)


def _tables(module: Module) -> Mapping[str, Mapping[str, bool]]:
    """The names that the file and its classes bind; whether each is more than an import or a definition."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = symtable.symtable(module.text, module.path, "exec")
    found, waiting = dict[str, dict[str, bool]](), [("", top)]
    while waiting:
        owner, table = waiting.pop()
        symbols = [each for each in table.get_symbols() if each.is_assigned() or each.is_imported()]
        found[owner] = {each.get_name(): not (each.is_imported() or each.is_namespace()) for each in symbols}
        inner = (child for child in table.get_children() if child.get_type() == "class")
        waiting += [(f"{owner}.{child.get_name()}" if owner else child.get_name(), child) for child in inner]
    return found


def _changed_exports(before: Module, after: Module) -> Iterator[GateFailure]:
    if "__all__" in before.index.names or "__all__" in after.index.names:
        was, now = ([*map(ast.dump, _exports(module.tree))] for module in (before, after))
        if was != now:
            yield GateFailure(Gate.INTERFACE, "`__all__` changed")


def _exports(tree: ast.Module) -> Iterator[ast.stmt]:
    return (
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr))
        and any(isinstance(part, ast.Name) and part.id == "__all__" for part in ast.walk(node))
    )


def _lost_attributes(before: Module, after: Module) -> Iterator[GateFailure]:
    were, are = _attributes(before), _attributes(after)
    for name, attributes in were.items():
        if lost := sorted(attributes - are.get(name, attributes)):
            yield GateFailure(Gate.INTERFACE, f"methods of `{name}` no longer set the attribute {_listed(lost)}")


def _attributes(module: Module) -> Mapping[str, set[str]]:
    """The attributes that the methods of each class set on what they are called on."""
    found = dict[str, set[str]]()
    for name, node in definitions(module.index):
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)))
            found.setdefault(name, set()).update(*map(_set_by, methods))
    return found


def _set_by(method: Function) -> set[str]:
    placed = [*method.args.posonlyargs, *method.args.args]
    own = placed[0].arg if placed else ""
    return {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == own
    }


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
