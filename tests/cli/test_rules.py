"""`archaeologist rules`: the engine on files, with no server and no git."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from archaeologist.cli import exits
from archaeologist.temporal.state import StateDirectory
from support.embedded import processes
from support.projects import LEGACY, write

if TYPE_CHECKING:
    from pathlib import Path

    from support.commandline import CommandLine

MODERN = LEGACY.replace("Greeter(object)", "Greeter")


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    write(tmp_path, {"app/greeter.py": LEGACY, "app/clean.py": "answer = 42\n", "app/notes.txt": "class A(object):"})
    return tmp_path / "app"


def test_apply_rewrites_in_place_and_starts_nothing(alone: CommandLine, legacy: Path) -> None:
    clean = (legacy / "clean.py").stat().st_mtime_ns
    (legacy / "greeter.py").chmod(0o751)
    done = alone.run("rules", "apply", legacy, "--rules", "object-base")
    assert done.code == exits.DONE, done.stderr
    assert (done.stdout, done.stderr) == ("", "1 of 2 files changed\n")
    assert (legacy / "greeter.py").read_text() == MODERN
    assert stat.S_IMODE((legacy / "greeter.py").stat().st_mode) == 0o751
    assert (legacy / "clean.py").stat().st_mtime_ns == clean
    assert sorted(path.name for path in legacy.iterdir()) == ["clean.py", "greeter.py", "notes.txt"]
    again = alone.run("rules", "apply", legacy, "--rules", "object-base")
    assert again.stderr == "0 of 2 files changed\n"
    assert not processes(StateDirectory(alone.state))


def test_check_writes_nothing_and_its_status_tells(cli: CommandLine, legacy: Path) -> None:
    done = cli.run("rules", "apply", legacy, "--check", "--rules", "AR020")
    assert done.code == exits.FOUND
    assert done.stderr == "1 of 2 files would change\n"
    assert (legacy / "greeter.py").read_text() == LEGACY
    assert cli.run("rules", "apply", legacy / "clean.py", "--check").code == exits.DONE


def test_diff_writes_nothing_and_can_be_applied(cli: CommandLine, legacy: Path) -> None:
    tricky = {
        "latin.py": b"# coding: latin-1\nclass A(object):\n    x = '\xf6'",
        "crlf.py": b"class B(object):\r\n    x = 1\r\n",
    }
    write(legacy, tricky)
    done = subprocess.run(
        [*cli.command, "rules", "apply", ".", "--diff", "--rules", "AR020"],
        cwd=legacy,
        env=cli.environment(),
        capture_output=True,
        check=True,
    )
    assert (legacy / "greeter.py").read_text() == LEGACY
    subprocess.run(["git", "apply", "-p0", "-"], cwd=legacy, input=done.stdout, check=True)
    assert (legacy / "greeter.py").read_text() == MODERN
    assert {name: (legacy / name).read_bytes() for name in tricky} == {
        name: data.replace(b"(object)", b"") for name, data in tricky.items()
    }


def test_a_link_stays_a_link(cli: CommandLine, legacy: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to("app/greeter.py")
    assert cli.run("rules", "apply", link, "--rules", "AR020").code == exits.DONE
    assert link.is_symlink()
    assert (legacy / "greeter.py").read_text() == MODERN


def test_json_tells_each_file_with_its_edits_and_what_was_left_alone(cli: CommandLine, legacy: Path) -> None:
    write(legacy, {"broken.py": "def f(:\n", "left.py": "x = '%s' % value\n"})
    done = cli.run("rules", "apply", legacy, "--check", "--json", "--rules", "AR001,AR020")
    assert done.code == exits.FOUND
    assert done.stderr == ""
    records = {os.path.basename(record["path"]): record for record in done.records}  # noqa: PTH119 - a string
    assert records["broken.py"]["status"] == "syntax"
    assert {edit["rule"] for edit in records["greeter.py"]["edits"]} == {"AR001", "AR020"}
    assert [left["code"] for left in records["left.py"]["left_alone"]] == ["bare-operand"]
    assert records["clean.py"]["edits"] == []


def test_the_target_version_decides_what_may_be_written(cli: CommandLine, legacy: Path) -> None:
    for target, code in (("py35", exits.DONE), ("py36", exits.FOUND)):
        done = cli.run("rules", "apply", legacy, "--check", "--rules", "AR001", "--target-version", target)
        assert done.code == code, done.stderr
    bad = cli.run("rules", "apply", legacy, "--target-version", "2.7")
    assert bad.code == exits.USAGE
    assert bad.error == "'2.7' is no Python version"
    assert bad.hint == "write it as py311 or 3.11"


def test_files_that_cannot_be_had_are_told_before_anything_is_written(cli: CommandLine, legacy: Path) -> None:
    done = cli.run("rules", "apply", legacy, legacy / "nowhere.py", "--rules", "AR020")
    assert done.code == exits.CANNOT_RUN
    assert done.error == f"{legacy}/nowhere.py does not exist"
    assert (legacy / "greeter.py").read_text() == LEGACY


def test_a_name_that_is_not_utf8_is_no_obstacle(cli: CommandLine, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    try:
        write(tmp_path, {name: LEGACY})
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (record,) = cli.run("rules", "apply", tmp_path, "--check", "--json", "--rules", "AR020").records
    assert record["edits"]
    assert cli.run("rules", "apply", tmp_path, "--rules", "AR020").code == exits.DONE
    assert (tmp_path / name).read_text() == MODERN


def test_list_names_every_rule_once(cli: CommandLine) -> None:
    done = cli.run("rules", "list")
    assert done.code == exits.DONE
    codes = [line.split()[0] for line in done.stdout.splitlines()]
    assert len(codes) == len(set(codes))
    assert {"AR001", "AR020", "AR053"} <= set(codes)
    records = cli.run("rules", "list", "--json").records
    assert [record["code"] for record in records] == codes
    assert records[0]["name"] == "percent-format"


def test_show_explains_a_rule_by_code_and_by_name(cli: CommandLine) -> None:
    by_code = cli.run("rules", "show", "AR001")
    assert by_code.code == exits.DONE
    for section in ("What it does", "Why", "Safety", "becomes", "Not found", "Left alone as"):
        assert section in by_code.stdout
    assert cli.run("rules", "show", "percent-format").stdout == by_code.stdout


def test_a_rule_that_is_not_there_is_told_with_the_nearest(cli: CommandLine, legacy: Path) -> None:
    done = cli.run("rules", "show", "percent-formt")
    assert done.code == exits.USAGE
    assert done.error == "there is no rule 'percent-formt'"
    assert "percent-format" in done.hint
    assert cli.run("rules", "apply", legacy, "--rules", "AR999").code == exits.USAGE
    assert cli.run("modernize", legacy, "--rules", "AR999").code in {exits.USAGE, exits.CANNOT_RUN}


def test_every_json_line_of_an_edit_can_be_read_back(cli: CommandLine, legacy: Path) -> None:
    done = cli.run("rules", "apply", legacy / "greeter.py", "--check", "--json", "--rules", "AR020")
    (edit,) = json.loads(done.stdout)["edits"]
    span = edit["span"]
    assert LEGACY.encode()[span["start"] : span["end"]].decode() == edit["before"]
    assert (legacy / "greeter.py").read_text() == LEGACY


def test_statistics_tell_what_was_found_rewritten_and_left_alone(cli: CommandLine, legacy: Path) -> None:
    (legacy / "clean.py").write_text("def f(x):\n    return '%s' % x, '%s' % (x,), '%d' % len(x)\n")
    done = cli.run("rules", "apply", legacy, "--check", "--statistics", "--rules", "AR001,AR020")
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["rule", "found", "identical", "proved", "left", "alone"]
    assert rows[1:3] == [["AR001", "percent-format", "4", "2", "1", "1"], ["1", "bare-operand"]]
    assert rows[3] == ["AR020", "object-base", "1", "0", "1", "0"]


def test_rest_of_the_project_is_evidence(cli: CommandLine, tmp_path: Path) -> None:
    source = "def label(x):\n    return 'v=%s' % x\n"
    write(tmp_path, {"setup.py": "", "app/text.py": source, "tests/test_text.py": "label((1,))\n"})
    assert cli.run("rules", "apply", tmp_path / "app", "--check").code == exits.DONE
    (tmp_path / "tests/test_text.py").write_text("label('a')\n")
    assert cli.run("rules", "apply", tmp_path / "app").code == exits.DONE
    assert "f'v={x!s}'" in (tmp_path / "app/text.py").read_text()


def test_below_a_folder_links_and_code_of_others_stay_and_are_told(cli: CommandLine, tmp_path: Path) -> None:
    write(tmp_path, {"other.py": LEGACY, "app/a.py": LEGACY, "app/vendor/b.py": LEGACY, "app/sub/.git": ""})
    write(tmp_path, {"app/sub/c.py": LEGACY})
    (tmp_path / "app/link.py").symlink_to(tmp_path / "other.py")
    done = cli.run("rules", "apply", tmp_path / "app", "--rules", "AR020")
    told = [line.removeprefix(f"{tmp_path}/app/").partition(": left alone")[0] for line in done.stderr.splitlines()]
    assert told == ["link.py", "sub", "vendor", "1 of 1 files changed"]
    assert (tmp_path / "app/a.py").read_text() == MODERN
    for untouched in ("other.py", "app/vendor/b.py", "app/sub/c.py"):
        assert (tmp_path / untouched).read_text() == LEGACY
    records = cli.run("rules", "apply", tmp_path / "app", "--json").records
    assert [record["status"] for record in records] == ["symlink", "submodule", "vendored", "ok"]


def test_files_that_git_ignores_stay_unless_they_are_named(cli: CommandLine, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    write(tmp_path, {".gitignore": "made.py\n", "a.py": LEGACY, "made.py": LEGACY})
    done = cli.run("rules", "apply", tmp_path, "--rules", "AR020")
    assert f"{tmp_path}/made.py: left alone: ignored by git\n" in done.stderr
    assert ((tmp_path / "a.py").read_text(), (tmp_path / "made.py").read_text()) == (MODERN, LEGACY)
    assert cli.run("rules", "apply", tmp_path / "made.py", "--rules", "AR020").code == exits.DONE
    assert (tmp_path / "made.py").read_text() == MODERN
