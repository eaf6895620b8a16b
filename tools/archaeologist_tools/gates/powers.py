"""The gate for what code can do to a machine: an edit must not bring powers that the file did not have.

A model reads what strangers wrote, and may do what it says. What it writes is run by the tests long before a person
sees it. So code that evaluates texts, starts programs, opens connections or loads objects from bytes is counted, by the
name that imports give it. Names are compared, not behaviour: this keeps honest edits honest, and what runs is
confined all the same.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from archaeologist_tools.gates.failure import Gate, GateFailure
from archaeologist_tools.source.index import Index, bound_by, dotted, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archaeologist_tools.source.module import Module

_BUILTINS = frozenset({"open", "eval", "exec", "compile", "__import__", "breakpoint", "__builtins__", "__loader__"})
_MODULES = frozenset(
    {
        "_ctypes", "_posixsubprocess", "_socket", "posix",
        "aiohttp", "asyncore", "asyncssh", "asynchat", "builtins", "__builtin__", "code", "codeop", "commands",
        "ctypes", "cffi", "dbm", "dill", "fabric", "ftplib", "http", "httplib", "httpx", "imaplib", "imp", "importlib",
        "joblib", "marshal", "multiprocessing", "nntplib", "paramiko", "pexpect", "pip", "poplib", "popen2", "pty",
        "runpy", "requests", "shelve", "smtplib", "socket", "socketserver", "SocketServer", "ssl", "subprocess",
        "telnetlib", "urllib", "urllib2", "urllib3", "webbrowser", "xmlrpc", "xmlrpclib", "zipimport", "sh", "plumbum",
    }
)  # fmt: skip
_KEPT_BY_OTHERS = frozenset(
    {"os", "posix", "subprocess", "socket", "shutil", "importlib", "builtins", "ctypes", "pickle"}
)
"""What other modules import for themselves, under names that are nothing else: `os.path.os.system`."""
# They have the names of powers and none themselves.
_HARMLESS = ("urllib.parse", "http.HTTPStatus", "importlib.metadata", "importlib.resources", "xmlrpc.client.DateTime")
_MEMBERS = {
    "os": re.compile(r"system|popen\w*|exec[lv]p?e?|spawn\w+|posix_spawnp?|fork(?:pty)?|kill(?:pg)?|startfile|putenv"),
    "shutil": re.compile(r"rmtree"),
    "sys": re.compile(r"modules|meta_path|path_hooks|settrace|setprofile|addaudithook"),
    "asyncio": re.compile(r"create_subprocess_\w+|open_(?:unix_)?connection|start_(?:unix_)?server"),
    "pickle": re.compile(r"loads?|Unpickler"),
    "cPickle": re.compile(r"loads?|Unpickler"),
    "yaml": re.compile(r"(?:unsafe_|full_)?load(?:_all)?|(?:Unsafe|Full)?Loader"),
    "types": re.compile(r"CodeType|FunctionType"),
    "operator": re.compile(r"attrgetter|methodcaller"),
    "six.moves": re.compile(r"(?:cPickle|urllib|http|builtins|socketserver|xmlrpc).*"),
}
_ATTRIBUTES = frozenset(
    {"__subclasses__", "__globals__", "__builtins__", "__code__", "__reduce__", "__reduce_ex__", "__bases__", "__mro__"}
)
_GETTERS = frozenset({"getattr", "setattr", "delattr", "vars", "globals", "locals"})
_WORD = re.compile(r"[\w./~-]+")


def new_powers(before: Module, after: Module) -> Iterator[GateFailure]:
    """What code can do after an edit that it could not do before, or does in more places, or to something else."""
    were, are = (_powers(module.index, _imported(module.index)) for module in (before, after))
    for name, nodes in are.items():
        old = were.get(name, [])
        if len(nodes) > len(old):
            line = getattr(nodes[-1], "lineno", 0)
            yield GateFailure(Gate.POWERS, f"line {line} brings `{name}`, which an edit must not add")
            continue
        known = {word for node in old for word in _words(node, before.index)}
        for node in nodes:
            if new := sorted({*_words(node, after.index)} - known):
                line = getattr(node, "lineno", 0)
                yield GateFailure(Gate.POWERS, f"line {line} hands `{name}` a new text, `{new[0]}`")
                break


def powers_of_examples(sources: Iterable[str], around: Module | None) -> list[str]:
    """Name what examples can do that they must not, as whoever writes one has it run.

    Args:
        sources: what is typed at the prompt; each parses.
        around: the module whose names they use; None for a document.
    """
    index = Index(ast.parse("\n".join(sources)))
    meant = _imported(index)
    for name, origins in _imported(around.index).items() if around else ():
        meant[name] |= origins
    return [*_powers(index, meant)]


def _powers(index: Index, meant: Mapping[str, set[str]]) -> Mapping[str, list[ast.AST]]:
    """The powers of a file by name, each with the places that use or import it."""
    found = defaultdict[str, list[ast.AST]](list)
    for alias in index.of(ast.alias):
        name = _origin(alias, index.parents[alias])
        if _is_power(name):
            found[name].append(alias)
    for node in (*index.of(ast.Name), *index.of(ast.Attribute)):
        if isinstance(index.parents.get(node), ast.Attribute):
            continue
        base, _, rest = dotted(node).partition(".")
        for origin in meant.get(base, {base} if base in _BUILTINS else ()):
            name = f"{origin}.{rest}" if rest else origin
            # The same function, so that one may take the other's place.
            name = "open" if name == "io.open" else name
            if _is_power(name):
                found[name].append(node)
    for attribute in _ATTRIBUTES & index.attributes.keys():
        found[attribute] += index.attributes[attribute]
    for name, call in _indirect(index, meant):
        found[name].append(call)
    return found


def _imported(index: Index) -> defaultdict[str, set[str]]:
    """What the names that imports bind anywhere in a file stand for."""
    found = defaultdict[str, set[str]](set)
    for alias in index.of(ast.alias):
        origin = _origin(alias, index.parents[alias])
        whole = alias.asname or isinstance(index.parents[alias], ast.ImportFrom)
        found[bound_by(alias)].add(origin if whole else origin.partition(".")[0])
    return found


def _origin(alias: ast.alias, statement: ast.AST) -> str:
    if isinstance(statement, ast.ImportFrom):
        return f"{'.' * statement.level}{statement.module or ''}.{alias.name}"
    return alias.name


def _is_power(name: str) -> bool:
    """Whether a name with dots is that of a power, be it got at through a module that imports it for itself."""
    parts = name.split(".")
    within = (".".join(parts[place:]) for place, part in enumerate(parts) if place and part in _KEPT_BY_OTHERS)
    return _is_power_itself(name) or any(map(_is_power_itself, within))


def _is_power_itself(name: str) -> bool:
    if any(name == each or name.startswith(f"{each}.") for each in _HARMLESS):
        return False
    # What a star brings cannot be seen, nor what is looked up in a module's namespace.
    if name in _BUILTINS or name.partition(".")[0] in _MODULES or name.endswith((".*", ".__dict__")):
        return True
    members = (name.removeprefix(f"{module}.") for module in _MEMBERS if name.startswith(f"{module}."))
    patterns = (pattern for module, pattern in _MEMBERS.items() if name.startswith(f"{module}."))
    return any(pattern.fullmatch(member.partition(".")[0]) for member, pattern in zip(members, patterns, strict=True))


def _indirect(index: Index, meant: Mapping[str, set[str]]) -> Iterator[tuple[str, ast.Call]]:
    """The calls that get at a name by its text, in a namespace or a module."""
    for getter in _GETTERS & index.calls.keys():
        for call in index.calls[getter]:
            named = isinstance(call.func, ast.Name)
            of_module = bool(call.args) and dotted(call.args[0]).partition(".")[0] in meant
            if named and (not call.args or of_module):
                yield f"{getter}({dotted(call.args[0]) if call.args else ''})", call


def _words(node: ast.AST, index: Index) -> Iterator[str]:
    """The words of the texts that a power is called with."""
    call = index.parents.get(node) if not isinstance(node, ast.Call) else node
    if isinstance(call, ast.Call):
        for part in walk(call):
            if isinstance(part, ast.Constant) and isinstance(part.value, (str, bytes)):
                text = part.value if isinstance(part.value, str) else part.value.decode(errors="replace")
                yield from _WORD.findall(text)
