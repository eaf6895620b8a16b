from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archaeologist_tools.checks.tests import TestLimits, TestRun, detect_tests, require_baseline, run_tests
from archaeologist_tools.errors import TestsUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Project = Callable[[Mapping[str, str]], Path]

CASES = """
import unittest

class T(unittest.TestCase):
    def test_ok(self): pass
    def test_fail(self): self.fail()
    def test_error(self): 1 / 0
    @unittest.skip("no")
    def test_skip(self): pass
    @unittest.expectedFailure
    def test_xfail(self): self.fail()
    @unittest.expectedFailure
    def test_unexpected(self): pass
    def test_subtests(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertNotEqual(i, 1)
    def test_subtests_fine(self):
        for i in range(3):
            with self.subTest(i=i):
                if i == 1:
                    self.skipTest("one")

class NoSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls): 1 / 0
    def test_x(self): pass
"""
OK = "import unittest\nclass T(unittest.TestCase):\n    def test_ok(self): pass\n"


WITHOUT_OUR_PLUGINS = (
    "[pytest]\naddopts = -p no:asyncio -p no:anyio -p no:hypothesispytest -p no:xdist -p no:xdist.looponfail\n"
)
"""Loading what this project tests with takes two seconds in each run of a project's tests, which know nothing of it."""


def run(folder: Path, command: str | None = None, **limits: float) -> TestRun:
    plan = detect_tests(folder, command=command, python=sys.executable)
    assert plan is not None
    if not any((folder / name).exists() for name in ("pytest.ini", "pyproject.toml", "setup.cfg", "tox.ini")):
        (folder / "pytest.ini").write_text(WITHOUT_OUR_PLUGINS)
    return run_tests(plan, folder, limits=TestLimits(**limits), scratch=folder.parent / "scratch")  # type: ignore[arg-type]


def test_every_outcome_of_unittest(project: Project) -> None:
    done = run(project({"tests/test_a.py": CASES, "tests/test_b.py": "import unittest, no_such_module\n"}))
    assert done.outcomes == {
        "test_a.T.test_ok": "passed",
        "test_a.T.test_fail": "failed",
        "test_a.T.test_error": "error",
        "test_a.T.test_skip": "skipped",
        "test_a.T.test_xfail": "xfailed",
        "test_a.T.test_unexpected": "failed",
        "test_a.T.test_subtests": "failed",
        "test_a.T.test_subtests_fine": "passed",
        "setUpClass (test_a.NoSetUp)": "error",
        "unittest.loader._FailedTest.test_b": "error",
    }
    assert (done.exit_code, done.timed_out) == (1, False)
    assert "FAILED" in done.log


def test_every_outcome_of_pytest(project: Project) -> None:
    files = {
        "tests/test_a.py": CASES,
        "tests/test_b.py": "import no_such_module\n",
        "tests/test_c.py": (
            "import pytest\n"
            "@pytest.mark.parametrize('x', ['a b', 'newline\\n', '\\u00e4'])\n"
            "def test_p(x): pass\n"
            "@pytest.fixture\ndef broken():\n    yield\n    1 / 0\n"
            "def test_teardown(broken): pass\n"
            "@pytest.mark.xfail\ndef test_x(): assert False\n"
        ),
        "tests/test_d.py": "import pytest\npytest.skip('all of it', allow_module_level=True)\n",
        "pytest.ini": "[pytest]\naddopts = -x\n",
    }
    done = run(project(files))
    assert done.outcomes == {
        "tests/test_a.py::T::test_ok": "passed",
        "tests/test_a.py::T::test_fail": "failed",
        "tests/test_a.py::T::test_error": "failed",
        "tests/test_a.py::T::test_skip": "skipped",
        "tests/test_a.py::T::test_xfail": "xfailed",
        "tests/test_a.py::T::test_unexpected": "failed",
        "tests/test_a.py::T::test_subtests": "failed",
        "tests/test_a.py::T::test_subtests_fine": "passed",
        "tests/test_a.py::NoSetUp::test_x": "error",
        "tests/test_b.py": "error",
        "tests/test_c.py::test_p[a b]": "passed",
        "tests/test_c.py::test_p[newline\\n]": "passed",
        "tests/test_c.py::test_p[\\xe4]": "passed",
        "tests/test_c.py::test_teardown": "error",
        "tests/test_c.py::test_x": "xfailed",
        "tests/test_d.py": "skipped",
    }
    assert done.exit_code == 1


