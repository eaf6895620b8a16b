"""How far a module surely lies below other folders: so often `dirname` may be taken of its `__file__`."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archaeologist_tools.engine.view import View


def plain_names(view: View) -> int:
    """How many plain names `__file__` ends in at least: that of the file, and those of the packages around it.

    What imports from the package around it is in one, and nobody runs the `__init__.py` of a package. Other modules may
    be run as `python ../module.py`.
    """
    levels = [node.level for node in view.module.tree.body if isinstance(node, ast.ImportFrom)]
    return 1 + max(*levels, int(PurePosixPath(view.module.path).name == "__init__.py"), 0)
