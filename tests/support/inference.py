"""Asking the inference what a value can be."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from archaeologist_tools.inference.neighbours import Neighbours
from archaeologist_tools.inference.values import Types
from archaeologist_tools.project.facts import file_facts, merge
from archaeologist_tools.source.index import Index
from archaeologist_tools.source.module import Module, read_module

if TYPE_CHECKING:
    from archaeologist_tools.inference.types import Inferred


def seen(source: str, *others: str) -> Inferred:
    """What the argument of the one call of `use` can be, in a file that lies beside these others."""
    texts = {"app.py": source, **{f"other{number}.py": text for number, text in enumerate(others)}}
    read = (read_module(path, text.encode()) for path, text in texts.items())
    modules = [module for module in read if isinstance(module, Module)]
    facts = merge(map(file_facts, modules))
    index = Index(modules[0].tree)
    (call,) = (node for node in index.of(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "use")
    return Types(index, Neighbours(facts, index)).of(call.args[0])
