"""AR069 option-parser."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.engine.base import Fixer, Match, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted
from archaeologist_tools.source.library import full_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_TYPES = {"int": "int", "long": "int", "float": "float", "complex": "complex"}
# What argparse needs no argument for, or asks an action of its own to do.
_IMPLIED_TYPES = frozenset({"string", "str", "choice"})
_LEFT_OUT = frozenset({"help", "callback", "callback_args", "callback_kwargs"})


@register
class OptionParser(Rule[ast.Call]):
    """Finds options that are declared with optparse, and says what they are with argparse.

    What it does:
        Finds calls of `add_option` and `make_option` in modules that import optparse, and gives the call of
        `add_argument` that declares the same option.

    Why:
        optparse has not been developed since Python 3.2. argparse has positional arguments and subcommands, too.

    Example:
        `parser.add_option('-n', type='int', dest='number')` is `parser.add_argument('-n', type=int, dest='number')`.

    Safety:
        Not rewritten: `parse_args` gives a pair with optparse and one object with argparse, and the texts of help and
        errors differ. The sketch leaves out help texts, in which `%default` becomes `%(default)s`.

    Left alone:
        Nothing is rewritten by this rule; the agent or a person decides.

    References:
        https://docs.python.org/3/library/argparse.html#upgrading-optparse-code
    """

    code = "AR069"
    name = "option-parser"
    family = "syntax"
    title = "Use argparse for optparse"
    fixer = Fixer.AGENT
    nodes = (ast.Call,)
    names = frozenset({"add_option", "make_option"})
    valid = ("parser.add_option('-n')\n", "import argparse\nargparse.ArgumentParser().add_argument('-n')\n")
    invalid = (
        (
            "import optparse\nparser = optparse.OptionParser()\nparser.add_option('-n', type='int')\n",
            "import optparse\nparser = optparse.OptionParser()\nparser.add_option('-n', type='int')\n",
        ),
    )

    def matches(self, node: ast.Call, view: View) -> Iterator[Match[ast.Call]]:
        """Find the calls."""
        name = dotted(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        is_option = name == "add_option" and isinstance(node.func, ast.Attribute) and bool(node.args)
        if full_name(node.func, view) == "optparse.make_option" or (is_option and _imports_optparse(view)):
            yield Match(node, f"{name} of optparse is {_sketch(node)} of argparse")


def _imports_optparse(view: View) -> bool:
    plain = any(alias.name == "optparse" for node in view.index.of(ast.Import) for alias in node.names)
    return plain or any(node.module == "optparse" and not node.level for node in view.index.of(ast.ImportFrom))


def _sketch(node: ast.Call) -> str:
    """The call of argparse, without help texts."""
    keywords = [new for keyword in node.keywords for new in _keyword(keyword)]
    call = ast.Call(ast.Name("add_argument", ast.Load()), node.args, keywords)
    own_action = any(keyword.arg == "callback" for keyword in node.keywords)
    return f"{ast.unparse(call)}{' with an Action for the callback' if own_action else ''}"


def _keyword(keyword: ast.keyword) -> Iterator[ast.keyword]:
    """What becomes of a keyword argument."""
    match keyword:
        case ast.keyword(arg=name) if name in _LEFT_OUT:
            return
        case ast.keyword(arg="action", value=ast.Constant(value="callback" | "store")):
            return
        case ast.keyword(arg="nargs", value=ast.Constant(value=1)):
            return
        case ast.keyword(arg="type", value=ast.Constant(value=str(kind))):
            if kind not in _IMPLIED_TYPES:
                yield ast.keyword("type", ast.Name(_TYPES.get(kind, kind), ast.Load()))
        case ast.keyword(arg="type", value=ast.Name(id="str")):
            return
        case _:
            yield keyword
