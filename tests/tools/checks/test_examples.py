"""Examples run as doctest runs them, on the project's code, and reach nothing else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.checks.examples import ExampleRunner, ExamplesRan
from archaeologist_tools.checks.plan import TestLimits, TestPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Project = Callable[[Mapping[str, str]], Path]

STOCK = """
import logging, os, random, shutil, socket, subprocess, sqlite3, tempfile, threading
from app.money import Money

def add(name, count=1):
    print("adding", name)
    return {name: count}

def names():
    return {"bolt", "nut", "screw", "washer", "rivet", "nail", "pin"}

def save(path, text="x"):
    with open(path, "w") as stream:
        return stream.write(text)

def load(path):
    with open(path) as stream:
        return len(stream.read())

def remove(path):
    shutil.rmtree(path)

def shell(command):
    return subprocess.call(command, shell=True)

def daemon():
    return os.fork()

def connect(port):
    socket.create_connection(("127.0.0.1", port), 1)

def store(path):
    sqlite3.connect(path).close()

def scratch():
    with tempfile.TemporaryDirectory() as folder:
        save(os.path.join(folder, "x"))
        os.mkdir(os.path.join(folder, "y"))
        return load(os.path.join(folder, "x"))

def quietly(function, *arguments):
    try:
        function(*arguments)
    except Exception:
        return "fine"
