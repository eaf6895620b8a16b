"""Small projects for runs that must be quick, or must stop where a test wants them to."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from support.repositories import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LEGACY = """\
class Greeter(object):
    def greet(self, name):
        return "Hello %s" % (name,)
"""
TESTS = """\
import unittest

from greeter import Greeter


class GreeterTest(unittest.TestCase):
    def test_greet(self):
        self.assertEqual(Greeter().greet("you"), "Hello you")
"""


def project(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a repository with one legacy module, its test and further files, all committed."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "-b", "main")
    git(folder, "config", "user.name", "Grace Legacy")
    git(folder, "config", "user.email", "grace@example.com")
    write(folder, {"greeter.py": LEGACY, "test_greeter.py": TESTS, **(files or {})})
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Import from the old server")
    return folder


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass(frozen=True)
class Gated:
    """A project whose tests do not end before the gate is opened: until then its run is open.

    Args:
        path: the repository.
        gate: the file that the tests wait for.
        arrived: the file that the tests make when they wait.
    """

    path: Path
    gate: Path
    arrived: Path

    def open(self) -> None:
        """Let the tests end."""
        self.gate.touch()


def gated(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Gated:
    """Make such a project at `folder / "project"`."""
    gate, arrived = folder / "gate", folder / "arrived"
    waiting = f"""\
        import pathlib
        import time
        import unittest


        class GateTest(unittest.TestCase):
            def test_gate(self):
                pathlib.Path({str(arrived)!r}).touch()
                end = time.monotonic() + 60
                while not pathlib.Path({str(gate)!r}).exists() and time.monotonic() < end:
                    time.sleep(0.02)
        """
    path = project(folder / "project", {"test_gate.py": dedent(waiting), **(files or {})})
    return Gated(path, gate, arrived)