@pytest.mark.parametrize("command", [f"{sys.executable} -m unittest tests.test_a", f"{sys.executable} -m pytest tests"])
def test_a_command_that_is_recognized_tells_each_test(project: Project, command: str) -> None:
    folder = project({"tests/__init__.py": "", "tests/test_a.py": OK, "tests/test_b.py": OK})
    done = run(folder, command)
    expected = 1 if "unittest" in command else 2
    assert list(done.outcomes.values()) == ["passed"] * expected
    assert done.exit_code == 0


def test_names_are_the_same_in_another_folder(project: Project) -> None:
    places = "[os.getcwd(), os.environ['TMPDIR'], str(object())]"
    body = f"import os, pytest\n@pytest.mark.parametrize('p', {places})\ndef test_p(p): pass\n"
    folder = project({"tests/test_a.py": body})
    first = run(folder)
    shutil.move(folder, folder.with_name("elsewhere"))
    second = run(folder.with_name("elsewhere"))
    assert first.outcomes == second.outcomes
    assert len(first.outcomes) == 3
    assert str(folder.parent) not in repr(first.outcomes)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"tests/__init__.py": "", "tests/test_a.py": OK}, {"tests.test_a.T.test_ok"}),
        ({"test_top.py": OK, "tests/test_a.py": OK}, {"test_top.T.test_ok", "test_a.T.test_ok"}),
        (
            {
                "src/pkg/__init__.py": "",
                "src/pkg/tests/__init__.py": "",
                "src/pkg/tests/test_a.py": "import pkg\n" + OK,
            },
            {"pkg.tests.test_a.T.test_ok"},
        ),
        ({"checks/deep/test_a.py": OK}, {"test_a.T.test_ok"}),
        ({"a_test.py": OK}, {"a_test.T.test_ok"}),
    ],
)
def test_no_test_of_unittest_is_overlooked(project: Project, files: dict[str, str], expected: set[str]) -> None:
    assert run(project(files)).passed == expected


def test_a_plain_command_has_one_outcome_and_a_count(project: Project) -> None:
    folder = project({"runtests.py": "import unittest, test_a\nunittest.main(test_a)\n", "test_a.py": OK})
    done = run(folder, "python runtests.py")
    assert (done.outcomes, done.counted, done.exit_code) == ({"command": "passed"}, 1, 0)
    assert run(folder, "false").outcomes == {"command": "failed"}
    require_baseline(done)


@pytest.mark.parametrize(
    "command",
    [
        f"{sys.executable} -m pytest",
        f"{sys.executable} -m pytest --nonsense",
        f"{sys.executable} -m unittest",
        "python runtests.py",
    ],
)
def test_running_nothing_is_no_baseline(project: Project, command: str) -> None:
    done = run(project({"app.py": "", "runtests.py": "import unittest\nunittest.main()\n"}), command)
    assert done.passed in {frozenset(), frozenset({"command"})}
    with pytest.raises(TestsUnusable):
        require_baseline(done)


@pytest.mark.parametrize("ending", ["import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)"])
@pytest.mark.parametrize("runner", ["unittest", "pytest"])
def test_a_crash_keeps_the_outcomes_until_then(project: Project, ending: str, runner: str) -> None:
    body = f"import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n    def test_b(self): {ending}\n"
    done = run(project({"test_a.py": body}), f"{sys.executable} -m {runner}")
    assert list(done.outcomes.values()) == ["passed"]


def test_a_test_that_hangs_is_stopped(project: Project) -> None:
    hanging = "    def test_b(self): __import__('time').sleep(600)\n"
    done = run(project({"test_a.py": OK.replace("test_ok", "test_a") + hanging}), seconds=1.5)
    assert done.timed_out
    assert done.outcomes == {"test_a.T.test_a": "passed"}


