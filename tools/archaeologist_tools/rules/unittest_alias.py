"""AR063 unittest-alias."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, ClassVar

from archaeologist_tools.engine.base import Decline, Evidence, Fixer, Match, Replacement, Rule
from archaeologist_tools.engine.registration import register
from archaeologist_tools.source.index import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist_tools.engine.view import View

_NAMES = {
    "assertAlmostEquals": "assertAlmostEqual",
    "assertEquals": "assertEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertNotEquals": "assertNotEqual",
    "assertNotRegexpMatches": "assertNotRegex",
    "assertRaisesRegexp": "assertRaisesRegex",
    "assertRegexpMatches": "assertRegex",
    "assert_": "assertTrue",
    "failIf": "assertFalse",
    "failIfAlmostEqual": "assertNotAlmostEqual",
    "failIfEqual": "assertNotEqual",
    "failUnless": "assertTrue",
    "failUnlessAlmostEqual": "assertAlmostEqual",
    "failUnlessEqual": "assertEqual",
    "failUnlessRaises": "assertRaises",
}


@register
class UnittestAlias(Rule[ast.Attribute]):
    """Writes the names of today for old assertions of unittest.

    What it does:
        Finds `self.assertEquals` and its like in test cases.

    Why:
        They warn since Python 3.1 and are gone from 3.12.

    Example:
        `self.assertEquals(a, b)` becomes `self.assertEqual(a, b)`.

    Safety:
        The old name warns and calls the method under the new one. The class has a base that is named as a test case,
        and the module defines neither name itself.

    Left alone:
        Other classes, and modules that define one of the two names.

    References:
        ruff UP005, PT; https://docs.python.org/3/whatsnew/3.12.html#unittest
    """

    code = "AR063"
    name = "unittest-alias"
    family = "syntax"
    title = "Use the assertions of unittest by their names"
    minimum = (3, 2)
    fixer = Fixer.RULE
    aliases = ("UP005",)
    nodes = (ast.Attribute,)
    names = frozenset(_NAMES)
    refusals: ClassVar = {
        "other-class": "the object is not surely a test case of unittest",
        "own-method": "the module defines a method of one of the names",
    }
    valid = ("self.assertEqual(a, b)\n", "assertEquals(a, b)\n", "x.assertEquals(a, b)\n")
    invalid = (
        (
            "class T(unittest.TestCase):\n    def test(self):\n        self.assertEquals(1, 1)\n",
            "class T(unittest.TestCase):\n    def test(self):\n        self.assertEqual(1, 1)\n",
        ),
        (
            "class T(Mixin):\n    def test(self):\n        self.failUnless(1)\n",
            "class T(Mixin):\n    def test(self):\n        self.failUnless(1)\n",
        ),
    )

    def matches(self, node: ast.Attribute, view: View) -> Iterator[Match[ast.Attribute]]:  # noqa: ARG002
        """Find the names."""
        if node.attr in _NAMES and isinstance(node.value, ast.Name) and node.value.id == "self":
            yield Match(node, f"{node.attr} is {_NAMES[node.attr]}")

    def fix(self, match: Match[ast.Attribute], view: View) -> Replacement | Decline:
        """Write the name of today."""
        node = match.node
        new = _NAMES[node.attr]
        if view.index.fstring_around(node):
            return Decline("inside-f-string")
        if not isinstance(node.ctx, ast.Load) or not _in_test_case(node, view):
            return Decline("other-class")
        own = {definition.name for definition in view.index.definitions}
        own |= {other.attr for other in view.index.of(ast.Attribute) if not isinstance(other.ctx, ast.Load)}
        if {node.attr, new} & (own | set(view.index.bound)):
            return Decline("own-method")
        end = view.module.extent(node)[1]
        reason = f"{node.attr} calls {new}"
        return Replacement(end - len(node.attr), end, new, Evidence.PROVED, reason)


def _in_test_case(node: ast.Attribute, view: View) -> bool:
    owner = next((parent for parent in view.index.ancestors(node) if isinstance(parent, ast.ClassDef)), None)
    return owner is not None and any(dotted(base).endswith("TestCase") for base in owner.bases)