"""
FILES = {
    "app/__init__.py": "",
    "app/money.py": "class Money(int):\n    pass\n",
    "app/stock.py": STOCK,
    "app/heavy.py": "import not_there\n",
    "app/loud.py": "raise SystemExit('no')\n",
    "app/writer.py": "open('../written', 'w')\n",
    "src/deep/__init__.py": "",
    "src/deep/place.py": "from deep import __name__ as top\n\ndef here():\n    return top\n",
    "tool.py": "def two():\n    return 2\n",
    "odd-name.py": "",
}


@pytest.fixture
def runner(project: Project) -> ExampleRunner:
    folder = project(FILES)
    plan = TestPlan("pytest", (sys.executable, "-m", "pytest"), sys.executable)
    return ExampleRunner(plan, folder, TestLimits(seconds=20), folder.parent / "scratch")


def test_examples_that_are_so_pass_with_the_names_of_their_module(runner: ExampleRunner) -> None:
    text = """Add.

    >>> add("nut")
    adding nut
    {'nut': 1}
    >>> total = Money(2)
    >>> total + 1
    3
    >>> add()  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TypeError: missing
    >>> sorted(names())[0]
    'bolt'
    >>> scratch()
    1
    """
    assert runner.run(text, "app/stock.py") == ExamplesRan(passed=frozenset(range(6)))
    assert not runner.scratch.parent.joinpath("project", "app", "__pycache__").exists()


def test_what_an_example_gives_instead_is_told(runner: ExampleRunner) -> None:
    text = ">>> add('nut')\n{'nut': 2}\n>>> 1 + 1\n2\n>>> add(1, 2, 3)\n>>> lost\n'x'\n"
    ran = runner.run(text, "app/stock.py")
    assert ran.passed == {1}
    assert ran.got[0] == "adding nut\n{'nut': 1}\n"
    assert ran.got[2].startswith("TypeError: add() takes from 1 to 2 positional arguments")
    assert ran.got[3] == "NameError: name 'lost' is not defined\n"


def test_what_differs_from_run_to_run_is_no_example(runner: ExampleRunner) -> None:
    """The order of a set, an address, the time zone."""
    codes = ("names()", "add", "import time; time.tzname[0]", "1")
    once = runner.run("\n".join(f">>> {code}\n'?'\n" for code in codes), "app/stock.py").got
    text = "\n".join(f">>> {code}\n{once[number]}" for number, code in enumerate(codes))
    assert runner.run(text, "app/stock.py").passed == {3}


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("src/deep/place.py", ">>> here()\n'deep'\n"),
        ("src/deep/__init__.py", ">>> __name__\n'deep'\n"),
        ("tool.py", ">>> two()\n2\n"),
        ("", ">>> from app.stock import add\n>>> add.__name__\n'add'\n"),
    ],
)
def test_modules_are_found_where_the_project_has_them(runner: ExampleRunner, path: str, example: str) -> None:
    ran = runner.run(example, path)
    assert (ran.got, ran.problem, bool(ran.passed)) == ({}, "", True)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("app/heavy.py", "ModuleNotFoundError: No module named 'not_there'"),
        ("app/loud.py", "SystemExit: no"),
        ("app/writer.py", "writes ../written, which is not in the project"),
        ("odd-name.py", "odd-name.py cannot be imported by a name"),
        ("app/lost.py", "No module named 'app.lost'"),
    ],
)
def test_modules_that_cannot_be_imported_have_no_examples(runner: ExampleRunner, path: str, problem: str) -> None:
    ran = runner.run(">>> 1\n1\n", path)
    assert problem in ran.problem
    assert not ran.passed
    assert not (runner.worktree.parent / "written").exists()


def test_a_module_from_elsewhere_is_not_the_one_that_is_documented(runner: ExampleRunner) -> None:
    (runner.worktree / "shadow").mkdir()
    (runner.worktree / "shadow" / "tool.py").write_text("def two(): return 2\n")
    assert "tool is imported from elsewhere" in runner.run(">>> two()\n2\n", "shadow/tool.py").problem


HOSTILE = {
    "save('{outside}/new')": "writes {outside}/new",
    "save('../new')": "writes ../new",
    "load('{outside}/secret')": "reads {outside}/secret",
    "remove('{outside}')": "reads {outside}",
    "store('{outside}/db')": "writes {outside}/db",
    "os.rename('tool.py', '{outside}/tool.py')": "writes {outside}/tool.py",
    "os.rename('{outside}/secret', 'x')": "writes {outside}/secret",
    "os.chmod('{outside}/secret', 0)": "writes {outside}/secret",
    "os.listdir('{outside}')": "reads {outside}",
    "os.symlink('{outside}/secret', 'link'); load('link')": "reads link",
    "shell('true')": "starts or ends a program",
    "daemon()": "starts or ends a program",
    "connect(9)": "opens a connection",
    "quietly(save, '{outside}/new')": "writes {outside}/new",
    "t = threading.Thread(target=quietly, args=(daemon,)); t.start(); t.join()": "starts or ends a program",
    "import ctypes; ctypes.CDLL('libc.so.6')": "calls compiled code through ctypes",
}


def test_what_examples_must_not_do_they_cannot(runner: ExampleRunner, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("s")
    text = "".join(f">>> {code.format(outside=outside)}\n'fine'\n" for code in HOSTILE)
    ran = runner.run(text, "app/stock.py")
    expected = [reason.format(outside=outside) for reason in HOSTILE.values()]
    assert [each.removesuffix(", which is not in the project") for each in ran.refused] == expected
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (runner.worktree / "tool.py").is_file()


def test_keys_are_not_seen_and_the_checkout_may_be_written(
    runner: ExampleRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert runner.run(">>> os.environ.get('OPENAI_API_KEY')\n>>> save('new')\n1\n", "app/stock.py").passed == {0, 1}


@pytest.mark.parametrize(
    ("example", "problem"),
    [
        ("while True: pass", "they did not end within 1 s"),
        ("import os; os._exit(3)", "exit code 3"),
        ("raise SystemExit(0)", ""),
        ("import threading; threading.Thread(target=threading.Event().wait).start()", ""),
    ],
)
def test_examples_that_never_end_or_end_everything(runner: ExampleRunner, example: str, problem: str) -> None:
    quick = ExampleRunner(runner.plan, runner.worktree, TestLimits(seconds=1), runner.scratch)
    ran = quick.run(f">>> {example}\n", "app/stock.py")
    assert problem in ran.problem
    assert bool(problem) == bool(ran.problem)


def test_a_python_that_does_not_start_is_a_problem(runner: ExampleRunner) -> None:
    plan = TestPlan("pytest", (), "/nonexistent/python")
    lost = ExampleRunner(plan, runner.worktree, runner.limits, runner.scratch)
    assert "cannot be started" in lost.run(">>> 1\n1\n").problem