def test_the_environment_is_scrubbed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PYTEST_ADDOPTS", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "secret")
    allowed = {
        "DYLD_LIBRARY_PATH",
        "HOME",
        "LANG",
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONHASHSEED",
        "PYTHONPATH",
        "SYSTEMROOT",
        "TMPDIR",
        "TZ",
        "LC_CTYPE",
    }
    body = (
        "import os, tempfile, unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n"
        f"        self.assertLessEqual(set(os.environ), {allowed!r})\n"
        "        self.assertTrue(os.path.isdir(os.path.expanduser('~')))\n"
        "        self.assertTrue(tempfile.gettempdir().startswith(os.environ['TMPDIR']))\n"
    )
    folder = project({"test_a.py": body})
    done = run(folder)
    assert done.exit_code == 0, done.log
    assert list((folder.parent / "scratch").iterdir()) == []


def test_tests_that_start_tests_do_not_mix_them_up(project: Project) -> None:
    body = (
        "import subprocess, sys\ndef test_outer(tmp_path):\n"
        "    (tmp_path / 'test_inner.py').write_text('def test_inner(): assert False')\n"
        "    assert subprocess.call([sys.executable, '-m', 'pytest', str(tmp_path)]) == 1\n"
    )
    done = run(project({"test_a.py": body}))
    assert done.outcomes == {"test_a.py::test_outer": "passed"}, done.log


def test_what_failed_last_time_does_not_decide_what_runs(project: Project) -> None:
    files = {
        "test_a.py": "def test_a(): pass\ndef test_b(): assert False\n",
        "pytest.ini": "[pytest]\naddopts = --lf\n",
    }
    folder = project(files)
    assert (
        run(folder).outcomes == run(folder).outcomes == {"test_a.py::test_a": "passed", "test_a.py::test_b": "failed"}
    )


def test_a_folder_given_as_directory(project: Project) -> None:
    folder = project({"backend/tests/test_a.py": "import helper\n" + OK, "backend/helper.py": ""})
    plan = detect_tests(folder / "backend", python=sys.executable)
    assert plan is not None
    moved = type(plan)(plan.runner, plan.command, plan.python, directory="backend")
    assert run_tests(moved, folder, scratch=folder.parent / "scratch").passed == {"test_a.T.test_ok"}


def test_tests_of_the_users_checkout_instead_of_ours_are_noticed(project: Project) -> None:
    """An editable installation can lead imports back to the user's checkout, whose code nobody changed."""
    folder = project({"tests/test_a.py": "import sys\nsys.path.insert(0, CHECKOUT)\nimport app\n" + OK, "app.py": ""})
    checkout = folder.with_name("checkout")
    checkout.mkdir()
    shutil.move(folder / "app.py", checkout / "app.py")
    test = folder / "tests" / "test_a.py"
    test.write_text(test.read_text(encoding="ascii").replace("CHECKOUT", repr(str(checkout))), encoding="ascii")
    plan = detect_tests(folder, python=sys.executable, root=checkout)
    assert plan is not None
    with pytest.raises(TestsUnusable, match="app"):
        run_tests(plan, folder, scratch=folder.parent / "scratch")


def test_the_worktree_comes_before_what_is_installed(project: Project) -> None:
    folder = project(
        {"src/textwrap_of_ours/__init__.py": "here = True\n", "tests/test_a.py": "import textwrap_of_ours\n" + OK}
    )
    assert run(folder).passed == {"test_a.T.test_ok"}


def installed_python(version: str) -> str:
    managed = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"))
    return str(managed[0]) if managed else f"python{version}"


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13", "3.14"])
def test_our_runner_is_fine_with_another_python(project: Project, version: str) -> None:
    folder = project({"tests/test_a.py": CASES})
    try:
        plan = detect_tests(folder, python=installed_python(version))
    except TestsUnusable:
        pytest.skip(f"no Python {version} on this machine")
    assert plan is not None
    done = run_tests(plan, folder, scratch=folder.parent / "scratch")
    assert done.passed == {"test_a.T.test_ok", "test_a.T.test_subtests_fine"}
    assert len(done.outcomes) == 9


def test_our_programs_are_python_3_8() -> None:
    folder = Path(run_tests.__code__.co_filename).with_name("collectors")
    check = "import ast, sys; [ast.parse(open(p).read(), feature_version=(3, 8)) for p in sys.argv[1:]]"
    files = [str(path) for path in folder.glob("*.py")]
    assert len(files) == 6
    subprocess.run([sys.executable, "-c", check, *files], check=True, env=os.environ)
