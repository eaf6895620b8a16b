from __future__ import annotations

import resource
import tomllib
from typing import TYPE_CHECKING

import pytest

from archaeologist.errors import UsageError
from archaeologist.keeping import Kept, keep

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
# mine
python = "/opt/python"  # the good one
{}
notify = [
    "bell",  # loud
]

[keys]
"app.leave" = "Q"  # not q

# the end
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def variables(path: Path, **others: str) -> dict[str, str]:
    return {"ARCHAEOLOGIST_CONFIG": str(path), **others}


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# nothing yet\n",
        "mouse = true",
        "[keys]\n'app.leave' = 'Q'\n",
        "keys.'app.leave' = 'Q'\r\nmouse = true\r\n",
        WHOLE.format("mouse = false"),
        WHOLE.format('theme = "dracula"   # for the evening'),
        WHOLE.format('"theme" = """dracula"""'),
    ],
)
def test_a_setting_is_written_and_all_else_stays(path: Path, before: str) -> None:
    path.write_bytes(before.encode())
    path.chmod(0o640)
    assert keep("theme", "nord", variables(path)) == Kept(path)
    after = path.read_bytes().decode()
    assert tomllib.loads(after) == {**tomllib.loads(before), "theme": "nord"}
    others = [line for line in before.splitlines() if "theme" not in line]
    assert [line for line in after.splitlines() if "theme" not in line and line in others] == others
    assert "# for the evening" in after or "# for the evening" not in before
    assert ("\r\n" in after) == ("\r\n" in before)
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_where_there_is_no_file_one_is_made(tmp_path: Path) -> None:
    path = tmp_path / "not" / "yet" / "config.toml"
    keep("theme", "nord", variables(path))
    assert path.read_text() == 'theme = "nord"\n'


def test_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    dotfile = tmp_path / "dotfiles" / "archaeologist.toml"
    dotfile.parent.mkdir()
    dotfile.write_text("mouse = true\n")
    path.symlink_to(dotfile)
    keep("theme", "nord", variables(path))
    assert path.is_symlink()
    assert dotfile.read_text() == 'mouse = true\ntheme = "nord"\n'


def test_a_variable_that_decides_instead_is_named(path: Path) -> None:
    kept = keep("theme", "nord", variables(path, ARCHAEOLOGIST_THEME="dracula"))
    assert kept == Kept(path, "ARCHAEOLOGIST_THEME")
    assert path.read_text() == 'theme = "nord"\n'


def test_a_file_that_is_not_right_is_left_alone(path: Path) -> None:
    for text, message in (("theme = ", "cannot be read"), ("colour = 1\n", "unknown key 'colour'")):
        path.write_text(text)
        with pytest.raises(UsageError, match=message):
            keep("theme", "nord", variables(path))
        assert path.read_text() == text


def test_where_nothing_can_be_written_the_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file/config\.toml cannot be written: ") as told:
        keep("theme", "nord", variables(tmp_path / "file" / "config.toml"))
    assert '`theme = "nord"`' in told.value.hint


def test_on_a_full_disk_the_file_stays_whole(path: Path) -> None:
    path.write_text(before := "# mine\n" * 100)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written: File too large"):
            keep("theme", "nord", variables(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[keys]\n"app.help" = "f1"\n'),
        ("mouse = true\n", 'mouse = true\n\n[keys]\n"app.help" = "f1"\n'),
        ("[keys]\n'app.leave' = 'Q'\n", '[keys]\n"app.help" = "f1"\n'),
        ("keys = {'app.leave' = 'Q'} # mine\n", 'keys = {"app.help" = "f1"} # mine\n'),
        ("keys.'app.help' = 'H' # help\nmouse = true\n", "keys.'app.help' = \"f1\" # help\nmouse = true\n"),
        (
            WHOLE.format("mouse = false").replace("# the end", "'app.help' = 'H' # help\n\n# the end"),
            WHOLE.format("mouse = false")
            .replace("# the end", "'app.help' = \"f1\" # help\n\n# the end")
            .replace('"app.leave" = "Q"  # not q\n', ""),
        ),
    ],
)
def test_keys_are_set_and_taken_out_of_a_table_and_all_else_stays(path: Path, before: str, after: str) -> None:
    path.write_text(before)
    assert keep("keys", {"app.leave": None, "app.help": "f1"}, variables(path)) == Kept(path)
    assert path.read_text() == after


def test_dotted_keys_are_taken_out_one_after_the_other(path: Path) -> None:
    path.write_text("keys.'a.b' = 'Q'\nmouse = true\nkeys.'c.d' = 'R'\nkeys.'e.f' = 'S'\nkeys.'g.h' = 'T'\n# end\n")
    keep("keys", {"e.f": None, "c.d": None, "g.h": None}, variables(path))
    assert path.read_text() == "keys.'a.b' = 'Q'\nmouse = true\n# end\n"


def test_a_key_that_is_in_no_file_is_taken_out_of_none(path: Path) -> None:
    path.write_text("mouse = true\n")
    keep("keys", {"app.leave": None}, variables(path))
    assert path.read_text() == "mouse = true\n"


def test_a_variable_that_decides_over_keys_is_named(path: Path) -> None:
    kept = keep("keys", {"app.help": "f1"}, variables(path, ARCHAEOLOGIST_KEYS="app.leave=Q"))
    assert kept == Kept(path, "ARCHAEOLOGIST_KEYS")


def test_where_keys_cannot_be_written_their_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"file/config\.toml cannot be written: ") as told:
        keep("keys", {"app.help": "f1"}, variables(tmp_path / "file" / "config.toml"))
    assert "`[keys]`" in told.value.hint
