from __future__ import annotations

import pytest

from archaeologist.cli.doctor import git_check


@pytest.mark.parametrize(
    ("version", "state"),
    [
        ("2.36.0", "ok"),
        ("2.39.5 (Apple Git-154)", "ok"),
        ("3.0", "ok"),
        ("2.35.9", "FAIL"),
        ("1.40", "FAIL"),
        ("", "FAIL"),
    ],
)
def test_an_old_git_is_told(version: str, state: str) -> None:
    assert git_check(version, "/usr/bin/git").state == state
